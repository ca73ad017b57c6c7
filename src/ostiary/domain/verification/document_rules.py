"""The rules about the machine-readable part itself, about number and issuing country, and about other clients.

Each takes the case and the zone read, and gives one finding. `judgement` lists them.
"""

from __future__ import annotations

from ostiary.domain.chip.countries import SPECIMEN_ISSUER
from ostiary.domain.documents.document import ISSUING_COUNTRY, NUMBER, only_from, plain_number
from ostiary.domain.documents.reading import Result, RuleEvidence
from ostiary.domain.mrz.issuers import iso_country, may_be_printed_for, special
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.rejections import Code, Rejection
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.verification.case import Case, RuleFinding, agrees, differs, doubtful
from ostiary.domain.verification.confusables import one_symbol_apart, same_number_doubt
from ostiary.domain.verification.picture_causes import picture_causes

CERTAINTY_LEAST = 0.5
"""Below this the least certain symbol is more likely another one than the one read."""


_OF_ANOTHER_NAME = "a territory and its sovereign state: documents of the one print the code of the other"


def is_sure(case: Case) -> bool:
    """Whether the reader is sure enough for what it read to prove anything."""
    return case.reading.certainty >= CERTAINTY_LEAST


def form(case: Case, zone: Zone) -> RuleFinding:
    """The form is one that such a document has, and its code says that it is such a document."""
    compared = RuleEvidence("format", Result.NOT_COMPARED, read=zone.format.value, where=case.where(zone))
    if zone.format not in case.kind.machine_readable:
        expected = " or ".join(sorted(case.kind.machine_readable))
        note = sentence("%(read)s was read where %(expected)s is expected", read=zone.format.value, expected=expected)
        return doubtful(compared, ReviewReason.FORMAT_UNEXPECTED, note)
    if case.kind.document_codes and zone.document_code not in case.kind.document_codes:
        expected = " or ".join(sorted(case.kind.document_codes))
        printed = zone.document_code or N_("not printed")
        note = sentence("the document code is %(code)s, where %(expected)s is taken", code=printed, expected=expected)
        return doubtful(compared, ReviewReason.FORMAT_UNEXPECTED, note)
    return agrees(compared)


def digits(case: Case, zone: Zone) -> RuleFinding:
    """Every check digit fits (Doc 9303 part 3, 4.9). A barcode has none: it corrects its own errors."""
    compared = RuleEvidence("digits", Result.NOT_COMPARED, where=case.where(zone))
    if not zone.checks:
        return RuleFinding(
            RuleEvidence("digits", Result.NOT_COMPARED, where=compared.where, note=N_("this form has none"))
        )
    if zone.digits_valid:
        return agrees(compared)
    wrong = ", ".join(sorted(name for name, fits in zone.checks.items() if not fits))
    note = sentence("do not fit: %(names)s", names=wrong)
    return doubtful(compared, ReviewReason.DIGITS_INVALID, note, _unreadable(case))


def _unreadable(case: Case) -> Rejection | None:
    causes = picture_causes(case)
    if not causes:
        return None
    reason = sentence(
        "The machine-readable lines of the document could not be read reliably; the picture is %(causes)s.",
        causes=causes,
    )
    return case.refusal(Code.MRZ_INVALID, case.side, reason=reason)


def certainty(case: Case, zone: Zone) -> RuleFinding:
    """The reader is sure of number, dates and country."""
    compared = RuleEvidence("certainty", Result.NOT_COMPARED, where=case.where(zone))
    if is_sure(case):
        return agrees(compared)
    note = sentence(
        "%(certainty)s for the least certain symbol; at least %(least)s is needed",
        certainty=f"{case.reading.certainty:.2f}",
        least=str(CERTAINTY_LEAST),
    )
    return doubtful(compared, ReviewReason.CERTAINTY_LOW, note)


def number(case: Case, zone: Zone) -> RuleFinding:
    """The number typed is the one read, without regard to case, spaces and dashes."""
    given = case.given(NUMBER)
    compared = RuleEvidence(
        rule="number", result=Result.NOT_COMPARED, given=given, read=zone.number, where=case.where(zone, "number")
    )
    typed, read = plain_number(given or ""), plain_number(zone.number)
    if not typed or not read:
        return doubtful(compared, ReviewReason.NUMBER_DOUBTFUL, "not given" if read else "not read")
    if typed == read:
        return agrees(compared)
    if doubt := same_number_doubt(typed, read, zone.lines):
        return doubtful(compared, ReviewReason.NUMBER_DOUBTFUL, doubt)
    return differs(compared, ReviewReason.NUMBER_DOUBTFUL, case.refusal(Code.NUMBER_MISMATCH, f"metadata.{NUMBER}"))


def issuing_country(case: Case, zone: Zone) -> RuleFinding:
    """The country given issued the document; without one, the client's country of residence is hoped to have.

    Countries have no check digit, so one that is a single symbol away may be misread.
    """
    given, read = case.given(ISSUING_COUNTRY), iso_country(zone.country)
    compared = RuleEvidence(
        rule="issuing_country",
        result=Result.NOT_COMPARED,
        given=given,
        read=zone.country,
        where=case.where(zone, "country"),
    )
    if case.counts_specimens and zone.country == SPECIMEN_ISSUER:
        return agrees(compared, N_("Utopia, whose specimens count in a sandbox"))
    if read is None:
        printed = special(zone.country) or (
            N_("no code of Doc 9303") if zone.country else N_("none that could be told")
        )
        note = sentence("printed is %(printed)s, which is no country of ISO 3166-1", printed=printed)
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, note)
    if given is not None and read != given and one_symbol_apart(read, given):
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, N_("differs in one symbol only"))
    if given is not None and may_be_printed_for(read, given):
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, _OF_ANOTHER_NAME)
    if case.kind.issuing_countries and read not in case.kind.issuing_countries:
        return _not_accepted(case, compared, read)
    if given is None:
        return _of_residence(case, compared, read)
    if read == given:
        return agrees(compared)
    refusal = case.refusal(Code.COUNTRY_MISMATCH, f"metadata.{ISSUING_COUNTRY}")
    return differs(compared, ReviewReason.COUNTRY_DOUBTFUL, refusal)


def _not_accepted(case: Case, compared: RuleEvidence, read: str) -> RuleFinding:
    accepted = sorted(case.kind.issuing_countries)
    if compared.given is None and any(one_symbol_apart(read, number) for number in accepted):
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, "differs in one symbol from one that is accepted")
    if any(may_be_printed_for(read, number) for number in accepted):
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, _OF_ANOTHER_NAME)
    refusal = case.refusal(
        Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY, f"metadata.{ISSUING_COUNTRY}", reason=only_from(case.kind)
    )
    return differs(compared, ReviewReason.COUNTRY_DOUBTFUL, refusal, N_("not accepted from there"))


def _of_residence(case: Case, compared: RuleEvidence, read: str) -> RuleFinding:
    if read == case.profile.address.country:
        return agrees(compared, N_("none was given; it is the country of residence"))
    note = N_("none was given, and it is not the country of residence")
    return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, note)


def other_clients(case: Case, zone: Zone) -> RuleFinding:
    """The number read serves nobody else. Never told to the client: it would say who else is one."""
    compared = RuleEvidence("other_clients", Result.NOT_COMPARED, read=zone.number, where=case.where(zone, "number"))
    if case.number_taken:
        note = N_("the number belongs to a document of another client")
        return doubtful(compared, ReviewReason.USED_BY_ANOTHER_CLIENT, note)
    if case.chip_taken:
        note = N_("the chip belongs to a document of another client")
        return doubtful(compared, ReviewReason.USED_BY_ANOTHER_CLIENT, note)
    if case.number_contested:
        note = N_("a document with this number contradicted another client")
        return doubtful(compared, ReviewReason.NUMBER_CONTESTED, note)
    return agrees(compared)


def look_alike(case: Case) -> RuleFinding:
    """The picture is not one that another client sent. A hint: specimens of one kind resemble one another."""
    compared = RuleEvidence("look_alike", Result.NOT_COMPARED, where=(case.printed or case.reading).side)
    if not case.look_alike:
        return agrees(compared)
    return doubtful(compared, ReviewReason.LOOKS_LIKE_ANOTHER, N_("resembles a picture of another client"))
