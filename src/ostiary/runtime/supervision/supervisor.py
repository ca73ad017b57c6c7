"""Keeps several processes running: starts them, starts again what died, replaces them one by one, ends them together.

It does no work of its own, so that nothing which a request can do reaches it. It holds the listening socket open, so
that no connection is refused while a process is away.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Mapping, Sequence

from ostiary.runtime.shutdown_timeouts import PARTING_S, SLACK_S
from ostiary.runtime.supervision.children import ChildKind, Children, RestartPolicy, Slot
from ostiary.runtime.termination import on_signal

IN_ORDER, BADLY = 0, 1
"""Exit codes: everything ended as it was asked to, or not."""


class Supervisor:
    """Of processes of several kinds, the first of which shows whether any can start.

    `listening` is passed on to those that listen; `drain_s` is how long they go on serving after they were told to
    end; `absent` is told the number of one that has ended.
    """

    def __init__(
        self,
        kinds: Sequence[ChildKind],
        listening: socket.socket | None,
        drain_s: float,
        environment: Mapping[str, str],
        restart_policy: RestartPolicy | None = None,
        absent: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._kinds = [kind for kind in kinds for _ in range(kind.count)]
        self._listening, self._end_s = listening, drain_s + PARTING_S + SLACK_S
        self._children = Children(listening, environment, restart_policy, absent)
        self._told_to_end, self._told_to_replace = asyncio.Event(), asyncio.Event()

    async def run(self) -> int:
        """Until told to end, by SIGTERM or SIGINT; the exit status. SIGHUP replaces every process, one by one."""
        on_signal(self._told_to_end.set)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._told_to_replace.set)
        first = await self._children.spawn(self._kinds[0])
        end = asyncio.create_task(self._told_to_end.wait())
        await asyncio.wait((first.ready, end), return_when=asyncio.FIRST_COMPLETED)
        if first.ready.done() and not first.ready.result():
            await first.gone  # it has said why
            end.cancel()
            return first.process.returncode or BADLY
        slots = [Slot(first)]
        if not self._told_to_end.is_set():
            slots += [Slot(await self._children.spawn(kind)) for kind in self._kinds[1:]]
        tasks = [asyncio.create_task(self._children.keep(slot)) for slot in slots]
        tasks.append(asyncio.create_task(self._replace_when_told(slots)))
        await asyncio.wait((end, *tasks), return_when=asyncio.FIRST_COMPLETED)
        gave_up = not self._told_to_end.is_set()
        for task in (end, *tasks):
            task.cancel()
        problems = await asyncio.gather(*tasks, return_exceptions=True)
        if self._listening is not None:
            self._listening.close()  # they stop listening when they have drained, and not before
        in_order = await self._children.end(self._end_s)
        for problem in problems:
            if isinstance(problem, Exception):
                raise problem
        return IN_ORDER if in_order and not gave_up else BADLY

    async def _replace_when_told(self, slots: Sequence[Slot]) -> None:
        while True:
            await self._told_to_replace.wait()
            self._told_to_replace.clear()
            await self._children.replace(slots)
