"""The rules by which the seal of a proof of address is judged: genuine, of a signer that counts, of now, and of this
client at this address.

A seal makes a person's look needless, and nothing else: whatever of it does not agree, or is not known here, leads to
the person who looks at such a document anyway. Nothing goes back to the client for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from ostiary.domain.chip.countries import SPECIMEN_COUNTRY
from ostiary.domain.chip.reading import RevocationState, SignatureState
from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.names.letters import spellings
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.seals.reading import SealCheck
from ostiary.domain.seals.statement import SealStatement
from ostiary.domain.seals.two_d_doc import Seal
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.verification.address_match import address_doubt, is_in_country
from ostiary.domain.verification.case import RuleFinding, agrees, doubtful
from ostiary.domain.verification.name_match import PARTICLES, bonded, words_apart


@dataclass(frozen=True, slots=True, kw_only=True)
class SealCase:
    """What the rules look at. `statement` is None for a kind of document that is not known to say where somebody lives;
    `where` is the side that the seal is on; `counts_specimens`: what Utopia signed counts, as it does in sandboxes."""

    seal: Seal
    statement: SealStatement | None
    check: SealCheck
    today: date
    most_days: int
    where: str = ""
    counts_specimens: bool = False


def judge_seal(case: SealCase, profile: Profile) -> Judgement:
    """Passes what agrees in every rule; whatever else there is, a person looks at."""
    about_whom = [] if case.statement is None else [rule(case, case.statement, profile) for rule in (name, address)]
    return _judged([*_about_paper(case), *about_whom])


def judge_paper(case: SealCase) -> Judgement:
    """What a seal proves of the paper alone, whoever it is about."""
    return _judged(_about_paper(case))


def _about_paper(case: SealCase) -> list[RuleFinding]:
    findings = [form(case), signature(case), signer(case), revocation(case)]
    return findings if case.statement is None else [*findings, age(case, case.statement)]


def _judged(findings: Sequence[RuleFinding]) -> Judgement:
    compared = tuple(each.compared for each in findings)
    reasons = tuple(dict.fromkeys(each.reason.value for each in findings if each.reason is not None))
    return Judgement(ReadingOutcome.REVIEW if reasons else ReadingOutcome.PASS, compared, (), reasons)


def unread_seal(where: str, problem: str) -> Judgement:
    """Of a barcode that looks like a seal and cannot be read as one."""
    finding = doubtful(_evidence("seal_form", where), ReviewReason.SEAL_UNREADABLE, problem)
    return Judgement(ReadingOutcome.REVIEW, (finding.compared,), (), (ReviewReason.SEAL_UNREADABLE.value,))


def _evidence(rule: str, where: str, given: str | None = None, read: str | None = None) -> RuleEvidence:
    return RuleEvidence(rule, Result.NOT_COMPARED, given=given, read=read, where=where)


def form(case: SealCase) -> RuleFinding:
    """The seal is of a kind of document that says where somebody lives, and is read to its end."""
    compared = _evidence("seal_form", case.where, read=case.statement.kind if case.statement else case.seal.kind)
    if case.statement is None:
        note = sentence("a document of the kind %(kind)s, of which nothing is compared", kind=case.seal.kind)
        return doubtful(compared, ReviewReason.SEAL_UNREADABLE, note)
    if case.seal.unknown:
        note = sentence("from the field %(name)s on it cannot be read", name=case.seal.unknown)
        return doubtful(compared, ReviewReason.SEAL_UNREADABLE, note)
    if case.statement.is_cut:
        return doubtful(compared, ReviewReason.SEAL_UNREADABLE, N_("names or address did not fit on the seal in whole"))
    return agrees(compared)


def signature(case: SealCase) -> RuleFinding:
    """What the seal says is signed with the key of the signer that it names."""
    compared, check = _evidence("seal_signature", case.where), case.check
    if check.signer is None:
        return RuleFinding(compared)  # whose key it would be is the next rule's
    if check.signature is SignatureState.VALID:
        return agrees(compared)
    if check.signature is SignatureState.UNSUPPORTED:
        return doubtful(compared, ReviewReason.SEAL_SIGNER_UNKNOWN, check.note)
    return doubtful(compared, ReviewReason.SEAL_INVALID, N_("the signature does not fit: changed, or forged"))


def signer(case: SealCase) -> RuleFinding:
    """A signer of the trust store, whose certificate was valid when it signed."""
    named, stored = f"{case.seal.authority} {case.seal.certificate}", case.check.signer
    compared = _evidence("seal_signer", case.where, read=f"{named}: {stored.subject}" if stored else named)
    if not case.check.trust_version:
        note = N_("there is no trust store: no seal is believed")
        return doubtful(compared, ReviewReason.SEAL_SIGNER_UNKNOWN, note)
    if stored is None:
        return doubtful(compared, ReviewReason.SEAL_SIGNER_UNKNOWN, N_("the trust store has no signer of that name"))
    if stored.country.upper() == SPECIMEN_COUNTRY and not case.counts_specimens:
        return doubtful(
            compared, ReviewReason.SEAL_SIGNER_WRONG, N_("Utopia signs specimens, which count in sandboxes")
        )
    if not stored.may_sign:
        return doubtful(compared, ReviewReason.SEAL_SIGNER_WRONG, N_("the certificate is not one for signing seals"))
    if not _is_on(case.seal.signed_on, stored.valid_from, stored.valid_until):
        note = N_("the certificate was not valid on the day of the signature")
        return doubtful(compared, ReviewReason.SEAL_SIGNER_WRONG, note)
    if case.seal.signed_on > case.today + timedelta(days=1):
        return doubtful(compared, ReviewReason.SEAL_SIGNER_WRONG, N_("it says that it was signed in the future"))
    return agrees(compared, sentence("trust store %(version)s", version=case.check.trust_version))


def _is_on(day: date, begin: datetime, end: datetime) -> bool:
    return begin.date() <= day <= end.date()


def revocation(case: SealCase) -> RuleFinding:
    """No revocation list of the signer's authority names it. Without a list nothing is compared, which is said."""
    compared = _evidence("seal_revocation", case.where)
    match case.check.revocation:
        case RevocationState.LISTED:
            return doubtful(compared, ReviewReason.SEAL_SIGNER_WRONG, N_("the signer's certificate is revoked"))
        case RevocationState.NOT_LISTED:
            return agrees(compared)
        case _:
            return RuleFinding(
                RuleEvidence("seal_revocation", Result.NOT_COMPARED, where=case.where, note=N_("no list is stored"))
            )


def age(case: SealCase, statement: SealStatement) -> RuleFinding:
    """The document itself is not older than its type allows, whenever it was signed."""
    dated = statement.dated
    compared = _evidence("seal_age", case.where, read=dated.isoformat() if dated else None)
    if dated is None:
        return doubtful(compared, ReviewReason.SEAL_AGE_DOUBTFUL, N_("the seal does not say of when the document is"))
    days = (case.today - dated).days
    if days < -1:
        return doubtful(compared, ReviewReason.SEAL_AGE_DOUBTFUL, N_("the document is of a day to come"))
    if days > case.most_days:
        note = sentence("%(days)s days old; at most %(most)s are taken", days=days, most=case.most_days)
        return doubtful(compared, ReviewReason.SEAL_AGE_DOUBTFUL, note)
    return agrees(compared)


def name(case: SealCase, statement: SealStatement, profile: Profile) -> RuleFinding:
    """One of those who live there is the client: each word of first and last name is there, in whichever order."""
    given = " ".join(filter(None, (profile.first_name, profile.second_name, profile.last_name)))
    compared = _evidence("seal_name", case.where, given, " / ".join(statement.residents))
    if _is_typed_oddly(profile):
        return doubtful(compared, ReviewReason.NAME_DOUBTFUL, N_("typed with digits, or with single letters for names"))
    if any(_is_named(profile, resident) for resident in statement.residents):
        return agrees(compared)
    return doubtful(compared, ReviewReason.NAME_DOUBTFUL, N_("not every word of first and last name is on the seal"))


def _is_typed_oddly(profile: Profile) -> bool:
    """Digits fall away where names are spelled, and one letter stands in many names, and for many titles."""
    typed = words_apart(f"{profile.first_name} {profile.last_name}")
    single = any(len(word) == 1 and word not in PARTICLES for word in typed)
    return single or any(map(str.isdecimal, "".join(typed)))


def _is_named(profile: Profile, resident: str) -> bool:
    """Both names are there, each with words of its own."""
    first, last, printed = (map(_words, spellings(each)) for each in (profile.first_name, profile.last_name, resident))
    wanted = [mine + other for mine, other in product(first, last)]
    shown = list(printed)
    return any(mine <= other for mine in wanted for other in shown)


def _words(spelling: str) -> Counter[str]:
    return Counter(bonded(tuple(spelling.split())))


def address(case: SealCase, statement: SealStatement, profile: Profile) -> RuleFinding:
    """The address is the client's."""
    home = profile.address
    given = ", ".join(filter(None, (home.street_line1, home.street_line2, home.postal_code, home.city, home.country)))
    printed = (*statement.lines, statement.postal_code, statement.city, statement.country)
    compared = _evidence("seal_address", case.where, given, ", ".join(filter(None, printed)))
    if not statement.country:
        return doubtful(compared, ReviewReason.ADDRESS_DOUBTFUL, N_("the seal names no country"))
    if not is_in_country(home, statement.country):
        return doubtful(compared, ReviewReason.ADDRESS_DOUBTFUL, N_("another country"))
    if doubt := address_doubt(home, statement):
        return doubtful(compared, ReviewReason.ADDRESS_DOUBTFUL, doubt)
    return agrees(compared)


SEAL_RULES: Mapping[str, Callable[..., RuleFinding]] = {
    "seal_form": form,
    "seal_signature": signature,
    "seal_signer": signer,
    "seal_revocation": revocation,
    "seal_age": age,
    "seal_name": name,
    "seal_address": address,
}
"""By the names that evidence has."""
