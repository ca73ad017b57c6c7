"""What the calendar brings on one day: processor time, and how long the longest write kept others waiting."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.servers.postgresql import Cluster

from bench.processes import cpu_seconds
from bench.results import Result
from ostiary.app import Installation
from ostiary.background.renewals import Renewals
from ostiary.domain.companies.company import Company

MOST_CPU_S, MOST_HELD_MS = 60.0, 100.0
MOST_DUE = 1_000_000
OPENED = "SELECT count(*) FROM deadlines WHERE company_id = ?1 AND state <> 'waiting'"
ROUNDS_AFTER = 3
"""Rounds behind the last one that did anything: they find out that there is no more."""


class Watch:
    """How long each write and each read of an engine took, from being asked to its end: a lock is held for less, since
    waiting for the processor, for its turn and for the disk counts here."""

    def __init__(self, engine: Any) -> None:
        self.writes_ms, self.reads_ms = list[float](), list[float]()
        for times, names in ((self.writes_ms, ("apply", "write", "perform")), (self.reads_ms, ("rows", "gather"))):
            for name in names:
                setattr(engine, name, _timed(times, getattr(engine, name)))


def _timed(times: list[float], call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return await call(*given, **named)
        finally:
            times.append((time.perf_counter() - began) * 1_000)

    return timed


def _longest(name: str, times: list[float], at_most: float | None = None) -> Result:
    ordered = sorted(times)
    p50, p99 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
    detail = f"{len(times):,} of them: p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    return Result(name, "ms", ordered[-1], at_most=at_most, detail=detail)


def daily(parts: Installation, engine: str, server: Cluster | None = None) -> list[Result]:
    """The worker's rounds of today until nothing is due. On PostgreSQL the server's processor time counts as well."""
    company, due = parts.run(_due(parts))
    watch = Watch(parts.store.engine)
    before, began = _spent(server), time.perf_counter()
    parts.run(_rounds(parts, company))
    spent, took = _spent(server) - before, time.perf_counter() - began
    opened = _opened(parts, company)
    assert opened == due, f"{opened} renewals opened, {due} were due"
    detail = f"{due:,} renewals, {spent / due * 1_000:.2f} ms each; {took:.1f} s by the clock"
    return [
        Result(f"daily work on {engine}", "s of one core", spent, at_most=MOST_CPU_S, detail=detail),
        _longest(f"its longest write on {engine}", watch.writes_ms, MOST_HELD_MS),
        _longest(f"its longest read on {engine}", watch.reads_ms),
    ]


async def _due(parts: Installation) -> tuple[Company, int]:
    """The company that was filled, and how much is due in it."""
    context = parts.context
    [company] = [each for each in await context.storage.companies.every() if each.webhook.url is not None]
    return company, len(await context.storage.deadlines.due(company.id, context.now_ms(), MOST_DUE))


async def _rounds(parts: Installation, company: Company) -> None:
    """As a worker that has just begun: it also looks whether requests have no deadline yet."""
    context, renewals = parts.context, Renewals(parts.context)
    while await context.storage.deadlines.due(company.id, context.now_ms(), 1):
        await renewals.do(context.now_ms())
    for _ in range(ROUNDS_AFTER):
        await renewals.do(context.now_ms())


def _spent(server: Cluster | None) -> float:
    """Seconds of processor time so far, the database server's included."""
    aside = 0.0 if server is None or server.process is None else cpu_seconds(server.process.pid)
    return time.process_time() + aside


def _opened(parts: Installation, company: Company) -> int:
    with parts.store.engine.blocking() as aside:
        return int(aside.rows(OPENED, company.id)[0][0])
