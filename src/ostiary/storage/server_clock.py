"""The time of the server that keeps a shared database."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ostiary.storage.engine import BlockingConnection, Engine

SERVERS_TIME = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
"""In ms since 1970-01-01 UTC, when it is asked; `now()` would be when the transaction began."""


def tell_time(engine: Engine, look: Callable[[Callable[[], int]], None]) -> None:
    """Lets `look` ask, twice: the first answer takes longer than its way. Blocks. A file's time is this machine's."""
    if engine.is_shared:
        with engine.blocking() as aside:
            for _ in range(2):
                look(partial(read_time, aside))


def read_time(aside: BlockingConnection) -> int:
    """Blocks."""
    return int(aside.rows(SERVERS_TIME)[0][0])


async def ask_time(engine: Engine) -> int:
    """Raises Unavailable."""
    return int((await engine.rows(SERVERS_TIME))[0][0])
