"""Encryption at rest: a value opens where it belongs, under its own key, and nowhere else."""

from __future__ import annotations

import pytest

from ostiary.adapters.crypto.keyring import Keyring, OwnerBox
from ostiary.domain.errors import KeyMismatch, Tampered

FIRST, SECOND = b"1" * 32, b"2" * 32
WHERE, PLAIN = "clients/c1/details", b"Maria Julia Barber"


@pytest.fixture
def ring() -> Keyring:
    return Keyring({1: FIRST})


@pytest.fixture
def box(ring: Keyring) -> OwnerBox:
    return ring.box("company", "client", ring.new_data_key("company", "client"))


def test_a_value_opens_where_it_belongs(box: OwnerBox) -> None:
    sealed = box.seal(WHERE, PLAIN)
    assert box.open(WHERE, sealed) == PLAIN
    assert box.open("empty", box.seal("empty", b"")) == b""
    assert box.open(WHERE, box.seal(WHERE, memoryview(PLAIN))) == PLAIN
    assert PLAIN not in sealed


def test_the_same_value_is_never_sealed_the_same(box: OwnerBox) -> None:
    assert len({box.seal(WHERE, PLAIN) for _ in range(100)}) == 100


@pytest.mark.parametrize("where", ["clients/c2/details", "clients/c1/detail", "documents/c1/details", ""])
def test_a_value_moved_to_another_place_does_not_open(box: OwnerBox, where: str) -> None:
    with pytest.raises(Tampered):
        box.open(where, box.seal(WHERE, PLAIN))


@pytest.mark.parametrize(
    "place", [("company", "other"), ("other", "client")], ids=["another client", "another company"]
)
def test_an_owners_key_does_not_serve_another(ring: Keyring, place: tuple[str, str]) -> None:
    wrapped = ring.new_data_key("company", "client")
    with pytest.raises(KeyMismatch):
        ring.box(*place, wrapped)


def test_another_clients_box_opens_nothing_of_this_one(ring: Keyring, box: OwnerBox) -> None:
    other = ring.box("company", "other", ring.new_data_key("company", "other"))
    with pytest.raises(Tampered):
        other.open(WHERE, box.seal(WHERE, PLAIN))


@pytest.mark.parametrize("at", [1, 12, 13, -1], ids=["nonce begins", "nonce ends", "ciphertext", "tag"])
def test_a_changed_bit_shows(box: OwnerBox, at: int) -> None:
    sealed = bytearray(box.seal(WHERE, PLAIN))
    sealed[at] ^= 1
    with pytest.raises(Tampered):
        box.open(WHERE, bytes(sealed))


def test_another_master_key_opens_nothing(ring: Keyring) -> None:
    wrapped = ring.new_data_key("company", "client")
    for other in (Keyring({1: SECOND}), Keyring({2: FIRST})):
        with pytest.raises(KeyMismatch):
            other.box("company", "client", wrapped)
    with pytest.raises(KeyMismatch):
        ring.unwrap(b"", "company|client")


def test_a_ring_opens_what_any_of_its_masters_wrapped_and_wraps_with_the_highest(ring: Keyring) -> None:
    old = ring.new_data_key("company", "client")
    sealed = ring.box("company", "client", old).seal(WHERE, PLAIN)
    both = Keyring({2: SECOND, 1: FIRST})
    assert both.box("company", "client", old).open(WHERE, sealed) == PLAIN
    new = both.new_data_key("company", "client")
    assert (old[0], new[0]) == (1, 2)
    assert Keyring({2: SECOND}).box("company", "client", new)
    with pytest.raises(KeyMismatch):
        ring.box("company", "client", new)


def test_a_key_wrapped_anew_opens_what_it_sealed_before(ring: Keyring) -> None:
    old = ring.new_data_key("company", "client")
    sealed = ring.box("company", "client", old).seal(WHERE, PLAIN)
    both, place = Keyring({1: FIRST, 2: SECOND}), "company|client"
    new = both.wrap(both.unwrap(old, place), place)
    assert Keyring({2: SECOND}).box("company", "client", new).open(WHERE, sealed) == PLAIN


def test_a_mark_finds_equals_and_its_parts_do_not_flow_together(ring: Keyring) -> None:
    ring.set_lookup_key("email", b"k" * 32)
    ring.set_lookup_key("number", b"n" * 32)
    assert ring.lookup_hash("email", "company", "a") == ring.lookup_hash("email", "company", b"a")
    marks = {
        ring.lookup_hash("email", "company", "a"),
        ring.lookup_hash("email", "company", "b"),
        ring.lookup_hash("email", "other", "a"),
        ring.lookup_hash("email", "companya"),
        ring.lookup_hash("email", "", "companya"),
        ring.lookup_hash("number", "company", "a"),
    }
    assert len(marks) == 6
    assert {len(mark) for mark in marks} == {32}


def test_keys_stay_out_of_logs(box: OwnerBox) -> None:
    assert "AESGCM" not in repr(box)
