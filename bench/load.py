"""The load, a process of its own so that its processor time is counted apart. Prints a report as JSON.

python -m bench.load small   --url http://127.0.0.1:8000 --key KEY --connections 16 --seconds 5
python -m bench.load prepare --url ... --key KEY --count 24 > targets.json
python -m bench.load upload  --url ... --key KEY --picture page.jpg --targets targets.json --at-once 4
python -m bench.load paired  --url A --key KEY --targets a.json --url B --key KEY --targets b.json --count 1000
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import msgspec
import pybase64
import uvloop

from bench.material import passport_around, person
from bench.tally import Report, Tally
from bench.wire import Answer, Caller, Lost, Server

CLIENTS = "/management/clients/individuals"
PRODUCT = b'{"subproduct": "cards_individuals"}'
OTHER_PRODUCT = b'{"subproduct": "accounts_individuals"}'
UNMEASURED_PAIRS = 30  # the first questions fill caches; they are asked and not counted
MOST_TRIES = 100


class Made(msgspec.Struct):
    """Of what was created, what the next request needs."""

    id: str


class Documented(msgspec.Struct):
    """Of the answer to an upload, whether it was taken."""

    rejected_items: list[msgspec.Raw]


class Target(msgspec.Struct):
    """An enablement that may be asked about."""

    client_id: str
    enablement_id: str

    @property
    def products(self) -> str:
        return f"{CLIENTS}/{self.client_id}/products"

    @property
    def path(self) -> str:
        return f"{self.products}/{self.enablement_id}"


def marks() -> Iterator[str]:
    """Endless and never the same, also between runs."""
    run = uuid.uuid4().hex[:8]
    return (f"{run}{serial}" for serial in count())


async def small(server: Server, connections: int, seconds: float, per_second: float = 0) -> Report:
    """Create client, request product, list products, submit; each connection over and over in this order.

    With `per_second`, each connection begins its next four at set times, whether the last ones took long or not.
    """
    fresh, tally, until = marks(), Tally(), time.perf_counter() + seconds
    callers = [Caller(server) for _ in range(connections)]
    every = 4 * connections / per_second if per_second else 0.0

    async def repeat(caller: Caller) -> None:
        due = time.perf_counter() + random.random() * every
        while time.perf_counter() < until:
            if every:
                await asyncio.sleep(due - time.perf_counter())
                due += every
            target = await _onboard(caller, next(fresh), tally)
            if target is not None:
                await _expect(tally, "list", 200, caller, "GET " + target.products)
                await _expect(tally, "submit", 200, caller, f"POST {target.path}/submit")

    await asyncio.gather(*map(repeat, callers))
    report = tally.report()
    for caller in callers:
        caller.close()
    return report


async def moves(server: Server, targets: list[Target], connections: int) -> Report:
    """Another product requested and the documented one submitted, for each target once: nothing but writes."""
    waiting, tally = iter(targets), Tally()
    callers = [Caller(server) for _ in range(connections)]

    async def drain(caller: Caller) -> None:
        for target in waiting:
            await _expect(tally, "request", 201, caller, f"POST {target.products}", OTHER_PRODUCT)
            await _expect(tally, "submit", 200, caller, f"POST {target.path}/submit")

    await asyncio.gather(*map(drain, callers))
    report = tally.report()
    for caller in callers:
        caller.close()
    return report


async def everything(sides: list[tuple[Server, list[Target]]], number: int) -> list[Report]:
    """Every kind of call that grows with nothing but its own client, the sides taking turns in random order."""
    chance, fresh = random.Random(7), marks()
    callers, tallies = [Caller(server) for server, _ in sides], [Tally() for _ in sides]
    waiting = [iter(chance.sample(targets, len(targets))) for _, targets in sides]
    for turn in range(number + UNMEASURED_PAIRS):
        if turn == UNMEASURED_PAIRS:
            tallies = [Tally() for _ in sides]
        for side in chance.sample(range(len(sides)), len(sides)):
            caller, tally, target = callers[side], tallies[side], next(waiting[side])
            await _onboard(caller, next(fresh), tally)
            await _expect(tally, "get client", 200, caller, f"GET {CLIENTS}/{target.client_id}")
            await _expect(tally, "list clients", 200, caller, f"GET {CLIENTS}?limit=20")
            await _expect(tally, "list products", 200, caller, "GET " + target.products)
            await _expect(tally, "get product", 200, caller, "GET " + target.path)
            await _expect(tally, "submit", 200, caller, f"POST {target.path}/submit")
            await _expect(tally, "deliveries", 200, caller, "GET /management/companies/webhook/deliveries?limit=20")
    return [tally.report() for tally in tallies]


async def prepare(server: Server, number: int) -> list[Target]:
    """So many clients that each asked for the product; one at a time, since nothing is measured here."""
    caller, tally, fresh = Caller(server), Tally(), marks()
    made = [await _onboard(caller, next(fresh), tally) for _ in range(number)]
    caller.close()
    assert not tally.errors, f"preparing failed: {dict(tally.errors)}"
    return [one for one in made if one is not None]


async def upload(server: Server, picture: bytes, targets: list[Target], at_once: int) -> Report:
    """The same picture for every target under a number of its own. A 503 is asked again when its Retry-After says."""
    encoded, waiting, numbers = pybase64.b64encode(picture), iter(targets), marks()
    callers, tally = [Caller(server) for _ in range(at_once)], Tally()

    async def drain(caller: Caller) -> None:
        for target in waiting:
            before, after = passport_around(next(numbers).upper())
            await _upload_one(caller, tally, f"POST {target.path}/documentation", (before, encoded, after))

    await asyncio.gather(*map(drain, callers))
    report = tally.report()
    for caller in callers:
        caller.close()
    return report


async def _upload_one(caller: Caller, tally: Tally, line: str, body: tuple[bytes, ...]) -> None:
    for _ in range(MOST_TRIES):
        try:
            answer = await caller.ask(line, *body)
        except Lost as problem:
            tally.bad("upload", f"lost ({problem})")
            return
        if answer.status != 503 or answer.retry_after_s is None:
            break
        tally.retried += 1
        await asyncio.sleep(answer.retry_after_s)
    if answer.status != 200:
        tally.bad("upload", answer.status)
    elif msgspec.json.decode(answer.body, type=Documented).rejected_items:
        tally.bad("upload", "refused " + answer.body[-300:].decode())
    else:
        tally.good("upload", answer)


async def paired(sides: list[tuple[Server, list[Target]]], number: int) -> list[Report]:
    """List products and submit for random targets, one connection each, the sides taking turns in random order."""
    chance = random.Random(7)
    callers, tallies = [Caller(server) for server, _ in sides], [Tally() for _ in sides]
    for turn in range(number + UNMEASURED_PAIRS):
        if turn == UNMEASURED_PAIRS:
            tallies = [Tally() for _ in sides]
        for side in chance.sample(range(len(sides)), len(sides)):
            target = chance.choice(sides[side][1])
            await _expect(tallies[side], "list", 200, callers[side], "GET " + target.products)
            await _expect(tallies[side], "submit", 200, callers[side], f"POST {target.path}/submit")
    return [tally.report() for tally in tallies]


async def _onboard(caller: Caller, mark: str, tally: Tally) -> Target | None:
    client = await _expect(tally, "create", 201, caller, "POST " + CLIENTS, person(mark))
    if client is None:
        return None
    client_id = msgspec.json.decode(client.body, type=Made).id
    product = await _expect(tally, "request", 201, caller, f"POST {CLIENTS}/{client_id}/products", PRODUCT)
    return None if product is None else Target(client_id, msgspec.json.decode(product.body, type=Made).id)


async def _expect(tally: Tally, kind: str, status: int, caller: Caller, line: str, *body: bytes) -> Answer | None:
    try:
        answer = await caller.ask(line, *body)
    except Lost as problem:
        tally.bad(kind, f"lost ({problem})")
        await asyncio.sleep(0.05)  # a service that is gone is not asked in a tight loop
        return None
    if answer.status != status:
        tally.bad(kind, answer.status)
        return None
    tally.good(kind, answer)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", choices=["small", "prepare", "upload", "paired", "moves", "everything"])
    parser.add_argument("--url", action="append", required=True)
    parser.add_argument("--key", action="append", required=True)
    parser.add_argument("--targets", action="append", type=Path, default=[])
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--connections", "--at-once", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--per-second", type=float, default=0.0)
    parser.add_argument("--count", type=int, default=24)
    given = parser.parse_args()
    servers = [Server(url, key) for url, key in zip(given.url, given.key, strict=True)]
    targets = [msgspec.json.decode(path.read_bytes(), type=list[Target]) for path in given.targets]
    outcome: object
    if given.scenario == "small":
        outcome = uvloop.run(small(servers[0], given.connections, given.seconds, given.per_second))
    elif given.scenario == "moves":
        outcome = uvloop.run(moves(servers[0], targets[0], given.connections))
    elif given.scenario == "everything":
        outcome = uvloop.run(everything(list(zip(servers, targets, strict=True)), given.count))
    elif given.scenario == "prepare":
        outcome = uvloop.run(prepare(servers[0], given.count))
    elif given.scenario == "upload":
        outcome = uvloop.run(upload(servers[0], given.picture.read_bytes(), targets[0], given.connections))
    else:
        outcome = uvloop.run(paired(list(zip(servers, targets, strict=True)), given.count))
    sys.stdout.write(msgspec.json.encode(outcome).decode() + "\n")


if __name__ == "__main__":
    main()
