"""Pictures on disk: measured in a thread pool, sealed with their client's data key, written before any row refers
to them.

A file's name is its place: company / day / client.document.side. Days keep folders small and let the sweep of
unreferenced files look at recent ones only.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ostiary.adapters.images import probe
from ostiary.domain.clients import Client
from ostiary.domain.documents import Side
from ostiary.domain.errors import Unavailable
from ostiary.domain.ids import time_ms
from ostiary.domain.pictures import PictureFindings, PictureLimits
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.times import day_of

FOLDER = "pictures"
AT_ONCE_PER_COMPANY = max(1, os.cpu_count() or 1)
"""Enough for one company alone to use every core."""
THREADS = 2 * AT_ONCE_PER_COMPANY
SHARES_KEPT = 1_024


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on disk and whose it claims to be."""

    path: Path
    company_id: str
    client_id: str
    document_id: str


class PictureFiles:
    """The pictures of one installation, in a folder."""

    def __init__(self, folder: Path, cipher: Cipher, limits: PictureLimits, pool: ThreadPoolExecutor) -> None:
        self._folder, self._cipher, self._limits, self._pool = folder / FOLDER, cipher, limits, pool
        self._made: set[Path] = set()
        self._shares: dict[str, asyncio.Semaphore] = {}

    async def measure(self, company_id: str, content: bytes) -> PictureFindings:
        """What a picture shows of itself; hostile bytes are measured too.

        One company measures so many at once and no more: half the threads stay for the others, so that pictures
        made to be slow hold up their own company's first of all.
        """
        share = self._shares.get(company_id)
        if share is None:
            if len(self._shares) >= SHARES_KEPT:
                self._shares = {key: one for key, one in self._shares.items() if one.locked()}
            share = self._shares[company_id] = asyncio.Semaphore(AT_ONCE_PER_COMPANY)
        async with share:
            return await asyncio.get_running_loop().run_in_executor(self._pool, probe, content, self._limits)

    async def keep(self, client: Client, document_id: str, field: str, content: bytes) -> str:
        """Seals and writes a picture, durably, under a fresh name. Raises Unavailable when the disk refuses."""
        day = f"{day_of(time_ms(document_id)):%Y%m%d}"
        name = f"{client.company_id}/{day}/{client.id}.{document_id}.{field}"
        box = self._cipher.box(client.company_id, client.id, client.data_key)
        work = asyncio.get_running_loop().run_in_executor(self._pool, self._write, name, box, document_id, content)
        try:
            await work
        except OSError as problem:
            raise Unavailable(
                "The picture cannot be stored right now; try again shortly.", retry_after_s=5
            ) from problem
        return name

    async def fetch(self, client: Client, document_id: str, side: Side) -> bytes:
        """The picture as it came in. Raises Tampered, Unavailable."""
        box = self._cipher.box(client.company_id, client.id, client.data_key)
        try:
            sealed = await asyncio.get_running_loop().run_in_executor(self._pool, (self._folder / side.file).read_bytes)
        except OSError as problem:
            raise Unavailable(f"The picture {side.file} cannot be read.") from problem
        return box.open(f"pictures/{document_id}/{side.field}", sealed)

    def stored(self, days: Sequence[str] = ("*",)) -> Iterator[Stored]:
        """The files there are, of all days or of some (as YYYYMMDD)."""
        for day in days:
            for path in self._folder.glob(f"*/{day}/*"):
                parts = path.name.split(".")
                if len(parts) == 3:
                    yield Stored(path, path.parent.parent.name, parts[0], parts[1])

    def _write(self, name: str, box: Box, document_id: str, content: bytes) -> None:
        path = self._folder / name
        sealed = box.seal_large(f"pictures/{document_id}/{path.name.rsplit('.', 1)[1]}", content)
        self._make(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            view = memoryview(sealed)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        _sync_folder(path.parent)

    def _make(self, folder: Path) -> None:
        if folder in self._made:
            return
        inside = [one for one in (folder, *folder.parents) if one.is_relative_to(self._folder)]
        for one in reversed(inside):
            one.mkdir(exist_ok=True, mode=0o700)  # each by itself: with parents=True only the last gets the mode
        for one in (*inside, self._folder.parent):
            _sync_folder(one)
        self._made.add(folder)


def _sync_folder(folder: Path) -> None:
    """A new name is durable only once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
