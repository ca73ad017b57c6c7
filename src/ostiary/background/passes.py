"""What every pass over active clients has: one at a time, in the background, begun when something changed which is
looked at now and then; and what is wrong is said once, and once a day while it lasts.

`rescreen` and `trust` say what is looked at, and what is done with each client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ostiary.domain.clients.client import Client, ClientStatus
from ostiary.domain.companies.company import Company
from ostiary.domain.times import DAY_MS
from ostiary.usecases.context import Context

CLIENTS_PER_PAGE = 200
"""Some 0.2 MB of rows at once, and a thousand pages for 200,000 clients."""
LOOK_EVERY_MS = 60_000
"""Whoever changed a list or imported a certificate waits no longer than that for a pass to begin."""


@dataclass(slots=True)
class BackgroundPass:
    """At most one pass, and when it was last looked whether there is reason for one."""

    _looked_at_ms: int = 0
    _task: asyncio.Task[Any] | None = field(default=None, repr=False)

    def may_look(self, now_ms: int) -> bool:
        """Whether it is time to look again; if so, that is what is done now. A clock that was set back counts as time
        that went by."""
        is_busy = self._task is not None and not self._task.done()
        if is_busy or 0 <= now_ms - self._looked_at_ms < LOOK_EVERY_MS:
            return False
        self._looked_at_ms = now_ms
        return True

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """After `may_look`: nothing is under way then."""
        self._task = asyncio.create_task(work)

    async def close(self) -> None:
        """Cuts off a pass that is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


class FaultNews(StrEnum):
    """What there is to say of a thing that is looked at again and again."""

    NOTHING = "nothing"
    FAULTY = "faulty"
    IN_ORDER = "in_order"


@dataclass(slots=True)
class FaultNotices:
    """Which faults were said when, by the names of what has them."""

    _said: dict[str, tuple[str, int]] = field(default_factory=dict, repr=False)

    def news(self, name: str, fault: str, now_ms: int) -> FaultNews:
        """Faulty: the fault is new, or was last said a day ago. In order: there was one that was said, and is none."""
        before, said_at_ms = self._said.get(name, ("", 0))
        if fault and (fault != before or not 0 <= now_ms - said_at_ms < DAY_MS):
            self._said[name] = fault, now_ms
            return FaultNews.FAULTY
        if before and not fault:
            del self._said[name]
            return FaultNews.IN_ORDER
        return FaultNews.NOTHING


async def active_clients(context: Context) -> AsyncIterator[tuple[Company, Client]]:
    """Every active client of a production company, newest first within each."""
    for company in await context.storage.companies.every():
        before: str | None = None
        while not company.is_sandbox:
            page = await context.storage.clients.page(company.id, ClientStatus.ACTIVE, before, CLIENTS_PER_PAGE)
            for client in page:
                yield company, client
            if len(page) < CLIENTS_PER_PAGE:
                break
            before = page[-1].id
