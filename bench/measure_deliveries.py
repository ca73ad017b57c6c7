"""Deliveries: how many a second one worker sends, how soon they are there, and what dead endpoints cost others.

A real worker process, a real receiver process, SQLite; messages are written the way the service writes them.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bench.bed import Bed
from bench.results import Result, median_of
from bench.service import OSTIARY, ROOT
from ostiary.adapters.clock import new_id, now_ms
from ostiary.app import Installation, opened
from ostiary.domain.companies.company import Company, Environment, Webhook
from ostiary.domain.delivery.messages import Message, probe_event
from ostiary.domain.unit import AddMessage, Unit
from ostiary.settings import read_settings
from ostiary.usecases.companies.companies import create_company

MANY, FEW, SENDERS = 20_000, 4_000, 20
DEAD = 1_000
PROBES, EVERY_S = 300, 0.02
PATIENCE_S = 120
TOGETHER = 200


@dataclass
class Line:
    """An installation with a worker beside it and a receiver to send to."""

    parts: Installation
    url: str
    output: Path
    settings: dict[str, str]
    worker: subprocess.Popen[bytes] | None = None

    def came(self) -> dict[str, float]:
        """Arrivals by id."""
        lines = (one.split() for one in self.output.read_text().splitlines()[1:] if one)
        return {pair[1]: float(pair[0]) for pair in lines if len(pair) == 2}

    async def company(self, path: str) -> Company:
        decided = await create_company(self.parts.context, "Bench", Environment.SANDBOX, None, "operator:bench")
        assert decided.unit is not None
        made = replace(decided.answer, webhook=Webhook(self.url + path, "key"))
        assert await self.parts.store.commit(replace(decided.unit, owner=made)) is None
        company = await self.parts.store.companies.find(made.id)
        assert company is not None
        return company

    async def post(self, company: Company, count: int = 1) -> list[str]:
        """Commits messages; their ids."""
        messages: list[Message] = [probe_event(new_id(), company.id, now_ms()) for _ in range(count)]
        unit = Unit(company.id, now_ms(), changes=(*map(AddMessage, tuple(messages)),))
        assert await self.parts.store.commit(unit, company) is None
        return [one.id for one in messages]

    def begin(self) -> None:
        variables = {**os.environ, "OSTIARY_DATA_DIR": str(self.parts.settings.data_dir),
                     "OSTIARY_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8", "OSTIARY_LOG_LEVEL": "error",
                     **self.settings}  # fmt: skip
        self.worker = subprocess.Popen([str(OSTIARY), "worker"], env=variables, stdout=subprocess.DEVNULL)

    async def until(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while len(self.output.read_bytes().splitlines()) - 1 < count:
            assert time.monotonic() < deadline, f"{count} deliveries did not come within {PATIENCE_S} s"
            await asyncio.sleep(0.1)


def deliveries(bed: Bed) -> list[Result]:
    if "ostiary" not in bed.names:
        return []
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    rates, alone, soon, beside, ratios = [], [], [], [], []
    for number in range(bed.rounds):
        bed.tell(f"deliveries: round {number + 1} of {bed.rounds}, throughput")
        with line(bed.folder / f"deliveries-{number}") as one:
            rates.append(asyncio.run(_throughput(one, FEW if bed.quick else MANY)))
        bed.tell(f"deliveries: round {number + 1} of {bed.rounds}, httpx alone")
        with line(bed.folder / f"httpx-{number}") as one:
            alone.append(asyncio.run(_httpx_alone(one, 2_000)))
        bed.tell(f"deliveries: round {number + 1} of {bed.rounds}, idle and beside {DEAD:,} dead endpoints")
        with line(bed.folder / f"idle-{number}") as one:
            calm, crowded = asyncio.run(_waits(one))
        soon.append(statistics.median(calm) * 1000)
        beside.append(_p99(crowded) * 1000)
        ratios.append(_p99(crowded) / _p99(calm))
    return [
        median_of("deliveries a second, one worker", "/s", rates, at_least=800),
        median_of("httpx alone, 32 at once", "/s", alone),
        median_of("commit to first byte, idle, p50", "ms", soon, at_most=20),
        median_of(f"commit to first byte beside {DEAD:,} dead endpoints, p99", "ms", beside),
        median_of("the same p99 over the p99 without them", "", ratios, at_most=2.0),
    ]


@contextmanager
def line(folder: Path, **settings: str) -> Iterator[Line]:
    """Made on a new folder, ended with it."""
    folder.mkdir(parents=True)
    output = folder / "came"
    with output.open("wb") as out:
        receiver = subprocess.Popen([sys.executable, "-m", "bench.receiver"], stdout=out, cwd=ROOT)
    try:
        while not output.read_bytes().endswith(b"\n"):
            time.sleep(0.02)
        port = int(output.read_text().splitlines()[0])
        with opened(read_settings({"OSTIARY_DATA_DIR": str(folder / "data"), **settings}), may_make=True) as parts:
            made = Line(parts, f"http://127.0.0.1:{port}", output, settings)
            yield made
            if made.worker is not None:
                made.worker.send_signal(signal.SIGKILL)
                made.worker.wait()
    finally:
        receiver.kill()
        receiver.wait()


async def _throughput(one: Line, count: int) -> float:
    """A backlog of several companies, delivered."""
    for _ in range(SENDERS):
        company = await one.company("/hook")
        for _ in range(count // SENDERS // TOGETHER):
            await one.post(company, TOGETHER)
    total = count // SENDERS // TOGETHER * TOGETHER * SENDERS
    one.begin()
    await one.until(total)
    times = sorted(one.came().values())
    return (total - 1) / (times[-1] - times[0])


async def _httpx_alone(one: Line, count: int) -> float:
    """The same receiver and size, neither claimed, signed nor recorded."""
    body = b"x" * 180
    room = asyncio.Semaphore(32)
    async with httpx.AsyncClient(trust_env=False) as client:

        async def send(number: int) -> None:
            async with room:
                await client.post(f"{one.url}/hook", content=body, headers={"webhook-id": str(number)})

        began = time.perf_counter()
        await asyncio.gather(*(send(number) for number in range(count)))
        return count / (time.perf_counter() - began)


async def _waits(one: Line) -> tuple[list[float], list[float]]:
    """Seconds from commit to first byte: with nothing else to do, then beside dead endpoints with several messages."""
    healthy = await one.company("/hook")
    one.begin()
    await one.post(healthy)
    await one.until(1)
    calm = await _probe(one, healthy)
    for _ in range(DEAD):
        await one.post(await one.company("/hang"), 3)
    await asyncio.sleep(1)
    return calm, await _probe(one, healthy)


async def _probe(one: Line, company: Company) -> list[float]:
    sent: dict[str, float] = {}
    before = len(one.came())
    for _ in range(PROBES):
        [message_id] = await one.post(company)
        sent[message_id] = time.time()
        await asyncio.sleep(EVERY_S)
    await one.until(before + PROBES)
    came = one.came()
    return [came[message_id] - at for message_id, at in sent.items()]


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]
