"""A module of ours that runs in a process of its own for many questions, one after the other: asked from a thread, with
a deadline in processor time, and ended for good as soon as anything is not as it should be.

It starts afresh and binds itself, as `process` has it. A question and its answer go over pipes and are small; what is
large lies in a file without a name, which both have open and the process can only read.
"""

from __future__ import annotations

import os
import select
import signal
import time

from ostiary.adapters.isolation.process import killed, started
from ostiary.adapters.isolation.processor_time import is_working, used_s

LOOK_EVERY_S = 1.0
"""How often it is looked at whether the process moves on."""
STALLED_S = 15.0
"""Without any processor time used: not even a busy machine keeps a process waiting for so long."""
OVERTIME = 2
"""Times what a process lets itself use: one that was taken over sets its own timer anew, and is ended from here."""
_OUT_OF_TIME = (-signal.SIGPROF, -signal.SIGALRM)
_NAME = "ostiary-content"


class KeptProcessEnded(Exception):
    """It is gone and gives no answer. `timed_out`: it took too long, by its own timer or by ours; `was_working`: it
    still ran or waited for a processor, which is no fault of what it was asked."""

    def __init__(self, timed_out: bool, was_working: bool = False) -> None:
        super().__init__("timed out" if timed_out else "ended")
        self.timed_out, self.was_working = timed_out, was_working


class KeptProcess:
    """One process and the memory that it is handed content in. For one thread at a time; `close` it."""

    def __init__(self, module: str, ready: bytes, start_cpu_s: float, arguments: tuple[str, ...] = ()) -> None:
        """Waits until it says `ready`; its last argument is the content's handle. Raises OSError, or KeptProcessEnded
        when it does not come up."""
        self._content = os.memfd_create(_NAME)
        try:
            self._process = started(module, (*arguments, str(self._content)), handles=(self._content,))
        except BaseException:
            os.close(self._content)
            raise
        self.begun_s = time.monotonic()
        self.used_at_s = self.begun_s
        self.questions = 0
        self._is_open = True
        assert self._process.stdout is not None  # noqa: S101 (asked for at the start)
        self._sink = self._process.stdout.fileno()
        self._answers = select.poll()
        self._answers.register(self._sink, select.POLLIN)
        if self._answer(len(ready), start_cpu_s) != ready:
            raise self._ended(timed_out=False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, question: bytes, content: bytes | memoryview, answer_bytes: int, cpu_s: float) -> bytes:
        """Its answer about the content. `cpu_s` is what it lets itself use for that. Raises KeptProcessEnded."""
        self.questions += 1
        if self._answers.poll(0):
            raise self._ended(timed_out=False)  # it has ended, or says something that nobody has asked for
        try:
            self._hand_over(content)
            assert self._process.stdin is not None  # noqa: S101 (asked for at the start)
            self._process.stdin.write(question)
        except OSError as fault:
            raise self._ended(timed_out=False) from fault
        answer = self._answer(answer_bytes, cpu_s)
        os.ftruncate(self._content, 0)
        self.used_at_s = time.monotonic()
        return answer

    def close(self) -> None:
        """Ends it; nothing is asked any more."""
        if self._is_open:
            self._is_open = False
            killed(self._process)
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None  # noqa: S101 (asked for at the start)
                pipe.close()
            os.close(self._content)

    def _hand_over(self, content: bytes | memoryview) -> None:
        """By writing, never by memory that both have mapped: the process could make that end under our feet."""
        left, at = memoryview(content), 0
        while left:
            written = os.pwrite(self._content, left, at)
            left, at = left[written:], at + written

    def _answer(self, size: int, cpu_s: float) -> bytes:
        taken, used, most_s, since_s = b"", None, None, time.monotonic()
        while len(taken) < size:
            if self._answers.poll(LOOK_EVERY_S * 1000):
                piece = os.read(self._sink, size - len(taken))
                if not piece:
                    raise self._ended(timed_out=False)
                taken += piece
                continue
            now_used, now_s = used_s(self.pid), time.monotonic()
            if most_s is None:
                most_s = (now_used or 0.0) + OVERTIME * cpu_s
            if now_used is not None and now_used > most_s:
                raise self._ended(timed_out=True)
            if now_used != used:
                used, since_s = now_used, now_s
            elif now_s - since_s >= STALLED_S:
                raise self._ended(timed_out=True, was_working=is_working(self.pid))
        return taken

    def _ended(self, timed_out: bool, was_working: bool = False) -> KeptProcessEnded:
        self.close()
        status = self._process.returncode
        return KeptProcessEnded(timed_out or status in _OUT_OF_TIME, was_working)
