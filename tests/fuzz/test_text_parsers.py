"""Parsers of text from documents: they raise for nothing, agree with themselves, and notice what a digit notices."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostiary.domain.mrz.check_digits import SYMBOLS, check_digit
from ostiary.domain.mrz.issuers import iso_country, special
from ostiary.domain.mrz.layouts import LAYOUTS, Layout
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.zone import Zone
from ostiary.specimens.zone_lines import Holder, card_lines, passport_lines
from tests.depth import deep
from tests.fuzz.targets import HOLDER, LICENCE, TODAY, barcode_of, spelled, zone_of

EXAMPLES = deep(100, 1000)
WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
HOLDERS = st.builds(
    Holder,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=9),
    NAMES,
    NAMES,
    st.sampled_from(["ARG", "D", "ESP", "UTO", "XXB"]),
    st.dates(date(1930, 1, 1), TODAY),
    st.dates(date(2000, 1, 1), date(2076, 12, 31)),
    st.sampled_from("FMX"),
)
COMPOSED = st.builds(
    lambda holder, compose: tuple(compose(holder)), HOLDERS, st.sampled_from([passport_lines, card_lines])
)


@st.composite
def layouts_filled(draw: st.DrawFn) -> tuple[Layout, tuple[str, ...]]:
    """A form filled with whatever it permits."""
    layout = draw(st.sampled_from(LAYOUTS))
    drawn = draw(st.binary(min_size=layout.line_count * layout.length, max_size=layout.line_count * layout.length))
    symbols = iter(drawn)
    lines = [
        "".join(_one_of(layout.alphabet_at(line, column), next(symbols)) for column in range(layout.length))
        for line in range(layout.line_count)
    ]
    code = draw(st.sampled_from(layout.codes))
    return layout, (code + lines[0][len(code) :], *lines[1:])


def _one_of(alphabet: str, number: int) -> str:
    return alphabet[number % len(alphabet)]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, ...]:
    """Good lines with some characters changed, lost or doubled, or the lines in another order."""
    lines = list(draw(COMPOSED))
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.integers(0, len(lines) - 1))
        at = draw(st.integers(0, len(lines[row])))
        put = draw(st.sampled_from(["", "<", "0", "K", "é", "\n", lines[row][at : at + 2]]))
        lines[row] = lines[row][:at] + put + lines[row][at + draw(st.integers(0, 2)) :]
    return tuple(draw(st.permutations(lines)))


@settings(max_examples=EXAMPLES)
@given(st.lists(st.text(max_size=50), max_size=4).map(tuple), st.dates())
def test_any_text_is_a_zone_or_none(lines: tuple[str, ...], today: date) -> None:
    zone_of(lines, today)


@settings(max_examples=EXAMPLES)
@given(layouts_filled(), st.dates())
def test_any_form_that_is_filled_is_a_zone(filled: tuple[Layout, tuple[str, ...]], today: date) -> None:
    layout, lines = filled
    zone = zone_of(lines, today)
    if zone is None:  # what begins like another form's card of the same size is no card of this one
        assert layout.other_codes
        assert lines[0].startswith(layout.other_codes)
    else:
        assert zone.format is layout.format
        assert set(zone.checks) == {check.name for check in layout.checks}


@settings(max_examples=EXAMPLES)
@given(mutated())
def test_damaged_lines_are_a_zone_or_none(lines: tuple[str, ...]) -> None:
    zone_of(lines)


@settings(max_examples=EXAMPLES)
@given(HOLDERS, st.booleans())
def test_what_is_composed_is_read_back(holder: Holder, is_card: bool) -> None:
    lines, room = (card_lines(holder), 30) if is_card else (passport_lines(holder), 39)
    zone = zone_of(lines)
    assert zone is not None
    assert zone.digits_valid
    assert (zone.number, zone.country, zone.nationality) == (holder.number, holder.country, holder.country)
    assert zone.sex == holder.sex.replace("X", "")
    assert _born(zone, holder)
    assert zone.expiration_date in (holder.expiration_date, _unlimited(holder))
    names = f"{holder.surname}  {holder.given_names}"
    if len(names) <= room:
        assert (zone.surname, zone.given_names) == (holder.surname, holder.given_names)
        assert zone.names_truncated is (len(names) == room)
    else:
        assert names.startswith(f"{zone.surname}  {zone.given_names}".strip())


def _born(zone: Zone, holder: Holder) -> bool:
    """In the latest century possible."""
    read = zone.birth_date.whole
    assert read is not None
    assert read <= TODAY
    return (holder.birth_date.year - read.year) % 100 == 0 and read >= holder.birth_date


def _unlimited(holder: Holder) -> date | None:
    return None if holder.country == "ESP" else holder.expiration_date


@settings(max_examples=EXAMPLES)
@given(COMPOSED, st.data())
def test_a_character_of_another_value_is_noticed(lines: tuple[str, ...], data: st.DataObject) -> None:
    """The weights 7, 3 and 1 have no factor with 10: every change of a value modulo 10 changes the digit."""
    layout = next(layout for layout in LAYOUTS if layout.line_count == len(lines) and layout.begins(lines[0]))
    over = data.draw(st.sampled_from([piece for check in layout.checks for piece in check.over]))
    row, at = over[0], data.draw(st.integers(over[1], over[2] - 1))
    other = data.draw(st.sampled_from(SYMBOLS))
    assume(check_digit(other) != check_digit(lines[row][at]))
    changed = tuple(line[:at] + other + line[at + 1 :] if number == row else line for number, line in enumerate(lines))
    zone = parse(changed, TODAY)
    assert zone is not None
    assert not zone.digits_valid


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=400))
def test_any_text_is_a_barcode_or_none(text: str) -> None:
    barcode_of(text)
    barcode_of(LICENCE[:40] + text)


@settings(max_examples=EXAMPLES)
@given(st.integers(0, len(LICENCE)), st.integers(0, 6), st.text(max_size=8))
def test_a_damaged_barcode_is_a_zone_or_none(at: int, lost: int, put: str) -> None:
    barcode_of(LICENCE[:at] + put + LICENCE[at + lost :])


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=220))
def test_any_name_has_spellings_that_spell_themselves(name: str) -> None:
    for spelling in spelled(name):
        assert spelled(spelling) == (spelling,)


@settings(max_examples=EXAMPLES)
@given(st.text("ÄÖÜßÅØÑĐҐЄІЇЙЮЯЩЪЬЁЂЋЌЏабвгабўءآةشضعى\u0651\u064b' -x", max_size=120))
def test_any_mixture_of_alphabets_has_spellings(name: str) -> None:
    spelled(name)


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=5) | st.text("ABDGKNRSUX", min_size=1, max_size=3))
def test_any_code_is_a_country_or_special_or_nothing(code: str) -> None:
    country = iso_country(code)
    assert country is None or (len(country) == 3 and country.isalpha())
    assert country is None or special(code) is None


def test_the_holder_of_the_seeds_is_read() -> None:
    zone = zone_of(passport_lines(HOLDER))
    assert zone is not None
    assert zone.digits_valid
