"""Signed checkpoints: whatever is changed in the file, or in the trail behind it, shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.crypto import checkpoint_file
from ostiary.adapters.crypto.checkpoint_file import Signer
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.audit.checkpoints import Checkpoint, leaf, merkle_root
from ostiary.domain.companies.company import Chain
from ostiary.domain.errors import KeyMismatch, Refused, Tampered
from tests.material import COMPANY_ID, NOW_MS, id_at

RING = Keyring({1: b"1" * 32})
WRAPPED = checkpoint_file.new_key(RING)
SIGNER = Signer(RING, WRAPPED)
ENDS = {(COMPANY_ID, id_at(number)): Chain(number + 1, bytes([number]) * 32) for number in range(3)}
CHECKPOINT = Checkpoint(NOW_MS, ENDS, "ab" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "checkpoint.json"
    SIGNER.write(CHECKPOINT, where)
    return where


def test_what_is_written_is_read_back_by_who_knows_the_public_key(path: Path) -> None:
    assert checkpoint_file.read(path, SIGNER.public_key) == CHECKPOINT
    assert Signer(RING, WRAPPED).public_key == SIGNER.public_key


def test_writing_tells_the_files_size_and_never_writes_over_one(tmp_path: Path) -> None:
    where = tmp_path / "new.json"
    assert SIGNER.write(CHECKPOINT, where) == where.stat().st_size
    before = where.read_bytes()
    with pytest.raises(Refused, match="cannot be written"):
        SIGNER.write(Checkpoint(0, {}), where)
    assert where.read_bytes() == before


def test_any_flipped_bit_is_found(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes().rstrip(b"\n")
    begin, end = whole.index(b'"at":'), whole.index(b'"at_ms":')
    changed = tmp_path / "changed.json"
    for at in range(len(whole)):
        if begin <= at < end:
            continue  # the moment in words: for people, and not what is signed
        for bit in (at % 5, 6):
            content = bytearray(whole)
            content[at] ^= 1 << bit
            changed.write_bytes(content)
            try:
                checkpoint = checkpoint_file.read(changed, SIGNER.public_key)
            except Tampered:
                continue
            assert checkpoint == CHECKPOINT, (
                f"byte {at}: {content[at - 5 : at + 5]!r}"
            )  # the case of a hexadecimal digit


@pytest.mark.parametrize("length", [0, 1, 100, -2, -1])
def test_a_file_cut_off_is_found(path: Path, length: int) -> None:
    whole = path.read_bytes().rstrip(b"\n")
    path.write_bytes(whole[:length])
    with pytest.raises(Tampered, match="is no checkpoint"):
        checkpoint_file.read(path, SIGNER.public_key)


def changed(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content.update(values)


def chain(at: int, part: int, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["chains"][at].__setitem__(part, value)


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (changed(at_ms=NOW_MS + 1), "signature does not fit"),
        (changed(previous=""), "signature does not fit"),
        (changed(previous="cd" * 32), "signature does not fit"),
        (changed(signature="00" * 64), "signature does not fit"),
        (changed(signature="00" * 63), "signature does not fit"),
        (changed(signature=""), "signature does not fit"),
        (changed(signature="no hex"), "is no checkpoint"),
        (changed(root="00" * 32), "do not give its root"),
        (changed(form="ostiary checkpoint 2"), "do not give its root"),
        (changed(chains=[]), "do not give its root"),
        (changed(public_key="00" * 32), "was signed by 00"),
        (changed(public_key=""), "was signed by"),
        (changed(more=1), "is no checkpoint"),
        (changed(at_ms="1"), "is no checkpoint"),
        (lambda content: content.pop("previous"), "is no checkpoint"),
        (lambda content: content["chains"].pop(), "do not give its root"),
        (lambda content: content["chains"].reverse(), "do not give its root"),
        (lambda content: content["chains"].append(["c", "o", 1, "00" * 32]), "do not give its root"),
        (chain(0, 0, "another"), "do not give its root"),
        (chain(0, 1, "another"), "do not give its root"),
        (chain(0, 2, 2), "do not give its root"),
        (chain(0, 3, "01" * 32), "do not give its root"),
        (chain(0, 3, "0"), "is no checkpoint"),
        (chain(0, 2, -1), "do not give its root"),
    ],
)
def test_a_forged_checkpoint_is_told_from_a_real_one(
    path: Path, forge: Callable[[dict[str, Any]], None], says: str
) -> None:
    content = json.loads(path.read_text())
    forge(content)
    path.write_text(json.dumps(content))
    with pytest.raises(Tampered, match=says):
        checkpoint_file.read(path, SIGNER.public_key)


def test_one_signed_by_another_key_is_refused_even_when_all_fits(tmp_path: Path) -> None:
    """A forger signs with a key of his own; only who noted the real one down can tell."""
    forger = Signer(RING, checkpoint_file.new_key(RING))
    where = tmp_path / "forged.json"
    forger.write(CHECKPOINT, where)
    assert checkpoint_file.read(where, forger.public_key) == CHECKPOINT
    with pytest.raises(Tampered, match=f"was signed by {forger.public_key}, not by {SIGNER.public_key}"):
        checkpoint_file.read(where, SIGNER.public_key)


def test_a_file_that_is_not_there_is_no_forgery(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        checkpoint_file.read(tmp_path / "none.json", SIGNER.public_key)


def test_the_signing_key_opens_with_its_own_master_only() -> None:
    with pytest.raises(KeyMismatch):
        Signer(Keyring({1: b"2" * 32}), WRAPPED)
    with pytest.raises(KeyMismatch):
        RING.unwrap(WRAPPED, "installation|lookup")


def test_the_next_checkpoint_names_this_one_byte_by_byte(path: Path) -> None:
    before = checkpoint_file.digest(path)
    path.write_bytes(path.read_bytes() + b"\n")
    assert checkpoint_file.digest(path) != before
    assert len(before) == 64


# ---- the tree -------------------------------------------------------------------------------------------------------

leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=20)


@given(leaves, st.data())
def test_the_root_depends_on_every_leaf_and_on_their_order(leaves: list[bytes], data: st.DataObject) -> None:
    root = merkle_root(leaves)
    at = data.draw(st.integers(0, len(leaves) - 1))
    bit = data.draw(st.integers(0, 255))
    other = bytearray(leaves[at])
    other[bit // 8] ^= 1 << bit % 8
    assert merkle_root([*leaves[:at], bytes(other), *leaves[at + 1 :]]) != root
    assert merkle_root([*leaves[:at], *leaves[at + 1 :]]) != root
    assert merkle_root([*leaves, leaves[-1]]) != root
    moved = [*leaves[1:], leaves[0]]
    assert (merkle_root(moved) == root) is (moved == leaves)


ends = st.tuples(st.tuples(st.text(max_size=5), st.text(max_size=5)), st.integers(0, 9), st.binary(max_size=4))


@given(ends, ends)
def test_two_ends_have_one_leaf_only_if_they_are_one(
    first: tuple[tuple[str, str], int, bytes], other: tuple[tuple[str, str], int, bytes]
) -> None:
    same = leaf(first[0], Chain(first[1], first[2])) == leaf(other[0], Chain(other[1], other[2]))
    assert same is (first == other)
