"""What `doctor` tries of the reader: it starts it as the worker does, and has it read a specimen that it drew."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from ostiary.adapters.isolation.processor_time import used_s
from ostiary.adapters.reader.availability import INSTALL
from ostiary.adapters.reader.patience import read_patiently
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem, warning
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.reading import Reading
from ostiary.domain.errors import Unavailable
from ostiary.specimens.drawing import specimen

SEED, NUMBER = 5, "UT1234567"
SLOW_CPU_S = 10.0
"""Of the reader's processor time, start included: ten times what it usually is. A processor so slow, or one that lends
so little, keeps every client waiting."""
_WITHOUT = "Until then every submission of a production company goes to review."
_SLOW = "Give the machine more processors, or take load from it; documents wait for the reader."


def specimen_read() -> DoctorFinding:
    """How long the reader took for a specimen, or that it did not read it."""
    begun = time.monotonic()
    try:
        reading, used = asyncio.run(_read())
    except Unavailable as fault:
        took_s = time.monotonic() - begun
        words = f"the reader gave no answer in {took_s:.0f} s: {fault.message}"
        return problem("documents", words, f"Is the extra whole, and memory enough (1 GB)? {_WITHOUT}")
    took_s = time.monotonic() - begun
    if reading.zone is None or reading.zone.number != NUMBER:
        words = f"the reader did not read its specimen: {reading.trouble or 'something else was read'}"
        return problem("documents", words, f"Install the extra anew: {INSTALL}. {_WITHOUT}")
    words = f"a specimen was read in {took_s:.1f} s, {used:.1f} s of processor time; PDF and HEIC are taken"
    return warning("documents", words, _SLOW) if used > SLOW_CPU_S else ok("documents", words)


async def _read() -> tuple[Reading, float]:
    """What was read, and the seconds of processor time."""
    reader, page, today = ReaderProcess(), specimen(SEED, number=NUMBER), datetime.now(UTC).date()
    try:
        reading = await read_patiently(reader, [(FRONT, page)], (), today)
        return reading, (used_s(reader.pid) or 0.0) if reader.pid else 0.0
    finally:
        await reader.close()
