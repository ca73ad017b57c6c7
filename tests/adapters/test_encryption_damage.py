"""Encryption at rest under damage: whatever bit is flipped, whatever is cut off or put elsewhere, nothing opens."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.crypto.keyring import FORM, NONCE_BYTES, TAG_BYTES, Keyring, OwnerBox
from ostiary.domain.errors import KeyMismatch, Tampered

RING = Keyring({1: b"1" * 32, 7: b"7" * 32})
WRAPPED = RING.new_data_key("company", "client")
BOX: OwnerBox = RING.box("company", "client", WRAPPED)
WHERE, PLAIN = "clients/c1/details", b"Maria Julia Barber"
SEALED = BOX.seal(WHERE, PLAIN)
HEAD_BYTES = len(FORM) + NONCE_BYTES


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("byte", range(len(SEALED)))
def test_any_flipped_bit_of_a_sealed_value_is_found(byte: int) -> None:
    for bit in range(8):
        with pytest.raises(Tampered):
            BOX.open(WHERE, flipped(SEALED, byte * 8 + bit))


@pytest.mark.parametrize("byte", range(len(WRAPPED)))
def test_any_flipped_bit_of_a_wrapped_key_is_found(byte: int) -> None:
    for bit in range(8):
        with pytest.raises(KeyMismatch):
            RING.unwrap(flipped(WRAPPED, byte * 8 + bit), "company|client")


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_a_sealed_value_that_is_cut_off_anywhere_does_not_open(length: int) -> None:
    with pytest.raises(Tampered):
        BOX.open(WHERE, SEALED[:length])


@pytest.mark.parametrize("length", range(len(WRAPPED)))
def test_a_wrapped_key_that_is_cut_off_anywhere_does_not_open(length: int) -> None:
    with pytest.raises(KeyMismatch):
        RING.unwrap(WRAPPED[:length], "company|client")


@pytest.mark.parametrize("more", [b"\0", b"x" * 16, SEALED], ids=["a byte", "a block", "itself"])
def test_nothing_may_be_added_to_a_sealed_value(more: bytes) -> None:
    with pytest.raises(Tampered):
        BOX.open(WHERE, SEALED + more)


def test_pieces_of_two_values_do_not_make_a_third() -> None:
    other = BOX.seal(WHERE, PLAIN)
    for first, second in ((SEALED, other), (other, SEALED)):
        for at in (HEAD_BYTES // 2, HEAD_BYTES, len(SEALED) - TAG_BYTES):
            with pytest.raises(Tampered):
                BOX.open(WHERE, first[:at] + second[at:])


PLACES = [
    ("c1", "o1", "clients/r1/details"), ("c1", "o1", "clients/r1/email"), ("c1", "o1", "clients/r2/details"),
    ("c1", "o1", "documents/r1/details"), ("c1", "o2", "clients/r1/details"), ("c2", "o1", "clients/r1/details"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [pair for pair in product(PLACES, PLACES) if pair[0] != pair[1]],
    ids=lambda pair: "|".join(pair),
)
def test_a_value_opens_at_its_own_place_only_even_under_the_same_key(
    mine: tuple[str, str, str], theirs: tuple[str, str, str]
) -> None:
    """The same key for every owner: it is the place that is told apart here, not the key."""
    boxes = [OwnerBox(f"{company}|{owner}", BOX.cipher) for company, owner, _ in (mine, theirs)]
    sealed = boxes[0].seal(mine[2], PLAIN)
    assert boxes[0].open(mine[2], sealed) == PLAIN
    with pytest.raises(Tampered):
        boxes[1].open(theirs[2], sealed)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_large_and_small_ways_of_sealing_are_one_form(plain: bytes, where: str) -> None:
    small, large = BOX.seal(where, plain), BOX.seal_large(where, plain)
    assert BOX.open(where, small) == BOX.open(where, bytes(large)) == plain
    assert len(small) == len(large) == len(plain) + HEAD_BYTES + TAG_BYTES
    assert small[:1] == bytes(large[:1]) == FORM
    assert small[1:HEAD_BYTES] != large[1:HEAD_BYTES]


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 65_535, 65_536, 1 << 20])
def test_a_picture_of_any_size_is_sealed_in_place(size: int) -> None:
    plain = bytes(size)
    sealed = BOX.seal_large(WHERE, memoryview(plain))
    assert BOX.open(WHERE, bytes(sealed)) == plain
    sealed[-1] ^= 1
    with pytest.raises(Tampered):
        BOX.open(WHERE, bytes(sealed))


@pytest.mark.parametrize("numbers", [(0,), (1,), (255,), (0, 255), (3, 1, 2)])
def test_the_highest_number_of_a_ring_wraps(numbers: tuple[int, ...]) -> None:
    ring = Keyring({number: bytes([number]) * 32 for number in numbers})
    assert ring.new_data_key("company", "client")[0] == max(numbers)


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_marks_are_equal_for_equal_parts_only(parts: list[bytes], other: list[bytes]) -> None:
    ring = Keyring({1: b"1" * 32})
    ring.set_lookup_key("email", b"k" * 32)
    assert (ring.lookup_hash("email", *parts) == ring.lookup_hash("email", *other)) is (parts == other)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_size_wraps_but_seals_nothing(size: int) -> None:
    """AES takes 16, 24 and 32 bytes; ours are 32, and what is of no size of AES is refused loudly."""
    wrapped = RING.wrap(b"k" * size, "company|client")
    if size == 16:
        assert RING.box("company", "client", wrapped)
    else:
        with pytest.raises(ValueError, match="128, 192, or 256"):
            RING.box("company", "client", wrapped)
