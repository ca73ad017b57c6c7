"""Patterns of a catalogue: what is refused, and that what is accepted cannot be made slow."""

from __future__ import annotations

import re
import time

import pytest

from ostiary.adapters.config.regex_cost import LONGEST_PATTERN, LONGEST_TEXT, pattern_fault


@pytest.mark.parametrize(
    ("pattern", "code", "at", "message"),
    [
        ("ab(c", "pattern_invalid", 2, "unterminated subpattern"),
        ("[z-a]", "pattern_invalid", 1, "bad character range"),
        ("a**", "pattern_invalid", 2, "multiple repeat"),
        ("(?L)a", "pattern_invalid", 3, "bad inline flags"),
        ("[[a]]", "pattern_invalid", None, "ambiguous"),
        ("a{1,99999999999999999999}", "pattern_invalid", None, "too large"),
        ("a" * (LONGEST_PATTERN + 1), "pattern_invalid", None, "at most 200"),
        ("(" * 90 + "a" + ")" * 90, None, None, ""),
        ("(a+)+b", "pattern_costly", None, "very long"),
        ("(a|a)*b", "pattern_costly", None, "very long"),
        ("(a?){40}b", "pattern_costly", None, "very long"),
        ("(ab?)*c", "pattern_costly", None, "very long"),
        ("(aa|bb){25}c", "pattern_costly", None, "very long"),
        (r"\w*\w*\w*x", "pattern_costly", None, "lower max_length"),
        ("(?:(?:){1000}){1000}", "pattern_costly", None, "very long"),
        (r"(.)\1", "pattern_costly", None, "back-reference"),
        ("(?=a)b", "pattern_costly", None, "look-around"),
        ("(a)?(?(1)b|c)", "pattern_costly", None, "not supported"),
    ],
)
def test_a_pattern_that_is_broken_or_could_be_slow_is_refused(
    pattern: str, code: str | None, at: int | None, message: str
) -> None:
    fault = pattern_fault(pattern)
    assert (fault.code if fault else None, fault.at if fault else None) == (code, at)
    assert fault is None or message in fault.message


@pytest.mark.parametrize(
    "pattern",
    [
        "[A-Za-z0-9][A-Za-z0-9 ./-]*",
        "[A-Z]{1,3}[0-9]{6,9}[A-Z]?",
        r"\d{2}-?\d{8}-?\d",
        "(?:[A-Z]{2}|[0-9]{2})[0-9]{6}",
        "(?i)[a-z]+",
        "(?:[a-z][0-9])*",
        "(?P<kind>[VEJG])-?[0-9]{8,9}",
        "(?>a*)b",
        "a*+b",
        ".*.*x",
        "[a-z]*[a-z]*[0-9]",
        "(aa|ab){17}x",
    ],
)
def test_an_accepted_pattern_is_quick_on_hostile_texts(pattern: str) -> None:
    assert pattern_fault(pattern) is None
    compiled = re.compile(pattern)
    for text in ("a" * LONGEST_TEXT, "a1" * (LONGEST_TEXT // 2), "0" * LONGEST_TEXT, "a" * 17, "A" * LONGEST_TEXT):
        began = time.process_time()
        compiled.fullmatch(text + "!")
        assert time.process_time() - began < 0.5


def test_a_lower_length_allows_more_freedom() -> None:
    pattern = "[a-z]*-?[a-z]*-?[a-z]*"
    assert pattern_fault(pattern) is not None
    assert pattern_fault(pattern, longest_text=40) is None
