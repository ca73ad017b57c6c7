"""PostgreSQL: submit and request over HTTP beside what pgbench and an ORM reach, two processes beside one, a backlog,
and growth. Everything shares the machine's cores: service, load and database."""

from __future__ import annotations

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor

import msgspec
from tests.servers.postgresql import Cluster

from bench.bed import Bed, Measured, measure
from bench.measure_deliveries import SENDERS, TOGETHER, line
from bench.postgres import (
    CONNECTIONS,
    Ground,
    cluster,
    peer_on,
    prepared_for_pgbench,
    seeded,
    transactions_a_second,
)
from bench.results import Result, median_of
from bench.service import Service
from bench.tally import Report

SEEDED = 10_000
BACKLOG = 10_000
PACED = 500
"""Requests a second at which one process and two are compared: well below what one can do."""


def postgres(bed: Bed) -> list[Result]:
    """Submit and request-product, against the limits measured in the same run."""
    seconds = 4 if bed.quick else 8
    seven, two, moves, small, peer = [], [], [], [], []
    with cluster() as server:
        ground, bare = seeded(bed, server, SEEDED), prepared_for_pgbench(server)
        rival = peer_on(server, bed.folder / "peer-postgres") if "peer" in bed.names else None
        try:
            for turn in range(bed.rounds):
                bed.tell(f"postgres: round {turn + 1} of {bed.rounds}")
                seven.append(transactions_a_second(server, bare, "seven_trips.sql", seconds))
                moves.append(_moves(bed, ground))
                two.append(transactions_a_second(server, bare, "two_trips.sql", seconds))
                if rival is not None:
                    small.append(_small(bed, ground, seconds).report.per_second)
                    peer.append(measure(bed, rival, "small", *_load(seconds)).report.per_second)
        finally:
            if rival is not None:
                rival.stop()
    results = [
        median_of("pgbench, seven round trips", "/s", seven),
        median_of("pgbench, two round trips", "/s", two),
        median_of("submit and request-product over HTTP", "/s", moves),
        median_of("the same, over seven round trips of pgbench", "x", _ratios(moves, seven), at_least=0.5),
        median_of("the same, over two round trips of pgbench", "x", _ratios(moves, two), at_least=0.3),
    ]
    if peer:
        results += [
            median_of("small requests on PostgreSQL, peer", "/s", peer),
            median_of("small requests on PostgreSQL, ostiary", "/s", small),
            median_of("small requests on PostgreSQL, ostiary to peer", "x", _ratios(small, peer), at_least=5),
        ]
    return results


def processes(bed: Bed) -> list[Result]:
    """Two processes beside one: what a request costs, and how long it takes at the same load.

    Both at the same number of requests a second, and as fast as they can: then two processes also fill both cores, and
    the database and the load wait for them. What that costs on this machine whoever serves is seen beside it: two
    services that share nothing but the cores, each with half of the connections.
    """
    seconds = 4 if bed.quick else 8
    per_cpu: dict[int, list[float]] = {1: [], 2: []}
    paced_per_cpu: dict[int, list[float]] = {1: [], 2: []}
    waits: dict[int, list[Report]] = {1: [], 2: []}
    apart: list[float] = []
    with cluster() as server:
        ground = seeded(bed, server, SEEDED)
        services = {n: ground.service(bed, f"ostiary x{n}", "--processes", str(n)) for n in (1, 2)}
        halves = [ground.service(bed, f"ostiary {side}") for side in ("left", "right")]
        try:
            for turn in range(bed.rounds + 1):
                for number, service in services.items():
                    bed.tell(f"processes: round {turn + 1} of {bed.rounds + 1}, {number}")
                    free = measure(bed, service, "small", *_load(seconds))
                    paced = measure(bed, service, "small", *_load(seconds), "--per-second", str(PACED))
                    if turn:  # the first round warms
                        per_cpu[number].append(1000 / free.cpu_ms)
                        paced_per_cpu[number].append(1000 / paced.cpu_ms)
                        waits[number].append(paced.report)
                both = _at_once(bed, halves, seconds)
                if turn:
                    apart.append(both)
        finally:
            for service in (*services.values(), *halves):
                service.stop()
    p50, p99 = ([[getattr(one.all, kind) for one in waits[n]] for n in (1, 2)] for kind in ("p50_ms", "p99_ms"))
    return [
        median_of(f"requests for a second of processor time at {PACED} a second, one process", "", paced_per_cpu[1]),
        median_of(
            "the same of two processes, over one", "x", _ratios(paced_per_cpu[2], paced_per_cpu[1]), at_least=0.9
        ),
        median_of("requests for a second of processor time at full speed, one process", "", per_cpu[1]),
        median_of("the same of two processes, over one", "x", _ratios(per_cpu[2], per_cpu[1]), at_least=0.9),
        median_of("the same of two services that share nothing, over one", "x", _ratios(apart, per_cpu[1])),
        median_of(f"p50 at {PACED} a second, two over one", "x", _ratios(p50[1], p50[0]), at_most=1),
        median_of(f"p99 at {PACED} a second, two over one", "x", _ratios(p99[1], p99[0])),
    ]


def backlog(bed: Bed) -> list[Result]:
    """Ten thousand deliveries that are due, two workers, and whether any came twice."""
    rates, doubled = [], []
    with cluster() as server:
        for turn in range(bed.rounds):
            bed.tell(f"backlog: round {turn + 1} of {bed.rounds}")
            rate, twice = _drained(bed, server, turn)
            rates.append(rate)
            doubled.append(float(twice))
    return [
        median_of("a backlog of 10,000 deliveries, two workers", "/s", rates, at_least=500),
        median_of("of these delivered twice", "", doubled, at_most=0),
    ]


def growth_postgres(bed: Bed) -> list[Result]:
    """p50 of every call, one connection to each service, taking turns: many enablements over few."""
    with cluster() as server:
        grounds = [seeded(bed, server, number) for number in (SEEDED, bed.growth_large)]
        services = [one.service(bed, f"ostiary with {len(one.seeded.samples)}") for one in grounds]
        try:
            bed.tell("growth on PostgreSQL: asking both in turn")
            files = [part for one in grounds for part in ("--targets", str(one.targets(bed)))]
            printed = bed.load("everything", services, "--count", "300" if bed.quick else "1000", *files)
        finally:
            for service in services:
                service.stop()
    few, many = msgspec.json.decode(printed, type=list[Report])
    assert not few.errors, few.errors
    assert not many.errors, many.errors
    return [_grown(kind, few, many, bed.growth_large) for kind in few.each]


def _grown(kind: str, few: Report, many: Report, large: int) -> Result:
    before, after = few.each[kind].p50_ms, many.each[kind].p50_ms
    detail = f"p50 {before:.2f} ms at {SEEDED:,} enablements, {after:.2f} ms at {large:,}"
    return Result(f"growth on PostgreSQL: {kind}", "x", after / before, at_most=1.2, detail=detail)


def _moves(bed: Bed, ground: Ground) -> float:
    service = ground.service(bed, "ostiary")
    try:
        files = ("--targets", str(ground.targets(bed)))
        measure(bed, service, "small", *_load(2))  # warms
        report = msgspec.json.decode(
            bed.load("moves", [service], *files, "--connections", str(CONNECTIONS)), type=Report
        )
        assert not report.errors, report.errors
        return report.per_second
    finally:
        service.stop()


def _at_once(bed: Bed, services: list[Service], seconds: int) -> float:
    """Requests for a second of their processor time, of services that are asked at the same time."""
    load = "--connections", str(CONNECTIONS // len(services)), "--seconds", str(seconds)
    with ThreadPoolExecutor(len(services)) as pool:
        done = list(pool.map(lambda one: measure(bed, one, "small", *load), services))
    return 1000 * sum(one.report.requests for one in done) / sum(one.cpu_ms * one.report.requests for one in done)


def _small(bed: Bed, ground: Ground, seconds: int) -> Measured:
    service = ground.service(bed, "ostiary")
    try:
        measure(bed, service, "small", *_load(2))  # warms
        return measure(bed, service, "small", *_load(seconds))
    finally:
        service.stop()


def _drained(bed: Bed, server: Cluster, turn: int) -> tuple[float, int]:
    url = server.url(server.create())
    with line(bed.folder / f"backlog-{turn}", OSTIARY_DATABASE_URL=url) as one:

        async def filled() -> None:
            for _ in range(SENDERS):
                company = await one.company("/hook")
                for _ in range(BACKLOG // SENDERS // TOGETHER + 1):
                    await one.post(company, min(TOGETHER, BACKLOG // SENDERS))
            await one.parts.store.release()

        asyncio.run(filled())
        total = SENDERS * (BACKLOG // SENDERS // TOGETHER + 1) * min(TOGETHER, BACKLOG // SENDERS)
        workers: list[subprocess.Popen[bytes]] = []
        for _ in range(2):
            one.begin()
            assert one.worker is not None
            workers.append(one.worker)
        asyncio.run(one.until(total))
        lines = one.output.read_text().splitlines()[1:]
        for worker in workers:
            worker.kill()
            worker.wait()
        times = sorted(float(each.split()[0]) for each in lines)
        return (total - 1) / (times[total - 1] - times[0]), len(lines) - len({each.split()[1] for each in lines})


def _load(seconds: float) -> tuple[str, ...]:
    return "--connections", str(CONNECTIONS), "--seconds", str(seconds)


def _ratios(above: list[float], below: list[float]) -> list[float]:
    return [one / other for one, other in zip(above, below, strict=True)]
