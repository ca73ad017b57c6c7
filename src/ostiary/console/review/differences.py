"""Two texts beside each other, with what differs marked: the eye finds one wrong digit among twenty only so."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_COMPARED = 300
"""Characters of each: the comparison takes the square of it, and names and numbers are shorter."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters, and whether the other text has something else there."""

    text: str
    differs: bool


def pieces_of(text: str | None, other: str | None) -> tuple[Piece, ...]:
    """A text in pieces, as it compares with another one; without another one nothing is marked."""
    if not text:
        return ()
    if not other or text == other or max(len(text), len(other)) > MOST_COMPARED:
        return (Piece(text, differs=False),)
    matcher = SequenceMatcher(None, text.casefold(), other.casefold(), autojunk=False)
    if len(text.casefold()) != len(text) or len(other.casefold()) != len(other):  # as of German sharp s
        matcher = SequenceMatcher(None, text, other, autojunk=False)
    pieces, at = list[Piece](), 0
    for begin, _, size in matcher.get_matching_blocks():
        if begin > at:
            pieces.append(Piece(text[at:begin], differs=True))
        if size:
            pieces.append(Piece(text[begin : begin + size], differs=False))
        at = begin + size
    return tuple(pieces)
