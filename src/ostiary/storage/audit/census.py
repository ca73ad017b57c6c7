"""Counting audit chains: what a process commits is counted a few seconds later, many chains in one transaction.

Nothing waits for it: a commit only notes in memory which chain it lengthened. What a killed process had not counted yet
is found again by `storage/audit/recounting.py`. A chain that does not go on where the census saw it is counted no
further, so that what shows it stays. Nor is anything counted on an older census that was put back: its number would
overtake what entries say of the younger one. A process knows it by the newest stamp that it met, and goes through the
ends of all chains before it counts for the first time.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ostiary.domain.audit import census
from ostiary.domain.audit.census import ORIGIN_BYTES, WHOLE, Tally
from ostiary.domain.audit.trail import Mark, stamp_of
from ostiary.domain.companies.company import Chain
from ostiary.domain.ports import Cipher
from ostiary.domain.value import replace
from ostiary.storage.audit.trail import unhexed
from ostiary.storage.engine import Engine, Script
from ostiary.storage.tables import audit as sql
from ostiary.storage.tables.audit import Owner, every_stamp
from ostiary.storage.unit_writer import NO_CENSUS, CensusState
from ostiary.telemetry.logs import get_logger

COUNTED_TOGETHER = 500
"""Chains in one transaction: on SQLite some five milliseconds in which commits wait."""
BESIDE_MS = 24 * 3_600_000
"""Where the version before may run beside this one, it goes on writing plain entries: for so long all do."""
_log = get_logger("ostiary.census")


@dataclass(slots=True)
class _Counting:
    """One transaction: what it found and makes of it."""

    gone: dict[str, list[int]] = field(default_factory=dict)
    came: dict[str, list[int]] = field(default_factory=dict)
    kept: list[tuple[str, str, int, str]] = field(default_factory=list)
    broken: list[Owner] = field(default_factory=list)


class ChainCounter:
    """What one process knows of the census, and what it has to add."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine = engine
        self.mark: Mark = partial(cipher.lookup_hash, "audit")
        self._ends: dict[Owner, Chain] = {}
        self._told: set[Owner] = set()
        self._newest: dict[bytes, int] = {}
        self._went_through = False
        self.whole: Tally | None = None

    async def state(self, now_ms: int) -> CensusState:
        """What an entry says that is made now (ms since 1970)."""
        whole = self.whole or await self._begun(now_ms)
        if whole is None:
            return NO_CENSUS
        return CensusState(whole.stamp, whole.keyed_from_ms <= now_ms)

    def lengthened(self, company_id: str, owner: str, end: Chain) -> None:
        """A chain has come that far; it is counted soon."""
        earlier = self._ends.get((company_id, owner))
        if earlier is None or earlier.length < end.length:
            self._ends[company_id, owner] = end

    async def count(self, now_ms: int) -> None:
        """Counts what was lengthened since the last time. Raises Unavailable, with nothing lost."""
        await self._look()
        while self._ends:
            batch = dict(list(self._ends.items())[:COUNTED_TOGETHER])
            self._ends = dict(list(self._ends.items())[COUNTED_TOGETHER:])
            try:
                await self._count(batch, now_ms)
            except BaseException:
                for (company_id, owner), end in batch.items():
                    self.lengthened(company_id, owner, end)
                raise

    async def all_are_keyed(self) -> None:
        """From now on a chain without a keyed entry is a forgery."""
        self.whole = await self._engine.perform(self._said_keyed) or self.whole

    # ---- plumbing ----

    async def _begun(self, now_ms: int) -> Tally | None:
        """The whole as it is kept, begun if there is none. None for one that was changed: nothing is counted then."""
        self.whole = await self._engine.perform(partial(self._begin, now_ms))
        if self.whole is None:
            self._tell((WHOLE, WHOLE))
        return self.whole

    async def _look(self) -> None:
        """What others counted meanwhile: who has nothing to count knows as well when an older census comes back."""
        if self.whole is None:
            return
        for _, content in await self._engine.rows(sql.TALLIES, json.dumps([WHOLE])):
            whole = self._read(WHOLE, content)
            if whole is None or self._is_older(whole):
                self._tell((WHOLE, WHOLE))
            else:
                self._see(whole.stamp)
                self.whole = whole

    def _see(self, *stamps: bytes | None) -> None:
        for stamp in stamps:
            if stamp is not None:
                origin, number = stamp[:ORIGIN_BYTES], int.from_bytes(stamp[ORIGIN_BYTES:], "big")
                self._newest[origin] = max(number, self._newest.get(origin, 0))

    def _is_older(self, whole: Tally) -> bool:
        return whole.number < self._newest.get(whole.origin, 0)

    def _begin(self, now_ms: int) -> Script[Tally | None]:
        rows = yield sql.TALLY, (WHOLE,)
        if not rows:
            is_upgrade = self._engine.is_shared and bool((yield sql.ANY_COMPANY, ()))
            fresh = Tally(secrets.token_bytes(ORIGIN_BYTES), keyed_from_ms=now_ms + BESIDE_MS if is_upgrade else 0)
            yield sql.BEGIN_TALLY, (WHOLE, self._sealed_tally(WHOLE, fresh))
            rows = yield sql.TALLY, (WHOLE,)
        return self._read(WHOLE, rows[0][0])

    async def _count(self, batch: Mapping[Owner, Chain], now_ms: int) -> None:
        if await self.state(now_ms) is NO_CENSUS:
            return
        if not self._went_through:
            async for stamps in every_stamp(self._engine):
                self._see(*stamps)
                await asyncio.sleep(0)
            self._went_through = True
        self._see(*(stamp_of(end.head) for end in batch.values()))
        whole, broken = await self._engine.perform(partial(self._counted, batch))
        self.whole = whole or self.whole
        for owner in broken:
            self._tell(owner)

    def _counted(self, batch: Mapping[Owner, Chain]) -> Script[tuple[Tally | None, list[Owner]]]:
        rows = yield sql.TALLY, (WHOLE,)
        whole = self._read(WHOLE, rows[0][0]) if rows else None
        if whole is None or self._is_older(whole):
            return None, [(WHOLE, WHOLE)]
        counted = {(row[0], row[1]): row for row in (yield sql.COUNTED, (json.dumps(list(batch)),))}
        done = _Counting()
        for owner, end in batch.items():
            self._compare(done, owner, end, counted.get(owner))
        if not done.kept:
            return whole, done.broken
        tallies = yield sql.TALLIES, (json.dumps(sorted(done.came)),)
        changed = self._tallied(done, whole, {row[0]: row[1] for row in tallies})
        yield sql.COUNT, (json.dumps(done.kept),)
        yield (
            sql.KEEP_TALLIES,
            (
                json.dumps(
                    [(company_id, self._sealed_tally(company_id, tally)) for company_id, tally in changed.items()]
                ),
            ),
        )
        return changed[WHOLE], done.broken

    def _compare(self, done: _Counting, owner: Owner, end: Chain, row: Any) -> None:
        """One chain: counted if it goes on where the census saw it."""
        company_id = owner[0]
        if row is not None:
            length, seal, head = row[2], unhexed(row[3]), row[4]
            if head is None or census.end_seal(self.mark, *owner, Chain(length, bytes(head))) != seal:
                done.broken.append(owner)
                return
            if length >= end.length:
                return
            gone = census.for_chain(self.mark, *owner, length, seal)
            done.gone.setdefault(company_id, []).append(gone)
        end_seal = census.end_seal(self.mark, *owner, end)
        done.came.setdefault(company_id, []).append(census.for_chain(self.mark, *owner, end.length, end_seal))
        done.kept.append((*owner, end.length, end_seal.hex()))

    def _tallied(self, done: _Counting, whole: Tally, contents: Mapping[str, str]) -> dict[str, Tally]:
        """What the companies' tallies and the whole become."""
        changed, gone, came = dict[str, Tally](), list[int](), list[int]()
        for company_id in sorted(done.came):
            before = self._read(company_id, contents[company_id]) if company_id in contents else Tally()
            if before is None:
                done.broken.append((company_id, company_id))
                continue
            if company_id in contents:
                gone.append(census.for_company(self.mark, company_id, before))
            after = census.moved(before, done.gone.get(company_id, ()), done.came[company_id])
            changed[company_id] = after
            came.append(census.for_company(self.mark, company_id, after))
        changed[WHOLE] = census.moved(whole, gone, came)
        return changed

    def _said_keyed(self) -> Script[Tally | None]:
        rows = yield sql.TALLY, (WHOLE,)
        whole = self._read(WHOLE, rows[0][0]) if rows else None
        if whole is None or whole.is_keyed:
            return whole
        keyed = replace(whole, is_keyed=True)
        yield sql.KEEP_TALLIES, (json.dumps([(WHOLE, self._sealed_tally(WHOLE, keyed))]),)
        return keyed

    def _sealed_tally(self, company_id: str, tally: Tally) -> str:
        return census.written(self.mark, company_id, tally, secrets.token_bytes(census.NONCE_BYTES)).hex()

    def _read(self, company_id: str, content: str) -> Tally | None:
        return census.read(self.mark, company_id, unhexed(content))

    def _tell(self, owner: Owner) -> None:
        """Once for each: `ostiary audit verify` says what is wrong."""
        if owner not in self._told:
            self._told.add(owner)
            _log.error("audit_trail_changed", company_id=owner[0], client_id=owner[1])
