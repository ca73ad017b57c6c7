"""A list kept as a CSV file beside the service: read again when it changes, while the old one goes on answering."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.adapters.lists.csv_entries import entries_of, files_of
from ostiary.adapters.lists.csv_rows import ListInvalid
from ostiary.domain.screening.matching import ListEntry
from ostiary.domain.screening.subject import Hit, ListStanding, Screened, ScreeningUnavailable, Subject

if TYPE_CHECKING:
    from ostiary.adapters.lists.name_index import NameIndex

MOST_HITS = 20
"""A name that resembles more entries is looked at by a person anyway; the nearest say why."""
VERSION_DIGITS = 12
_HASHED_BYTES = 1 << 20

_Stamp = tuple[tuple[int, int], ...]
"""Of each file: when it was written, in ns, and how long it is."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    version: str
    index: NameIndex
    of_ms: int


class LocalList:
    """One file. Loads on first use, in a thread; afterwards, beside what is asked, whenever its size or time changed.

    A changed file that is broken is told in `problem` and not tried again until it changes once more.
    """

    def __init__(self, name: str, path: Path, threshold: float, most_age_ms: int | None = None) -> None:
        self._name, self._path, self._threshold = name, path, threshold
        self.most_age_ms = most_age_ms
        self._loaded: _Loaded | None = None
        self._tried: _Stamp | None = None
        self._loading: asyncio.Task[None] | None = None
        self.problem: str | None = None
        self._line = 0

    @property
    def name(self) -> str:
        return self._name

    async def version(self) -> str:
        """The day of the file and the beginning of its SHA-256. Raises ScreeningUnavailable."""
        return (await self._current()).version

    async def standing(self) -> ListStanding:
        """What is in use, and why not what lies there now. Raises ScreeningUnavailable when nothing is."""
        loaded = await self._current()
        return ListStanding(
            version=loaded.version,
            persons=len(loaded.index),
            of_ms=loaded.of_ms,
            problem=self.problem or "",
            line=self._line,
        )

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        """Entries at or above the threshold but those cleared. Raises ScreeningUnavailable."""
        loaded = await self._current()
        matches = await asyncio.to_thread(loaded.index.find, subject, self._threshold, cleared)
        hits = tuple(self._hit(near, entry, loaded.version) for near, entry in matches[:MOST_HITS])
        return Screened(self._name, loaded.version, self._threshold, hits)

    async def close(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
            with suppress(asyncio.CancelledError):
                await self._loading
        self._loaded = self._tried = self._loading = None

    async def settled(self) -> None:
        """Waits until what is being read is in use: for the command line and tests."""
        await self._look()
        if self._loading is not None:
            await asyncio.shield(self._loading)

    def _hit(self, near: float, entry: ListEntry, version: str) -> Hit:
        return Hit(
            list=self._name,
            version=version,
            entry_id=entry.id,
            name=entry.names[0],
            score=round(near, 3),
            threshold=self._threshold,
            topics=entry.topics,
            birth_dates=entry.birth_dates,
            countries=entry.countries,
        )

    async def _current(self) -> _Loaded:
        await self._look()
        if self._loaded is None and self._loading is not None:
            await asyncio.shield(self._loading)
        if self._loaded is None:
            raise ScreeningUnavailable(f"{self._name}: {self.problem}", line=self._line)
        return self._loaded

    async def _look(self) -> None:
        """Begins to read the file if it is another one than was tried last."""
        try:
            stamp = await asyncio.to_thread(_stamp, self._path)
        except OSError as problem:
            self.problem, self._line, self._tried = str(problem), 0, None
            return
        if stamp != self._tried and (self._loading is None or self._loading.done()):
            self._tried = stamp
            self._loading = asyncio.create_task(self._load(stamp))

    async def _load(self, stamp: _Stamp) -> None:
        try:
            self._loaded = await asyncio.to_thread(_loaded, self._path, stamp)
            self.problem, self._line = None, 0
        except (OSError, ListInvalid) as problem:
            self.problem, self._line = str(problem), problem.line if isinstance(problem, ListInvalid) else 0


def _stamp(path: Path) -> _Stamp:
    stats = [file.stat() for file in files_of(path)]
    return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)


def _loaded(path: Path, stamp: _Stamp) -> _Loaded:
    from ostiary.adapters.lists.name_index import (
        NameIndex,  # numpy: 15 MB that an installation without a list is spared
    )

    digest = sha256()
    for each in files_of(path):
        with each.open("rb") as file:
            while read := file.read(_HASHED_BYTES):
                digest.update(read)
    of_ms = max(ns for ns, _ in stamp) // 1_000_000
    day = datetime.fromtimestamp(of_ms / 1000, UTC).date()
    return _Loaded(f"{day}-{digest.hexdigest()[:VERSION_DIGITS]}", NameIndex(entries_of(path)), of_ms)
