"""From the lines of a machine-readable zone to what they say. Not one character is changed: what a digit contradicts
stays as read, and `checks` says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ostiary.domain.mrz.check_digits import FILLER, SYMBOLS, fits
from ostiary.domain.mrz.layouts import LAYOUTS, Check, FieldPlace, Layout
from ostiary.domain.mrz.zone import PartialDate, Zone

YEARS_AHEAD_MOST = 50
"""Of an expiration date; the two digits printed leave the century open. The longest validities in use, cards for the
old, end within fifty years, and a document that ended as long ago as that is not sent in."""
NO_END_YEAR = 1999
"""What is left of the year 9999 when two of its digits are printed: Spain (cards of people over seventy), Italy
(circular 60 of 2026) and residence permits of several states print it on cards without an end, with days of their own
choosing. What really ended in 1999 is older than the oldest card that anybody sends."""

_NAMES_PARTED = FILLER * 2
_SYMBOLS = frozenset(SYMBOLS)


def layouts_for(lines: Sequence[str]) -> tuple[Layout, ...]:
    """The forms that have this many lines of this length and begin with this code. Any text may be asked about."""
    return tuple(layout for layout in LAYOUTS if _has_shape(layout, lines))


def parse(lines: Sequence[str], today: date) -> Zone | None:
    """The zone, or None when these lines are of no form. `today` tells centuries."""
    return next((zone for layout in layouts_for(lines) if (zone := parse_as(layout, lines, today))), None)


def parse_as(layout: Layout, lines: Sequence[str], today: date) -> Zone | None:
    """The zone as one form has it, or None when the lines do not have its shape, its code or its 37 symbols."""
    if not _has_shape(layout, lines) or not all(_SYMBOLS.issuperset(line) for line in lines):
        return None
    printed = _Printed(layout, tuple(lines))
    surname, given_names, truncated = _names(printed)
    number = _number(printed)
    return Zone(
        layout.format,
        printed.lines,
        document_code=printed.text("document_code"),
        country=printed.text("country"),
        number=number.text,
        surname=surname,
        given_names=given_names,
        nationality=printed.text("nationality"),
        birth_date=_birth_date(printed.raw("birth_date"), today),
        expiration_date=_expiration_date(printed.raw("expiration_date"), today),
        sex=printed.text("sex"),
        checks={check.name: _fits(check, printed, number) for check in layout.checks},
        names_truncated=truncated,
        places={**_PLACES[layout.format], "number": number.words},
    )


def _has_shape(layout: Layout, lines: Sequence[str]) -> bool:
    if len(lines) != layout.line_count or any(len(line) != layout.length for line in lines):
        return False
    return layout.begins(lines[0])


@dataclass(frozen=True, slots=True)
class _Printed:
    """Lines and the form they are in."""

    layout: Layout
    lines: tuple[str, ...]

    def raw(self, name: str) -> str:
        """What is printed at a place, fillers and all; nothing where the form has no such place."""
        return next((place.of(self.lines) for place in self.layout.places if place.name == name), "")

    def text(self, name: str) -> str:
        return _plain(self.raw(name))

    def place(self, name: str) -> FieldPlace:
        return next(place for place in self.layout.places if place.name == name)

    def check(self, name: str) -> Check | None:
        return next((check for check in self.layout.checks if check.name == name), None)


def _plain(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())


# ---- numbers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    fits: bool
    words: str


def _number(printed: _Printed) -> _Number:
    """The document's number, with its second part where it has one."""
    place, check = printed.place("number"), printed.check("number")
    first, more = printed.raw("number"), printed.layout.long_number
    if check is None:
        return _Number(_plain(first), True, place.words)
    digit = printed.lines[check.line][check.column]
    if more is None or digit != FILLER:
        # The digit of a licence is over all that stands before it (the French specimen), or over the number alone.
        return _Number(_plain(first), fits(first, digit) or fits(check.covered(printed.lines), digit), place.words)
    rest = more.of(printed.lines).split(FILLER, 1)[0]
    if len(rest) < 2:  # at least one more character, and the digit
        return _Number(_plain(first), False, place.words)
    second, digit = rest[:-1], rest[-1]
    words = f"{place.words} and {more.start + 1} to {more.start + len(second)}"
    return _Number(_plain(first + second), _fits_long(first, second, digit), words)


def _fits_long(first: str, second: str, digit: str) -> bool:
    """Whether the filler between both parts counts, part 5 does not say (4.2.2, note j). Doc 9303's own example (part
    11, D.2) comes out the same both ways; Belgian cards exist of either kind."""
    return fits(first + second, digit) or fits(first + FILLER + second, digit)


def _fits(check: Check, printed: _Printed, number: _Number) -> bool:
    if check.name == "number":
        return number.fits
    digit = printed.lines[check.line][check.column]
    return fits(check.covered(printed.lines), digit, filler_if_empty=check.may_be_filler)


# ---- names ----------------------------------------------------------------------------------------------------------


def _names(printed: _Printed) -> tuple[str, str, bool]:
    """Surname, given names, and whether they may be cut off: a field filled to its last position says so
    (parts 4 to 6, 4.2.3)."""
    fields = [place for place in printed.layout.places if place.name in ("names", "surname", "given_names")]
    texts = [place.of(printed.lines) for place in fields]
    truncated = any(not text.endswith(FILLER) for text in texts)
    if len(texts) == 1:
        surname, _, given_names = texts[0].partition(_NAMES_PARTED)
        texts = [surname, given_names]
    surname, given_names = (*texts, "", "")[:2]
    return _plain(surname), _plain(given_names), truncated


# ---- dates ----------------------------------------------------------------------------------------------------------


def _birth_date(text: str, today: date) -> PartialDate:
    """YYMMDD, in the latest year of which the day has come. Who is over a hundred reads as a child, which no zone
    tells apart. Fillers are unknown parts (part 3, 4.8); issuers also print 00 for an unknown month or day."""
    year, month, day = (_two_digits(text[start : start + 2]) for start in (0, 2, 4))
    month, day = month or None, day or None
    if year is not None:
        year = _latest_year(year, lambda full: (full, month or 0, day or 0) <= (today.year, today.month, today.day))
    return PartialDate(year, month, day)


def _expiration_date(text: str, today: date) -> date | None:
    """YYMMDD, in the year from 49 years ago to fifty ahead that ends so; None when it is no date, or unlimited."""
    year, month, day = (_two_digits(text[start : start + 2]) for start in (0, 2, 4))
    if year is None:
        return None
    full_year = _latest_year(year, lambda full: full <= today.year + YEARS_AHEAD_MOST)
    return None if full_year == NO_END_YEAR else PartialDate(full_year, month, day).whole


def _latest_year(two_digits: int, is_possible: Callable[[int], bool]) -> int:
    """Of the years 1900 to 2199 that end in these digits, the latest possible one, or the first."""
    return next((year for year in (2100 + two_digits, 2000 + two_digits) if is_possible(year)), 1900 + two_digits)


def _two_digits(text: str) -> int | None:
    return int(text) if len(text) == 2 and text.isdecimal() else None


def _spoken(layout: Layout) -> dict[str, str]:
    """Where each field is, in words; both kinds of names where they share a field."""
    words = {place.name: place.words for place in layout.places}
    if names := words.pop("names", ""):
        words |= {"surname": names, "given_names": names}
    return words


_PLACES = {layout.format: _spoken(layout) for layout in LAYOUTS}
