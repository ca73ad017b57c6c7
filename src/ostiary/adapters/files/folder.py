"""Files in a folder of this machine, written durably: bytes and names reach the disk before anything refers to them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ostiary.domain.errors import PictureGone, Unavailable

T = TypeVar("T")
RETRY_AFTER_S = 5


class FolderStore:
    """The work is done in threads of the pool: an fsync takes milliseconds."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self.folder, self._pool = folder, pool
        self._existing: set[Path] = set()

    @property
    def shown(self) -> str:
        return str(self.folder)

    async def keep(self, name: str, content: bytes | bytearray) -> None:
        with _translated("The picture cannot be stored right now; try again shortly.", RETRY_AFTER_S):
            await self._aside(self._write, name, content)

    async def fetch(self, name: str) -> bytes:
        with _translated(f"The picture {name} cannot be read."):
            return await self._aside((self.folder / name).read_bytes)

    async def names(self, prefix: str) -> AsyncIterator[str]:
        def listed() -> list[str]:
            folder = self.folder / prefix
            return [f"{prefix}{entry.name}" for entry in folder.iterdir()] if folder.is_dir() else []

        with _translated(f"The pictures under {prefix} cannot be listed."):
            entries = await self._aside(listed)
        for name in entries:
            yield name

    async def remove(self, name: str) -> None:
        with _translated(f"The picture {name} cannot be removed."):
            await self._aside(lambda: (self.folder / name).unlink(missing_ok=True))

    async def _aside(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)

    def _write(self, name: str, content: bytes | bytearray) -> None:
        path = self.folder / name
        self._make(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        except OSError:
            path.unlink()  # on a full disk half a picture would keep its room until it is swept
            raise
        finally:
            os.close(handle)
        _sync_folder(path.parent)

    def _make(self, folder: Path) -> None:
        if folder in self._existing:
            return
        ours = [path for path in (folder, *folder.parents) if path.is_relative_to(self.folder) or not path.exists()]
        for our in reversed(ours):
            our.mkdir(exist_ok=True, mode=0o700)  # each by itself: with parents=True only the last gets the mode
        for path in (*ours, ours[-1].parent):
            _sync_folder(path)
        self._existing.add(folder)


@contextmanager
def _translated(what: str, retry_after_s: int | None = None) -> Iterator[None]:
    """What the disk refused, as everybody else hears of it."""
    try:
        yield
    except FileNotFoundError as problem:
        raise PictureGone(what, retry_after_s=retry_after_s) from problem
    except OSError as problem:
        raise Unavailable(what, retry_after_s=retry_after_s) from problem


def _sync_folder(folder: Path) -> None:
    """A new name is durable only once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
