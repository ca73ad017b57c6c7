"""Audit entries: who did what, chained so that a rewritten or missing one shows.

An entry carries ids, codes and digests of ciphertext only, never personal data: erasing a client breaks nothing.
The chain is per client and per company, so there is no row that everyone writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from ostiary.domain.companies import Chain
from ostiary.domain.values import quick

FIRST_HASH = bytes(32)


@quick
@dataclass(frozen=True, slots=True)
class Note:
    """What a use case says happened; storage gives it its place in the chain."""

    action: str
    actor: str
    subject: str
    codes: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Entry:
    """A note in its place. `owner` is the client or company whose chain it is in; `digest` is of the ciphertext."""

    company_id: str
    owner: str
    position: int
    at_ms: int
    action: str
    actor: str
    subject: str
    codes: tuple[str, ...]
    digest: bytes
    hash: bytes = b""


def seal(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 over the previous hash and every part of the entry, each led by its length."""
    sealed = [previous]
    for part in (
        entry.company_id,
        entry.owner,
        str(entry.position),
        str(entry.at_ms),
        entry.action,
        entry.actor,
        entry.subject,
        ",".join(entry.codes),
    ):
        content = part.encode()
        sealed += (len(content).to_bytes(4, "big"), content)
    return sha256(b"".join((*sealed, entry.digest))).digest()


def chain_fault(entries: Iterable[Entry], end: Chain) -> str | None:
    """What is wrong with a whole chain, in order from its first entry; None when it is intact up to its end."""
    position, head = 0, FIRST_HASH
    for entry in entries:
        position += 1
        if entry.position != position:
            return f"entry {position} is missing"
        head = seal(head, entry)
        if head != entry.hash:
            return f"entry {position} was changed"
    if position != end.length:
        return f"{end.length} entries were written, {position} are there"
    return None if head == end.head else "the last entry is not the one written last"
