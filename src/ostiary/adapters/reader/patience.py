"""Reading for somebody who waits for the answer, however busy the machine is: a command, no message with a lease."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

from ostiary.adapters.reader.process import ReaderProcess
from ostiary.domain.documents.reading import Reading
from ostiary.domain.errors import Unavailable

PATIENCE_S = 120.0
"""On the wall, start included, for one document. A quiet machine needs two seconds."""


async def read_patiently(
    reader: ReaderProcess, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date
) -> Reading:
    """Asks until there is an answer: a reading that was begun goes on. Raises Unavailable when there is none in
    `PATIENCE_S`, or no process that could give one."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return await reader.read(pictures, formats, today)
        except Unavailable:
            if time.monotonic() > deadline or reader.pid is None:
                raise
