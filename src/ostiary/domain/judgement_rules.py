"""The rules about the machine-readable part itself, about number and issuing country, and about other clients.

Each takes the case and the zone read, and gives one finding. `judgement` lists them.
"""

from __future__ import annotations

from ostiary.domain.documents import ISSUING_COUNTRY, NUMBER
from ostiary.domain.judgement_case import Case, Finding, agrees, differs, doubtful
from ostiary.domain.look_alikes import one_symbol_apart, plain, same_number_doubt
from ostiary.domain.machine_readable.issuers import iso_country, special
from ostiary.domain.machine_readable.zone import Zone
from ostiary.domain.picture_causes import picture_causes
from ostiary.domain.readings import Compared, Result
from ostiary.domain.rejections import EXPLANATIONS, Code, Rejection
from ostiary.domain.review_reasons import ReviewReason

CERTAINTY_LEAST = 0.5
"""Below this the least certain symbol is more likely another one than the one read."""


def is_sure(case: Case) -> bool:
    """Whether the reader is sure enough for what it read to prove anything."""
    return case.reading.certainty >= CERTAINTY_LEAST


def form(case: Case, zone: Zone) -> Finding:
    """The form is one that such a document has."""
    compared = Compared("format", Result.NOT_COMPARED, read=zone.format.value, where=case.where(zone))
    if zone.format in case.kind.machine_readable:
        return agrees(compared)
    expected = " or ".join(sorted(case.kind.machine_readable))
    return doubtful(compared, ReviewReason.FORMAT_UNEXPECTED, f"{zone.format} was read where {expected} is expected")


def digits(case: Case, zone: Zone) -> Finding:
    """Every check digit fits (Doc 9303 part 3, 4.9). A barcode has none: it corrects its own errors."""
    compared = Compared("digits", Result.NOT_COMPARED, where=case.where(zone))
    if not zone.checks:
        return Finding(Compared("digits", Result.NOT_COMPARED, where=compared.where, note="this form has none"))
    if zone.digits_valid:
        return agrees(compared)
    note = f"do not fit: {', '.join(sorted(name for name, fits in zone.checks.items() if not fits))}"
    return doubtful(compared, ReviewReason.DIGITS_INVALID, note, _unreadable(case))


def _unreadable(case: Case) -> Rejection | None:
    causes = picture_causes(case)
    if not causes:
        return None
    reason = f"{EXPLANATIONS[Code.MRZ_INVALID].reason.removesuffix('.')}; the picture is {causes}."
    return case.refusal(Code.MRZ_INVALID, case.side, reason=reason)


def certainty(case: Case, zone: Zone) -> Finding:
    """The reader is sure of number, dates and country."""
    compared = Compared("certainty", Result.NOT_COMPARED, where=case.where(zone))
    if is_sure(case):
        return agrees(compared)
    note = f"{case.reading.certainty:.2f} for the least certain symbol; at least {CERTAINTY_LEAST} is needed"
    return doubtful(compared, ReviewReason.CERTAINTY_LOW, note)


def number(case: Case, zone: Zone) -> Finding:
    """The number typed is the one read, without regard to case, spaces and dashes."""
    given = case.given(NUMBER)
    compared = Compared("number", Result.NOT_COMPARED, given, zone.number, case.where(zone, "number"))
    typed, read = plain(given or ""), plain(zone.number)
    if not typed or not read:
        return doubtful(compared, ReviewReason.NUMBER_DOUBTFUL, "not given" if read else "not read")
    if typed == read:
        return agrees(compared)
    if doubt := same_number_doubt(typed, read, zone.lines):
        return doubtful(compared, ReviewReason.NUMBER_DOUBTFUL, doubt)
    return differs(compared, ReviewReason.NUMBER_DOUBTFUL, case.refusal(Code.NUMBER_MISMATCH, f"metadata.{NUMBER}"))


def issuing_country(case: Case, zone: Zone) -> Finding:
    """The country given issued the document; without one, the client's country of residence is hoped to have.

    Countries have no check digit, so one that is a single symbol away may be misread.
    """
    given, read = case.given(ISSUING_COUNTRY), iso_country(zone.country)
    compared = Compared("issuing_country", Result.NOT_COMPARED, given, zone.country, case.where(zone, "country"))
    if read is None:
        note = f"printed is {special(zone.country) or 'no code of Doc 9303'}, which is no country of ISO 3166-1"
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, note)
    if given is not None and read != given and one_symbol_apart(read, given):
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, "differs in one symbol only")
    if case.kind.issuing_countries and read not in case.kind.issuing_countries:
        return _not_accepted(case, compared, read)
    if given is None:
        return _of_residence(case, compared, read)
    if read == given:
        return agrees(compared)
    refusal = case.refusal(Code.COUNTRY_MISMATCH, f"metadata.{ISSUING_COUNTRY}")
    return differs(compared, ReviewReason.COUNTRY_DOUBTFUL, refusal)


def _not_accepted(case: Case, compared: Compared, read: str) -> Finding:
    accepted = sorted(case.kind.issuing_countries)
    if compared.given is None and any(one_symbol_apart(read, one) for one in accepted):
        return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, "differs in one symbol from one that is accepted")
    reason = f"{case.kind.name} is accepted only when issued by {', '.join(accepted)}."
    refusal = case.refusal(Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY, f"metadata.{ISSUING_COUNTRY}", reason=reason)
    return differs(compared, ReviewReason.COUNTRY_DOUBTFUL, refusal, "not accepted from there")


def _of_residence(case: Case, compared: Compared, read: str) -> Finding:
    if read == case.profile.address.country:
        return agrees(compared, "none was given; it is the country of residence")
    note = "none was given, and it is not the country of residence"
    return doubtful(compared, ReviewReason.COUNTRY_DOUBTFUL, note)


def other_clients(case: Case, zone: Zone) -> Finding:
    """The number read serves nobody else. Never told to the client: it would say who else is one."""
    compared = Compared("other_clients", Result.NOT_COMPARED, read=zone.number, where=case.where(zone, "number"))
    if not case.number_taken:
        return agrees(compared)
    return doubtful(compared, ReviewReason.USED_BY_ANOTHER_CLIENT, "the number belongs to a document of another client")


def look_alike(case: Case) -> Finding:
    """The picture is not one that another client sent. A hint: specimens of one kind resemble one another."""
    compared = Compared("look_alike", Result.NOT_COMPARED, where=case.reading.side)
    if not case.look_alike:
        return agrees(compared)
    return doubtful(compared, ReviewReason.LOOKS_LIKE_ANOTHER, "resembles a picture of another client")
