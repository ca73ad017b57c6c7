"""The worker as a process beside one that serves, so that what a company's endpoint does shares no loop with the API.

It is started once the API listens, and told at once when something is due. It does everything that leads outside or
takes long: deliveries, providers, reading, screening, housekeeping. When it dies it is started again, as often as it
takes: no endpoint may end the API by what it does to the worker.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from ostiary.runtime.shutdown_timeouts import PARTING_S, SLACK_S
from ostiary.runtime.supervision.children import ChildKind, Children, RestartPolicy, Slot

LIVES_EVERY_S = 5.0
"""How often a worker says that its loop turns: a few bytes."""
SILENT_S = 150.0
"""A worker that does not turn for longer than it needs to start, or than its own probe allows (120 s), is killed."""
AGAIN_S = 1.0
"""When the system lets no process start."""


def line_of(orders: Mapping[str, Any], number: int, descriptor: int) -> list[str]:
    """The command line of a process with these options, its number and its socket."""
    return [sys.executable, "-m", "ostiary.runtime.child", json.dumps({**orders, "number": number, "line": descriptor})]


def beside(*, is_sandbox: bool, is_woken: bool = False) -> ChildKind:
    """The worker as a kind. `is_woken`: who starts it tells it when something is due, so that it need not watch."""
    orders = {
        "command": "worker",
        "host": "",
        "port": None,
        "listening": None,
        "shares": None,
        "sandbox": is_sandbox,
        "is_woken": is_woken,
        "is_beside": True,
    }
    return ChildKind("worker", partial(line_of, orders), listens=False, is_vital=False, silent_s=SILENT_S)


class Companion:
    """Looks after one worker, on the loop of a process that does other work. `end` it."""

    def __init__(self, kind: ChildKind, restart_policy: RestartPolicy | None = None) -> None:
        self._kind, self._children = kind, Children(None, None, restart_policy)
        self._slot: Slot | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._is_told = False

    def start(self) -> None:
        """Soon."""
        self._keeping = asyncio.create_task(self._keep())

    def wake(self) -> None:
        """Something is due. However often that is said in one turn of the loop, the worker is told once."""
        if not self._is_told:
            self._is_told = True
            asyncio.get_running_loop().call_soon(self._send)

    def leave(self) -> None:
        """The worker takes nothing new from now on, and ends when what is under way is done."""
        if self._keeping is not None:
            self._keeping.cancel()
        self._children.tell_to_end()

    async def end(self, patience_s: float = PARTING_S + SLACK_S) -> bool:
        """Waits for its end; whether it ended as it should."""
        self.leave()
        if self._keeping is None:
            return True
        with suppress(asyncio.CancelledError):
            await self._keeping
        return await self._children.end(patience_s)

    async def _keep(self) -> None:
        while self._slot is None:
            try:
                self._slot = Slot(await self._children.spawn(self._kind))
            except OSError:
                await asyncio.sleep(AGAIN_S)
        await self._children.keep(self._slot)

    def _send(self) -> None:
        self._is_told = False
        if self._slot is not None:
            self._slot.child.wake()
