"""Machine-readable zones exhaustively: every place and digit of every form, every letter of every table, every day."""

from __future__ import annotations

from datetime import date, timedelta
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.mrz.check_digits import FILLER, SYMBOLS, check_digit, fits
from ostiary.domain.mrz.layouts import LAYOUTS, Alphabet, Layout
from ostiary.domain.mrz.parsing import NO_END_YEAR, YEARS_AHEAD_MOST, layouts_for, parse, parse_as
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.domain.names.letter_tables import RECOMMENDED, USAGES
from ostiary.domain.names.letters import MOST_SPELLINGS, spellings

TODAY = date(2026, 7, 1)
BY_FORMAT = {layout.format: layout for layout in LAYOUTS}
CODES = {Format.TD1: "I<", Format.TD2: "I<", Format.TD3: "P<", Format.MRV_A: "V<", Format.MRV_B: "V<",
         Format.FRENCH_ID: "ID", Format.LICENCE: "D1", Format.DUTCH_LICENCE: "D1"}  # fmt: skip
ISSUERS = {Format.FRENCH_ID: "FRA", Format.DUTCH_LICENCE: "NLD"}
FIELDS = {
    "version": "1",
    "secret": "0A1B2C3D4E5F6",
    "number": "AB1234567",
    "birth_date": "841121",
    "expiration_date": "300101",
    "sex": "F",
    "nationality": "ARG",
}
each_form = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.format))
each_checked_form = pytest.mark.parametrize(
    "layout",
    [layout for layout in LAYOUTS if layout.format is not Format.LICENCE],
    ids=lambda layout: str(layout.format),
)
"""Those of which every digit is over one thing; a licence's is over either of two."""


def put(lines: list[str], line: int, start: int, text: str) -> None:
    lines[line] = lines[line][:start] + text + lines[line][start + len(text) :]


def printed(layout: Layout, **fields: str) -> tuple[str, ...]:
    """A zone of a form with some fields, every digit of which fits."""
    lines = [FILLER * layout.length for _ in range(layout.line_count)]
    put(lines, 0, 0, CODES[layout.format] + ISSUERS.get(layout.format, "ARG"))
    names = {"names": "BARBER<<MARIA<JULIA", "surname": "BARBER", "given_names": "MARIA<<JULIA"}
    for place in layout.places:
        text = {**names, **FIELDS, **fields}.get(place.name)
        if text is not None:
            put(lines, place.line, place.start, text.ljust(place.end - place.start, FILLER))
    for check in layout.checks:  # the composite, over the others, comes last
        put(lines, check.line, check.column, check_digit(check.covered(tuple(lines))))
    return tuple(lines)


def zone_of(layout: Layout, lines: tuple[str, ...], today: date = TODAY) -> Zone:
    zone = parse_as(layout, lines, today)
    assert zone is not None
    return zone


# ---- layouts --------------------------------------------------------------------------------------------------------


@each_form
def test_a_zone_composed_from_the_layout_is_read_as_it_says(layout: Layout) -> None:
    zone = zone_of(layout, printed(layout))
    names = {place.name for place in layout.places}
    assert zone.digits_valid
    shown = (
        "names" in names or "surname" in names,
        "names" in names or "given_names" in names,
        "sex" in names,
    )
    expected = ("BARBER", "MARIA JULIA", "F")
    read = (zone.surname, zone.given_names, zone.sex)
    assert read == tuple(text if there else "" for text, there in zip(expected, shown, strict=True))
    assert zone.birth_date.whole == (date(1984, 11, 21) if "birth_date" in names else None)
    assert zone.expiration_date == (date(2030, 1, 1) if "expiration_date" in names else None)
    assert zone.nationality == ("ARG" if "nationality" in names else "")


@each_form
def test_places_lie_within_the_form_and_never_over_each_other(layout: Layout) -> None:
    taken: dict[tuple[int, int], str] = {}
    digits = {(check.line, check.column): f"digit of {check.name}" for check in layout.checks}
    for place in layout.places:
        assert 0 <= place.line < layout.line_count
        assert 0 <= place.start < place.end <= layout.length
        for column in range(place.start, place.end):
            at = (place.line, column)
            assert at not in taken, f"{place.name} over {taken[at]}"
            assert at not in digits, f"{place.name} over the {digits[at]}"
            taken[at] = place.name


@each_form
def test_every_position_of_a_form_is_a_place_a_digit_or_behind_the_last_of_them(layout: Layout) -> None:
    covered = {(place.line, column) for place in layout.places for column in range(place.start, place.end)}
    covered |= {(check.line, check.column) for check in layout.checks}
    left = {(line, column) for line in range(layout.line_count) for column in range(layout.length)} - covered
    assert left == ({(1, column) for column in range(18, 29)} if layout.format is Format.TD1 else set())


@each_form
def test_a_digit_never_covers_itself_and_every_covered_piece_lies_within(layout: Layout) -> None:
    for check in layout.checks:
        for line, start, end in check.over:
            assert 0 <= start < end <= layout.length
            assert not (line == check.line and start <= check.column < end)


@each_checked_form
def test_any_other_symbol_under_a_check_digit_is_found_unless_it_weighs_the_same(layout: Layout) -> None:
    """Position by position, every symbol: the digits that cover it fail exactly when the weighted sum changes."""
    lines = printed(layout)
    covered: dict[tuple[int, int], set[str]] = {}
    for check in layout.checks:
        for line, start, end in check.over:
            for column in range(start, end):
                covered.setdefault((line, column), set()).add(check.name)
    for (line, column), names in covered.items():
        if (line, column) in {(check.line, check.column) for check in layout.checks} or (line, column) <= (0, 4):
            continue
        old = lines[line][column]
        for symbol in SYMBOLS:
            changed = list(lines)
            put(changed, line, column, symbol)
            zone = zone_of(layout, tuple(changed))
            failed = {name for name, good in zone.checks.items() if not good}
            same = (SYMBOLS.index(symbol) % 36 - SYMBOLS.index(old) % 36) % 10 == 0
            assert failed == (set() if same else names), (line, column, symbol)


@each_checked_form
def test_every_wrong_digit_is_found_and_a_letter_is_never_one(layout: Layout) -> None:
    lines = printed(layout)
    for check in layout.checks:
        right = lines[check.line][check.column]
        for symbol in set(SYMBOLS) - {right, *(FILLER if check.name == "optional" else "")}:  # it is empty here
            changed = list(lines)
            put(changed, check.line, check.column, symbol)
            assert zone_of(layout, tuple(changed)).checks[check.name] is False, (check.name, symbol)


@each_form
@pytest.mark.parametrize("more", [-1, 1])
def test_a_line_more_or_less_and_a_character_more_or_less_is_another_form(layout: Layout, more: int) -> None:
    lines = printed(layout)
    other_lines = lines[:-1] if more < 0 else (*lines, lines[-1])
    assert layout not in layouts_for(other_lines)
    for line in range(layout.line_count):
        changed = list(lines)
        changed[line] = changed[line][:-1] if more < 0 else changed[line] + FILLER
        assert layout not in layouts_for(changed)


FIRST_LETTERS: dict[str, set[Format]] = {
    "P": {Format.TD3},
    "V": {Format.MRV_A, Format.MRV_B},
    **{letter: {Format.TD1, Format.TD2} for letter in "ACI"},
}


@pytest.mark.parametrize("letter", SYMBOLS)
def test_the_first_letter_says_what_a_zone_can_be(letter: str) -> None:
    shapes = [(layout.line_count, layout.length) for layout in LAYOUTS]
    formats = {
        layout.format
        for count, length in shapes
        for layout in layouts_for((letter.ljust(length, FILLER), *[FILLER * length] * (count - 1)))
    }
    assert formats == FIRST_LETTERS.get(letter, set())


def test_a_french_card_is_no_other_card_and_the_other_way_round() -> None:
    french, card = BY_FORMAT[Format.FRENCH_ID], BY_FORMAT[Format.TD2]
    assert [layout.format for layout in layouts_for(printed(french))] == [Format.FRENCH_ID]
    for begin in ("IDFRB", "I<FRA", "IDD<<", "IEFRA", "ACFRA"):
        lines = (begin.ljust(36, FILLER), FILLER * 36)
        assert layouts_for(lines) == (card,)


@each_form
def test_the_alphabet_of_a_position_is_that_of_its_place(layout: Layout) -> None:
    for place in layout.places:
        for column in range(place.start, place.end):
            if (place.line, column) != (0, 0):
                assert layout.alphabet_at(place.line, column) == place.alphabet
    for check in layout.checks:
        alphabet = layout.alphabet_at(check.line, check.column)
        assert alphabet == (Alphabet.DIGITS_OR_FILLER if check.may_be_filler else Alphabet.DIGITS)
    assert set(layout.alphabet_at(0, 0)) == {code[0] for code in layout.codes}
    for line, column in ((-1, 0), (layout.line_count, 0), (0, -1), (0, layout.length)):
        with pytest.raises(IndexError):
            layout.alphabet_at(line, column)


# ---- digits ---------------------------------------------------------------------------------------------------------


@given(st.text(SYMBOLS, max_size=60))
def test_a_digit_is_one_of_ten_and_fillers_at_the_end_do_not_change_it(text: str) -> None:
    digit = check_digit(text)
    assert digit in "0123456789"
    assert len(digit) == 1
    assert check_digit(text + FILLER * 7) == digit
    assert [digit_tried for digit_tried in "0123456789" if fits(text, digit_tried)] == [digit]


@given(st.text(SYMBOLS, min_size=2, max_size=30), st.data())
def test_two_neighbours_exchanged_are_found_unless_they_weigh_the_same(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 2))
    other = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    values = [SYMBOLS.index(character) % 36 for character in text[at : at + 2]]
    weights = [(7, 3, 1)[(at + offset) % 3] for offset in (0, 1)]
    apart = (weights[0] - weights[1]) * (values[0] - values[1]) % 10
    assert (check_digit(other) == check_digit(text)) is (apart == 0)


@pytest.mark.parametrize("wrong", ["a", " ", "-", "é", "٣", "²", "\n", "«"])
def test_a_digit_is_of_the_37_symbols_only(wrong: str) -> None:
    with pytest.raises(ValueError, match="capital letters A to Z"):
        check_digit(f"AB{wrong}1")


# ---- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [date(1999, 12, 31), date(2000, 1, 1), date(2026, 7, 1), date(2049, 6, 30),
                                   date(2050, 1, 1), date(2099, 12, 31)], ids=str)  # fmt: skip
def test_a_birth_date_is_the_latest_day_that_has_come(today: date) -> None:
    layout = BY_FORMAT[Format.TD3]
    for day in (today, today - timedelta(days=1), today + timedelta(days=1), today.replace(day=1), date(1950, 2, 3)):
        zone = zone_of(layout, printed(layout, birth_date=f"{day:%y%m%d}"), today)
        day_read = zone.birth_date.whole
        assert day_read is not None
        assert (day_read.year % 100, day_read.month, day_read.day) == (day.year % 100, day.month, day.day)
        assert day_read <= today
        assert day_read.replace(year=day_read.year + 100) > today


@pytest.mark.parametrize("year", [1999, 2000, 2026, 2049, 2050, 2099])
def test_an_expiration_date_lies_from_49_years_ago_to_50_ahead(year: int) -> None:
    layout, today = BY_FORMAT[Format.TD3], date(year, 7, 1)
    for two in range(100):
        expiry = zone_of(layout, printed(layout, expiration_date=f"{two:02}0101"), today).expiration_date
        if expiry is None:
            assert year + YEARS_AHEAD_MOST - 99 <= NO_END_YEAR <= year + YEARS_AHEAD_MOST
            assert two == NO_END_YEAR % 100
            continue
        assert expiry.year % 100 == two
        assert year + YEARS_AHEAD_MOST - 99 <= expiry.year <= year + YEARS_AHEAD_MOST


@given(st.dates(date(1927, 1, 1), TODAY))
def test_every_day_of_the_last_hundred_years_is_read_as_itself(day: date) -> None:
    for form in (Format.TD1, Format.TD2, Format.TD3, Format.FRENCH_ID):
        layout = BY_FORMAT[form]
        zone = zone_of(layout, printed(layout, birth_date=f"{day:%y%m%d}"))
        assert zone.birth_date == PartialDate(day.year, day.month, day.day)


@pytest.mark.parametrize("month", range(14))
@pytest.mark.parametrize("day", [0, 1, 28, 29, 30, 31, 32])
def test_a_day_that_does_not_exist_is_no_expiration_date(month: int, day: int) -> None:
    layout = BY_FORMAT[Format.TD1]
    try:
        expected: date | None = date(2030, month, day)
    except ValueError:
        expected = None
    assert zone_of(layout, printed(layout, expiration_date=f"30{month:02}{day:02}")).expiration_date == expected


# ---- letters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", RECOMMENDED.letters)
def test_every_letter_of_the_recommendation_is_spelled_as_it_says(letter: str) -> None:
    ways = RECOMMENDED.letters[letter]
    variants = spellings(f"X{letter}X")
    for way in ways:
        assert f"X{way}X" in variants, (letter, way)
    for variant in variants:
        assert set(variant) <= set(ascii_uppercase), "only A to Z is ever printed"


@pytest.mark.parametrize(
    ("usage", "letter", "before", "after"),
    [
        *((at, letter, "А", "А") for at, usage in enumerate(USAGES) for letter in usage.letters),
        *((at, letter, "", "А") for at, usage in enumerate(USAGES) for letter in usage.at_start),
        *((at, letter, "А", "") for at, usage in enumerate(USAGES) for letter in usage.at_end),
    ],
)
def test_every_letter_of_every_usage_is_spelled_so_where_the_usage_has_it(
    usage: int, letter: str, before: str, after: str
) -> None:
    table = USAGES[usage].letters if before and after else USAGES[usage].at_end if before else USAGES[usage].at_start
    variants = spellings(before + letter + after)
    for way in table[letter]:
        assert (bool(before) * "A") + way + (bool(after) * "A") in variants, (letter, way)


@given(st.text(alphabet=st.sampled_from(sorted({*RECOMMENDED.letters, *ascii_uppercase, " ", "-", "'"})), max_size=30))
def test_spellings_are_few_distinct_and_of_plain_letters(name: str) -> None:
    variants = spellings(name)
    assert len(variants) == len(set(variants)) <= MOST_SPELLINGS
    for variant in variants:
        assert variant == " ".join(variant.split())
        assert set(variant) <= {*ascii_uppercase, " "}


@given(st.text(alphabet=ascii_uppercase + " -'", max_size=40))
def test_a_name_in_plain_letters_has_one_spelling_and_that_is_its_own(name: str) -> None:
    plain = " ".join(name.replace("-", " ").replace("'", "").split())
    assert spellings(name) == ((plain,) if plain else ())
    assert spellings(name.lower()) == spellings(name)


@pytest.mark.parametrize("name", ["李", "דוד", "José 李", "อ", "የ"])
def test_a_letter_without_a_table_leaves_a_name_without_spelling(name: str) -> None:
    assert spellings(name) == ()


@given(st.lists(st.text(SYMBOLS, max_size=45), max_size=4))
def test_no_lines_of_the_37_symbols_ever_raise(lines: list[str]) -> None:
    zone = parse(lines, TODAY)
    assert zone is None or zone.lines == tuple(lines)
