"""Each kind of small request for itself, beside the bare peer: what encryption, the audit chain, idempotency, rate
limits and the worker cost, and where."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import msgspec

from bench.bed import LOAD_S, Bed
from bench.postgres import cluster, peer_on
from bench.results import Result, median_of
from bench.service import ROOT, Service, make_bare, make_ostiary
from bench.tally import Report

KINDS = ("create", "request", "list", "upload", "submit", "onboarding")
"""In the order in which a client comes to them: each asks about what those before it made."""
LEAST = {"create": 0.6, "request": 0.6, "list": 0.6, "submit": 0.55, "onboarding": 0.65}
LEAST_POSTGRES = {"create": 0.85, "request": 0.8, "list": 0.75, "submit": 0.7}
LOOK_S, IDLE_S, SETTLED_WITHIN_S = 0.5, 0.025, 30
"""A service that has nothing to do spends some milliseconds of processor time a second, to look whether it has."""
CONNECTIONS, CONNECTIONS_POSTGRES, ONBOARDED_AT_ONCE = 16, 32, 8


def kinds(bed: Bed) -> list[Result]:
    """On SQLite."""
    with bed.running("kinds") as services:
        rivals = {name: service for name, service in services.items() if name != "peer"}
        return _measured(bed, rivals, CONNECTIONS, LEAST, "SQLite")


def kinds_postgres(bed: Bed) -> list[Result]:
    """On PostgreSQL: service, load and database share the cores."""
    with cluster() as server:
        url = server.url(server.create())
        rivals = {
            "bare": peer_on(server, bed.folder / "kinds-bare", make_bare),
            "ostiary": make_ostiary(bed.folder / "kinds-ostiary", OSTIARY_DATABASE_URL=url),
        }
        try:
            rivals["ostiary"].start()
            return _measured(bed, rivals, CONNECTIONS_POSTGRES, LEAST_POSTGRES, "PostgreSQL")
        finally:
            for service in rivals.values():
                service.stop()


def _measured(
    bed: Bed, rivals: dict[str, Service], connections: int, least: dict[str, float], engine: str
) -> list[Result]:
    number = 300 if bed.quick else 1500
    rates: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in rivals} for kind in KINDS}
    costs: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in rivals} for kind in KINDS}
    for turn in range(bed.rounds + 1):
        made: dict[str, Path | None] = dict.fromkeys(rivals)
        for kind in KINDS:
            for name, service in rivals.items():
                bed.tell(f"{engine}: round {turn} of {bed.rounds}, {kind}, {name}")
                at_once = ONBOARDED_AT_ONCE if kind == "onboarding" else connections
                before = service.cpu_seconds()
                report, made[name] = asked(bed, service, kind, made[name], number, at_once)
                settle(service)
                if turn:  # the first round warms
                    rates[kind][name].append(report.per_second)
                    costs[kind][name].append((service.cpu_seconds() - before) / report.requests * 1000)
    results = []
    for kind in KINDS:
        for name in rivals:
            cost = sorted(costs[kind][name])[bed.rounds // 2]
            detail = f"processor time of one {cost:.2g} ms"
            results.append(median_of(f"{engine}: {kind}, {name}", "/s", rates[kind][name], detail=detail))
        if len(rivals) == 2:
            pairs = zip(rates[kind]["ostiary"], rates[kind]["bare"], strict=True)
            ratios = [own / other for own, other in pairs]
            results.append(median_of(f"{engine}: {kind}, ostiary to bare", "x", ratios, at_least=least.get(kind)))
    return results


def settle(service: Service) -> None:
    """Waits until a service has done what it was left with: verdicts on submissions belong to what submitted them, and
    would compete with what is measured next."""
    deadline_s, spent_s = time.monotonic() + SETTLED_WITHIN_S, service.cpu_seconds()
    while time.monotonic() < deadline_s:
        time.sleep(LOOK_S)
        before_s, spent_s = spent_s, service.cpu_seconds()
        if spent_s - before_s <= IDLE_S:
            return


def asked(
    bed: Bed, service: Service, kind: str, targets: Path | None, number: int, connections: int
) -> tuple[Report, Path]:
    """What the load saw, and the file of those it asked about."""
    made = bed.folder / f"kinds-{service.name}.json"
    command = [sys.executable, "-m", "bench.load_kinds", kind, "--url", service.server.url, "--key", service.key]
    command += ["--connections", str(connections), "--made", str(made)]
    fresh = kind in ("create", "onboarding")
    command += ["--count", str(number)] if fresh or targets is None else ["--targets", str(targets)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LOAD_S, check=False)
    assert done.returncode == 0, f"{service.name}, {kind}: {done.stderr.decode()[-2000:]}"
    return msgspec.json.decode(done.stdout, type=Report), made
