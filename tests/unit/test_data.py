"""One datum against its declaration: every data type, good and bad."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ostiary.domain.catalogue import field_rules
from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.catalogue.field_rules import MOST_CHARACTERS, decimal_text, lines_fault, text_fault, value_fault
from tests.material import LOOKUPS


def field(data_type: DataType, **rules: Any) -> Field:
    return Field("one", "One", data_type, **rules)


STRING, INTEGER, DECIMAL = field(DataType.STRING), field(DataType.INTEGER), field(DataType.DECIMAL)
PATTERN = field(DataType.STRING, pattern="[A-Z]{2}[0-9]+")
PURPOSE = field(DataType.ENUM, options=("save", "spend"))
DATE, BOOLEAN, PHONE = field(DataType.DATE), field(DataType.BOOLEAN), field(DataType.PHONE)
EMAIL, COUNTRY, TAX_ID = field(DataType.EMAIL), field(DataType.COUNTRY), field(DataType.TAX_ID)
AGE = field(DataType.INTEGER, minimum=Decimal(18), maximum=Decimal(99))

GOOD: list[tuple[Field, object]] = [
    (STRING, "Teacher"),
    (STRING, " Teacher "),
    (field(DataType.STRING, min_length=2, max_length=3), "abc"),
    (PATTERN, "AB12"),
    (PATTERN, " AB12 "),
    (INTEGER, 0),
    (INTEGER, -(10**29)),
    (AGE, 18),
    (AGE, 99),
    (DECIMAL, 12),
    (DECIMAL, 12.5),
    (DECIMAL, "12.50"),
    (DECIMAL, "-100000"),
    (BOOLEAN, True),
    (BOOLEAN, False),
    (DATE, "2024-02-29"),
    (PURPOSE, "save"),
    (COUNTRY, "ARG"),
    (EMAIL, "maria@example.com"),
    (TAX_ID, "20-05536168-2"),
    (TAX_ID, " 20-05536168-2 "),
    (PHONE, "+541168860622"),
]


@pytest.mark.parametrize(("declared", "value"), GOOD)
def test_a_good_value_has_no_fault(declared: Field, value: object) -> None:
    assert value_fault(declared, value, "ARG", LOOKUPS) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Seen at the branch.\n\n- passport\n\t- bill", None),
        ("\nA line before", None),
        (" \n\t", "must not be blank"),
        ("x\n" * 3, "has 6 characters; at most 5 are accepted"),
        ("a\x1bb", "contains control characters; send plain text"),
        ("a\n\u202eb", "contains control characters; send plain text"),
        ("a\u2028b", "contains control characters; send plain text"),
    ],
)
def test_a_text_with_lines_has_nothing_that_hides_or_reorders_it(text: str, fault: str | None) -> None:
    assert lines_fault(text, 5 if text.startswith("x") else 100) == fault


BAD: list[tuple[Field, object, str]] = [
    (STRING, "", "must not be blank"),
    (STRING, " \u3000", "must not be blank"),
    (STRING, "\u3164\u00ad", "must not be blank"),
    (STRING, "\u2060\u0301", "must not be blank"),
    (STRING, 5, "must be a text"),
    (STRING, None, "must be a text"),
    (STRING, ["a"], "must be a text"),
    (STRING, "a\nb", "contains control characters"),
    (STRING, "a\u2028b", "contains control characters"),
    (STRING, "a\ud800", "contains control characters"),
    (STRING, "x" * (MOST_CHARACTERS + 1), f"has 501 characters; at most {MOST_CHARACTERS}"),
    (field(DataType.STRING, max_length=3), "abcd", "has 4 characters; at most 3"),
    (field(DataType.STRING, min_length=3), "ab ", "has 2 characters; at least 3"),
    (PATTERN, "AB12x", "must match the pattern"),
    (INTEGER, "5", "must be a whole number"),
    (INTEGER, 5.0, "must be a whole number"),
    (INTEGER, True, "must be a whole number"),
    (INTEGER, 10**30, "must be a whole number"),
    (AGE, 17, "must be at least 18"),
    (AGE, 100, "must be at most 99"),
    (DECIMAL, "a lot", "must be a number"),
    (DECIMAL, "1e400", "must be a number"),
    (DECIMAL, "1_000", "must be a number"),
    (DECIMAL, "\u0661\u0662", "must be a number"),
    (DECIMAL, 1e300, "must be a number"),
    (DECIMAL, "NaN", "must be a number"),
    (DECIMAL, "sNaN", "must be a number"),
    (DECIMAL, float("inf"), "must be a number"),
    (DECIMAL, "9" * 31, "must be a number"),
    (DECIMAL, False, "must be a number"),
    (DECIMAL, None, "must be a number"),
    (field(DataType.DECIMAL, minimum=Decimal(0)), "-0.01", "must be at least 0"),
    (BOOLEAN, "true", "must be true or false"),
    (BOOLEAN, 1, "must be true or false"),
    (DATE, "2023-02-29", "must be a real date written YYYY-MM-DD"),
    (PURPOSE, "burn", "must be one of: save, spend"),
    (COUNTRY, "AR", "must have three letters"),
    (EMAIL, "maria", "must be an e-mail address"),
    (TAX_ID, "20-05536168-3", ""),
]


@pytest.mark.parametrize(("declared", "value", "message"), BAD)
def test_a_bad_value_is_told_what_would_be_right(declared: Field, value: object, message: str) -> None:
    problem = value_fault(declared, value, "ARG", LOOKUPS)
    assert problem is not None
    assert message in problem


@pytest.mark.parametrize(
    ("declared", "value"), [(DATE, " 2030-01-01"), (PURPOSE, "save "), (COUNTRY, " ARG"), (EMAIL, " a@example.com")]
)
def test_blanks_around_what_is_compared_as_it_is_are_a_fault(declared: Field, value: str) -> None:
    assert value_fault(declared, value.strip(), "ARG", LOOKUPS) is None
    assert value_fault(declared, value, "ARG", LOOKUPS) is not None


def test_every_data_type_is_in_both_tables() -> None:
    assert {field.data_type for field, _ in GOOD} == set(DataType)
    assert {field.data_type for field, _, _ in BAD} >= set(DataType) - {DataType.PHONE}


def test_a_text_may_be_as_long_as_its_limit() -> None:
    assert text_fault("ab", 2) is None
    assert text_fault("abc", 2) == "has 3 characters; at most 2 are accepted"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.0, "0"), (1, "1"), (-7, "-7"), (150_000.0, "150000"), (30_000.5, "30000.5"), (0.1, "0.1"),
        (-0.01, "-0.01"), (100, "100"), (1e6, "1000000"), (1e25, "1" + "0" * 25), (2**63 - 1, "9223372036854775807"),
        (1e-7, "0.0000001"), (1.5e-300, "0"), ("150000.00", "150000.00"), ("007", "007"), ("-1.50", "-1.50"),
    ],
)  # fmt: skip
def test_a_decimal_is_written_out_exactly_and_as_a_text_that_is_taken_again(value: float | str, text: str) -> None:
    assert decimal_text(value) == text
    assert value_fault(field(DataType.DECIMAL), text, "ARG", LOOKUPS) is None
    assert decimal_text(text) == text


def test_of_all_characters_those_that_are_no_plain_text_are_refused() -> None:
    """Whether a text is in ASCII and can be printed is seen quicker than by the pattern, and must say the same."""
    refused = {number for number in range(0x110000) if text_fault(f"a{chr(number)}") is not None}
    assert refused == {number for number in range(0x110000) if field_rules._CONTROL.search(chr(number))}
    assert {0x00, 0x0A, 0x1F, 0x7F, 0x85, 0x202E, 0xFEFF} < refused
    assert not {ord(character) for character in " ~aZ0\u00e9\u3042"} & refused
