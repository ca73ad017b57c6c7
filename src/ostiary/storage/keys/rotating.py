"""The steps of a rotation of the lookup keys, each a commit, so that whoever was cut off goes on by beginning again.

A new version is known first, and asked by every process that looks; then it is written, and nothing else (`fences`).
What moves the rows is a use case; who found that none is left retires the version before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from ostiary.domain.errors import Contended, Unavailable
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine
from ostiary.storage.keys.fences import BETWEEN_TRIES_S, MOST_TRIES, written_from_now
from ostiary.storage.keys.lookup_ring import (
    LookupRing,
    drop_version,
    give_lookups,
    held_values,
    keep_version,
    make_version,
    ring_of,
    without_version,
)

FOLLOWED_S = 5.0
"""Every process looks at the keys each other second: in so long all of them ask for the new version."""


class Rotation:
    """Of one database. The cipher is that of this process, which knows every step once it is done."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def ring(self) -> LookupRing:
        """As it is now; the cipher has it, too. Raises KeyMismatch, Unavailable."""
        return give_lookups(self._cipher, await held_values(self._engine))

    async def know(self, now_ms: int) -> LookupRing:
        """There is a newer version than the one that all rows are under. Raises Contended, Unavailable."""

        async def make_newest(held: dict[str, bytes], ring: LookupRing) -> bool:
            if ring.is_moving:
                return True
            after, keys = make_version(self._cipher, ring, now_ms)
            return await keep_version(self._engine, held, after, keys)

        return await self._until(make_newest)

    async def write(self) -> LookupRing:
        """The newest version is written, and no other. Raises Contended, Unavailable."""

        async def write_newest(held: dict[str, bytes], ring: LookupRing) -> bool:
            if ring.written == ring.newest:
                return True
            after = replace(ring, written=ring.newest)
            script = partial(written_from_now, held, after, is_shared=self._engine.is_shared)
            return bool(await self._engine.perform(script))

        return await self._until(write_newest)

    async def retire(self, version: int) -> LookupRing:
        """A version under which no row is, and which none can come under, is not asked any more. Raises Contended."""

        async def drop_older(held: dict[str, bytes], ring: LookupRing) -> bool:
            if version == ring.written or version not in ring.asked:
                return True
            return await drop_version(self._engine, held, without_version(ring, version), version)

        return await self._until(drop_older)

    async def _until(self, step: Callable[[dict[str, bytes], LookupRing], Awaitable[bool]]) -> LookupRing:
        for _ in range(MOST_TRIES):
            held = await held_values(self._engine)
            try:
                if await step(held, ring_of(held)):
                    return await self.ring()
            except Unavailable as problem:  # somebody holds a table, or the database is away
                waited_for = problem
            else:
                waited_for = Contended(retry_after_s=1)
            await asyncio.sleep(BETWEEN_TRIES_S)
        raise waited_for
