"""Documents: judging a submission, every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ostiary.domain.documents.document import (
    MOST_DETAILS,
    IntakeContext,
    MeasuredDocument,
    judge,
    number_key,
    refused_pictures,
    validity_problems,
)
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.rejections import Code
from tests.material import BILL, LOOKUPS, NATIONAL_ID, PASSPORT, TODAY, findings

FRONT, BACK = findings(b"front"), findings(b"back")
DARK = findings(b"dark", brightness=0.05)
AROUND = IntakeContext(TODAY, "ARG", LOOKUPS, PictureLimits())
GOOD: Mapping[str, object] = {"number": "AB1234567", "issuing_country": "ARG", "expiration_date": "2030-01-01"}
ARGENTINE = replace(PASSPORT, issuing_countries=frozenset({"ARG", "BRA"}))


def submission(metadata: Mapping[str, object] = GOOD, **changes: Any) -> MeasuredDocument:
    return replace(MeasuredDocument("passport", metadata, FRONT, None), **changes)


def card(**changes: Any) -> MeasuredDocument:
    return replace(MeasuredDocument("national_id", GOOD, FRONT, BACK), **changes)


def details(**changes: object) -> MeasuredDocument:
    return submission({**GOOD, **changes})


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (PASSPORT, submission()),
        (PASSPORT, submission({"number": "AB12"})),
        (PASSPORT, details(issuing_country=None)),
        (PASSPORT, details(expiration_date=str(TODAY))),
        (NATIONAL_ID, card()),
        (BILL, submission({})),
        (ARGENTINE, details(issuing_country="BRA")),
    ],
    ids=["all given", "only what is required", "null is absent", "expires today", "two sides", "no details", "issuer"],
)
def test_a_good_document_has_no_problem(kind: Any, given: MeasuredDocument) -> None:
    assert judge(kind, given, AROUND) == ()


BAD: list[tuple[Code, Any, MeasuredDocument, IntakeContext, str]] = [
    (Code.MISSING_FRONT, PASSPORT, submission(front=None), AROUND, "image_front"),
    (Code.MISSING_BACK, NATIONAL_ID, card(back=None), AROUND, "image_back"),
    (Code.SIDE_NOT_NEEDED, PASSPORT, submission(back=BACK), AROUND, "image_back"),
    (Code.SIDE_NOT_NEEDED, PASSPORT, submission(back=DARK), AROUND, "image_back"),
    (Code.IDENTICAL_SIDES, NATIONAL_ID, card(back=FRONT), AROUND, "image_back"),
    (Code.IMAGE_NOT_READABLE, PASSPORT, submission(front=findings(media_type=None)), AROUND, "image_front"),
    (Code.IMAGE_TYPE_NOT_SUPPORTED, PASSPORT, submission(front=findings(media_type="image/gif")), AROUND,
     "image_front"),
    (Code.IMAGE_TOO_SMALL, NATIONAL_ID, card(back=findings(b"b", width_px=90, height_px=60)), AROUND, "image_back"),
    (Code.IMAGE_TOO_LARGE, PASSPORT, submission(front=findings(size_bytes=99_000_000)), AROUND, "image_front"),
    (Code.IMAGE_BLURRED, PASSPORT, submission(front=findings(sharpness=0.01)), AROUND, "image_front"),
    (Code.IMAGE_TOO_DARK, PASSPORT, submission(front=DARK), AROUND, "image_front"),
    (Code.IMAGE_OVEREXPOSED, PASSPORT, submission(front=findings(overexposed=1.0)), AROUND, "image_front"),
    (Code.DUPLICATE_OF_REJECTED, PASSPORT, submission(),
     replace(AROUND, refused_before=frozenset({"image_front"})), "image_front"),
    (Code.METADATA_MISSING, PASSPORT, submission({}), AROUND, "metadata.number"),
    (Code.METADATA_MISSING, PASSPORT, submission({"number": None}), AROUND, "metadata.number"),
    (Code.METADATA_INVALID, PASSPORT, details(number="A1"), AROUND, "metadata.number"),
    (Code.METADATA_INVALID, PASSPORT, details(number=1234567), AROUND, "metadata.number"),
    (Code.METADATA_INVALID, PASSPORT, details(issuing_country="AR"), AROUND, "metadata.issuing_country"),
    (Code.METADATA_INVALID, PASSPORT, details(expiration_date=" 2020-01-01"), AROUND, "metadata.expiration_date"),
    (Code.METADATA_INVALID, PASSPORT, details(expiraton_date="2030-01-01"), AROUND, "metadata.expiraton_date"),
    (Code.DOCUMENT_EXPIRED, PASSPORT, details(expiration_date="2026-04-14"), AROUND, "metadata.expiration_date"),
    (Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY, ARGENTINE, details(issuing_country="USA"), AROUND,
     "metadata.issuing_country"),
    (Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY, PASSPORT, submission(), replace(AROUND, is_closed=True), "document_type"),
    (Code.USED_BY_ANOTHER_CLIENT, PASSPORT, submission(), replace(AROUND, number_taken=True), "metadata.number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind", "given", "around", "field"), BAD, ids=[f"{code} {field}" for code, _, _, _, field in BAD]
)
def test_a_problem_is_named_with_its_part(
    code: Code, kind: Any, given: MeasuredDocument, around: IntakeContext, field: str
) -> None:
    (problem,) = judge(kind, given, around)
    assert (problem.code, problem.field, problem.key) == (code, field, kind.id)


def test_every_problem_is_named_at_once() -> None:
    given = MeasuredDocument("national_id", {"colour": "red", "expiration_date": "2020-01-01"}, DARK, DARK)
    around = replace(AROUND, refused_before=frozenset({"image_front"}), number_taken=True)
    problems = [(problem.code.value, problem.field) for problem in judge(NATIONAL_ID, given, around)]
    assert problems == [
        ("identical_sides", "image_back"),
        ("image_too_dark", "image_front"),
        ("duplicate_of_rejected", "image_front"),
        ("image_too_dark", "image_back"),
        ("metadata_missing", "metadata.number"),
        ("metadata_invalid", "metadata.colour"),
        ("document_expired", "metadata.expiration_date"),
        ("used_by_another_client", "metadata.number"),
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("numbr", "did you mean number?"), ("colour", "known: number, issuing_country, expiration_date.")],
)
def test_an_unknown_detail_is_told_the_nearest_or_all(name: str, hint: str) -> None:
    (problem,) = judge(PASSPORT, details(**{name: "x"}), AROUND)
    assert hint in problem.reason


def test_where_nothing_is_declared_the_hint_says_so() -> None:
    (problem,) = judge(replace(BILL, metadata=()), submission({"x": "y"}), AROUND)
    assert "known: none." in problem.reason


def test_a_flood_of_details_gives_no_flood_of_problems() -> None:
    given = submission({**GOOD, **{f"x{number}" * 60: "y" for number in range(MOST_DETAILS * 3)}})
    problems = judge(PASSPORT, given, AROUND)
    assert len(problems) == MOST_DETAILS - len(GOOD) + 1  # and one that says there are too many
    assert all(len(problem.field) <= len("metadata.") + 100 for problem in problems)


@pytest.mark.parametrize("issuer", [["ARG"], {"of": "ARG"}, 5, True, None])
def test_an_issuer_that_is_no_text_is_no_accident(issuer: object) -> None:
    problems = judge(ARGENTINE, details(issuing_country=issuer, expiration_date=[1]), AROUND)
    assert {problem.code for problem in problems} <= {Code.METADATA_INVALID}


@pytest.mark.parametrize(
    ("today", "expired"),
    [(date(2026, 4, 15), False), (date(2026, 4, 16), True)],
    ids=["its last day", "from the next UTC midnight"],
)
def test_a_document_serves_through_its_expiration_date(today: date, expired: bool) -> None:
    problems = list(validity_problems(PASSPORT, {"expiration_date": "2026-04-15"}, today))
    assert bool(problems) is expired


def test_an_expired_document_says_since_when() -> None:
    (problem,) = validity_problems(PASSPORT, {"expiration_date": str(TODAY - timedelta(days=1))}, TODAY)
    assert problem.reason == "The document expired on 2026-04-14."


def test_a_document_of_another_country_says_which_are_accepted() -> None:
    (problem,) = validity_problems(ARGENTINE, {"issuing_country": "USA"}, TODAY)
    assert problem.reason == "Passport is accepted only when issued by ARG, BRA."


@pytest.mark.parametrize(
    ("kind", "metadata", "key"),
    [
        (PASSPORT, {"number": "AB1234567"}, "ARG|passport|AB1234567"),
        (PASSPORT, {"number": " ab 123.45-67 "}, "ARG|passport|AB1234567"),
        (PASSPORT, {"number": "ＡＢ１２３４５６７"}, "ARG|passport|AB1234567"),
        (PASSPORT, {"number": "AB123\u31644567"}, "ARG|passport|AB1234567"),
        (PASSPORT, {"number": "AB\u115f1234\u00ad567"}, "ARG|passport|AB1234567"),
        (PASSPORT, {"number": "\uffa0"}, None),
        (PASSPORT, {"number": "ΑΖ123456"}, "ARG|passport|ΑΖ123456"),
        (PASSPORT, {"number": "AB1234567", "issuing_country": "BRA"}, "BRA|passport|AB1234567"),
        (PASSPORT, {"number": "AB1234567", "issuing_country": None}, "ARG|passport|AB1234567"),
        (NATIONAL_ID, {"number": "AB1234567"}, "ARG|national_id|AB1234567"),
        (PASSPORT, {"number": "-- ./"}, None),
        (PASSPORT, {"number": 1234567}, None),
        (PASSPORT, {}, None),
        (BILL, {"number": "AB1234567"}, None),
    ],
    ids=[
        "as printed", "grouped", "wide characters", "filler", "fillers", "only a filler",
        "Greek letters", "issuer", "null issuer", "another type",
        "only signs", "no text", "absent", "not unique",
    ],
)  # fmt: skip
def test_a_number_is_held_as_country_type_and_number(kind: Any, metadata: dict[str, object], key: str | None) -> None:
    assert number_key(kind, metadata, "ARG") == key


def test_only_a_picture_refused_for_itself_is_remembered() -> None:
    given = card(front=DARK, metadata={})
    assert refused_pictures(given, judge(NATIONAL_ID, given, AROUND)) == ("image_front",)
    given = card(back=FRONT, metadata={})
    assert refused_pictures(given, judge(NATIONAL_ID, given, AROUND)) == ()
    given = submission({})
    assert refused_pictures(given, judge(PASSPORT, given, AROUND)) == ()


def test_what_is_personal_stays_out_of_logs() -> None:
    assert "AB1234567" not in repr(submission())
