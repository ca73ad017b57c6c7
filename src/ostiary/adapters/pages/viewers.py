"""The processes that open pictures for people's eyes, as the service sees them: one for each picture, some of them
started before they are asked for.

Starting takes two thirds of the time until a picture is there. Where somebody is about to look at some, processes are
started meanwhile, and each waits for its one picture: no stranger's file meets another one's.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from ostiary.adapters.isolation.process import answer_of, killed, started
from ostiary.adapters.pages.open_page import is_available
from ostiary.adapters.pages.views import MODULE, MOST_ANSWERED_BYTES, WAIT_S, marked_view
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.documents.pictures import DOCUMENT_TYPES

MOST_AT_ONCE = 4
"""A picture takes up to 60 MB while it is handed over; the page of a case asks for two, and for more on the way."""
MOST_SPARE = 2
SPARE_S = 40.0
"""How long one that waits is of use; it ends by itself soon after (`view_child.ALARM_S`), and its 25 MB are free."""


class PictureViewers:
    """One for a process of the service; `close` it."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="ostiary-views")
        self._lock = Lock()
        self._filling = Lock()
        self._spare: list[tuple[subprocess.Popen[bytes], float]] = []
        self._is_closed = False

    @property
    def spare_pids(self) -> tuple[int, ...]:
        """Of those that wait, for whoever watches them."""
        return tuple(process.pid for process, _ in self._spare)

    def prepare(self) -> None:
        """Starts processes for pictures that will be asked for soon; waits for nothing, and refuses nothing."""
        if not self._is_closed:
            self._pool.submit(self._fill)

    async def view(self, content: bytes, page: int, words: str) -> bytes | None:
        """A JPEG of a page (from 1), upright and marked with words; None for what cannot be opened. Raises OSError when
        no process can be started."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._view, content, page, words)

    async def beside(self, work: Callable[[bytes], bytes | None], content: bytes) -> bytes | None:
        """Other work on one picture, as many at once as are viewed."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, content)

    def close(self) -> None:
        """Ends those that wait, after those that are at work."""
        self._is_closed = True
        self._pool.shutdown()
        while self._spare:
            _end(self._spare.pop()[0])

    def _view(self, content: bytes, page: int, words: str) -> bytes | None:
        if media_type_of(content) in DOCUMENT_TYPES and not is_available():
            return None
        ended = answer_of(self._taken() or started(MODULE, ()), content, WAIT_S, MOST_ANSWERED_BYTES)
        return marked_view(ended.answer, page, words)

    def _fill(self) -> None:
        if not self._filling.acquire(blocking=False):
            return  # somebody else prepares already: of many at once each would start as many as are missing
        try:
            self._drop_spent()
            while len(self._spare) < MOST_SPARE:
                process = started(MODULE, ())
                with self._lock:
                    self._spare.append((process, time.monotonic()))
        except OSError:
            return  # whoever asks for a picture is told
        finally:
            self._filling.release()

    def _taken(self) -> subprocess.Popen[bytes] | None:
        self._drop_spent()
        with self._lock:
            return self._spare.pop(0)[0] if self._spare else None

    def _drop_spent(self) -> None:
        """Those that have waited for so long that they may end at any moment, or have."""
        now_s = time.monotonic()
        with self._lock:
            spent = [each for each, at_s in self._spare if now_s - at_s >= SPARE_S or each.poll() is not None]
            self._spare = [pair for pair in self._spare if pair[0] not in spent]
        for process in spent:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    killed(process)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None  # noqa: S101 (asked for at the start)
        pipe.close()
