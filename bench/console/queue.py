"""What a page of the review queue costs with 1,000 and with 100,000 cases waiting, on both databases.

    python -m bench.console.queue [--waiting 100000] [--seconds 10] [--only sqlite] [--folder FOLDER]

A service with its console; eight operators who read the queue's first page again and again, each over a connection of
his own. First byte, p50 and p95; the ratio of both sizes. Ends with 1 when p95 is over 60 ms or the ratio over 1.2.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.console.desk import SESSION, desk_of
from tests.servers.postgresql import own

from bench.service import Service, make_ostiary
from ostiary.adapters.clock import new_id, now_ms
from ostiary.app import Installation, opened
from ostiary.domain.companies.company import Company, Environment
from ostiary.domain.operators.operator import Role
from ostiary.settings import read_settings
from ostiary.storage.tables.enablements import ADD_ENABLEMENT

READERS, MOST_P95_MS, MOST_RATIO = 8, 60.0, 1.2
FEW, TOGETHER = 1_000, 5_000
REASONS = ("name_doubtful", "number_doubtful,returned_before", "not_machine_readable", "screening_hit")
QUEUE = "/console/queue"


@dataclass(frozen=True, slots=True)
class Measured:
    """First bytes of one size, in ms; and processor time for a page, which others on the machine hardly change."""

    waiting: int
    pages: int
    p50_ms: float
    p95_ms: float
    cpu_ms: float


def fill(parts: Installation, company: Company, count: int, begin: int) -> None:
    """Requests that wait, each since a moment of its own; one in a thousand is a hit on an enabled client."""
    now = now_ms()
    with parts.store.engine.blocking() as aside:
        for start in range(0, count, TOGETHER):
            rows = []
            for at in range(start, min(start + TOGETHER, count)):
                shown, kind = ("change", "screening") if at % 1_000 == 0 else ("submission", "submission")
                since = now - (begin + at) * 1_000
                rows.append((
                    new_id(), company.id, new_id(), "cards_individuals", "v", "in_kyc", 1, 1, None, shown, since, since,
                    since, None, kind, REASONS[at % len(REASONS)],
                ))  # fmt: skip
            aside.many(ADD_ENABLEMENT, rows)


async def read(url: str, tokens: list[str], seconds: float) -> list[float]:
    """Milliseconds until the first byte of each page that was asked for."""
    waits: list[float] = []

    async def reader(token: str) -> None:
        end = time.monotonic() + seconds
        async with httpx.AsyncClient(base_url=url, cookies={SESSION: token}, timeout=60) as http:
            while time.monotonic() < end:
                began = time.perf_counter()
                async with http.stream("GET", QUEUE) as answer:
                    waits.append((time.perf_counter() - began) * 1_000)
                    assert answer.status_code == 200, answer.status_code
                    await answer.aread()

    await asyncio.gather(*(reader(token) for token in tokens))
    return waits


def measured(waits: list[float], waiting: int, cpu_seconds: float) -> Measured:
    ordered, pages = sorted(waits), len(waits)
    return Measured(
        waiting=waiting,
        pages=pages,
        p50_ms=ordered[pages // 2],
        p95_ms=ordered[int(pages * 0.95)],
        cpu_ms=cpu_seconds / pages * 1_000,
    )


def measure(folder: Path, url: str, waiting: int, seconds: float) -> tuple[Measured, Measured]:
    """With few waiting, then with many."""
    chosen = {"OSTIARY_DATABASE_URL": url} if url else {}
    variables = {"OSTIARY_DATA_DIR": str(folder / "data"), "OSTIARY_RATE_LIMIT_PER_SECOND": "0", **chosen}
    with opened(read_settings(variables), may_make=True) as parts:
        company, tokens = parts.run(_begin(parts))
        service = make_ostiary(folder / "data", "none", **chosen, OSTIARY_LOG_LEVEL="error")
        service.start()
        try:
            few = _sized(parts, company, service, tokens, (0, FEW, seconds))
            many = _sized(parts, company, service, tokens, (FEW, waiting - FEW, seconds))
        finally:
            service.stop()
    return few, many


def _sized(
    parts: Installation, company: Company, service: Service, tokens: list[str], size: tuple[int, int, float]
) -> Measured:
    """After so many more wait."""
    begin, count, seconds = size
    fill(parts, company, count, begin)
    asyncio.run(read(service.server.url, tokens, min(2.0, seconds)))  # what is first asked for is loaded
    before = service.cpu_seconds()
    waits = asyncio.run(read(service.server.url, tokens, seconds))
    return measured(waits, begin + count, service.cpu_seconds() - before)


async def _begin(parts: Installation) -> tuple[Company, list[str]]:
    """A company, and a token of a session for each reader."""
    async with desk_of(parts) as desk:
        company = await desk.company("Bench", Environment.SANDBOX)
        readers = [await desk.operator(f"reader {number}", Role.REVIEWER) for number in range(READERS)]
        return company, [await desk.session(reader) for reader in readers]


@contextmanager
def database(name: str) -> Iterator[str]:
    """The address of an empty database; empty for a file."""
    if name == "sqlite":
        yield ""
        return
    with own() as cluster:
        yield cluster.url(cluster.create())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    is_good = True
    for name in [given.only] if given.only else ["sqlite", "postgres"]:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder, database(name) as url:
            few, many = measure(Path(folder), url, given.waiting, given.seconds)
            ratio = many.p95_ms / few.p95_ms
            for each in (few, many):
                print(
                    f"{name}: {each.waiting:>7,} wait, p50 {each.p50_ms:.1f} ms, p95 {each.p95_ms:.1f} ms "
                    f"({each.pages} pages, {each.cpu_ms:.1f} ms of processor time each)"
                )
            print(f"{name}: ratio of p95 {ratio:.2f}")
            is_good &= many.p95_ms <= MOST_P95_MS and ratio <= MOST_RATIO
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
