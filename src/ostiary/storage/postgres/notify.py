"""Hearing of others, and telling them: LISTEN on a connection of its own, NOTIFY after the commit.

After, and not in, the commit: PostgreSQL lets transactions that notify commit one at a time. A notice lost in a crash
costs no more than the worker's next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from ostiary.domain.errors import Contended, Unavailable
from ostiary.storage.postgres import statistics
from ostiary.storage.postgres.pool import connect
from ostiary.telemetry.logs import get_logger

CHANNEL = "ostiary"
NOTIFY = f"SELECT set_config('synchronous_commit', 'off', true), pg_notify('{CHANNEL}', '')"
"""Nothing of a notice is kept, so nothing waits for the disk."""
QUIET_S = 0.01
"""At most so often: what happens meanwhile goes with the next one."""
LOOK_EVERY_S = 1.0
"""How often the listening connection is used, which also tells whether it is still there."""
AGAIN_S = 1.0
_log = get_logger("ostiary.database")


class Notices:
    """`heard` is another number after every notice, and after every time without a connection.

    `statement_s` is how long a statement may take.
    """

    def __init__(self, dsn: str, write: Callable[[str], Awaitable[int]], statement_s: float) -> None:
        self._dsn, self._write, self._statement_s = dsn, write, statement_s
        self.heard = 0
        self._telling: asyncio.Task[None] | None = None
        self._more = False

    def announce(self) -> None:
        """Soon, and once for everything that happens until then."""
        self._more = True
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tell())

    async def listen(self) -> None:
        """Until cancelled; comes back by itself when the database does."""
        while True:
            try:
                await self._listen()
            except Exception as problem:
                _log.warning("not_listening", error=type(problem).__name__)
            self.heard += 1
            await asyncio.sleep(AGAIN_S)

    async def close(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling
            self._telling = None

    async def _tell(self) -> None:
        while self._more:
            self._more = False
            with suppress(Unavailable, Contended):  # whoever waits looks by itself within a second
                await self._write(NOTIFY)
            await asyncio.sleep(QUIET_S)

    async def _listen(self) -> None:
        connection = await connect(self._dsn, statement_s=self._statement_s)
        try:
            await connection.add_listener(CHANNEL, self._hear)
            self.heard += 1
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                await statistics.refresh(connection)
        finally:
            connection.terminate()

    def _hear(self, *_: object) -> None:
        self.heard += 1
