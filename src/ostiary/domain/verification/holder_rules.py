"""The rules about whose document it is, and until when: names, birth date, expiration date."""

from __future__ import annotations

from datetime import date

from ostiary.domain.documents.document import EXPIRATION_DATE, expired_on
from ostiary.domain.documents.reading import Result, RuleEvidence
from ostiary.domain.mrz.zone import BARCODES, Format, PartialDate, Zone
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.rejections import EXPLANATIONS, Code
from ostiary.domain.sentences import N_
from ostiary.domain.times import iso_date
from ostiary.domain.verification.case import Case, RuleFinding, agrees, differs, doubtful
from ostiary.domain.verification.name_match import PartCompared, given_names_compared, surnames_compared

LONG_AGO_YEARS = 20
"""An end that lies this far back is more likely the two digits of another century, or what an issuer prints where there
is no end, than a document that somebody still sends."""
_LONG_AGO = "{read} as read is so long ago that the two digits of the year may mean another century, or no end at all"
_MEND_BIRTH_DATE = N_("Correct the client's birth date and send the document again, or send the client's own document.")
_MEND_NAME = N_("Correct the client's name and send the document again, or send the client's own document.")
_NAME_DIFFERS = {
    "first_name": N_("The client's first name differs from the one on the document."),
    "last_name": N_("The client's last name differs from the one on the document."),
}


_EXCHANGED = N_("The client's birth date differs from the one on the document: day and month are exchanged.")


def expiration_date(case: Case, zone: Zone) -> RuleFinding:
    """Not expired as read, and as given if it was given."""
    read, given = zone.expiration_date, iso_date(case.given(EXPIRATION_DATE))
    compared = RuleEvidence(
        rule=EXPIRATION_DATE,
        result=Result.NOT_COMPARED,
        given=_iso(given),
        read=_iso(read),
        where=case.where(zone, EXPIRATION_DATE),
    )
    if read is None:
        return doubtful(compared, ReviewReason.NO_EXPIRATION, "no date of expiry was read; some documents carry none")
    if read.year < case.today.year - LONG_AGO_YEARS and zone.format not in BARCODES:
        return doubtful(compared, ReviewReason.EXPIRATION_DOUBTFUL, _LONG_AGO.format(read=read))
    if read < case.today:
        return _refused(case, compared, Code.DOCUMENT_EXPIRED, expired_on(read))
    if given is not None and given != read:
        return _refused(case, compared, Code.EXPIRATION_MISMATCH)
    return agrees(compared, "" if given else "not given; lies ahead")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _refused(case: Case, compared: RuleEvidence, code: Code, reason: str = "") -> RuleFinding:
    refusal = case.refusal(code, f"metadata.{EXPIRATION_DATE}", reason=reason)
    return differs(compared, ReviewReason.EXPIRATION_DOUBTFUL, refusal)


def birth_date(case: Case, zone: Zone) -> RuleFinding:
    """The client was born on the day printed, as far as it is printed."""
    given, read = iso_date(case.profile.birth_date), zone.birth_date
    compared = RuleEvidence(
        rule="birth_date",
        result=Result.NOT_COMPARED,
        given=case.profile.birth_date,
        read=_shown(read),
        where=case.where(zone, "birth_date"),
    )
    if given is not None and given == read.whole:
        return agrees(compared)
    if doubt := _birth_date_doubt(given, zone):
        return doubtful(compared, ReviewReason.BIRTH_DATE_DOUBTFUL, doubt)
    exchanged = given is not None and (given.year, given.day, given.month) == (read.year, read.month, read.day)
    note = N_("day and month are exchanged") if exchanged else ""
    usual = EXPLANATIONS[Code.BIRTH_DATE_MISMATCH].reason
    refusal = case.refusal(
        Code.BIRTH_DATE_MISMATCH,
        "birth_date",
        reason=_EXCHANGED if exchanged else usual,
        action=_MEND_BIRTH_DATE,
    )
    return differs(compared, ReviewReason.BIRTH_DATE_DOUBTFUL, refusal, note)


def _birth_date_doubt(given: date | None, zone: Zone) -> str:
    """Why a date that is not equal contradicts nothing; empty: it does."""
    read = zone.birth_date
    if given is None:
        return "what was given is no date"
    if read.whole is None and None not in (read.year, read.month, read.day):
        return "what was read is no date"
    if (
        _is_year(given.year, read.year, zone.format)
        and read.month in (None, given.month)
        and read.day in (None, given.day)
    ):
        return "agrees as far as it is printed, which is not in full"
    return ""


def _is_year(given: int, read: int | None, form: Format) -> bool:
    if read is None or read == given:
        return True
    return form not in BARCODES and (read - given) % 100 == 0


def _shown(read: PartialDate) -> str:
    """`1984-11-??`."""
    year = "????" if read.year is None else f"{read.year:04}"
    month, day = ("??" if part is None else f"{part:02}" for part in (read.month, read.day))
    return f"{year}-{month}-{day}"


def last_name(case: Case, zone: Zone) -> RuleFinding:
    """The client's last name is the surname printed."""
    where = case.where(zone, "surname")
    compared = RuleEvidence(
        rule="last_name", result=Result.NOT_COMPARED, given=case.profile.last_name, read=zone.surname, where=where
    )
    return _name(case, compared, surnames_compared(case.profile, zone, case.similarity))


def first_name(case: Case, zone: Zone) -> RuleFinding:
    """The client's first and second name are the given names printed."""
    given = " ".join(filter(None, (case.profile.first_name, case.profile.second_name)))
    where = case.where(zone, "given_names")
    compared = RuleEvidence(
        rule="first_name", result=Result.NOT_COMPARED, given=given, read=zone.given_names, where=where
    )
    return _name(case, compared, given_names_compared(case.profile, zone, case.similarity))


def _name(case: Case, compared: RuleEvidence, part: PartCompared) -> RuleFinding:
    if part.result is Result.AGREES:
        return agrees(compared, part.note)
    if part.result is Result.DOUBTFUL:
        return doubtful(compared, ReviewReason.NAME_DOUBTFUL, part.note)
    refusal = case.refusal(
        Code.NAME_MISMATCH,
        compared.rule,
        reason=_NAME_DIFFERS[compared.rule],
        action=_MEND_NAME,
    )
    return differs(compared, ReviewReason.NAME_DOUBTFUL, refusal)
