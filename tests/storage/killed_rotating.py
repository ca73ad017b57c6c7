"""`ostiary keys rotate` in a process that is killed after the first thing it commits, and ends by itself when there is
none."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from ostiary.app import Installation
from ostiary.cli import main as command_line
from ostiary.cli.keys import lookups
from ostiary.storage.postgres.engine import PostgresEngine
from ostiary.storage.sqlite.engine import SqliteEngine


def main() -> None:
    """Each client is moved by himself."""
    vars(lookups).update(FOLLOWED_S=0.0, MOVED_TOGETHER=1)
    setattr(Installation, "_count", _uncounted)  # noqa: B010 (a commit at each end, which has nothing to do with keys)
    for engine in (SqliteEngine, PostgresEngine):
        for name in ("perform", "apply"):
            setattr(engine, name, _then_killed(getattr(engine, name)))
    command_line(["keys", "rotate", "--operator", "ana", "--json"])


def _then_killed(work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def done(*values: Any, **named: Any) -> Any:
        result = await work(*values, **named)
        if result is None or result is True:  # a unit that is in, a step of the ring; else it read, or lost
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return done


async def _uncounted(_: Installation) -> None:
    pass
