"""Imports that have to be worked at, whichever company's: some side by side, so that a long one keeps no other."""

from __future__ import annotations

import asyncio

from ostiary.domain.errors import LeaseLost, Unavailable
from ostiary.domain.ids import encode
from ostiary.domain.imports.bulk import ARRIVING_MS, KEPT_MS
from ostiary.storage.store import Store
from ostiary.telemetry.logs import get_logger
from ostiary.usecases.context import Context
from ostiary.usecases.imports.carry_out import TellRow, work_at

LOOKED_EVERY_S = 0.5
"""For an import to be begun: one small read each time."""
MOST_AT_ONCE = 4
"""Imports that one process works at: each has as many rows under way as a database commits together."""
_log = get_logger("ostiary.imports")


class _Tell(TellRow):
    """Into the log, with nothing of the row."""

    def __call__(self, import_id: str, position: int, error: Exception) -> None:
        _log.error("row_not_carried_out", import_id=import_id, row=position, error=type(error).__name__)


class Imports:
    """Works at imports until it is cancelled. What is under way then goes on elsewhere once its lease runs out."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self._look()
                except Unavailable as problem:
                    _log.warning("unavailable", error=type(problem).__name__)
                await asyncio.sleep(LOOKED_EVERY_S)
        finally:
            for task in self._running.values():
                task.cancel()

    async def _look(self) -> None:
        for company_id, import_id in await self._context.storage.imports.due(self._context.now_ms()):
            if len(self._running) < MOST_AT_ONCE and import_id not in self._running:
                task = asyncio.create_task(self._work(company_id, import_id))
                self._running[import_id] = task

    async def _work(self, company_id: str, import_id: str) -> None:
        try:
            company = await self._context.storage.companies.find(company_id)
            if company is not None and await work_at(self._context, company, import_id, tell=_Tell()):
                _log.info("import_worked_at", company_id=company_id, import_id=import_id)
        except LeaseLost:
            _log.info("import_left_to_another", company_id=company_id, import_id=import_id)
        except Exception as problem:
            _log.error("import_not_worked_at", company_id=company_id, import_id=import_id, error=type(problem).__name__)
        finally:
            del self._running[import_id]


async def forget_imports(store: Store, now_ms: int) -> None:
    """Those that were kept long enough, and those of which not all ever came."""
    before, unwhole = encode(max(0, now_ms - KEPT_MS), 0), encode(max(0, now_ms - ARRIVING_MS), 0)
    for company in await store.companies.every():
        while await store.imports.forget(company.id, before, unwhole):
            await asyncio.sleep(0)
