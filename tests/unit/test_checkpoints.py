"""Merkle roots as RFC 6962 has them, and what a checkpoint binds."""

from __future__ import annotations

from hashlib import sha256

import pytest

from ostiary.domain.audit.checkpoints import Checkpoint, leaf, merkle_root
from ostiary.domain.companies.company import Chain

LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The roots over the first 0, 1, 2 ... leaves, from the reference implementation's tests."""


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_the_root_is_that_of_certificate_transparency(count: int) -> None:
    hashes = (sha256(b"\x00" + bytes.fromhex(leaf_hex)).digest() for leaf_hex in LEAVES[:count])
    assert merkle_root(hashes).hex() == ROOTS[count]


def test_every_part_of_an_end_is_in_its_leaf() -> None:
    digest = leaf(("A", "B"), Chain(3, b"h" * 32))
    others = [
        leaf(("A", "C"), Chain(3, b"h" * 32)),
        leaf(("AB", ""), Chain(3, b"h" * 32)),
        leaf(("A", "B"), Chain(4, b"h" * 32)),
        leaf(("A", "B"), Chain(3, b"i" * 32)),
    ]
    assert digest not in others
    assert len(set(others)) == len(others)


def test_what_is_signed_names_moment_size_root_and_the_checkpoint_before() -> None:
    checkpoint = Checkpoint(5, {("A", "B"): Chain(1, b"h" * 32)}, "abc")
    assert checkpoint.statement == f"ostiary checkpoint 1\n5\n1\n{checkpoint.root.hex()}\nabc\n".encode()
