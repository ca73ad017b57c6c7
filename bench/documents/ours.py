"""Our own reader as the worker runs it: in its process, one document after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType

from bench.documents.truth import Answer
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.reading import Reading
from ostiary.domain.mrz.zone import PartialDate

KB = 1024


class Ours:
    """Reads files; `most_mb` is the process's peak of resident memory."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._reader = ReaderProcess()
        self.most_mb = 0.0

    def __enter__(self) -> Ours:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._loop.run_until_complete(self._reader.close())
        self._loop.close()

    def read(self, content: bytes) -> tuple[Reading, float]:
        """The reading, and milliseconds with the way to the process and back."""
        begun = time.perf_counter()
        today = datetime.now(UTC).date()
        reading = self._loop.run_until_complete(self._reader.read([(FRONT, content)], (), today))
        ms = (time.perf_counter() - begun) * 1000
        if self._reader.pid is not None:
            self.most_mb = max(self.most_mb, _peak_mb(self._reader.pid))
        return reading, ms


@contextmanager
def reader() -> Iterator[Ours]:
    """A reader that is warm: starting is measured elsewhere."""
    with Ours() as ours:
        ours.read(b"")
        yield ours


def answer_of(reading: Reading, ms: float) -> Answer | None:
    zone = reading.zone
    if zone is None:
        return None
    fields = {"number": zone.number, "country": zone.country, "birth": _digits(zone.birth_date),
              "expiry": _day(zone.expiration_date)}  # fmt: skip
    return Answer(zone.lines, fields, (zone.surname, zone.given_names), zone.digits_valid, ms)


def _digits(day: PartialDate) -> str:
    year = "<<" if day.year is None else f"{day.year % 100:02d}"
    return year + "".join("<<" if one is None else f"{one:02d}" for one in (day.month, day.day))


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%y%m%d}"


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / KB
