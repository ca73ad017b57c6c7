"""Reads of a client whose product renews, beside those of one whose product never does: both services in turn."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from statistics import median

from bench.load import CLIENTS, UNMEASURED_PAIRS, Target
from bench.results import Result, median_of
from bench.service import Service
from bench.wire import Caller

AT_LEAST = 0.97
READS: Mapping[str, str] = {
    "get client": CLIENTS + "/{client}",
    "list products": CLIENTS + "/{client}/products",
    "get product": CLIENTS + "/{client}/products/{request}",
}
Sides = tuple[tuple[Service, list[Target]], tuple[Service, list[Target]]]


def reads(sides: Sides, rounds: int, count: int) -> list[Result]:
    """`sides`: without deadlines, then with. Ratios are of speed, so that less than 1 is slower with deadlines."""
    times: dict[str, list[float]] = {kind: [] for kind in READS}
    spent: list[float] = []
    for _ in range(rounds):
        before = [service.cpu_seconds() for service, _ in sides]
        waits = asyncio.run(_round(sides, count))
        cost = [service.cpu_seconds() - was for (service, _), was in zip(sides, before, strict=True)]
        spent.append(cost[0] / cost[1])
        for kind in READS:
            times[kind].append(median(waits[0][kind]) / median(waits[1][kind]))
    return [
        *(median_of(f"{kind}, with deadlines to without", "x", ratios) for kind, ratios in times.items()),
        median_of("reads for the same processor time", "x", spent, at_least=AT_LEAST),
    ]


async def _round(sides: Sides, count: int) -> list[dict[str, list[float]]]:
    """Seconds of each kind on each side. Some come first that do not count."""
    chance, callers = random.Random(7), [Caller(service.server) for service, _ in sides]
    waits: list[dict[str, list[float]]] = [{kind: [] for kind in READS} for _ in sides]
    for turn in range(count + UNMEASURED_PAIRS):
        for side in chance.sample((0, 1), 2):
            target = chance.choice(sides[side][1])
            for kind, path in READS.items():
                line = "GET " + path.format(client=target.client_id, request=target.enablement_id)
                answer = await callers[side].ask(line)
                assert answer.status == 200, (line, answer.status)
                if turn >= UNMEASURED_PAIRS:
                    waits[side][kind].append(answer.seconds)
    for caller in callers:
        caller.close()
    return waits
