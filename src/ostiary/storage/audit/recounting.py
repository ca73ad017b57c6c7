"""Going through all audit chains, a page at a time: those that a killed process had not counted yet are counted, and
after an upgrade those of before are taken into keyed entries.
"""

from __future__ import annotations

import asyncio
from functools import partial
from hashlib import sha256

from ostiary.domain.audit.trail import RECORDED, AuditEntry, Mark, key_seal, stamp_of
from ostiary.domain.companies.company import Chain
from ostiary.domain.ports import Cipher
from ostiary.domain.unit import Guard
from ostiary.storage.audit import standing
from ostiary.storage.audit.census import COUNTED_TOGETHER, ChainCounter
from ostiary.storage.audit.standing import OF_CLIENT, OF_COMPANY
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.tables.audit import Owner, add_entry, every_end
from ostiary.storage.tables.clients import ANY_CLIENT, TOUCH_CLIENT
from ostiary.storage.tables.companies import CHANGE_COMPANY, COMPANY
from ostiary.storage.unit_writer import CensusState

RECORDED_TOGETHER = 8
"""Commits that share a flush of the log, and few enough of the connections that requests need."""
UPGRADE = "upgrade"
"""The actor of what an upgrade does."""


class Recounting:
    """Goes through all chains when asked to."""

    def __init__(self, engine: Engine, cipher: Cipher, census: ChainCounter) -> None:
        self._engine, self._census = engine, census
        self._mark: Mark = partial(cipher.lookup_hash, "audit")

    async def round(self, now_ms: int) -> None:
        """Raises Unavailable; the next round begins anew."""
        state = await self._census.state(now_ms)
        whole = self._census.whole
        if whole is None:
            return
        records, is_keyed = state.begins_keyed and not whole.is_keyed, state.begins_keyed
        async for page in every_end(self._engine, COUNTED_TOGETHER):
            for owner, end in page:
                self._census.lengthened(*owner, end)
            await self._census.count(now_ms)
            plain = [owner for owner, end in page if stamp_of(end.head) is None]
            if records and plain:
                is_keyed = await self._record_all(plain, now_ms, state) and is_keyed
                await self._census.count(now_ms)
            await asyncio.sleep(0)
        if records and is_keyed:
            await self._census.all_are_keyed()

    async def _record_all(self, plain: list[Owner], now_ms: int, state: CensusState) -> bool:
        """Whether all of them are keyed now; one that somebody changed meanwhile is left to the next round."""
        done = True
        for at in range(0, len(plain), RECORDED_TOGETHER):
            some = plain[at : at + RECORDED_TOGETHER]
            done = all(await asyncio.gather(*(self._record(owner, now_ms, state) for owner in some))) and done
        return done

    async def _record(self, owner: Owner, now_ms: int, state: CensusState) -> bool:
        """Adds the entry that says how everything of an owner stands, under the version that was read first."""
        company_id, owner_id = owner
        kinds, first = (OF_COMPANY, COMPANY) if company_id == owner_id else (OF_CLIENT, ANY_CLIENT)
        key = (company_id,) if company_id == owner_id else owner
        rows, *held = await self._engine.gather((first, key), *((kind.of_owner, owner) for kind in kinds))
        if not rows:
            return True
        end = Chain(*(rows[0][5:7] if company_id == owner_id else rows[0][6:8]))
        if stamp_of(end.head) is not None:
            return True
        content = standing.said_of_rows(zip(kinds, held, strict=True))
        entry = AuditEntry(
            company_id,
            owner_id,
            end.length + 1,
            now_ms,
            RECORDED,
            UPGRADE,
            owner_id,
            (),
            sha256(content).digest() + content,
        )
        after = Chain(entry.position, key_seal(self._mark, end.head, entry, state.stamp))
        write = (_company if company_id == owner_id else _client)(rows[0], after)
        if await self._engine.apply([write, add_entry(entry, after.head)]) is not None:
            return False
        self._census.lengthened(*owner, after)
        return True


def _company(row: Row, after: Chain) -> Statement:
    company_id, _, version, _, settings, *_ = row
    values = (company_id, version, settings, after.length, after.head)
    return Statement(CHANGE_COMPANY, values, Guard.COMPANY)


def _client(row: Row, after: Chain) -> Statement:
    client_id, company_id, version, status, _key, _details, _length, _head, _created, updated_at_ms, *_ = row
    values = (company_id, client_id, version, status, after.length, after.head, updated_at_ms)
    return Statement(TOUCH_CLIENT, values, Guard.CLIENT)
