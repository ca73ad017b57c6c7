"""Judging the regular expressions of a catalogue: they must compile, and no text may make them slow.

Python's `re` backtracks, so a pattern like `(a+)+b` takes years on thirty letters (CWE-1333). Each pattern is matched
against a whole text of bounded length; so the number of ways in which its parts can share that text out bounds the
work, and that number is read off the parsed pattern: conservative, and without running anything.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import prod
from typing import Any

LONGEST_PATTERN = 200
LONGEST_TEXT = 500
"""No text of a client or document is longer."""
MOST_WAYS = 300_000
"""Two unbounded repeats over the longest text: about 10 ms at worst, a thousand times more than a real one takes."""
_SINGLE = {"LITERAL", "NOT_LITERAL", "IN", "ANY", "AT", "CATEGORY", "RANGE"}
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


@dataclass(frozen=True, slots=True)
class PatternFault:
    """What is wrong with a pattern, and at which of its characters if that is known."""

    code: str
    message: str
    at: int | None = None


class _Unsupported(Exception):
    """The pattern uses something whose cost is not bounded here."""


def pattern_fault(pattern: str, longest_text: int = LONGEST_TEXT) -> PatternFault | None:
    """None for a pattern that compiles and is harmless on texts up to that length."""
    if len(pattern) > LONGEST_PATTERN:
        return PatternFault("pattern_invalid", f"a pattern has at most {LONGEST_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = _parser().parse(pattern)
            re.compile(pattern)
        ways = _ways(parsed, longest_text)
    except re.error as error:
        return PatternFault("pattern_invalid", f"is not a regular expression: {error.msg}", error.pos)
    except Warning as error:
        return PatternFault("pattern_invalid", f"is ambiguous: {error}; put a backslash before the character")
    except (OverflowError, RecursionError, ValueError):
        return PatternFault("pattern_invalid", "is too large or has flags that texts do not take; simplify it")
    except _Unsupported as error:
        return PatternFault("pattern_costly", f"uses {error}, which is not supported here; write it without")
    if ways <= MOST_WAYS:
        return None
    advice = "repeat single characters as [A-Z]{1,9}, not groups that vary in length, or lower max_length"
    return PatternFault("pattern_costly", f"can take very long on some texts; {advice}")


def _ways(parts: Iterable[tuple[Any, Any]], longest: int) -> int:
    """In how many ways the parts can be matched to a text."""
    return prod(min(_ways_of(str(name), value, longest), MOST_WAYS + 1) for name, value in parts)


def _ways_of(name: str, value: Any, longest: int) -> int:
    if name in _SINGLE:
        return 1
    if name in _REPEATS:
        least, most, inner = value
        if int(most) > 1 and inner.getwidth()[0] == 0:  # repeating nothing takes time and no text
            return MOST_WAYS + 1
        return _repeated(_ways(inner, longest), int(least), min(int(most), max(longest, int(least))))
    if name == "SUBPATTERN":
        return _ways(value[-1], longest)
    if name == "BRANCH":
        return sum(_ways(branch, longest) for branch in value[1])
    if name == "ATOMIC_GROUP":
        return _ways(value, longest)
    raise _Unsupported({"GROUPREF": "a back-reference", "ASSERT": "look-around"}.get(name, name.lower()))


def _repeated(inner: int, least: int, most: int) -> int:
    """The sum of inner**n for n from least to most, given up as soon as it is too many."""
    if inner == 1:
        return most - least + 1
    total = 0
    for count in range(least, most + 1):
        total += inner ** min(count, 20)
        if total > MOST_WAYS:
            return MOST_WAYS + 1
    return total


@cache
def _parser() -> Any:
    """The parser of `re` itself; private, so only its node names are relied on, and any unknown one is refused."""
    return import_module("re._parser")
