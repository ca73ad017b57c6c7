"""The rules about whose document it is, and until when: names, birth date, expiration date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ostiary.domain.clients import Profile
from ostiary.domain.documents import EXPIRATION_DATE
from ostiary.domain.judgement_case import Case, Finding, agrees, differs, doubtful
from ostiary.domain.machine_readable.zone import Format, PartialDate, Zone
from ostiary.domain.names_compared import PartCompared, given_names_compared, surnames_compared
from ostiary.domain.readings import Compared, Result
from ostiary.domain.rejections import Code
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.times import iso_date

_WHOLE_YEARS = frozenset({Format.AAMVA})
"""All others print two digits of a year (Doc 9303 part 3, 4.8), so that the century read is only assumed."""
_MEND_OR_OWN = "Correct the client's {wrong} and send the document again, or send the client's own document."


def expiration_date(case: Case, zone: Zone) -> Finding:
    """Not expired as read, and as given if it was given."""
    read, given = zone.expiration_date, iso_date(case.given(EXPIRATION_DATE))
    compared = Compared(
        EXPIRATION_DATE, Result.NOT_COMPARED, _iso(given), _iso(read),
        case.where(zone, EXPIRATION_DATE),
    )  # fmt: skip
    if read is None:
        return doubtful(compared, ReviewReason.NO_EXPIRATION, "no date of expiry was read; some documents carry none")
    if read < case.today:
        return _refused(case, compared, Code.DOCUMENT_EXPIRED, f"The document expired on {read}.")
    if given is not None and given != read:
        return _refused(case, compared, Code.EXPIRATION_MISMATCH)
    return agrees(compared, "" if given else "not given; lies ahead")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _refused(case: Case, compared: Compared, code: Code, reason: str = "") -> Finding:
    refusal = case.refusal(code, f"metadata.{EXPIRATION_DATE}", reason=reason)
    return differs(compared, ReviewReason.EXPIRATION_DOUBTFUL, refusal)


def birth_date(case: Case, zone: Zone) -> Finding:
    """The client was born on the day printed, as far as it is printed."""
    given, read = iso_date(case.profile.birth_date), zone.birth_date
    compared = Compared(
        "birth_date", Result.NOT_COMPARED, case.profile.birth_date, _shown(read), case.where(zone, "birth_date")
    )
    if given is not None and given == read.whole:
        return agrees(compared)
    if doubt := _birth_date_doubt(given, zone):
        return doubtful(compared, ReviewReason.BIRTH_DATE_DOUBTFUL, doubt)
    exchanged = given is not None and (given.year, given.day, given.month) == (read.year, read.month, read.day)
    note = "day and month are exchanged" if exchanged else ""
    refusal = case.refusal(
        Code.BIRTH_DATE_MISMATCH, "birth_date",
        reason=f"The client's birth date differs from the one on the document{': ' if note else ''}{note}.",
        action=_MEND_OR_OWN.format(wrong="birth date"),
    )  # fmt: skip
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
    return form not in _WHOLE_YEARS and (read - given) % 100 == 0


def _shown(read: PartialDate) -> str:
    """`1984-11-??`."""
    year = "????" if read.year is None else f"{read.year:04}"
    month, day = ("??" if one is None else f"{one:02}" for one in (read.month, read.day))
    return f"{year}-{month}-{day}"


def last_name(case: Case, zone: Zone) -> Finding:
    """The client's last name is the surname printed."""
    return _name(case, zone, "last_name", case.profile.last_name, zone.surname, "surname", surnames_compared)


def first_name(case: Case, zone: Zone) -> Finding:
    """The client's first and second name are the given names printed."""
    given = " ".join(filter(None, (case.profile.first_name, case.profile.second_name)))
    return _name(case, zone, "first_name", given, zone.given_names, "given_names", given_names_compared)


_Comparison = Callable[[Profile, Zone, Callable[[str, str], float]], PartCompared]


def _name(case: Case, zone: Zone, rule: str, given: str, read: str, place: str, comparison: _Comparison) -> Finding:
    compared = Compared(rule, Result.NOT_COMPARED, given, read, case.where(zone, place))
    compared_part = comparison(case.profile, zone, case.similarity)
    if compared_part.result is Result.AGREES:
        return agrees(compared, compared_part.note)
    if compared_part.result is Result.DOUBTFUL:
        return doubtful(compared, ReviewReason.NAME_DOUBTFUL, compared_part.note)
    words = rule.replace("_", " ")
    refusal = case.refusal(
        Code.NAME_MISMATCH, rule,
        reason=f"The client's {words} differs from the one on the document.",
        action=_MEND_OR_OWN.format(wrong="name"),
    )  # fmt: skip
    return differs(compared, ReviewReason.NAME_DOUBTFUL, refusal)
