"""One reader of documents for all installations of this process of tests, which reads the same pictures once.

Starting one takes a second of processor time and reading a page another, which is most of a test that submits a
document; what it says of the same pictures is always the same. How it starts, fails and ends is in
`adapters/test_reader_process.py` and `adapters/test_reader_turns.py`, with processes of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import date
from hashlib import sha256
from threading import Thread
from typing import ClassVar

from ostiary.adapters.reader.lanes import ReaderLanes
from ostiary.adapters.reader.patience import read_patiently
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.adapters.reader.protocol import Asked, framed
from ostiary.domain.documents.reading import Reading


class _SharedProcess:
    """A reader's process on an event loop of its own, since each test has another one."""

    def __init__(self) -> None:
        self._loop, self._reader = asyncio.new_event_loop(), ReaderProcess()
        self._thread = Thread(target=self._loop.run_forever, name="tests-reader", daemon=True)
        self._thread.start()
        self._read: dict[bytes, Reading] = {}

    async def read(self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date) -> Reading:
        """Waits as long as it takes: how busy the machine is says nothing of what is tested."""
        question = sha256(framed(Asked(tuple(pictures), tuple(formats), today))).digest()
        if question not in self._read:
            reading = read_patiently(self._reader, pictures, formats, today)
            asked: Future[Reading] = asyncio.run_coroutine_threadsafe(reading, self._loop)
            answer = await asyncio.wrap_future(asked)
            if answer.trouble is not None:
                return answer
            self._read[question] = answer
        return self._read[question]

    def end(self) -> None:
        asyncio.run_coroutine_threadsafe(self._reader.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class SharedReader(ReaderLanes):
    """As an installation has it."""

    _shared: ClassVar[_SharedProcess | None] = None

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str = ""
    ) -> Reading:
        if SharedReader._shared is None:
            SharedReader._shared = _SharedProcess()
        reading = await SharedReader._shared.read(pictures, formats, today)
        self._report(reading.trouble.value if reading.trouble else "read", 0.0, "")
        return reading

    @classmethod
    def end(cls) -> None:
        """After all tests."""
        if cls._shared is not None:
            cls._shared.end()
            cls._shared = None
