"""Where each form prints what, as data: ICAO Doc 9303 parts 4 (TD3), 5 (TD1), 6 (TD2), 7 (visas), the French card, and
the one line of driving licences.

Lines and columns count from 0 and ends are exclusive, as in Python; the standard counts from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ostiary.domain.mrz.check_digits import SYMBOLS
from ostiary.domain.mrz.zone import Format


class Alphabet(StrEnum):
    """The symbols that a place may hold."""

    ANY = SYMBOLS
    DIGITS = "0123456789"
    DIGITS_OR_FILLER = "0123456789<"
    LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
    SEX = "MF<X"
    LICENCE = "D1"


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A field: its line, and its columns from `start` to before `end`."""

    name: str
    line: int
    start: int
    end: int
    alphabet: Alphabet = Alphabet.ANY

    @property
    def words(self) -> str:
        """For people, counted from 1."""
        first, last = self.start + 1, self.end
        columns = f"character {first}" if first == last else f"characters {first} to {last}"
        return f"line {self.line + 1}, {columns}"

    def of(self, lines: tuple[str, ...]) -> str:
        """What is printed there."""
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True, slots=True)
class Check:
    """A check digit: its line and column, and the pieces it is over, as line, start, end.

    `may_be_filler`: a filler stands for it where what it is over is empty.
    """

    name: str
    line: int
    column: int
    over: tuple[tuple[int, int, int], ...]
    may_be_filler: bool = False

    def covered(self, lines: tuple[str, ...]) -> str:
        """The text it is over."""
        return "".join(lines[line][start:end] for line, start, end in self.over)


@dataclass(frozen=True, slots=True)
class Layout:
    """One form. `codes`: how the first line begins, one of these; `other_codes` belong to another form of that size.

    `long_number` is the place where a number of more than nine characters goes on (parts 5 and 6, 4.2.2, note j).
    """

    format: Format
    line_count: int
    length: int
    codes: tuple[str, ...]
    places: tuple[FieldPlace, ...]
    checks: tuple[Check, ...]
    long_number: FieldPlace | None = None
    other_codes: tuple[str, ...] = ()

    def alphabet_at(self, line: int, column: int) -> str:
        """The symbols permitted at a position. IndexError outside of the form."""
        if not (0 <= line < self.line_count and 0 <= column < self.length):
            raise IndexError(f"{self.format} has {self.line_count} lines of {self.length} characters")
        if (line, column) == (0, 0):
            return "".join(dict.fromkeys(code[0] for code in self.codes))
        return _ALPHABETS[self.format].get((line, column), Alphabet.ANY)

    def begins(self, first_line: str) -> bool:
        """Whether a first line is one of this form."""
        return first_line.startswith(self.codes) and not (self.other_codes and first_line.startswith(self.other_codes))


_CARD_CODES = ("A", "C", "I")  # parts 5 and 6, 4.2.2, note k; the second letter is the issuer's affair
_FRENCH, _LICENCE, _DUTCH_LICENCE = "IDFRA", "D1", "D1NLD"
_DATE_OR_UNKNOWN = Alphabet.DIGITS_OR_FILLER
"""Parts of a birth date may be unknown (part 3, 4.8). The same for an expiration date, which some issuers leave out:
forced to be digits, fillers would be read as an invented date."""


def _head(names_line: int, names_start: int, length: int) -> tuple[FieldPlace, ...]:
    """Code and issuer, with which every form of Doc 9303 begins, and the names.

    The second character of a code may be a digit on cards that are older than the rule (United States: C1).
    """
    return (
        FieldPlace("document_code", 0, 0, 2),
        FieldPlace("country", 0, 2, 5, Alphabet.LETTERS),
        FieldPlace("names", names_line, names_start, length, Alphabet.LETTERS),
    )


def _licence_head() -> tuple[FieldPlace, ...]:
    return (FieldPlace("document_code", 0, 0, 2, Alphabet.LICENCE), FieldPlace("country", 0, 2, 5, Alphabet.LETTERS))


def _second_line(*further: FieldPlace) -> tuple[FieldPlace, ...]:
    """The second line of every form of two lines, to the expiration date, and what follows."""
    return (
        FieldPlace("number", 1, 0, 9),
        FieldPlace("nationality", 1, 10, 13, Alphabet.LETTERS),
        FieldPlace("birth_date", 1, 13, 19, _DATE_OR_UNKNOWN),
        FieldPlace("sex", 1, 20, 21, Alphabet.SEX),
        FieldPlace("expiration_date", 1, 21, 27, _DATE_OR_UNKNOWN),
        *further,
    )


def _second_line_checks(*, long_numbers: bool = False) -> tuple[Check, ...]:
    return (
        Check("number", 1, 9, ((1, 0, 9),), may_be_filler=long_numbers),
        Check("birth_date", 1, 19, ((1, 13, 19),)),
        Check("expiration_date", 1, 27, ((1, 21, 27),)),
    )


def _composite(end: int) -> Check:
    """Over the second line without nationality and sex, and its own column behind it."""
    return Check("composite", 1, end, ((1, 0, 10), (1, 13, 20), (1, 21, end)))


_TD1_OPTIONAL = FieldPlace("optional", 0, 15, 30)
_TD2_OPTIONAL = FieldPlace("optional", 1, 28, 35)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        Format.TD1, 3, 30, _CARD_CODES,
        (
            *_head(2, 0, 30),
            FieldPlace("number", 0, 5, 14),
            _TD1_OPTIONAL,
            FieldPlace("birth_date", 1, 0, 6, _DATE_OR_UNKNOWN),
            FieldPlace("sex", 1, 7, 8, Alphabet.SEX),
            FieldPlace("expiration_date", 1, 8, 14, _DATE_OR_UNKNOWN),
            FieldPlace("nationality", 1, 15, 18, Alphabet.LETTERS),
        ),
        (
            Check("number", 0, 14, ((0, 5, 14),), may_be_filler=True),
            Check("birth_date", 1, 6, ((1, 0, 6),)),
            Check("expiration_date", 1, 14, ((1, 8, 14),)),
            Check("composite", 1, 29, ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29))),
        ),
        long_number=_TD1_OPTIONAL,
    ),
    Layout(
        Format.TD2, 2, 36, _CARD_CODES,
        (*_head(0, 5, 36), *_second_line(_TD2_OPTIONAL)),
        (*_second_line_checks(long_numbers=True), _composite(35)),
        long_number=_TD2_OPTIONAL, other_codes=(_FRENCH,),
    ),
    Layout(
        Format.TD3, 2, 44, ("P",),
        (*_head(0, 5, 44), *_second_line(FieldPlace("optional", 1, 28, 42))),
        (*_second_line_checks(), Check("optional", 1, 42, ((1, 28, 42),), may_be_filler=True), _composite(43)),
    ),
    Layout(
        Format.MRV_A, 2, 44, ("V",),
        (*_head(0, 5, 44), *_second_line(FieldPlace("optional", 1, 28, 44))),
        _second_line_checks(),
    ),
    Layout(
        Format.MRV_B, 2, 36, ("V",),
        (*_head(0, 5, 36), *_second_line(FieldPlace("optional", 1, 28, 36))),
        _second_line_checks(),
    ),
    Layout(
        Format.FRENCH_ID, 2, 36, (_FRENCH,),
        (
            FieldPlace("document_code", 0, 0, 2, Alphabet.LETTERS),
            FieldPlace("country", 0, 2, 5, Alphabet.LETTERS),
            FieldPlace("surname", 0, 5, 30, Alphabet.LETTERS),
            FieldPlace("office", 0, 30, 36),
            FieldPlace("number", 1, 0, 12),  # year and month of issue, department, serial
            FieldPlace("given_names", 1, 13, 27, Alphabet.LETTERS),
            FieldPlace("birth_date", 1, 27, 33, _DATE_OR_UNKNOWN),
            FieldPlace("sex", 1, 34, 35, Alphabet.SEX),
        ),
        (
            Check("number", 1, 12, ((1, 0, 12),)),
            Check("birth_date", 1, 33, ((1, 27, 33),)),
            Check("composite", 1, 35, ((0, 0, 36), (1, 0, 35))),
        ),
    ),
    Layout(
        Format.LICENCE, 1, 30, (_LICENCE,),
        (
            *_licence_head(),
            FieldPlace("number", 0, 5, 14),
            FieldPlace("expiration_date", 0, 15, 21, _DATE_OR_UNKNOWN),
            FieldPlace("surname", 0, 21, 29, Alphabet.LETTERS),
        ),
        (Check("number", 0, 14, ((0, 0, 14),)), Check("composite", 0, 29, ((0, 0, 29),))),
        other_codes=(_DUTCH_LICENCE,),
    ),
    Layout(
        Format.DUTCH_LICENCE, 1, 30, (_DUTCH_LICENCE,),
        (
            *_licence_head(),
            FieldPlace("version", 0, 5, 6, Alphabet.DIGITS),
            FieldPlace("number", 0, 6, 16, Alphabet.DIGITS),
            FieldPlace("secret", 0, 16, 29),  # drawn at random: it opens the chip
        ),
        (Check("composite", 0, 29, ((0, 0, 29),)),),
    ),
)  # fmt: skip
"""Doc 9303 parts 4 to 6, section 4.2.2, and part 7 (visas have no composite digit). The French identity card of 1988
to 2021 has the size of a TD2 and its own order, and prints no expiration date.

Of the licence's line ISO/IEC 18013-1 fixes the code, the issuer and the last digit; what stands between is the
issuer's. France (specimen of 2013), and others after it, print number, end and the surname's beginning."""


def _alphabets(layout: Layout) -> Iterator[tuple[tuple[int, int], str]]:
    for place in layout.places:
        yield from (((place.line, column), place.alphabet.value) for column in range(place.start, place.end))
    for check in layout.checks:
        alphabet = Alphabet.DIGITS_OR_FILLER if check.may_be_filler else Alphabet.DIGITS
        yield (check.line, check.column), alphabet.value


_ALPHABETS: Mapping[Format, Mapping[tuple[int, int], str]] = {
    layout.format: dict(_alphabets(layout)) for layout in LAYOUTS
}
