"""The audit chain: whatever is rewritten, removed or moved shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ostiary.domain.audit.trail import (
    FIRST_HASH,
    KEYED,
    STAMP_BYTES,
    AuditEntry,
    chain_fault,
    seal,
    stamp_of,
    stamps_of,
)
from ostiary.domain.companies.company import NO_CHAIN, Chain
from tests.auditing import MARK
from tests.material import CLIENT_ID, COMPANY_ID, NOW_MS, id_at


def chain(count: int = 3, owner: str = CLIENT_ID) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for position in range(1, count + 1):
        entry = AuditEntry(
            COMPANY_ID,
            owner,
            position,
            NOW_MS + position,
            "product_requested",
            "key:1",
            id_at(position),
            ("cards", "more"),
            bytes(32),
        )
        before = entries[-1].hash if entries else FIRST_HASH
        entries.append(replace(entry, hash=seal(before, entry)))
    return entries


WHOLE = chain()
END = Chain(3, WHOLE[-1].hash)


def changed(**changes: object) -> Callable[[list[AuditEntry]], list[AuditEntry]]:
    return lambda entries: [entries[0], replace(entries[1], **changes), entries[2]]  # type: ignore[arg-type]


def resealed(entries: list[AuditEntry]) -> list[AuditEntry]:
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
def test_a_forged_chain_shows(forge: Callable[[list[AuditEntry]], list[AuditEntry]], fault: str) -> None:
    assert chain_fault(forge(WHOLE), END, MARK) == fault


def test_an_intact_chain_has_no_fault() -> None:
    assert chain_fault(WHOLE, END, MARK) is None
    assert chain_fault([], NO_CHAIN, MARK) is None


def test_parts_cannot_flow_into_each_other() -> None:
    entry = replace(WHOLE[0], action="ab", actor="c")
    assert seal(FIRST_HASH, entry) != seal(FIRST_HASH, replace(entry, action="a", actor="bc"))


def test_the_stamps_of_many_heads_are_those_of_each() -> None:
    first, second = b"a" * STAMP_BYTES, b"b" * STAMP_BYTES
    other = b"\x02" + b"c" * STAMP_BYTES + b"h" * 32
    heads = [KEYED + first + bytes([at]) * 32 for at in range(3)] + [KEYED + second + b"h" * 32, FIRST_HASH, b"", other]
    assert stamps_of(heads) == {first, second}
    assert stamps_of(heads) == {stamp for head in heads if (stamp := stamp_of(head)) is not None}
