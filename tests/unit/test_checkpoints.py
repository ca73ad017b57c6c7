"""Merkle roots as RFC 6962 has them, and what checking chains against their owners and a checkpoint shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from ostiary.domain.audit import FIRST_HASH, Entry, seal
from ostiary.domain.checkpoints import Checkpoint, check_chains, leaf, merkle_root
from ostiary.domain.companies import Chain

End = tuple[str, str, Chain]
Trail = tuple[list[End], list[Entry]]

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
    hashes = (sha256(b"\x00" + bytes.fromhex(one)).digest() for one in LEAVES[:count])
    assert merkle_root(hashes).hex() == ROOTS[count]


def test_every_part_of_an_end_is_in_its_leaf() -> None:
    known = leaf(("A", "B"), Chain(3, b"h" * 32))
    others = [
        leaf(("A", "C"), Chain(3, b"h" * 32)),
        leaf(("AB", ""), Chain(3, b"h" * 32)),
        leaf(("A", "B"), Chain(4, b"h" * 32)),
        leaf(("A", "B"), Chain(3, b"i" * 32)),
    ]
    assert known not in others
    assert len(set(others)) == len(others)


def test_what_is_signed_names_moment_size_root_and_the_checkpoint_before() -> None:
    checkpoint = Checkpoint(5, {("A", "B"): Chain(1, b"h" * 32)}, "abc")
    assert checkpoint.statement == f"ostiary checkpoint 1\n5\n1\n{checkpoint.root.hex()}\nabc\n".encode()


# ---- checking -------------------------------------------------------------------------------------------------------


def chain(owner: str, length: int, *, salt: str = "") -> tuple[End, list[Entry]]:
    head, entries = FIRST_HASH, []
    for position in range(1, length + 1):
        entry = Entry("C", owner, position, position, f"did{salt}", "key:K", owner, ("a", "b"), b"d" * 32)
        head = seal(head, entry)
        entries.append(replace(entry, hash=head))
    return ("C", owner, Chain(length, head)), entries


def trail(*parts: tuple[End, list[Entry]]) -> Trail:
    return [end for end, _ in parts], [entry for _, entries in parts for entry in entries]


def whole() -> Trail:
    return trail(chain("A", 3), chain("B", 1), chain("D", 4))


def faults(found: Trail, witness: Checkpoint | None = None) -> dict[str, str]:
    return {one.owner[1]: one.fault for one in check_chains(*found, witness) if one.fault is not None}


def test_a_whole_trail_has_no_fault_and_every_end_is_told() -> None:
    ends, entries = whole()
    checked = list(check_chains(ends, entries))
    assert [(*one.owner, one.end, one.fault) for one in checked] == [(*end, None) for end in ends]


def without(*places: int) -> Callable[[Trail], Trail]:
    return lambda found: (found[0], [one for at, one in enumerate(found[1]) if at not in places])


def with_entry(at: int, **changes: object) -> Callable[[Trail], Trail]:
    def change(found: Trail) -> Trail:
        entries = list(found[1])
        entries[at] = replace(entries[at], **changes)  # type: ignore[arg-type]
        return found[0], sorted(entries, key=lambda one: (one.company_id, one.owner, one.position))

    return change


def ending(at: int, end: Chain) -> Callable[[Trail], Trail]:
    def change(found: Trail) -> Trail:
        ends = list(found[0])
        ends[at] = (*ends[at][:2], end)
        return ends, found[1]

    return change


ORPHANED = "entries are there, whoever they belong to is not"


@pytest.mark.parametrize(
    ("tamper", "shows"),
    [
        (with_entry(1, action="undid"), {"A": "entry 2 was changed"}),
        (with_entry(1, codes=("a",)), {"A": "entry 2 was changed"}),
        (with_entry(1, at_ms=99), {"A": "entry 2 was changed"}),
        (with_entry(1, digest=b"e" * 32), {"A": "entry 2 was changed"}),
        (with_entry(1, hash=b"h" * 32), {"A": "entry 2 was changed"}),
        (without(1), {"A": "entry 2 is missing"}),
        (without(0), {"A": "entry 1 is missing"}),
        (without(2), {"A": "3 entries were written, 2 are there"}),
        (without(3), {"B": "1 entries were written, 0 are there"}),
        (without(4, 5, 6, 7), {"D": "4 entries were written, 0 are there"}),
        (with_entry(3, owner="A", position=4),
         {"A": "entry 4 was changed", "B": "1 entries were written, 0 are there"}),
        (with_entry(3, owner="Z"), {"B": "1 entries were written, 0 are there", "Z": ORPHANED}),
        (with_entry(3, owner="0"), {"B": "1 entries were written, 0 are there", "0": ORPHANED}),
        (ending(0, Chain(2, whole()[1][1].hash)), {"A": "2 entries were written, 3 are there"}),
        (ending(0, Chain(3, b"h" * 32)), {"A": "the last entry is not the one written last"}),
        (lambda found: (found[0][1:], found[1]), {"A": ORPHANED}),
    ],
)  # fmt: skip
def test_tampering_shows(tamper: Callable[[Trail], Trail], shows: dict[str, str]) -> None:
    assert faults(tamper(whole())) == shows


def test_only_a_checkpoint_shows_what_was_done_consistently() -> None:
    ends, _ = whole()
    witness = Checkpoint(0, {(company, owner): end for company, owner, end in ends})
    grown = trail(chain("A", 5), chain("B", 1), chain("C", 2), chain("D", 4))
    assert faults(grown, witness) == {}
    done = trail(chain("A", 2), chain("B", 1, salt="!"))
    assert faults(done) == {}
    assert faults(done, witness) == {
        "A": "the checkpoint saw 3 entries, 2 are there",
        "B": "entry 1 is not the one the checkpoint saw: the chain was rewritten",
        "D": "the checkpoint saw 4 entries, the chain is gone",
    }


def test_a_chain_that_was_empty_may_have_grown() -> None:
    assert faults(trail(chain("A", 2)), Checkpoint(0, {("C", "A"): Chain()})) == {}
