"""What very many pending messages of one company cost the others, on both databases.

    python -m bench.measure_backlog [--pending 300000] [--seconds 8] [--only sqlite] [--folder FOLDER]

Another company's calls (create a client, request a product, list, read) at a steady rate, of which half are under an
idempotency key: without a backlog; with it; while `/metrics` is scraped and the owner of the backlog lists its
deliveries in every way; and while its endpoint works again and everything wakes. Ends with 1 when a p99 is more than
twice the usual.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from tests.servers.postgresql import own

from bench.material import person
from bench.service import ROOT, Service, make_ostiary
from ostiary.adapters.clock import new_id, now_ms
from ostiary.app import Installation, opened
from ostiary.domain.companies.company import Company, Environment, Webhook
from ostiary.domain.delivery.messages import MessageOutcome, status_changed
from ostiary.domain.delivery.queues import Lane
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.settings import read_settings
from ostiary.storage.tables.messages import seal_body
from ostiary.storage.unit_context import company_box
from ostiary.usecases.companies.companies import create_company, create_key, operator_for

PACED, CALLERS = 60, 8
"""Requests a second: far below what one process can do, so that what is seen is waiting and not load."""
MOST_RATIO = 2.0
LATER_MS = 3_600_000
TOGETHER = 5_000
CLIENTS = "/management/clients/individuals"
DELIVERIES = "/management/companies/webhook/deliveries"
ROWS = """INSERT INTO messages (company_id, message_id, topic, client_id, enablement_id, sequence, state, due_at_ms,
 lease, leased_until_ms, attempts, body, created_at_ms, ended_at_ms, queue, woken)
 VALUES (?1, ?2, 'webhook', ?3, ?4, 1, 'pending', ?5, NULL, 0, 1, ?6, ?7, NULL, 'webhook', 0)"""
QUEUE = """INSERT INTO queues (company_id, queue, due_at_ms, lane, failing_since_ms)
 VALUES (?1, 'webhook', ?2, ?3, ?4)"""


@dataclass
class Bed:
    """A service, and the two companies: whose messages wait, and who must not notice."""

    service: Service
    parts: Installation
    crowded: Company
    crowded_key: str
    key: str


async def founded(parts: Installation, url: str) -> tuple[Company, str]:
    decided = await create_company(parts.context, "Bench", Environment.SANDBOX, None, "operator:bench")
    assert decided.unit is not None
    made = replace(decided.answer, webhook=Webhook(url, "key"))
    assert await parts.store.commit(replace(decided.unit, owner=made)) is None
    caller = await operator_for(parts.context, made.id, "bench")
    key = await create_key(parts.context, caller, 3, ())
    assert key.unit is not None
    assert await parts.store.commit(key.unit, caller.company) is None
    return (await operator_for(parts.context, made.id, "bench")).company, key.answer.secret


def fill(bed: Bed, pending: int) -> None:
    """What an endpoint that has been away for long leaves behind: each due at a time of its own, later."""
    box, now = company_box(bed.parts.cipher, bed.crowded), now_ms()
    with bed.parts.store.engine.blocking() as aside:
        for begin in range(0, pending, TOGETHER):
            rows = []
            for at in range(begin, min(begin + TOGETHER, pending)):
                request = Enablement(
                    new_id(), bed.crowded.id, new_id(), "cards_individuals", "v", Status.IN_KYC, now, now, 1, 1
                )
                message = status_changed(new_id(), Status.PENDING_DOCUMENTATION, request, (), now)
                body = seal_body(box, message)
                rows.append((bed.crowded.id, message.id, request.client_id, request.id, now + LATER_MS + at, body, now))
            aside.many(ROWS, rows)
        aside.many(QUEUE, [(bed.crowded.id, now + LATER_MS, int(Lane.FAILING), now - 1)])


async def calls(bed: Bed, seconds: float) -> list[float]:
    """Seconds of each call of the other company."""
    waits: list[float] = []
    async with httpx.AsyncClient(base_url=bed.service.server.url, headers={"x-api-key": bed.key}, timeout=60) as http:

        async def timed(method: str, path: str, **more: Any) -> Any:
            began = time.perf_counter()
            answer = await http.request(method, path, **more)
            waits.append(time.perf_counter() - began)
            assert answer.status_code < 300, answer.text
            return answer.json()

        async def caller(number: int) -> None:
            end, at = time.monotonic() + seconds, 0
            while time.monotonic() < end:
                at += 1
                began = time.monotonic()
                keyed = {"idempotency-key": new_id()} if at % 2 else {}
                body = person(f"{number}-{new_id()}")
                client = await timed(
                    "POST", CLIENTS, content=body, headers={"content-type": "application/json", **keyed}
                )
                mine = f"{CLIENTS}/{client['id']}"
                await timed("POST", f"{mine}/products", json={"subproduct": "cards_individuals"}, headers=keyed)
                await timed("GET", f"{mine}/products")
                await timed("GET", mine)
                await asyncio.sleep(max(0.0, began + 4 * CALLERS / PACED - time.monotonic()))

        await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    return waits


async def looks(bed: Bed, seconds: float) -> None:
    """Monitors, and the owner of the backlog looking at it in every way there is."""
    ways = ["", "?state=pending", "?state=delivered", "?state=failed", f"?product_request_id={new_id()}"]
    async with httpx.AsyncClient(base_url=bed.service.server.url, timeout=60) as http:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for way in ways:
                assert (await http.get(DELIVERIES + way, headers={"x-api-key": bed.crowded_key})).status_code == 200
            assert (await http.get("/metrics")).status_code == 200
            await asyncio.sleep(0.1)


async def wakes(bed: Bed) -> None:
    """A delivery asked for by hand is taken, and the endpoint works again."""
    [one] = await bed.parts.store.deliveries.page(bed.crowded, MessageOutcome.PENDING, None, None, 1)
    async with httpx.AsyncClient(base_url=bed.service.server.url, headers={"x-api-key": bed.crowded_key}) as http:
        answer = await http.post(f"{DELIVERIES}/{one.message.id}/redeliver")
        assert answer.status_code == 200, answer.text


async def measured(bed: Bed, pending: int, seconds: float, tell: Callable[[str], None]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    await calls(bed, 2)
    found["usual"] = await calls(bed, seconds)
    tell(f"filling in {pending:,} messages")
    await asyncio.to_thread(fill, bed, pending)
    found["beside them"] = await calls(bed, seconds)
    found["while they are looked at"], _ = await asyncio.gather(calls(bed, seconds), looks(bed, seconds))
    await wakes(bed)
    found["while they wake"] = await calls(bed, seconds)
    taken = await bed.parts.store.deliveries.page(bed.crowded, MessageOutcome.DELIVERED, None, None, 100)
    assert len(taken) > 1, "they are on their way"
    return found


def p99_ms(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)] * 1000


@contextmanager
def made(folder: Path, **settings: str) -> Iterator[Bed]:
    folder.mkdir(parents=True, exist_ok=True)
    came = folder / "came"
    with came.open("wb") as out:
        receiver = subprocess.Popen([sys.executable, "-m", "bench.receiver"], stdout=out, cwd=ROOT)
    try:
        while b"\n" not in came.read_bytes():
            time.sleep(0.02)
        port = int(came.read_text().splitlines()[0])
        variables = {"OSTIARY_DATA_DIR": str(folder / "data"), "OSTIARY_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8"}
        with opened(read_settings(variables | settings), may_make=True) as parts:
            crowded, crowded_key = parts.run(founded(parts, f"http://127.0.0.1:{port}/hook"))
            _, key = parts.run(founded(parts, f"http://127.0.0.1:{port}/hook"))
            service = make_ostiary(folder / "data", key)
            service.environment.update(variables | settings | {"OSTIARY_LOG_LEVEL": "error"})
            service.start()
            try:
                yield Bed(service, parts, crowded, crowded_key, key)
            finally:
                service.stop()
    finally:
        receiver.kill()
        receiver.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pending", type=int, default=300_000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--folder", type=Path, help="where data lies meanwhile: a real disk, not one in memory")
    options = parser.parse_args()
    is_good = True
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="ostiary-backlog-") as folder, own() as cluster:
        for engine in ("sqlite", "postgresql"):
            if options.only not in (None, engine):
                continue
            settings = {"OSTIARY_DATABASE_URL": cluster.url(cluster.create())} if engine == "postgresql" else {}
            with made(Path(folder) / engine, **settings) as bed:
                found = bed.parts.run(measured(bed, options.pending, options.seconds, print_line))
            usual = p99_ms(found["usual"])
            for name, waits in found.items():
                ratio = p99_ms(waits) / usual
                middle = sorted(waits)[len(waits) // 2] * 1000
                print_line(
                    f"{engine:10} {name:26} {len(waits):5} calls, p50 {middle:6.1f} ms, p99 {p99_ms(waits):7.1f} ms, "
                    f"{ratio:.2f} of usual"
                )
                is_good = is_good and ratio <= MOST_RATIO
    return 0 if is_good else 1


def print_line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
