"""What verification shows: of a chain in itself, against a checkpoint and the census, and of rows against the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ostiary.domain.audit.census import Tally
from ostiary.domain.audit.checkpoints import Checkpoint, Witnessed
from ostiary.domain.audit.trail import FIRST_HASH, AuditEntry, key_seal, seal
from ostiary.domain.audit.verifying import Material, Verification, check_links
from ostiary.domain.companies.company import Chain
from tests.auditing import MARK

End = tuple[str, str, Chain]
Trail = tuple[list[End], list[AuditEntry]]
ORIGIN = b"original"
STAMP = Tally(ORIGIN).stamp
Seal = Callable[[bytes, AuditEntry], bytes]


def keyed(head: bytes, entry: AuditEntry) -> bytes:
    return key_seal(MARK, head, entry, STAMP)


@pytest.fixture(params=[seal, keyed], ids=["plain", "keyed"])
def by(request: pytest.FixtureRequest) -> Seal:
    """How the entries of a trail are sealed."""
    way: Seal = request.param
    return way


def chain(by: Seal, owner: str, length: int, *, salt: str = "") -> tuple[End, list[AuditEntry]]:
    head, entries = FIRST_HASH, []
    for position in range(1, length + 1):
        entry = AuditEntry("C", owner, position, position, f"did{salt}", "key:K", owner, ("a", "b"), b"d" * 32)
        head = by(head, entry)
        entries.append(replace(entry, hash=head))
    return ("C", owner, Chain(length, head)), entries


def trail(*parts: tuple[End, list[AuditEntry]]) -> Trail:
    return [end for end, _ in parts], [entry for _, entries in parts for entry in entries]


def whole(by: Seal) -> Trail:
    return trail(chain(by, "A", 3), chain(by, "B", 1), chain(by, "D", 4))


def faults(trail: Trail, witness: Checkpoint | None = None) -> dict[str, str]:
    """Without what the census would say of keyed entries: there is none here."""
    checked = Verification(Material(*trail), MARK, None if witness is None else Witnessed(witness)).check()
    return {chain.owner[1]: ", ".join(chain.faults) for chain in checked if chain.faults}


def test_a_whole_trail_has_no_fault_and_every_end_is_told(by: Seal) -> None:
    ends, entries = whole(by)
    checked = list(Verification(Material(ends, entries), MARK).check())
    assert [(*chain.owner, chain.end, chain.faults) for chain in checked] == [(*end, ()) for end in ends]
    assert {chain.is_keyed for chain in checked} == {by is keyed}


def without(*places: int) -> Callable[[Trail], Trail]:
    return lambda trail: (trail[0], [entry for at, entry in enumerate(trail[1]) if at not in places])


def with_entry(at: int, **changes: object) -> Callable[[Trail], Trail]:
    def change(trail: Trail) -> Trail:
        entries = list(trail[1])
        entries[at] = replace(entries[at], **changes)  # type: ignore[arg-type]
        return trail[0], sorted(entries, key=lambda entry: (entry.company_id, entry.owner, entry.position))

    return change


def ending(at: int, length: int, head: bytes | None = None) -> Callable[[Trail], Trail]:
    """The owner's row says that its chain ends elsewhere."""

    def change(trail: Trail) -> Trail:
        ends = list(trail[0])
        ends[at] = (*ends[at][:2], Chain(length, trail[1][length - 1].hash if head is None else head))
        return ends, trail[1]

    return change


ORPHANED = "entries are there, whoever they belong to is not"
TAMPERINGS: list[tuple[Callable[[Trail], Trail], dict[str, str]]] = [
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
    (with_entry(3, owner="A", position=4), {"A": "entry 4 was changed", "B": "1 entries were written, 0 are there"}),
    (with_entry(3, owner="Z"), {"B": "1 entries were written, 0 are there", "Z": ORPHANED}),
    (with_entry(3, owner="0"), {"B": "1 entries were written, 0 are there", "0": ORPHANED}),
    (ending(0, 2), {"A": "2 entries were written, 3 are there"}),
    (ending(0, 3, b"h" * 32), {"A": "the last entry is not the one written last"}),
    (lambda trail: (trail[0][1:], trail[1]), {"A": ORPHANED}),
]


@pytest.mark.parametrize(("tamper", "shows"), TAMPERINGS)
def test_tampering_shows(by: Seal, tamper: Callable[[Trail], Trail], shows: dict[str, str]) -> None:
    shown = faults(tamper(whole(by)))
    shown = {
        owner: words.replace("is not keyed, though the one before it is", "was changed")
        for owner, words in shown.items()
    }
    assert shown == shows


@pytest.mark.parametrize(
    ("tamper", "shows"), [tampering for tampering in TAMPERINGS if "changed" not in str(tampering[1])]
)
def test_without_the_key_gaps_and_ends_still_show(
    by: Seal, tamper: Callable[[Trail], Trail], shows: dict[str, str]
) -> None:
    assert all(check_links(*whole(by)))
    assert list(check_links(*tamper(whole(by)))).count(False) == len(shows)


def test_only_a_checkpoint_or_the_census_shows_what_was_done_consistently(by: Seal) -> None:
    ends, _ = whole(by)
    witness = Checkpoint(0, {(company, owner): end for company, owner, end in ends})
    grown = trail(chain(by, "A", 5), chain(by, "B", 1), chain(by, "C", 2), chain(by, "D", 4))
    assert faults(grown, witness) == {}
    done = trail(chain(by, "A", 2), chain(by, "B", 1, salt="!"))
    assert faults(done) == {}
    assert faults(done, witness) == {
        "A": "the checkpoint saw 3 entries, 2 are there",
        "B": "entry 1 is not the one the checkpoint saw: the chain was rewritten",
        "D": "the checkpoint saw 4 entries, the chain is gone",
    }


def test_a_chain_that_was_empty_may_have_grown(by: Seal) -> None:
    assert faults(trail(chain(by, "A", 2)), Checkpoint(0, {("C", "A"): Chain()})) == {}


def test_whoever_no_entry_tells_of_is_named(by: Seal) -> None:
    assert faults(trail(chain(by, "A", 0), chain(by, "B", 1))) == {"A": "no entry says where it comes from"}


def witness_of(given: Trail, at_ms: int, **lengths: int) -> Checkpoint:
    """What a checkpoint saw that was taken when chains were so long."""
    heads = {(entry.owner, entry.position): entry.hash for entry in given[1]}
    ends = {("C", owner): Chain(length, heads.get((owner, length), FIRST_HASH)) for owner, length in lengths.items()}
    return Checkpoint(at_ms, ends)


def test_every_checkpoint_is_compared_with(by: Seal) -> None:
    """The last one was taken by who rewrote the trail: it fits, and the ones before it do not."""
    before, after = whole(by), trail(chain(by, "A", 3), chain(by, "B", 1), chain(by, "D", 3))
    early, late = witness_of(before, 1, A=1, D=0), witness_of(before, 2, A=3, D=4)
    forged = witness_of(after, 3, A=3, B=1, D=3)
    assert all_faults(before, early, late) == {}
    assert all_faults(after, early, late, forged) == {"D": "the checkpoint saw 4 entries, 3 are there"}
    other = Checkpoint(4, {("C", "A"): Chain(2, b"x" * 32), ("C", "Z"): Chain(5, b"z" * 32)})
    assert all_faults(before, early, late, other) == {
        "A": "entry 2 is not the one the checkpoint saw: the chain was rewritten",
        "Z": "the checkpoint saw 5 entries, the chain is gone",
    }


def test_a_checkpoint_of_an_empty_chain_that_is_none_is_noticed(by: Seal) -> None:
    odd = Checkpoint(1, {("C", "A"): Chain(0, b"x" * 32)})
    assert all_faults(whole(by), odd) == {"A": "entry 0 is not the one the checkpoint saw: the chain was rewritten"}


def all_faults(given: Trail, *witnesses: Checkpoint) -> dict[str, str]:
    checked = Verification(Material(*given), MARK, Witnessed(*witnesses)).check()
    return {each.owner[1]: ", ".join(each.faults) for each in checked if each.faults}
