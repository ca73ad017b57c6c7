"""Wrapping every key anew under the newest master key, while others read and write.

The rows themselves say how far it is: each names the master key that wraps it, so that whoever was cut off goes on by
beginning again. A row is changed only if its wrapped key is still the one that was read, and nothing else of it is
written: versions, entries of the audit trail and what the keys sealed stay as they are. Locks last for one batch.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from ostiary.domain.errors import KeyMismatch
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine
from ostiary.storage.keys.masters import WRAPPED_BYTES, WrappedKey, is_wrapped
from ostiary.storage.tables.installation import CHANGE_INSTALLED, INSTALLATION

REWRAPPED_TOGETHER = 250
"""In one transaction: on SQLite some two milliseconds in which commits wait."""
READ_TOGETHER = 2_000
PER_SECOND_ALONE, PER_SECOND_SHARED = 28_000.0, 11_500.0
"""Clients, at most, while others serve: a steady rate, since callers feel a burst and not the sum. On SQLite writing
them holds the one writer for less than a third of the time. On PostgreSQL each takes some 25 microseconds of processor
time of the command and the server together, so that this is less than a third of a core."""
REST_SHARE = 1.0
"""So many times as long as a batch was written is rested after it at least: where the writer is wanted by many, or the
machine is busy, those who serve have as long as the command."""
LONGEST_REST_S = 0.02
"""On a machine that is busy with other things a batch takes long because it waits, and not because of what it does."""
MOST_PASSES = 20
"""Rows that others hold, and clients that a process with an older ring adds, are met again by the next pass."""
BETWEEN_PASSES_S = 0.2
MOST_NAMED = 100
"""Keys that do not open are named, so many of them."""

# ---- statements -----------------------------------------------------------------------------------------------------

CLIENT_KEYS = """SELECT client_id, data_key FROM clients WHERE company_id = ?1 AND client_id > ?2
 ORDER BY client_id LIMIT ?3"""
COMPANY_KEYS = "SELECT company_id, data_key FROM companies ORDER BY company_id"
COUNT_CLIENTS = "SELECT count(*) FROM clients"
REWRAP_COMPANY = "UPDATE companies SET data_key = ?2 WHERE company_id = ?1 AND data_key = ?3"
REWRAP_CLIENTS = f"""UPDATE clients SET data_key = substr(?3, given.place * {WRAPPED_BYTES} + 1, {WRAPPED_BYTES})
 FROM (SELECT j.key AS place, j.value AS client_id FROM json_each(?2) j LIMIT {REWRAPPED_TOGETHER}) given
 WHERE clients.company_id = ?1 AND clients.client_id = given.client_id
 AND clients.data_key = substr(?4, given.place * {WRAPPED_BYTES} + 1, {WRAPPED_BYTES})"""  # noqa: S608
"""Of the clients named, in their order: the new keys one behind the other, and those that they replace. By the limit
SQLite sees that they are few, and looks each of them up by its key."""

# ---- rewrapping -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class RewrapTally:
    """How far it is. `left` are keys that still want it after the last pass, `unopened` those that no key of the ring
    opens."""

    total: int = 0
    seen: int = 0
    rewrapped: dict[str, int] = field(default_factory=lambda: {"installation": 0, "company": 0, "client": 0})
    unopened: list[WrappedKey] = field(default_factory=list)
    left: int = 0
    passes: int = 0


class Pace:
    """A steady rate. Who was held up catches up with less than a batch."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._next_s = 0.0

    def rest_s(self, count: int, began_s: float, ended_s: float) -> float:
        """How long to rest after a batch of so many, by the moments between which it was written."""
        takes_s = count / self._per_second
        self._next_s = max(self._next_s or began_s, ended_s - takes_s) + takes_s
        least_s = min((ended_s - began_s) * REST_SHARE, LONGEST_REST_S)
        return max(self._next_s - ended_s, least_s)


class Rewrapping:
    """Of one database. `hurries`: at no pace."""

    def __init__(self, engine: Engine, cipher: Cipher, *, hurries: bool = False) -> None:
        self._engine, self._cipher = engine, cipher
        self._pace = None if hurries else Pace(PER_SECOND_SHARED if engine.is_shared else PER_SECOND_ALONE)
        self.tally = RewrapTally()

    async def run(self) -> AsyncIterator[RewrapTally]:
        """How far it is, now and then, until nothing is left to do. Raises Unavailable; beginning again goes on.

        The installation's own keys come first: from then on a process without the newest master key does not start.
        Clients' keys may be lost with the machine, until the end: a batch that is lost is under its old key, as before
        it, and wrapped again by who begins again. So none of them waits for the disk, nor has callers wait behind it.
        """
        while self.tally.passes < MOST_PASSES:
            self.tally.passes += 1
            self.tally.seen = self.tally.left = 0
            self.tally.unopened.clear()
            self.tally.total = int((await self._engine.rows(COUNT_CLIENTS))[0][0])
            before = sum(self.tally.rewrapped.values())
            await self._installation()
            companies = await self._engine.rows(COMPANY_KEYS)
            for company_id, data_key in companies:
                await self._company(str(company_id), bytes(data_key))
                async for _ in self._clients(str(company_id)):
                    yield self.tally
            if not self.tally.left and sum(self.tally.rewrapped.values()) == before:
                break
            await asyncio.sleep(BETWEEN_PASSES_S if self.tally.left else 0)
        await self._settle()

    async def _settle(self) -> None:
        """Has everything durable, also what one wrote who was killed: what is committed durably has all before it on
        the disk. One of the installation's own keys is wrapped once more, since SQLite writes nothing for a value
        that is what it was. Where somebody else was first, that one's commit did it."""
        for name, value in await self._engine.rows(INSTALLATION):
            if is_wrapped(name, value) and bytes(value)[0] == self._cipher.newest:
                key = WrappedKey("installation", "", str(name), bytes(value))
                words = (CHANGE_INSTALLED, (name, self._cipher.rewrap(key.content, key.place), key.content))
                await self._engine.perform(lambda words=words: (yield words))
                return

    async def _installation(self) -> None:
        for name, value in await self._engine.rows(INSTALLATION):
            if is_wrapped(name, value):
                key = WrappedKey("installation", "", str(name), bytes(value))
                if (fresh := self._fresh(key)) is not None:
                    self._done("installation", await self._engine.write(CHANGE_INSTALLED, name, fresh, key.content), 1)

    async def _company(self, company_id: str, data_key: bytes) -> None:
        key = WrappedKey("company", company_id, company_id, data_key)
        if data_key and (fresh := self._fresh(key)) is not None:
            self._done("company", await self._engine.write(REWRAP_COMPANY, company_id, fresh, data_key), 1)

    async def _clients(self, company_id: str) -> AsyncIterator[None]:
        after, rows = "", await self._page(company_id, "")
        while rows:
            keys = [WrappedKey("client", company_id, client_id, data_key) for client_id, data_key in rows if data_key]
            wanting = [(key, fresh) for key in keys if (fresh := self._fresh(key)) is not None]
            for at in range(0, len(wanting), REWRAPPED_TOGETHER):
                await self._batch(company_id, wanting[at : at + REWRAPPED_TOGETHER])
            self.tally.seen += len(rows)
            yield
            after = rows[-1][0]
            rows = await self._page(company_id, after) if len(rows) == READ_TOGETHER else []

    async def _page(self, company_id: str, after: str) -> list[tuple[str, bytes]]:
        rows = await self._engine.rows(CLIENT_KEYS, company_id, after, READ_TOGETHER)
        return [(str(row[0]), bytes(row[1] or b"")) for row in rows]

    async def _batch(self, company_id: str, wanting: Sequence[tuple[WrappedKey, bytes]]) -> None:
        clients = json.dumps([key.owner for key, _ in wanting])
        fresh, before = b"".join(new for _, new in wanting), b"".join(key.content for key, _ in wanting)
        began = time.monotonic()
        changed = await self._engine.write(REWRAP_CLIENTS, company_id, clients, fresh, before, may_be_lost=True)
        self._done("client", changed, len(wanting))
        if self._pace is not None:
            await asyncio.sleep(self._pace.rest_s(len(wanting), began, time.monotonic()))

    def _fresh(self, key: WrappedKey) -> bytes | None:
        """The key under the newest master key; None for one that is there, or opens with no key of the ring."""
        if key.number == self._cipher.newest:
            return None
        try:
            return self._cipher.rewrap(key.content, key.place)
        except KeyMismatch:
            if len(self.tally.unopened) < MOST_NAMED:
                self.tally.unopened.append(key)
            return None

    def _done(self, kind: str, changed: int, wanted: int) -> None:
        self.tally.rewrapped[kind] += changed
        self.tally.left += wanted - changed
