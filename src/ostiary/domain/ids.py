"""Ids: 48 bits of milliseconds and 142 random bits in base62, always 32 characters.

The alphabet is in ASCII order, so ids sort by the time they were made: friendly to indexes, and "newest first"
is a descending scan. They cannot be guessed, but they travel in addresses and logs, so they are never secrets.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 32
TIME_BITS = 48
RANDOM_BITS = 142
_TWO, _FOUR = 62**2, 62**4
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_FORM = re.compile(r"[0-9A-Za-z]{32}\Z")


def encode(time_ms: int, random: int) -> str:
    """The id of a moment (milliseconds since 1970, below 2^48) and 142 random bits."""
    value = (time_ms & ((1 << TIME_BITS) - 1)) << RANDOM_BITS | random & ((1 << RANDOM_BITS) - 1)
    pairs = list[str]()
    for _ in range(LENGTH // 4):
        value, four = divmod(value, _FOUR)  # the rest fits in one digit of the interpreter's: half the long divisions
        pairs += (_PAIRS[four % _TWO], _PAIRS[four // _TWO])
    pairs.reverse()
    return "".join(pairs)


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return _FORM.match(text) is not None


def time_ms(text: str) -> int:
    """When an id was made, in milliseconds since 1970."""
    value = 0
    for character in text:
        value = value * 62 + _VALUES[character]
    return value >> RANDOM_BITS


_VALUES = {character: value for value, character in enumerate(ALPHABET)}
