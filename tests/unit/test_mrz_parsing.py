"""Parsing machine-readable lines: the examples that ICAO Doc 9303 prints, and lines made for a case."""

from __future__ import annotations

from datetime import date

import pytest

from ostiary.domain.mrz.check_digits import check_digit
from ostiary.domain.mrz.layouts import LAYOUTS
from ostiary.domain.mrz.parsing import layouts_for, parse, parse_as
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.specimens.zone_lines import Holder, card_lines, passport_lines

TODAY = date(2026, 7, 1)
BY_FORMAT = {layout.format: layout for layout in LAYOUTS}
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
CARD_2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
VISA_A = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C<3UTO6908061F9406236ZE184226B<<<<<<<")
VISA_B = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L898902C<3UTO6908061F9406236ZE184226")
PRINTED = {Format.TD3: PASSPORT, Format.TD1: CARD, Format.TD2: CARD_2, Format.MRV_A: VISA_A, Format.MRV_B: VISA_B}


def zone_of(*lines: str) -> Zone:
    zone = parse(lines, TODAY)
    assert zone is not None
    return zone


def passport(**changes: str) -> Zone:
    """The printed passport with other text at a field of its second line, all digits made to fit."""
    places = {"number": (0, 9), "birth": (13, 19), "sex": (20, 21), "expiry": (21, 27), "optional": (28, 42)}
    line = PASSPORT[1]
    for name, text in changes.items():
        start, end = places[name]
        line = line[:start] + text.ljust(end - start, "<") + line[end:]
    for at, start in ((9, 0), (19, 13), (27, 21), (42, 28)):
        line = line[:at] + check_digit(line[start:at]) + line[at + 1 :]
    line = line[:43] + check_digit(line[:10] + line[13:20] + line[21:43])
    return zone_of(PASSPORT[0], line)


def french(surname: str = "MARTIN", given_names: str = "JEANNE<<MARIE") -> tuple[str, str]:
    """A French card of before 2021, invented: issued in March 2015 in department 75, to somebody born in 1985."""
    number = "150375012345"
    first = f"IDFRA{surname.ljust(25, '<')}754029"
    second = f"{number}{check_digit(number)}{given_names.ljust(14, '<')}850704{check_digit('850704')}F"
    return first, second + check_digit(first + second)


@pytest.mark.parametrize(("form", "lines"), PRINTED.items())
def test_the_examples_of_the_standard(form: Format, lines: tuple[str, ...]) -> None:
    zone = zone_of(*lines)
    assert (zone.format, zone.lines, zone.document_code) == (form, lines, lines[0][0])
    assert (zone.surname, zone.given_names, zone.names_truncated) == ("ERIKSSON", "ANNA MARIA", False)
    assert (zone.country, zone.nationality, zone.sex) == ("UTO", "UTO", "F")
    assert zone.digits_valid
    assert all(zone.checks.values())


@pytest.mark.parametrize(
    ("form", "number", "born", "expires", "checks"),
    [
        (Format.TD3, "L898902C3", (1974, 8, 12), date(2012, 4, 15), {"optional", "composite"}),
        (Format.TD1, "D23145890", (1974, 8, 12), date(2012, 4, 15), {"composite"}),
        (Format.TD2, "D23145890", (1974, 8, 12), date(2012, 4, 15), {"composite"}),
        (Format.MRV_A, "L898902C", (1969, 8, 6), date(1994, 6, 23), set[str]()),
        (Format.MRV_B, "L898902C", (1969, 8, 6), date(1994, 6, 23), set[str]()),
    ],
)
def test_what_the_examples_say(
    form: Format, number: str, born: tuple[int, int, int], expires: date, checks: set[str]
) -> None:
    zone = zone_of(*PRINTED[form])
    assert (zone.number, zone.birth_date, zone.expiration_date) == (number, PartialDate(*born), expires)
    assert set(zone.checks) == {"number", "birth_date", "expiration_date", *checks}


def test_the_places_are_told_in_words() -> None:
    assert zone_of(*PASSPORT).places == {
        "document_code": "line 1, characters 1 to 2",
        "country": "line 1, characters 3 to 5",
        "surname": "line 1, characters 6 to 44",
        "given_names": "line 1, characters 6 to 44",
        "number": "line 2, characters 1 to 9",
        "nationality": "line 2, characters 11 to 13",
        "birth_date": "line 2, characters 14 to 19",
        "sex": "line 2, character 21",
        "expiration_date": "line 2, characters 22 to 27",
        "optional": "line 2, characters 29 to 42",
    }


# ---- the shape ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        (), ("",), ("", ""), PASSPORT[:1], (*PASSPORT, PASSPORT[1]), CARD[:2], (PASSPORT[0][:43], PASSPORT[1]),
        (PASSPORT[0], PASSPORT[1] + "<"), ("X" + PASSPORT[0][1:], PASSPORT[1]), (PASSPORT[0].lower(), PASSPORT[1]),
        (PASSPORT[0], PASSPORT[1].replace("<", " ")), (PASSPORT[0], PASSPORT[1].replace("0", "٠")),
        ("D" + CARD[0][1:], *CARD[1:]), ("S" + CARD_2[0][1:], CARD_2[1]),
    ],
)  # fmt: skip
def test_lines_of_no_form_are_no_zone(lines: tuple[str, ...]) -> None:
    assert parse(lines, TODAY) is None
    assert all(parse_as(layout, lines, TODAY) is None for layout in LAYOUTS)


@pytest.mark.parametrize(("form", "lines"), [*PRINTED.items(), (Format.FRENCH_ID, french())])
def test_lines_have_one_layout(form: Format, lines: tuple[str, ...]) -> None:
    assert [layout.format for layout in layouts_for(lines)] == [form]
    assert parse_as(BY_FORMAT[form], list(lines), TODAY) == parse(lines, TODAY)


# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "number", "place"),
    [
        (  # part 11, D.2
            ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"),
            "D23145890734",
            "line 1, characters 6 to 14 and 16 to 18",
        ),
        (
            ("I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8"),
            "D23145890734",
            "line 2, characters 1 to 9 and 29 to 31",
        ),
    ],
)
def test_a_long_number_goes_on_in_the_optional_data(lines: tuple[str, ...], number: str, place: str) -> None:
    zone = zone_of(*lines)
    assert (zone.number, zone.places["number"]) == (number, place)
    assert zone.digits_valid


@pytest.mark.parametrize(
    ("number", "rest", "fits"),
    [
        ("D23145890", "7349", True),
        ("D23145890", "7348", False),
        ("000000001", check_digit("000000001"), False),  # a digit, but nothing before it
        ("000000001", "234" + check_digit("000000001234"), True),
        ("000000001", "234" + check_digit("000000001<234"), True),  # with the filler counted
        ("000000001", "2X4" + check_digit("0000000012X4"), True),
        ("000000001", "", False),
        ("000000001", "234X", False),
    ],
)
def test_a_long_number_has_its_digit_at_the_end(number: str, rest: str, fits: bool) -> None:
    zone = zone_of(f"I<UTO{number}<{rest}".ljust(30, "<"), *CARD[1:])
    assert zone.checks["number"] is fits
    assert zone.number == number + (rest[:-1] if len(rest) > 1 else "")


def test_a_long_number_may_fill_the_line() -> None:
    rest = "23456789012345"
    zone = zone_of(f"I<UTO000000001<{rest[:14]}{check_digit('000000001' + rest)}", *CARD[1:])
    assert zone.number == "000000001" + rest
    assert zone.checks["number"]
    assert zone.places["number"] == "line 1, characters 6 to 14 and 16 to 29"


def test_a_passport_has_no_long_numbers() -> None:
    line = PASSPORT[1][:9] + "<" + PASSPORT[1][10:]
    assert zone_of(PASSPORT[0], line).checks["number"] is False


def test_fillers_in_a_number_are_spaces() -> None:
    assert passport(number="AB<12").number == "AB 12"


@pytest.mark.parametrize(("digit", "fits"), [("<", True), ("0", True), ("1", False)])
def test_nothing_for_a_personal_number_has_a_filler_or_zero(digit: str, fits: bool) -> None:
    line = PASSPORT[1][:28] + "<" * 14 + digit
    composite = check_digit(line[:10] + line[13:20] + line[21:])
    zone = zone_of(PASSPORT[0], line + composite)
    assert (zone.checks["optional"], zone.checks["composite"]) == (fits, True)


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        (1, {"number", "composite"}), (9, {"number", "composite"}), (10, set[str]()), (13, {"birth_date", "composite"}),
        (21, {"expiration_date", "composite"}), (28, {"optional", "composite"}), (43, {"composite"}),
    ],
)  # fmt: skip
def test_a_misread_character_fails_its_digits_and_stays(at: int, wrong: set[str]) -> None:
    line = PASSPORT[1][:at] + ("1" if PASSPORT[1][at] != "1" else "2") + PASSPORT[1][at + 1 :]
    zone = zone_of(PASSPORT[0], line)
    assert {name for name, fits in zone.checks.items() if not fits} == wrong
    assert zone.lines[1] == line
    assert zone.digits_valid is not bool(wrong)


# ---- names and issuers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "surname", "given_names", "truncated"),
    [
        ("VAN<DER<MUELLEN<<JAN", "VAN DER MUELLEN", "JAN", False),
        ("ARKFREITH<VAN", "ARKFREITH VAN", "", False),
        ("<<ANNA", "", "ANNA", False),
        ("", "", "", False),
        ("A<<<B<<C", "A", "B C", False),
        ("BENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO", "BENNEL WOOLOO WARRAN WARNAM", "DINGO POTO", True),
        ("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", True),
        ("X" * 39, "X" * 39, "", True),
    ],
)
def test_names_are_parted_at_two_fillers(field: str, surname: str, given_names: str, truncated: bool) -> None:
    zone = zone_of(f"P<UTO{field.ljust(39, '<')}", PASSPORT[1])
    assert (zone.surname, zone.given_names, zone.names_truncated) == (surname, given_names, truncated)


def test_a_german_card() -> None:
    holder = Holder("T22000129", "Mustermann", "Erika", "D", date(1964, 8, 12), date(2030, 10, 31), "X")
    zone = zone_of(*card_lines(holder))
    assert (zone.country, zone.number, zone.nationality, zone.sex) == ("D", "T22000129", "D", "")


def test_a_french_card_of_before_2021() -> None:
    zone = zone_of(*french())
    assert (zone.format, zone.document_code, zone.country, zone.nationality) == (Format.FRENCH_ID, "ID", "FRA", "")
    assert (zone.number, zone.surname, zone.given_names, zone.sex) == ("150375012345", "MARTIN", "JEANNE MARIE", "F")
    assert (zone.birth_date, zone.expiration_date) == (PartialDate(1985, 7, 4), None)
    assert zone.checks == {"number": True, "birth_date": True, "composite": True}
    assert zone.places["surname"] == "line 1, characters 6 to 30"
    assert zone.places["given_names"] == "line 2, characters 14 to 27"


@pytest.mark.parametrize(
    ("surname", "given_names", "truncated"),
    [("A" * 24, "B" * 13, False), ("A" * 25, "B", True), ("A", "B" * 14, True)],
)
def test_a_french_card_cuts_both_names(surname: str, given_names: str, truncated: bool) -> None:
    assert zone_of(*french(surname, given_names)).names_truncated is truncated


# ---- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("740812", (1974, 8, 12)),
        ("260701", (2026, 7, 1)),  # today
        ("260702", (1926, 7, 2)),
        ("260630", (2026, 6, 30)),
        ("270101", (1927, 1, 1)),
        ("000229", (2000, 2, 29)),
        ("7408<<", (1974, 8, None)),
        ("740800", (1974, 8, None)),
        ("74<<<<", (1974, None, None)),
        ("26<<<<", (2026, None, None)),
        ("27<<<<", (1927, None, None)),
        ("<<0812", (None, 8, 12)),
        ("<<<<<<", (None, None, None)),
        ("741399", (1974, 13, 99)),
        ("7A0812", (None, 8, 12)),
        ("7408<2", (1974, 8, None)),
    ],
)
def test_birth_dates(printed: str, expected: tuple[int | None, int | None, int | None]) -> None:
    zone = passport(birth=printed)
    assert zone.birth_date == PartialDate(*expected)
    assert zone.digits_valid


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("260701", date(2026, 7, 1)),
        ("120415", date(2012, 4, 15)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
        ("980101", date(1998, 1, 1)),
        ("990101", None),  # of the year 9999: there is no end
        ("991231", None),
        ("990630", None),
        ("<<<<<<", None),
        ("300000", None),
        ("300230", None),
        ("30010<", None),
        ("3O0101", None),
    ],
)
def test_expiration_dates(printed: str, expected: date | None) -> None:
    assert passport(expiry=printed).expiration_date == expected


def test_expiration_dates_after_2050_may_lie_in_the_next_century() -> None:
    zone = parse(PASSPORT, date(2090, 1, 1))
    assert zone is not None
    assert zone.expiration_date == date(2112, 4, 15)
    assert zone.birth_date == PartialDate(2074, 8, 12)


def test_a_spanish_card_without_end_has_no_expiration_date() -> None:
    holder = Holder("BAA000589", "Española", "Carmen", "ESP", date(1940, 1, 1), date(1999, 1, 1), "F")
    zone = zone_of(*card_lines(holder))
    assert zone.expiration_date is None
    assert zone.digits_valid


def test_a_date_that_does_not_exist_is_not_whole() -> None:
    assert PartialDate(1974, 13, 99).whole is None
    assert PartialDate(1974, None, 1).whole is None


def test_what_is_composed_is_read_back() -> None:
    holder = Holder("AB1234567", "Müller", "Zoë Ann", "ARG", date(1990, 2, 28), date(2034, 12, 31), "M")
    for lines in (passport_lines(holder), card_lines(holder)):
        zone = zone_of(*lines)
        assert (zone.number, zone.surname, zone.given_names) == ("AB1234567", "MUELLER", "ZOE ANN")
        assert (zone.country, zone.nationality, zone.sex) == ("ARG", "ARG", "M")
        assert (zone.birth_date.whole, zone.expiration_date) == (date(1990, 2, 28), date(2034, 12, 31))
        assert zone.digits_valid


def test_nothing_of_the_holder_shows_in_a_zone_that_is_printed() -> None:
    shown = repr(zone_of(*PASSPORT))
    assert not [text for text in ("L898902C3", "ERIKSSON", "ANNA", "1974") if text in shown]
