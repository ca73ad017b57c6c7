"""Layouts: what lies where, and which symbols may stand there."""

from __future__ import annotations

import pytest

from ostiary.domain.mrz.layouts import LAYOUTS, Alphabet, FieldPlace, Layout
from ostiary.domain.mrz.zone import BARCODES, Format

BY_FORMAT = {layout.format: layout for layout in LAYOUTS}


def covered(layout: Layout) -> list[tuple[int, int]]:
    places = [(place.line, at) for place in layout.places for at in range(place.start, place.end)]
    return sorted([*places, *((check.line, check.column) for check in layout.checks)])


def test_every_form_with_lines_has_a_layout() -> None:
    assert set(BY_FORMAT) == set(Format) - BARCODES


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.format)
def test_every_position_belongs_to_one_field(layout: Layout) -> None:
    second_optional = [(1, at) for at in range(18, 29)] if layout.format is Format.TD1 else []
    everywhere = [(line, at) for line in range(layout.line_count) for at in range(layout.length)]
    assert sorted([*covered(layout), *second_optional]) == everywhere


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.format)
def test_every_field_that_is_checked_is_a_field(layout: Layout) -> None:
    names = {place.name for place in layout.places}
    assert {check.name for check in layout.checks} - {"composite"} <= names


@pytest.mark.parametrize(
    ("form", "line", "column", "expected"),
    [
        (Format.TD3, 0, 0, "P"),
        (Format.MRV_A, 0, 0, "V"),
        (Format.TD1, 0, 0, "ACI"),
        (Format.FRENCH_ID, 0, 0, "I"),
        (Format.TD1, 0, 1, Alphabet.ANY),
        (Format.TD3, 0, 2, Alphabet.LETTERS),
        (Format.TD3, 0, 43, Alphabet.LETTERS),
        (Format.TD3, 1, 0, Alphabet.ANY),
        (Format.TD3, 1, 9, Alphabet.DIGITS),
        (Format.TD3, 1, 13, Alphabet.DIGITS_OR_FILLER),
        (Format.TD3, 1, 19, Alphabet.DIGITS),
        (Format.TD3, 1, 20, Alphabet.SEX),
        (Format.TD3, 1, 42, Alphabet.DIGITS_OR_FILLER),
        (Format.TD3, 1, 43, Alphabet.DIGITS),
        (Format.TD1, 0, 14, Alphabet.DIGITS_OR_FILLER),
        (Format.TD1, 1, 20, Alphabet.ANY),
        (Format.TD1, 1, 29, Alphabet.DIGITS),
        (Format.TD1, 2, 0, Alphabet.LETTERS),
        (Format.TD2, 1, 9, Alphabet.DIGITS_OR_FILLER),
        (Format.MRV_B, 1, 35, Alphabet.ANY),
        (Format.FRENCH_ID, 1, 12, Alphabet.DIGITS),
        (Format.FRENCH_ID, 1, 13, Alphabet.LETTERS),
    ],
)
def test_a_position_permits_some_symbols(form: Format, line: int, column: int, expected: str) -> None:
    assert BY_FORMAT[form].alphabet_at(line, column) == expected


@pytest.mark.parametrize(("line", "column"), [(2, 0), (-1, 0), (0, 44), (0, -1)])
def test_a_position_outside_is_misuse(line: int, column: int) -> None:
    with pytest.raises(IndexError, match="2 lines of 44"):
        BY_FORMAT[Format.TD3].alphabet_at(line, column)


def test_places_are_told_to_people_from_one() -> None:
    assert FieldPlace("number", 1, 0, 9).words == "line 2, characters 1 to 9"
    assert FieldPlace("sex", 1, 20, 21).words == "line 2, character 21"
