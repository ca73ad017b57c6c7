"""The audit chain: whatever is rewritten, removed or moved shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ostiary.domain.audit import FIRST_HASH, Entry, chain_fault, seal
from ostiary.domain.companies import NO_CHAIN, Chain
from tests.material import CLIENT_ID, COMPANY_ID, NOW_MS, id_at


def chain(count: int = 3, owner: str = CLIENT_ID) -> list[Entry]:
    entries: list[Entry] = []
    for position in range(1, count + 1):
        entry = Entry(
            COMPANY_ID, owner, position, NOW_MS + position, "product_requested", "key:1", id_at(position),
            ("cards", "more"), bytes(32),
        )  # fmt: skip
        before = entries[-1].hash if entries else FIRST_HASH
        entries.append(replace(entry, hash=seal(before, entry)))
    return entries


WHOLE = chain()
END = Chain(3, WHOLE[-1].hash)


def changed(**changes: object) -> Callable[[list[Entry]], list[Entry]]:
    return lambda entries: [entries[0], replace(entries[1], **changes), entries[2]]  # type: ignore[arg-type]


def resealed(entries: list[Entry]) -> list[Entry]:
    """A thorough forger: a changed entry, and every hash after it made anew."""
    forged, head = [], FIRST_HASH
    for entry in changed(action="nothing_happened")(entries):
        head = seal(head, entry)
        forged.append(replace(entry, hash=head))
    return forged


@pytest.mark.parametrize(
    ("forge", "fault"),
    [
        (changed(company_id=id_at(9)), "entry 2 was changed"),
        (changed(owner=id_at(9)), "entry 2 was changed"),
        (changed(at_ms=NOW_MS), "entry 2 was changed"),
        (changed(action="client_created"), "entry 2 was changed"),
        (changed(actor="operator:eve"), "entry 2 was changed"),
        (changed(subject=id_at(9)), "entry 2 was changed"),
        (changed(codes=("cards,more", "x")), "entry 2 was changed"),
        (changed(digest=b"\1" * 32), "entry 2 was changed"),
        (changed(hash=bytes(32)), "entry 2 was changed"),
        (changed(position=3), "entry 2 is missing"),
        (lambda entries: [entries[0], entries[2]], "entry 2 is missing"),
        (lambda entries: entries[1:], "entry 1 is missing"),
        (lambda entries: entries[:2], "3 entries were written, 2 are there"),
        (lambda entries: [], "3 entries were written, 0 are there"),
        (lambda entries: [entries[1], entries[0], entries[2]], "entry 1 is missing"),
        (lambda entries: [*entries, *chain(4)[3:]], "3 entries were written, 4 are there"),
        (lambda entries: chain(owner=id_at(9)), "the last entry is not the one written last"),
        (resealed, "the last entry is not the one written last"),
    ],
    ids=[
        "company", "owner", "moment", "action", "actor", "subject", "codes", "digest", "hash", "position",
        "middle removed", "first removed", "last removed", "all removed", "swapped", "one more", "another owner's",
        "all made anew",
    ],
)  # fmt: skip
def test_a_forged_chain_shows(forge: Callable[[list[Entry]], list[Entry]], fault: str) -> None:
    assert chain_fault(forge(WHOLE), END) == fault


def test_an_intact_chain_has_no_fault() -> None:
    assert chain_fault(WHOLE, END) is None
    assert chain_fault([], NO_CHAIN) is None


def test_parts_cannot_flow_into_each_other() -> None:
    one = replace(WHOLE[0], action="ab", actor="c")
    assert seal(FIRST_HASH, one) != seal(FIRST_HASH, replace(one, action="a", actor="bc"))
