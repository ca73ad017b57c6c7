"""Check digits of machine-readable lines: ICAO Doc 9303 part 3, section 4.9."""

from __future__ import annotations

from itertools import cycle

FILLER = "<"
SYMBOLS = f"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ{FILLER}"
"""Everything that may be printed in a zone: Doc 9303 part 3, section 4.3."""

_WEIGHTS = (7, 3, 1)
_VALUES = {symbol: 0 if symbol == FILLER else value for value, symbol in enumerate(SYMBOLS)}
"""Digits count as themselves, A as 10 and so on to Z as 35, the filler as 0."""


def check_digit(text: str) -> str:
    """The digit of a text of the 37 symbols: weighted 7, 3, 1, 7, 3, 1, ..., modulo 10. ValueError for other text."""
    try:
        return str(
            sum(_VALUES[character] * weight for character, weight in zip(text, cycle(_WEIGHTS), strict=False)) % 10
        )
    except KeyError:
        raise ValueError("a check digit is of digits, capital letters A to Z and fillers") from None


def fits(text: str, digit: str, *, filler_if_empty: bool = False) -> bool:
    """Whether the digit printed is that of the text. `filler_if_empty`: nothing but fillers may have one for a digit
    (part 4, 4.2.2: the personal number of a passport)."""
    if digit == FILLER:
        return filler_if_empty and not text.strip(FILLER)
    return digit == check_digit(text)
