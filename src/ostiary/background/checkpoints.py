"""Checkpoints of the audit trail, taken on a schedule and kept out of the house, by whichever worker is first.

Going through the trail takes a processor for seconds or minutes, so a command of its own does it, beside deliveries.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

from ostiary.app import Installation
from ostiary.storage.audit.checkpointing import LEASE_MS, CheckpointSchedule
from ostiary.telemetry.logs import get_logger

HOUR_MS = 3_600_000
COMMAND = ("-c", "from ostiary.cli import main; main()", "audit", "checkpoint", "--json")
_log = get_logger("ostiary.checkpoints")


class ScheduledCheckpoints:
    """`begin` is asked now and then; at most one is under way."""

    def __init__(self, installation: Installation) -> None:
        self._installation, self._schedule = installation, CheckpointSchedule(installation.store.engine)
        self._task: asyncio.Task[None] | None = None

    async def begin(self, now_ms: int) -> None:
        """Begins one in the background when it is due, and nobody else is at it."""
        settings = self._installation.settings
        if not settings.checkpoints or (self._task is not None and not self._task.done()):
            return
        if await self._schedule.claim(now_ms, settings.checkpoint_hours * HOUR_MS):
            self._task = asyncio.create_task(self._take())

    async def close(self) -> None:
        """Cuts off one that is under way: the next worker takes it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _take(self) -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable, *COMMAND, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(LEASE_MS / 1000):
                status = await child.wait()
        except TimeoutError:
            status = None
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if status == 0:
            _log.info("checkpoint_taken")
        else:
            _log.error("checkpoint_not_taken", status=status)
