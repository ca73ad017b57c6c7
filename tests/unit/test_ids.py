"""Ids: 32 characters that sort by the time they were made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.ids import ALPHABET, LENGTH, RANDOM_BITS, TIME_BITS, encode, is_id, time_ms

MOMENTS = st.integers(0, 2**TIME_BITS - 1)
CHANCES = st.integers(0, 2**RANDOM_BITS - 1)


@given(MOMENTS, CHANCES)
def test_an_id_has_32_characters_and_gives_its_moment_back(moment_ms: int, chance: int) -> None:
    encoded = encode(moment_ms, chance)
    assert len(encoded) == LENGTH
    assert set(encoded) <= set(ALPHABET)
    assert is_id(encoded)
    assert time_ms(encoded) == moment_ms


@given(MOMENTS, MOMENTS, CHANCES, CHANCES)
def test_ids_sort_by_the_time_they_were_made(one_ms: int, other_ms: int, chance: int, other: int) -> None:
    if one_ms != other_ms:
        assert (encode(one_ms, chance) < encode(other_ms, other)) == (one_ms < other_ms)


def test_what_is_too_large_is_cut_and_does_not_spill_into_the_time() -> None:
    assert time_ms(encode(7, 2**RANDOM_BITS)) == 7
    assert encode(2**TIME_BITS + 7, 1) == encode(7, 1)


def test_the_documented_id_has_the_form_of_one() -> None:
    assert is_id("4QWq1rQtjnLM0wMswTRY9AmM4XTvY4GG")


@pytest.mark.parametrize(
    "text",
    ["", "a" * 31, "a" * 33, "a" * 31 + "-", "a" * 32 + "\n", "é" * 32, "../" + "a" * 29],
    ids=["empty", "short", "long", "dash", "line break", "not ASCII", "path"],
)
def test_anything_else_is_no_id(text: str) -> None:
    assert not is_id(text)
