"""Where values are printed: which characters a field has, and which part of a picture those are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ostiary.domain.documents.places import WHOLE, PrintedLine, Quadrilateral
from ostiary.domain.documents.reading import Reading
from ostiary.domain.mrz.aamva import parse_aamva
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.spans import Span, spans_of, whole_lines
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.verification.places import places_of
from ostiary.specimens.card_lines import aamva_text
from ostiary.specimens.zone_lines import Holder

TODAY = date(2026, 3, 1)
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
LONG_CARD = ("I<BELB12345678<12348<<<<<<<<<<", "8001014F2506016BEL<<<<<<<<<<<4", "REINARTZ<<ULRIKE<KATIA<<<<<<<<")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
FRENCH_CARD = ("IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "9409923102854CORINNE<<<<<<<6512068F6")
LICENCE = ("D1FRA13AA000026181231MARTIN<<9",)
LEVEL: Quadrilateral = (1000, 2000, 5400, 2000, 5400, 2400, 1000, 2400)


def zone(lines: tuple[str, ...]) -> Zone:
    read = parse(lines, TODAY)
    assert read is not None
    return read


def printed(lines: tuple[str, ...], field: str) -> list[str]:
    """The characters that a field is said to be printed with."""
    return [lines[span.line][span.start : span.end] for span in spans_of(zone(lines), field)]


@pytest.mark.parametrize(
    ("lines", "field", "characters"),
    [
        (PASSPORT, "number", ["L898902C3"]),
        (CARD, "number", ["D23145890"]),
        (PASSPORT, "country", ["UTO"]),
        (PASSPORT, "birth_date", ["740812"]),
        (PASSPORT, "expiration_date", ["120415"]),
        (PASSPORT, "document_code", ["P"]),
        (PASSPORT, "surname", ["ERIKSSON"]),
        (PASSPORT, "given_names", ["ANNA<MARIA"]),
        (LONG_CARD, "number", ["B12345678", "1234"]),
        (LONG_CARD, "surname", ["REINARTZ"]),
        (LONG_CARD, "given_names", ["ULRIKE<KATIA"]),
        (FRENCH_CARD, "surname", ["BERTHIER"]),
        (FRENCH_CARD, "given_names", ["CORINNE"]),
        (FRENCH_CARD, "number", ["940992310285"]),
        (FRENCH_CARD, "expiration_date", []),
        (LICENCE, "number", ["13AA00002"]),
        (LICENCE, "given_names", []),
        (LICENCE, "birth_date", []),
    ],
)
def test_a_field_is_where_the_form_prints_it_without_its_fillers(
    lines: tuple[str, ...], field: str, characters: list[str]
) -> None:
    assert printed(lines, field) == characters


def test_names_of_which_one_kind_is_missing_are_in_one_place() -> None:
    only = (PASSPORT[0].replace("ERIKSSON<<ANNA<MARIA", "ERIKSSON<<<<<<<<<<<<"), PASSPORT[1])
    assert (printed(only, "surname"), printed(only, "given_names")) == (["ERIKSSON"], [])


def test_whole_lines_are_those_of_the_form() -> None:
    assert whole_lines(zone(LICENCE)) == (Span(0, 0, 30),)
    assert [span.line for span in whole_lines(zone(LONG_CARD))] == [0, 1, 2]


@pytest.mark.parametrize("lines", [(), ("",), PASSPORT[:1], (*PASSPORT, ""), (PASSPORT[0][:-1], PASSPORT[1])])
def test_lines_that_are_not_the_forms_are_nowhere(lines: tuple[str, ...]) -> None:
    odd = replace(zone(PASSPORT), lines=lines)
    assert (spans_of(odd, "number"), spans_of(odd, "surname"), whole_lines(odd)) == ((), (), ())


# ---- on the picture -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "start", "end", "part"),
    [
        (PrintedLine(LEVEL), 0, 1, LEVEL),
        (PrintedLine(LEVEL), 0.25, 0.5, (2100, 2000, 3200, 2000, 3200, 2400, 2100, 2400)),
        # Upright on its side: read from the bottom to the top.
        (PrintedLine((2000, 9000, 2000, 1000, 2400, 1000, 2400, 9000)), 0.5, 1,
         (2000, 5000, 2000, 1000, 2400, 1000, 2400, 5000)),
        # Askew, and higher at its end.
        (PrintedLine((0, 0, 1000, 500, 1000, 900, 0, 200)), 0, 0.5, (0, 0, 500, 250, 500, 550, 0, 200)),
        # From aside: the first half of the characters takes 60 % of the length.
        (PrintedLine(LEVEL, 6000), 0, 0.5, (1000, 2000, 3640, 2000, 3640, 2400, 1000, 2400)),
        (PrintedLine(LEVEL, 6000), 0.5, 1, (3640, 2000, 5400, 2000, 5400, 2400, 3640, 2400)),
    ],
)  # fmt: skip
def test_a_part_of_a_line_is_measured_along_it(
    line: PrintedLine, start: float, end: float, part: Quadrilateral
) -> None:
    assert line.part(start, end) == part


def reading(lines: tuple[str, ...]) -> Reading:
    """Each line as long as the picture is wide, a thousandth below the other."""
    places = tuple(PrintedLine((0, row, WHOLE, row, WHOLE, row, 0, row)) for row in range(len(lines)))
    return Reading(zone(lines), "image_front", 1.0, lines=places)


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ("number", [(1, 0, 9)]),
        ("other_clients", [(1, 0, 9)]),
        ("birth_date", [(1, 13, 19)]),
        ("expiration_date", [(1, 21, 27)]),
        ("issuing_country", [(0, 2, 5)]),
        ("format", [(0, 0, 1)]),
        ("last_name", [(0, 5, 13)]),
        ("first_name", [(0, 15, 25)]),
        ("digits", [(0, 0, 44), (1, 0, 44)]),
        ("certainty", [(0, 0, 44), (1, 0, 44)]),
        ("look_alike", []),
        ("machine_readable", []),
        ("a newer one", []),
    ],
)
def test_a_rule_has_the_place_of_its_value(rule: str, places: list[tuple[int, int, int]]) -> None:
    def square(row: int, start: int, end: int) -> Quadrilateral:
        first, last = round(WHOLE * start / 44), round(WHOLE * end / 44)
        return (first, row, last, row, last, row, first, row)

    assert list(places_of(reading(PASSPORT), rule)) == [square(*place) for place in places]


def test_a_barcode_is_one_place_whatever_it_says() -> None:
    holder = Holder("L898902C3", "Eriksson", "Anna Maria", "USA", date(1974, 8, 12), date(2032, 4, 15), "F")
    licence = parse_aamva(aamva_text(holder))
    read = Reading(licence, "image_back", 1.0, lines=(PrintedLine(LEVEL),))
    assert licence is not None
    assert {places_of(read, rule) for rule in ("number", "birth_date", "last_name", "digits")} == {(LEVEL,)}
    assert places_of(read, "look_alike") == ()


def test_a_reading_that_does_not_say_where_its_lines_are_has_no_places() -> None:
    read = reading(PASSPORT)
    assert places_of(replace(read, lines=()), "number") == ()
    assert places_of(replace(read, zone=None), "number") == ()
    assert places_of(replace(read, lines=read.lines[:1]), "number") == ()
