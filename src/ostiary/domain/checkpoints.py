"""Checkpoints over the ends of every audit chain, and checking chains against them.

A chain shows a change inside it; whoever can rewrite the database can rewrite a whole chain consistently, shorten
it, or remove it with its owner. A checkpoint kept elsewhere shows that too: it names the end of every chain at a
moment, binds them by the root of a Merkle tree (RFC 6962, 2.1), and is signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby

from ostiary.domain.audit import FIRST_HASH, Entry, chain_fault
from ostiary.domain.companies import Chain

LEAF, NODE = b"\x00", b"\x01"
"""Led by different bytes, so that a node can never pass for a leaf."""
FORM = "ostiary checkpoint 1"
Owner = tuple[str, str]
"""Company, and the client or company whose chain it is."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of every chain at a moment. `previous` is the SHA-256 of the checkpoint before, in hex."""

    at_ms: int
    ends: Mapping[Owner, Chain]
    previous: str = ""

    @property
    def root(self) -> bytes:
        return merkle_root(leaf(owner, end) for owner, end in self.ends.items())

    @property
    def statement(self) -> bytes:
        """What is signed: all of it, through the root."""
        return f"{FORM}\n{self.at_ms}\n{len(self.ends)}\n{self.root.hex()}\n{self.previous}\n".encode()


@dataclass(frozen=True, slots=True)
class Checked:
    """One chain after its check. `fault` says what is wrong with it."""

    owner: Owner
    end: Chain
    fault: str | None


def leaf(owner: Owner, end: Chain) -> bytes:
    """The hash of one chain's end, every part led by its length."""
    hashed = sha256(LEAF)
    for part in (owner[0].encode(), owner[1].encode(), str(end.length).encode(), end.head):
        hashed.update(len(part).to_bytes(4, "big") + part)
    return hashed.digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in one pass: the stack holds one full subtree per bit of what was seen."""
    stack: list[tuple[int, bytes]] = []
    for one in leaves:
        size, digest = 1, one
        while stack and stack[-1][0] == size:
            left = stack.pop()
            size, digest = size * 2, _node(left[1], digest)
        stack.append((size, digest))
    if not stack:
        return sha256().digest()
    root = stack.pop()[1]
    while stack:
        root = _node(stack.pop()[1], root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


def check_chains(
    ends: Iterable[tuple[str, str, Chain]], entries: Iterable[Entry], witness: Checkpoint | None = None
) -> Iterator[Checked]:
    """Checks every chain in one pass and constant memory; both come ordered by company and owner.

    Entries that belong to nobody are a fault too, and so is every chain that the witness saw otherwise.
    """
    seen = dict(witness.ends) if witness else {}
    groups = groupby(entries, key=lambda one: (one.company_id, one.owner))
    group = next(groups, None)
    for company_id, owner_id, end in ends:
        owner = (company_id, owner_id)
        while group is not None and group[0] < owner:
            yield Checked(group[0], Chain(), "entries are there, whoever they belong to is not")
            group = next(groups, None)
        mine: Iterable[Entry] = ()
        if group is not None and group[0] == owner:
            mine = group[1]
        walk = _Walk(mine, seen.pop(owner, None))
        yield Checked(owner, end, chain_fault(walk, end) or walk.fault())
        if mine:
            group = next(groups, None)
    while group is not None:
        yield Checked(group[0], Chain(), "entries are there, whoever they belong to is not")
        group = next(groups, None)
    for owner, end in seen.items():
        yield Checked(owner, end, f"the checkpoint saw {end.length} entries, the chain is gone")


@dataclass(slots=True)
class _Walk:
    """Passes a chain's entries on, and remembers the one where the checkpoint saw its end."""

    entries: Iterable[Entry]
    expected: Chain | None
    met: bytes = field(default=FIRST_HASH, init=False)
    count: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Entry]:
        for entry in self.entries:
            self.count += 1
            if self.expected is not None and entry.position == self.expected.length:
                self.met = entry.hash
            yield entry

    def fault(self) -> str | None:
        if self.expected is None or self.met == self.expected.head:
            return None
        if self.count < self.expected.length:
            return f"the checkpoint saw {self.expected.length} entries, {self.count} are there"
        return f"entry {self.expected.length} is not the one the checkpoint saw: the chain was rewritten"
