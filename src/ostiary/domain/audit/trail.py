"""Audit entries: who did what, chained so that a rewritten or missing one shows.

An entry carries ids, codes, digests of ciphertext and what the database shows anyway, never personal data: erasing a
client breaks nothing. The chain is per client and per company, so there is no row that everyone writes.

Entries are keyed: their hash is an HMAC that nobody makes who has only the database. A chain of before that has plain
hashes up to the entry that records what was there then; from that one on, every entry is keyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

from ostiary.domain.companies.company import Chain
from ostiary.domain.value import value_type

FIRST_HASH = bytes(32)
KEYED = b"\x01"
STAMP_BYTES = 16
"""Which census was the newest one known when an entry was made: its origin and its number, eight bytes each."""
KEYED_BYTES = len(KEYED) + STAMP_BYTES + 32
DIGEST_BYTES = 32
WORKER = "ostiary"
"""The actor of what the worker does because time passed: links that lapse, deadlines and what follows from them."""
RECORDED = "standing_recorded"
"""The action of the entry that takes a chain of before into keyed ones, and says how everything stood."""
ERASED = "client_erased"
"""The action of the entry with which everything of a client ended, but its chain: it says how its row stands, and that
there are no others."""
SAYS_ALL = frozenset({RECORDED, ERASED})
"""Actions of entries that say how everything of their owner stands."""
Mark = Callable[..., bytes]
"""A keyed hash of its parts (texts or bytes), 32 bytes, under the key of the audit trail."""


@value_type
class Note:
    """What a use case says happened; storage gives it its place in the chain."""

    action: str
    actor: str
    subject: str
    codes: tuple[str, ...] = ()


@value_type
class AuditEntry:
    """A note in its place. `owner` is the client or company whose chain it is in.

    `digest`: SHA-256 of the ciphertext that was written with it; in a keyed entry, what it says of rows follows.
    """

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

    @property
    def stamp(self) -> bytes | None:
        """Of which census it knew; None for a plain one."""
        return stamp_of(self.hash)

    @property
    def about_rows(self) -> bytes:
        """What it says of rows, as `domain/audit/row_states.py` reads it; nothing in a plain one."""
        return b"" if self.stamp is None else self.digest[DIGEST_BYTES:]


def stamp_of(sealed: bytes) -> bytes | None:
    """The stamp in a keyed hash; None for a plain one."""
    if len(sealed) != KEYED_BYTES or sealed[:1] != KEYED:
        return None
    return sealed[1 : 1 + STAMP_BYTES]


def stamps_of(heads: Iterable[bytes]) -> set[bytes]:
    """Those in many: few differ, since many chains grow under one."""
    begun = {head[: 1 + STAMP_BYTES] for head in heads if len(head) == KEYED_BYTES}
    return {entry[1:] for entry in begun if entry[:1] == KEYED}


def key_seal(mark: Mark, previous: bytes, entry: AuditEntry, stamp: bytes) -> bytes:
    """The hash of a keyed entry: form, stamp, and a keyed hash over those, the previous hash and the whole entry."""
    return (
        KEYED
        + stamp
        + mark(
            "entry",
            previous,
            stamp,
            entry.company_id,
            entry.owner,
            str(entry.position),
            str(entry.at_ms),
            entry.action,
            entry.actor,
            entry.subject,
            ",".join(entry.codes),
            entry.digest,
        )
    )


def seal(previous: bytes, entry: AuditEntry) -> bytes:
    """The hash of a plain entry: SHA-256 over the previous hash and every part, each led by its length."""
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


def chain_fault(entries: Iterable[AuditEntry], end: Chain, mark: Mark | None) -> str | None:
    """What is wrong with a whole chain, in order from its first entry; None when it is intact up to its end.

    Without the key only gaps, plain entries and the end are looked at.
    """
    position, head = 0, FIRST_HASH
    for entry in entries:
        position += 1
        if entry.position != position:
            return f"entry {position} is missing"
        fault = _link_fault(entry, head, mark)
        if fault is not None:
            return fault
        head = entry.hash
    if position != end.length:
        return f"{end.length} entries were written, {position} are there"
    return None if head == end.head else "the last entry is not the one written last"


def _link_fault(entry: AuditEntry, before: bytes, mark: Mark | None) -> str | None:
    """What is wrong with one entry after the hash before it."""
    stamp = entry.stamp
    if stamp is None and stamp_of(before) is not None:
        return f"entry {entry.position} is not keyed, though the one before it is"
    if stamp is None:
        expected = seal(before, entry)
    else:
        expected = entry.hash if mark is None else key_seal(mark, before, entry, stamp)
    return None if expected == entry.hash else f"entry {entry.position} was changed"
