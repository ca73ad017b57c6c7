"""Symbols that are taken for one another, by people and by machines, and numbers that may be the same because of it."""

from __future__ import annotations

from ostiary.domain.documents.document import plain_number

_GROUPS = ("0ODQ", "1IL", "2Z", "4A", "5S", "6G", "7T", "8B")
"""OCR-B (Doc 9303 part 3, 4.2: size and font) keeps most of these apart; worn print, blur and people do not."""
_FIRST_OF_ITS_GROUP = str.maketrans({letter: group[0] for group in _GROUPS for letter in group})
ELSEWHERE_LEAST_CHARACTERS = 6
"""What is found in the middle of the lines by chance is shorter; the national numbers printed there have 8 or more."""
_PRINTED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def look_alike(number: str, other: str) -> bool:
    """Equal but for symbols that look alike."""
    return number.translate(_FIRST_OF_ITS_GROUP) == other.translate(_FIRST_OF_ITS_GROUP)


def one_symbol_apart(number: str, other: str) -> bool:
    """Equal but for one symbol, whichever."""
    return len(number) == len(other) and sum(a != b for a, b in zip(number, other, strict=True)) == 1


def same_number_doubt(given: str, read: str, lines: tuple[str, ...]) -> str:
    """Why two different plain numbers may be of one document all the same; empty: they are not."""
    if look_alike(given, read):
        return "differs only in symbols that look alike"
    if given.startswith(read) or given.endswith(read) or read.startswith(given) or read.endswith(given):
        return "one continues the other: a check digit or a country may be typed along"
    if not _PRINTED.issuperset(given):
        return "typed with letters that are never printed in machine-readable lines"
    if len(given) >= ELSEWHERE_LEAST_CHARACTERS and any(given in plain_number(line) for line in lines):
        return "stands elsewhere on the machine-readable lines"
    return ""
