"""The processes that measure pictures at intake, as the service sees them: started when first needed, kept for some
pictures, one company's pictures in the same one as far as there are enough, replaced when anything goes wrong.

A file that has taken over its process sees the pictures that follow there, and can lie about them; it can tell nobody.
So a process lives for a bounded number of pictures and time, and what a process says by ending is believed only of one
that has seen no other picture: a whole picture is not refused for what an earlier one has done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from ostiary.adapters.isolation.kept_process import KeptProcess, KeptProcessEnded
from ostiary.adapters.pictures.intake_answer import (
    ANSWER,
    MEASURE_CPU_S,
    MEDIA_TYPES,
    QUESTION,
    READY,
    START_CPU_S,
    MeasuredPicture,
    judged_of,
)
from ostiary.domain.errors import Unavailable

MOST_PICTURES = 200
"""Of one process. A start costs 0.2 s of processor time: 1 ms of each of them, a fiftieth of an upload."""
LIFE_S = 600.0
"""However few pictures come: no picture is seen by a process that another one reached longer ago."""
IDLE_S = 60.0
"""A process that was asked nothing for longer is asked nothing any more: it ends by itself soon."""
RETRY_AFTER_S = 5
_MODULE = "ostiary.adapters.pictures.measuring_child"


@dataclass(slots=True, eq=False)
class _Child:
    company_id: str
    process: KeptProcess

    def is_spent(self) -> bool:
        now_s, process = time.monotonic(), self.process
        return (
            process.questions >= MOST_PICTURES
            or now_s - process.begun_s >= LIFE_S
            or now_s - process.used_at_s >= IDLE_S
        )


class MeasuringPool:
    """Up to `most` processes. Threads call `measure` side by side; `close` it."""

    def __init__(self, most: int, start: Callable[[], KeptProcess] | None = None) -> None:
        self._most, self._start = most, start or started
        self._lock = Lock()
        self._idle: list[_Child] = []
        self._count, self._is_closed = 0, False

    @property
    def idle_pids(self) -> tuple[int, ...]:
        """For whoever measures or watches them; who was asked last comes last."""
        return tuple(child.process.pid for child in self._idle)

    def measure(self, company_id: str, media_type: str, content: bytes, size_px: tuple[int, int]) -> MeasuredPicture:
        """What one of them says of the picture. `size_px` is width and height by the header. Blocks.

        Raises Unavailable when no process can be started, or it was given no processor.
        """
        question = QUESTION.pack(MEDIA_TYPES.index(media_type), len(content), *size_px)
        child = self._taken(company_id)
        while True:
            is_fresh = not child.process.questions
            try:
                answer = child.process.ask(question, content, ANSWER.size, MEASURE_CPU_S)
            except KeptProcessEnded as end:
                self._forget(child)
                if end.was_working:
                    raise _unavailable() from end
                if is_fresh:
                    return MeasuredPicture(too_costly=end.timed_out)
                child = self._fresh(company_id)
                continue
            except BaseException:
                self._forget(child)
                raise
            self._give_back(child)
            return judged_of(answer)

    def close(self) -> None:
        """Ends those that are idle now, and the others when they have answered."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            self._forget(child)

    def _taken(self, company_id: str) -> _Child:
        """One that served this company last; else a new one while there are fewer than `most`; else the one that was
        asked nothing for longest."""
        with self._lock:
            spent = [child for child in self._idle if child.is_spent()]
            self._idle = [child for child in self._idle if child not in spent]
            own = [child for child in self._idle if child.company_id == company_id]
            may_start = self._count - len(spent) < self._most
            child = own[-1] if own else None if may_start or not self._idle else self._idle[0]
            if child is not None:
                self._idle.remove(child)
        for process in spent:
            self._forget(process)
        if child is None:
            return self._fresh(company_id)
        child.company_id = company_id
        return child

    def _fresh(self, company_id: str) -> _Child:
        with self._lock:
            self._count += 1
        try:
            return _Child(company_id, self._start())
        except BaseException as fault:
            with self._lock:
                self._count -= 1
            if isinstance(fault, OSError | KeptProcessEnded):
                raise _unavailable() from fault
            raise

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            is_kept = not (self._is_closed or child.is_spent())
            if is_kept:
                self._idle.append(child)
        if not is_kept:
            self._forget(child)

    def _forget(self, child: _Child) -> None:
        child.process.close()
        with self._lock:
            self._count -= 1


def started() -> KeptProcess:
    """A process that measures. It ends with the thread that calls this. Raises OSError, KeptProcessEnded."""
    return KeptProcess(_MODULE, READY, START_CPU_S)


def _unavailable() -> Unavailable:
    return Unavailable("The picture cannot be opened right now; try again shortly.", retry_after_s=RETRY_AFTER_S)
