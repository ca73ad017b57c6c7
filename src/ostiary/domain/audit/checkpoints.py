"""Checkpoints over the ends of every audit chain.

What the database alone cannot show (all of it put back to an earlier moment, or a trail made anew by somebody who has
the keys) shows against a checkpoint kept elsewhere: it names the end of every chain at a moment, binds them by the root
of a Merkle tree (RFC 6962, 2.1), and is signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from ostiary.domain.companies.company import Chain

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


class Witnessed:
    """What checkpoints saw of each chain, all together: most chains rest, and what they saw of them is the same."""

    def __init__(self, *checkpoints: Checkpoint) -> None:
        self.ends: dict[Owner, set[Chain]] = {}
        self.moments_ms: list[int] = []
        for checkpoint in checkpoints:
            self.add(checkpoint)

    def add(self, checkpoint: Checkpoint) -> None:
        """One more, which is not kept."""
        self.moments_ms.append(checkpoint.at_ms)
        for owner, end in checkpoint.ends.items():
            self.ends.setdefault(owner, set()).add(end)


def leaf(owner: Owner, end: Chain) -> bytes:
    """The hash of one chain's end, every part led by its length."""
    hashed = sha256(LEAF)
    for part in (owner[0].encode(), owner[1].encode(), str(end.length).encode(), end.head):
        hashed.update(len(part).to_bytes(4, "big") + part)
    return hashed.digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in one pass: the stack holds one full subtree per bit of what was seen."""
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, digest = 1, leaf
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
