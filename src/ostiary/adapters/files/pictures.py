"""Pictures: measured in processes of their own, sealed with their client's data key, stored before any row
refers to them.

A file's name is its place: company / day / client.document.side. Days keep folders small and let the sweep of
unreferenced files look at recent ones only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from ostiary.adapters.files.erased import ErasedClients
from ostiary.adapters.files.store import FileStore
from ostiary.adapters.isolation.processors import processors
from ostiary.adapters.pictures.decoding_budget import DecodingBudget
from ostiary.adapters.pictures.measuring_pool import MeasuringPool
from ostiary.adapters.pictures.probe import decoding_bytes, probe
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Side
from ostiary.domain.documents.pictures import PictureFindings, PictureLimits
from ostiary.domain.ids import time_ms
from ostiary.domain.ports import Cipher
from ostiary.domain.times import day_of

MOST_AT_ONCE_PER_COMPANY = 4
"""Each takes a process with 35 MB of its own; one interpreter that serves does not keep more of them busy."""
AT_ONCE_PER_COMPANY = min(processors(), MOST_AT_ONCE_PER_COMPANY)
"""Enough for one company alone to use every core that the process may use, as far as so many help."""
THREADS = 2 * AT_ONCE_PER_COMPANY
SHARES_KEPT = 1_024


@dataclass(frozen=True, slots=True)
class PictureStorage:
    """A stored picture and whose it claims to be."""

    name: str
    company_id: str
    client_id: str
    document_id: str


class PictureFiles:
    """The pictures of one installation, in a store."""

    def __init__(self, store: FileStore, cipher: Cipher, limits: PictureLimits, pool: ThreadPoolExecutor) -> None:
        self.store, self._cipher, self._limits, self._pool = store, cipher, limits, pool
        self._shares: dict[str, asyncio.Semaphore] = {}
        self._budget = DecodingBudget()
        self._measuring = MeasuringPool(THREADS)
        self._word = ErasedClients(store, cipher)

    async def measure(self, company_id: str, content: bytes) -> PictureFindings:
        """What a picture shows of itself; hostile bytes are measured too.

        One company measures so many at once and no more: half the threads stay for the others, so that pictures
        made to be slow hold up their own company's first of all. What decoding may take in memory is counted too.
        """
        loop = asyncio.get_running_loop()
        share = self._shares.get(company_id)
        if share is None:
            if len(self._shares) >= SHARES_KEPT:
                self._shares = {key: share for key, share in self._shares.items() if share.locked()}
            share = self._shares[company_id] = asyncio.Semaphore(AT_ONCE_PER_COMPANY)
        async with share:
            size = await loop.run_in_executor(self._pool, decoding_bytes, content, self._limits)
            async with self._budget.spent(company_id, size):
                measuring = partial(self._measuring.measure, company_id)
                return await loop.run_in_executor(self._pool, probe, content, self._limits, measuring)

    def close(self) -> None:
        """Ends the processes that measure."""
        self._measuring.close()

    async def keep(self, client: Client, document_id: str, field: str, content: bytes) -> str:
        """Seals and stores a picture, durably, under a fresh name. Raises Unavailable when the store refuses."""
        day = f"{day_of(time_ms(document_id)):%Y%m%d}"
        name = f"{client.company_id}/{day}/{client.id}.{document_id}.{field}"
        box = self._cipher.box(client.company_id, client.id, client.data_key)
        seal = asyncio.get_running_loop().run_in_executor(
            self._pool, box.seal_large, f"pictures/{document_id}/{field}", content
        )
        await self.store.keep(name, await seal)
        return name

    async def fetch(self, client: Client, document_id: str, side: Side) -> bytes:
        """The picture as it came in. Raises Tampered, PictureGone, Unavailable."""
        box = self._cipher.box(client.company_id, client.id, client.data_key)
        return box.open(f"pictures/{document_id}/{side.field}", await self.store.fetch(side.file))

    async def remove(self, name: str) -> None:
        """What is not there is gone already. Raises Unavailable."""
        await self.store.remove(name)

    async def remember_erased(self, company_id: str, client_id: str) -> None:
        """Leaves word, where a database that is restored from before finds it, that a client was erased; nobody makes
        it who does not have the keys. Raises Unavailable."""
        if not await self._word.is_erased(company_id, client_id):
            await self._word.remember(company_id, client_id)

    async def erased(self, company_id: str) -> list[str]:
        """Of whom there is word. Raises Unavailable."""
        return await self._word.erased(company_id)

    async def is_erased(self, company_id: str, client_id: str) -> bool:
        """Whether that is true. Raises Unavailable."""
        return await self._word.is_erased(company_id, client_id)

    def left(self) -> LeftFiles:
        """What lies there by clients; it is listed when it is asked for."""
        return LeftFiles(self.store)

    async def stored(self, company_id: str, days: Sequence[str]) -> AsyncIterator[PictureStorage]:
        """A company's pictures of some days (as YYYYMMDD). Raises Unavailable."""
        for day in days:
            async for name in self.store.names(f"{company_id}/{day}/"):
                parts = name.rpartition("/")[2].split(".")
                if len(parts) == 3:
                    yield PictureStorage(name, company_id, parts[0], parts[1])


class LeftFiles:
    """Files of clients, company by company and day by day. Each day is listed once, and again for a client of which it
    showed something: whether that is gone now."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._listings: dict[tuple[str, str], asyncio.Task[dict[str, list[str]]]] = {}

    async def of(self, company_id: str, client_id: str, days: Sequence[str]) -> list[str]:
        """Names of a client's files. Raises Unavailable."""
        names = list[str]()
        for day in days:
            listing = self._listings.get((company_id, day))
            if listing is None:
                listing = asyncio.create_task(self._listed(company_id, day))
                self._listings[company_id, day] = listing
            files = (await listing).pop(client_id, [])
            if files:
                self._listings.pop((company_id, day), None)
            names += files
        return names

    async def _listed(self, company_id: str, day: str) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        async for name in self._store.names(f"{company_id}/{day}/"):
            names.setdefault(name.rpartition("/")[2].partition(".")[0], []).append(name)
        return names
