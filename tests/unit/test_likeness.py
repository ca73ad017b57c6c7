"""Likeness: the same picture stored anew shares a band and is alike; another one is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.verification.picture_similarity import BITS, MOST_DIFFERENT_BITS, are_alike, bands

LENGTH_BYTES = 72
hashes = st.integers(0, (1 << BITS) - 1).map(lambda value: value.to_bytes(LENGTH_BYTES, "big"))


def with_bits_changed(likeness: bytes, count: int, seed: int = 1) -> bytes:
    value = int.from_bytes(likeness, "big")
    for place in random.Random(seed).sample(range(BITS), count):
        value ^= 1 << place
    return value.to_bytes(LENGTH_BYTES, "big")


@given(hashes)
def test_every_band_is_told_from_every_other(likeness: bytes) -> None:
    assert len(set(bands(likeness))) == len(bands(likeness))


def test_no_bit_is_in_many_bands() -> None:
    whole = bands(bytes(LENGTH_BYTES))
    for place in range(BITS):
        changed = bands((1 << place).to_bytes(LENGTH_BYTES, "big"))
        assert sum(bit != other for bit, other in zip(whole, changed, strict=True)) <= 6


@given(hashes, st.integers(0, 1_000))
def test_a_few_bits_leave_some_band_whole(likeness: bytes, seed: int) -> None:
    assert set(bands(likeness)) & set(bands(with_bits_changed(likeness, 2, seed)))


@pytest.mark.parametrize(
    ("changed", "alike"),
    [(0, True), (MOST_DIFFERENT_BITS, True), (MOST_DIFFERENT_BITS + 1, False), (300, False)],
)
def test_alike_is_a_matter_of_bits(changed: int, alike: bool) -> None:
    first = with_bits_changed(bytes(LENGTH_BYTES), 287)
    assert are_alike([first], [bytes(LENGTH_BYTES), with_bits_changed(first, changed)]) is alike


def test_nothing_resembles_nothing() -> None:
    assert not are_alike([], [bytes(LENGTH_BYTES)])
    assert not are_alike([bytes(LENGTH_BYTES)], [])
