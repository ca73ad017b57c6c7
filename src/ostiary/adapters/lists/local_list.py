"""A list kept as a CSV file beside the service: read again when it changes, while the old one goes on answering."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from ostiary.adapters.lists.csv_entries import ListInvalid, entries_of
from ostiary.adapters.lists.name_index import NameIndex
from ostiary.domain.list_matching import Entry
from ostiary.domain.screening import Hit, Screened, ScreeningUnavailable, Subject

MOST_HITS = 20
"""A name that resembles more entries is looked at by a person anyway; the nearest say why."""
VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class _Loaded:
    stamp: tuple[int, int]
    version: str
    index: NameIndex


class LocalList:
    """One file. Loads on first use, in a thread; afterwards whenever its size or time changed."""

    def __init__(self, name: str, path: Path, threshold: float) -> None:
        self._name, self._path, self._threshold = name, path, threshold
        self._loaded: _Loaded | None = None
        self._lock = asyncio.Lock()

    @property
    def name(self) -> str:
        return self._name

    async def version(self) -> str:
        """The day of the file and the beginning of its SHA-256. Raises ScreeningUnavailable."""
        return (await self._current()).version

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        """Entries at or above the threshold but those cleared. Raises ScreeningUnavailable."""
        loaded = await self._current()
        found = await asyncio.to_thread(loaded.index.find, subject, self._threshold, cleared)
        hits = tuple(self._hit(near, entry, loaded.version) for near, entry in found[:MOST_HITS])
        return Screened(self._name, loaded.version, self._threshold, hits)

    async def close(self) -> None:
        self._loaded = None

    def _hit(self, near: float, entry: Entry, version: str) -> Hit:
        return Hit(
            self._name, version, entry.id, entry.names[0], round(near, 3), self._threshold, entry.topics,
            entry.birth_dates, entry.countries,
        )  # fmt: skip

    async def _current(self) -> _Loaded:
        async with self._lock:
            try:
                known = self._path.stat()
                stamp = (known.st_mtime_ns, known.st_size)
                if self._loaded is None or self._loaded.stamp != stamp:
                    self._loaded = await asyncio.to_thread(_load, self._path, stamp)
            except (OSError, ListInvalid) as problem:
                if self._loaded is None:
                    raise ScreeningUnavailable(f"{self._name}: {problem}") from None
            return self._loaded


def _load(path: Path, stamp: tuple[int, int]) -> _Loaded:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    day = datetime.fromtimestamp(stamp[0] / 1e9, UTC).date()
    return _Loaded(stamp, f"{day}-{digest[:VERSION_DIGITS]}", NameIndex(entries_of(path)))
