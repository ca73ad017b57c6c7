"""Chips, verified beside the event loop against the trust store in force.

What verifies is imported with the first chip: a process that sees none is as small as before.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime

from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import ChipReading
from ostiary.domain.documents.chip_kept import ChipContent
from ostiary.domain.errors import Refused


class ChipsInPool:
    """Implements `usecases.context.Chips` in the threads that pictures are measured in: 4 to 10 ms a chip."""

    def __init__(self, trust: TrustInForce, pool: Executor) -> None:
        self.trust = trust
        self._pool = pool

    async def check(self, content: ChipContent, now: datetime) -> ChipReading:
        """What the files say of themselves; nobody is asked whether to believe it."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _verify, content, None, now)

    async def verify(self, content: ChipContent, now: datetime) -> ChipReading:
        """The same against the trust store in force. One that cannot be read vouches for nobody."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _verify, content, self.trust, now)


def _verify(content: ChipContent, in_force: TrustInForce | None, now: datetime) -> ChipReading:
    from ostiary.adapters.chip.presence.answer import presence_of  # a process without chips needs none of it
    from ostiary.adapters.chip.trust import Trust
    from ostiary.adapters.chip.verifier import verify_chip

    try:
        trust = Trust() if in_force is None else in_force.trust()
    except (Refused, OSError):
        trust = Trust()
    files = {ChipFile(name): each for name, each in content.files.items()}
    reading = verify_chip(files, trust, now)
    return replace(reading, presence=presence_of(files, content.challenge, content.answer))
