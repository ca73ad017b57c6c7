"""When the last checkpoint was taken out of the house, and which worker takes the next: a value of the installation's,
changed only by who read it as it was."""

from __future__ import annotations

from ostiary.storage.engine import BlockingConnection, Engine
from ostiary.storage.tables.installation import ADD_INSTALLATION, CHANGE_INSTALLED, INSTALLED

STATE = "checkpoint_state"
LEASE_MS = 3_600_000
"""Checking the trail of some millions of clients takes minutes. After so long another takes over from one that died."""


class CheckpointSchedule:
    """Of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def claim(self, now_ms: int, every_ms: int) -> bool:
        """Whether a checkpoint is due, and it is this caller's to take: nobody else gets it for an hour."""
        taken_ms, until_ms, before = await self._state()
        is_due = not 0 <= now_ms - taken_ms < every_ms
        if not is_due or 0 < until_ms - now_ms <= LEASE_MS:
            return False
        return await self._change(taken_ms, now_ms + LEASE_MS, before)

    async def taken(self, at_ms: int) -> None:
        """One was taken."""
        while True:
            taken_ms, _, before = await self._state()
            if taken_ms >= at_ms or await self._change(at_ms, 0, before):
                return

    async def _state(self) -> tuple[int, int, bytes]:
        rows = await self._engine.rows(INSTALLED, STATE)
        if not rows:
            await self._engine.write(ADD_INSTALLATION, STATE, b"0 0")
            rows = await self._engine.rows(INSTALLED, STATE)
        content = bytes(rows[0][0])
        return *_moments(content), content

    async def _change(self, taken_ms: int, until_ms: int, before: bytes) -> bool:
        return await self._engine.write(CHANGE_INSTALLED, STATE, f"{taken_ms} {until_ms}".encode(), before) == 1


def last_taken_ms(aside: BlockingConnection) -> int:
    """0 for never."""
    rows = aside.rows(INSTALLED, STATE)
    return _moments(bytes(rows[0][0]))[0] if rows else 0


def _moments(content: bytes) -> tuple[int, int]:
    """When it was taken last, and until when somebody is at it; what nobody wrote is as never."""
    taken, _, until = content.partition(b" ")
    return (int(taken), int(until)) if taken.isdigit() and until.isdigit() else (0, 0)
