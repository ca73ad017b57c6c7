"""Shares the reader among companies: they take turns, and a company whose document took too long goes last, in a
separate process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date

from ostiary.adapters.reader.process import ReaderProcess
from ostiary.adapters.reader.reporting import ReaderReport, nobody
from ostiary.domain.documents.reading import Reading, Trouble

SLOW_FOR_S = 600.0
"""After a document that was stopped, its company's next ones wait behind each other and hold up nobody else."""
SLOW_NICENESS = 10
"""Added to the reader's own: where cores are few, the others' documents come first."""
MOST_SLOW = 1_024
"""Companies remembered as slow; beyond it the one that was first is forgotten."""


class ReaderLanes:
    """Two processes: the usual one, and one for companies whose document was stopped lately. Each is started when it is
    first needed and ends without work."""

    def __init__(self, report: ReaderReport = nobody) -> None:
        self._report = report
        self._usual, self._slow = ReaderProcess(report=report), ReaderProcess(SLOW_NICENESS, report)
        self._slow_since: OrderedDict[str, float] = OrderedDict()

    @property
    def pids(self) -> tuple[int | None, int | None]:
        """The processes' ids while there are any: the usual one's, the slow one's."""
        return self._usual.pid, self._slow.pid

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str = ""
    ) -> Reading:
        """What the pictures of one document say, as `ReaderProcess.read` has it."""
        begun = time.monotonic()
        lane = self._slow if self._is_slow(company_id) else self._usual
        reading = await lane.read(pictures, formats, today, company_id)
        if reading.trouble is Trouble.TIMED_OUT:
            self._slow_since[company_id] = time.monotonic()
            self._slow_since.move_to_end(company_id)
            if len(self._slow_since) > MOST_SLOW:
                self._slow_since.popitem(last=False)
        self._report(reading.trouble.value if reading.trouble else "read", time.monotonic() - begun, "")
        return reading

    def warm(self) -> None:
        """Starts the usual process aside, if it does not run."""
        self._usual.warm()

    async def close(self) -> None:
        """Ends both processes; nothing is read any more."""
        await self._usual.close()
        await self._slow.close()

    def _is_slow(self, company_id: str) -> bool:
        since = self._slow_since.get(company_id)
        return since is not None and time.monotonic() - since < SLOW_FOR_S
