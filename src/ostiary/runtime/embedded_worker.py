"""The worker on the loop of the process that serves: one process less, and the API feels what endpoints do."""

from __future__ import annotations

import asyncio

from ostiary.app import Installation, sender
from ostiary.background.imports import Imports
from ostiary.background.maintenance import Chores
from ostiary.background.worker import Worker
from ostiary.runtime.worker_process import parting_s


class EmbeddedWorker:
    """A worker on this loop."""

    def __init__(self, installation: Installation) -> None:
        self._engine = installation.store.engine
        self._sender, self._chores = sender(installation), Chores(installation)
        self._imports = Imports(installation.context)
        watch = self._engine.changes if self._engine.is_shared else None
        self._worker = Worker(installation.context, self._sender, self._chores.do, watch, parting_s(installation))
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        works = (self._worker.run(), self._engine.listen(), self._imports.run())
        self._tasks = [asyncio.create_task(work) for work in works]

    def wake(self) -> None:
        self._worker.wake()

    def leave(self) -> None:
        self._worker.stop()

    async def end(self) -> bool:
        self.leave()
        for task in self._tasks[:1]:
            await task
        for task in self._tasks[1:]:
            task.cancel()
        await self._chores.close()
        await self._sender.close()
        return True
