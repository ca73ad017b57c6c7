"""One table per rule: what was given and read, how it comes out, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ostiary.domain.documents.reading import PictureQuality, Result
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.domain.rejections import Code, Kind
from ostiary.domain.verification import document_rules, holder_rules
from ostiary.domain.verification.case import RuleFinding
from ostiary.domain.verification.document_rules import CERTAINTY_LEAST
from ostiary.domain.verification.judgement import Case
from tests.judgement_material import ALL_FIT, BLURRED, CARD, EXPIRES, GIVEN, KIND, case
from tests.material import TODAY, document

AGREES, DIFFERS, DOUBTFUL = Result.AGREES, Result.DIFFERS, Result.DOUBTFUL
Rule = Callable[[Case, Zone], RuleFinding]


def finding_of(rule: Rule, given: Any = GIVEN, **changes: Any) -> RuleFinding:
    subject = case(given, **changes)
    assert subject.reading.zone is not None
    return rule(subject, subject.reading.zone)


def came_out(finding: RuleFinding) -> tuple[Result, str, str]:
    """Result, reason for a person, and code with field for the client."""
    refusal = finding.rejection
    return (
        finding.compared.result,
        finding.reason or "",
        f"{refusal.code} {refusal.field}" if refusal else "",
    )


# ---- the machine-readable part itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "result"),
    [(Format.TD3, AGREES), (Format.TD1, DOUBTFUL), (Format.MRV_A, DOUBTFUL), (Format.AAMVA, DOUBTFUL)],
)
def test_the_form_must_be_one_that_the_kind_has(form: Format, result: Result) -> None:
    finding = finding_of(document_rules.form, format=form)
    assert finding.compared.result is result
    assert finding.rejection is None
    assert finding.reason == (None if result is AGREES else "format_unexpected")


def test_an_unexpected_form_is_named_with_the_expected_ones() -> None:
    finding = finding_of(document_rules.form, kind=CARD)
    assert finding.compared.note == "TD3 was read where FRA-ID or TD1 is expected"


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        (ALL_FIT, (AGREES, "", "")),
        ({}, (Result.NOT_COMPARED, "", "")),
        (ALL_FIT | {"number": False}, (DOUBTFUL, "digits_invalid", "")),
    ],
)
def test_check_digits(checks: dict[str, bool], expected: tuple[Result, str, str]) -> None:
    assert came_out(finding_of(document_rules.digits, checks=checks)) == expected


def test_digits_that_do_not_fit_are_named() -> None:
    checks = ALL_FIT | {"number": False, "composite": False}
    assert finding_of(document_rules.digits, checks=checks).compared.note == "do not fit: composite, number"


@pytest.mark.parametrize(
    ("picture_quality", "words"),
    [
        (BLURRED, "blurred: edges reach 0.20 of full sharpness, at least 0.30 is needed"),
        (PictureQuality(glare=0.25), "burnt out by glare: 25% of the lines is white, at most 10% can be"),
        (PictureQuality(text_height_px=7.6), "too small: capitals are 8 px high, at least 10 px are needed"),
    ],
)
def test_digits_that_do_not_fit_go_back_when_the_picture_explains_it(
    picture_quality: PictureQuality, words: str
) -> None:
    finding = finding_of(document_rules.digits, checks={"number": False}, seen=picture_quality)
    assert came_out(finding) == (DOUBTFUL, "digits_invalid", "mrz_invalid image_front")
    assert finding.rejection is not None
    assert finding.rejection.reason.endswith(f"could not be read reliably; the picture is {words}.")
    assert finding.rejection.retryable


@pytest.mark.parametrize(
    ("certainty", "result"), [(1.0, AGREES), (CERTAINTY_LEAST, AGREES), (CERTAINTY_LEAST - 0.01, DOUBTFUL)]
)
def test_a_reader_that_is_not_sure_asks_for_a_person(certainty: float, result: Result) -> None:
    finding = finding_of(document_rules.certainty, certainty=certainty)
    assert came_out(finding) == (result, "" if result is AGREES else "certainty_low", "")


# ---- number ---------------------------------------------------------------------------------------------------------

MISMATCH = (DIFFERS, "number_doubtful", "number_mismatch metadata.number")
DOUBT = (DOUBTFUL, "number_doubtful", "")


@pytest.mark.parametrize(
    ("given", "read", "expected"),
    [
        ("AB1234567", "AB1234567", (AGREES, "", "")),
        (" ab 12-34.567 ", "AB1234567", (AGREES, "", "")),
        ("ＡＢ１２３４５６７", "AB1234567", (AGREES, "", "")),  # full-width forms
        (None, "AB1234567", DOUBT),
        ("--", "AB1234567", DOUBT),
        ("AB1234567", "", DOUBT),
        (12345678, "AB1234567", DOUBT),  # not a text: nothing was typed
        ("ABI234S67", "AB1234567", DOUBT),  # I for 1, S for 5
        ("AB12345678", "AB1234567", DOUBT),  # the check digit typed along
        ("ARGAB1234567", "AB1234567", DOUBT),  # the country typed along
        ("1234567", "AB1234567", DOUBT),  # the series left out
        ("AB12345", "AB1234567", DOUBT),
        ("АВ1234567", "AB1234567", DOUBT),  # Cyrillic, as printed above the lines
        ("AB1234568", "AB1234567", MISMATCH),
        ("AB1243567", "AB1234567", MISMATCH),
        ("CD7654321", "AB1234567", MISMATCH),
    ],
)
def test_the_number(given: object, read: str, expected: tuple[Result, str, str]) -> None:
    assert came_out(finding_of(document_rules.number, GIVEN | {"number": given}, number=read)) == expected


@pytest.mark.parametrize(("given", "result"), [("12345678Z", DOUBTFUL), ("45678", DIFFERS)])
def test_a_number_that_stands_elsewhere_on_the_lines_is_a_doubt(given: str, result: Result) -> None:
    lines = ("IDESPBAA000589012345678Z<<<<<<", "8001014F3106028ESP<<<<<<<<<<<1")
    finding = finding_of(document_rules.number, {"number": given}, number="BAA000589", lines=lines)
    assert finding.compared.result is result


def test_evidence_says_where_it_was_read() -> None:
    assert finding_of(document_rules.number).compared.where == "image_front, line 2, characters 1 to 9"
    assert finding_of(document_rules.number, places={}).compared.where == "image_front"
    assert finding_of(document_rules.number, side="").compared.where == "line 2, characters 1 to 9"
    assert finding_of(document_rules.number, side="", places={}).compared.where == ""


# ---- issuing country ------------------------------------------------------------------------------------------------

ARGENTINE = replace(KIND, issuing_countries=frozenset({"ARG", "BRA"}))
COUNTRY_DOUBT = (DOUBTFUL, "country_doubtful", "")
COUNTRY_MISMATCH = (DIFFERS, "country_doubtful", "country_mismatch metadata.issuing_country")
NOT_ACCEPTED = (DIFFERS, "country_doubtful", "document_not_accepted_for_country metadata.issuing_country")


@pytest.mark.parametrize(
    ("given", "read", "kind", "expected"),
    [
        ("ARG", "ARG", KIND, (AGREES, "", "")),
        ("DEU", "D", KIND, (AGREES, "", "")),
        ("ARG", "UTO", KIND, COUNTRY_DOUBT),
        ("ARG", "", KIND, COUNTRY_DOUBT),
        ("ARG", "ARE", KIND, COUNTRY_DOUBT),  # one symbol
        ("ARG", "BRA", KIND, COUNTRY_MISMATCH),
        (None, "ARG", KIND, (AGREES, "", "")),  # where Maria lives
        ("  ", "ARG", KIND, (AGREES, "", "")),
        (None, "BRA", KIND, COUNTRY_DOUBT),
        ("ARG", "ARG", ARGENTINE, (AGREES, "", "")),
        ("ARG", "BRA", ARGENTINE, COUNTRY_MISMATCH),
        ("ARG", "CHL", ARGENTINE, NOT_ACCEPTED),
        ("CHL", "CHL", ARGENTINE, NOT_ACCEPTED),  # the catalogue changed since
        (None, "CHL", ARGENTINE, NOT_ACCEPTED),
        (None, "ARE", ARGENTINE, COUNTRY_DOUBT),
        (None, "BRA", ARGENTINE, COUNTRY_DOUBT),
    ],
)
def test_the_issuing_country(given: str | None, read: str, kind: Any, expected: tuple[Result, str, str]) -> None:
    details: dict[str, object] = GIVEN | {"issuing_country": given}
    assert came_out(finding_of(document_rules.issuing_country, details, country=read, kind=kind)) == expected


def test_an_issuer_that_is_no_country_is_named() -> None:
    note = finding_of(document_rules.issuing_country, country="UNO").compared.note
    assert note == "printed is United Nations, which is no country of ISO 3166-1"
    assert "no code of Doc 9303" in finding_of(document_rules.issuing_country, country="Q1Q").compared.note


def test_a_country_of_residence_in_place_of_the_issuing_one_is_noted() -> None:
    assert "country of residence" in finding_of(document_rules.issuing_country, {}).compared.note


# ---- dates ----------------------------------------------------------------------------------------------------------

EXPIRED = (DIFFERS, "expiration_doubtful", "document_expired metadata.expiration_date")
OTHER_EXPIRY = (DIFFERS, "expiration_doubtful", "expiration_mismatch metadata.expiration_date")


@pytest.mark.parametrize(
    ("given", "read", "expected"),
    [
        ("2030-01-01", EXPIRES, (AGREES, "", "")),
        (None, EXPIRES, (AGREES, "", "")),
        ("soon", EXPIRES, (AGREES, "", "")),  # no date: refused at intake where it matters
        (None, TODAY, (AGREES, "", "")),
        (None, TODAY - timedelta(days=1), EXPIRED),
        ("2030-01-01", date(2020, 1, 1), EXPIRED),
        ("2031-01-01", EXPIRES, OTHER_EXPIRY),
        ("2030-01-01", None, (DOUBTFUL, "no_expiration", "")),
        (None, None, (DOUBTFUL, "no_expiration", "")),
    ],
)
def test_the_expiration_date(given: str | None, read: date | None, expected: tuple[Result, str, str]) -> None:
    details = GIVEN | {"expiration_date": given}
    assert came_out(finding_of(holder_rules.expiration_date, details, expiration_date=read)) == expected


def test_an_expired_document_is_told_since_when() -> None:
    finding = finding_of(holder_rules.expiration_date, expiration_date=date(2020, 2, 1))
    assert finding.rejection is not None
    assert finding.rejection.reason == "The document expired on 2020-02-01."


BIRTH_DOUBT = (DOUBTFUL, "birth_date_doubtful", "")
BIRTH_MISMATCH = (DIFFERS, "birth_date_doubtful", "birth_date_mismatch birth_date")


@pytest.mark.parametrize(
    ("born", "read", "form", "expected"),
    [
        ("1984-11-21", PartialDate(1984, 11, 21), Format.TD3, (AGREES, "", "")),
        ("1984-11-21", PartialDate(1984, 11, None), Format.TD3, BIRTH_DOUBT),
        ("1984-11-21", PartialDate(1984, None, None), Format.TD3, BIRTH_DOUBT),
        ("1984-11-21", PartialDate(None, None, None), Format.TD3, BIRTH_DOUBT),
        ("1984-11-21", PartialDate(1985, None, None), Format.TD3, BIRTH_MISMATCH),
        ("1984-11-21", PartialDate(1984, 10, None), Format.TD3, BIRTH_MISMATCH),
        ("1984-11-21", PartialDate(1984, 2, 30), Format.TD3, BIRTH_DOUBT),
        ("1984-11-21", PartialDate(1984, 11, 22), Format.TD3, BIRTH_MISMATCH),
        ("1984-11-21", PartialDate(1994, 11, 21), Format.TD3, BIRTH_MISMATCH),
        ("1920-11-21", PartialDate(2020, 11, 21), Format.TD3, BIRTH_DOUBT),  # two digits of the year are printed
        ("1920-11-21", PartialDate(2020, 11, None), Format.TD3, BIRTH_DOUBT),
        ("1920-11-21", PartialDate(2021, 11, None), Format.TD3, BIRTH_MISMATCH),
        ("1920-11-21", PartialDate(2020, 11, 21), Format.AAMVA, BIRTH_MISMATCH),  # four are
        ("1920-11-21", PartialDate(1920, 11, None), Format.AAMVA, BIRTH_DOUBT),
        ("1920-02-29", PartialDate(2021, 2, 28), Format.TD3, BIRTH_MISMATCH),
        ("unknown", PartialDate(1984, 11, 21), Format.TD3, BIRTH_DOUBT),
    ],
)
def test_the_birth_date(born: str, read: PartialDate, form: Format, expected: tuple[Result, str, str]) -> None:
    assert came_out(finding_of(holder_rules.birth_date, born=born, birth_date=read, format=form)) == expected


def test_day_and_month_exchanged_are_said_to_be() -> None:
    finding = finding_of(holder_rules.birth_date, born="1984-03-05", birth_date=PartialDate(1984, 5, 3))
    assert finding.compared.note == "day and month are exchanged"
    assert finding.rejection is not None
    assert finding.rejection.reason.endswith("the document: day and month are exchanged.")


@pytest.mark.parametrize(
    ("read", "shown"), [(PartialDate(1984, 11, None), "1984-11-??"), (PartialDate(None, None, 2), "????-??-02")]
)
def test_unknown_parts_of_a_date_are_shown(read: PartialDate, shown: str) -> None:
    assert finding_of(holder_rules.birth_date, birth_date=read).compared.read == shown


# ---- names, other clients -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "changes", "expected"),
    [
        (holder_rules.last_name, {}, (AGREES, "", "")),
        (holder_rules.first_name, {}, (AGREES, "", "")),
        (holder_rules.last_name, {"surname": "BARBET"}, (DOUBTFUL, "name_doubtful", "")),
        (holder_rules.last_name, {"surname": "LOPEZ"}, (DIFFERS, "name_doubtful", "name_mismatch last_name")),
        (holder_rules.first_name, {"given_names": "PEDRO"}, (DIFFERS, "name_doubtful", "name_mismatch first_name")),
    ],
)
def test_names(rule: Rule, changes: dict[str, str], expected: tuple[Result, str, str]) -> None:
    assert came_out(finding_of(rule, **changes)) == expected


def test_another_name_is_mended_with_the_name_or_another_document() -> None:
    finding = finding_of(holder_rules.last_name, surname="LOPEZ")
    assert finding.rejection is not None
    assert (finding.rejection.kind, finding.rejection.key) == (Kind.DOCUMENT, "passport")
    assert finding.rejection.reason == "The client's last name differs from the one on the document."
    assert finding.rejection.action == (
        "Correct the client's name and send the document again, or send the client's own document."
    )


def test_a_number_of_another_client_is_for_a_person_and_never_told() -> None:
    assert came_out(finding_of(document_rules.other_clients)) == (AGREES, "", "")
    taken = finding_of(document_rules.other_clients, number_taken=True)
    assert came_out(taken) == (DOUBTFUL, "used_by_another_client", "")


def test_a_picture_that_resembles_one_of_another_client_is_for_a_person() -> None:
    assert came_out(document_rules.look_alike(case())) == (AGREES, "", "")
    assert came_out(document_rules.look_alike(case(look_alike=True))) == (DOUBTFUL, "looks_like_another", "")


@pytest.mark.parametrize(
    ("rule", "changes", "code"),
    [
        (document_rules.number, {"given": {"number": "XY999"}}, Code.NUMBER_MISMATCH),
        (document_rules.issuing_country, {"country": "BRA"}, Code.COUNTRY_MISMATCH),
        (holder_rules.birth_date, {"birth_date": PartialDate(1990, 1, 1)}, Code.BIRTH_DATE_MISMATCH),
        (holder_rules.last_name, {"surname": "LOPEZ"}, Code.NAME_MISMATCH),
    ],
)
def test_what_is_told_holds_nothing_personal(rule: Rule, changes: dict[str, Any], code: Code) -> None:
    finding = finding_of(rule, **changes)
    assert finding.rejection is not None
    assert finding.rejection.code is code
    text = f"{finding!r} {finding.rejection.reason} {finding.rejection.action} {finding.compared.note}"
    for value in ("XY999", "AB1234567", "1984", "1990", "LOPEZ", "Barber", "Maria"):
        assert value not in text


def test_a_detail_of_another_type_counts_as_not_given() -> None:
    assert case(document=document(metadata={"number": 7})).given("number") is None
