"""One kind of call at a time, so that each shows for itself. Prints a report as JSON.

python -m bench.load_kinds create --url http://127.0.0.1:8000 --key KEY --count 2000 --made targets.json
python -m bench.load_kinds submit --url ... --key KEY --targets targets.json --connections 32
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TypeAlias

import msgspec
import pybase64
import uvloop

from bench.load import CLIENTS, PRODUCT, Made, Target, marks
from bench.material import passport_around, person, small_photograph
from bench.tally import Report, Tally
from bench.wire import Answer, Caller, Server

Step: TypeAlias = Callable[[Caller, Tally, Target], Coroutine[None, None, Target]]
NEW = Target("", "")
_marks = marks()


async def create(caller: Caller, tally: Tally, target: Target) -> Target:
    answer = await _good(tally, "create", 201, caller, f"POST {CLIENTS}", person(next(_marks)))
    return Target(msgspec.json.decode(answer.body, type=Made).id, "")


async def request(caller: Caller, tally: Tally, target: Target) -> Target:
    answer = await _good(tally, "request", 201, caller, f"POST {target.products}", PRODUCT)
    return Target(target.client_id, msgspec.json.decode(answer.body, type=Made).id)


async def listed(caller: Caller, tally: Tally, target: Target) -> Target:
    await _good(tally, "list", 200, caller, f"GET {target.products}")
    return target


async def upload(caller: Caller, tally: Tally, target: Target) -> Target:
    before, after = passport_around(next(_marks).upper())
    body = before, pybase64.b64encode(small_photograph()), after
    await _good(tally, "upload", 200, caller, f"POST {target.path}/documentation", *body)
    return target


async def submit(caller: Caller, tally: Tally, target: Target) -> Target:
    """Of a request that has all it needs, so that it moves on."""
    answer = await _good(tally, "submit", 200, caller, f"POST {target.path}/submit")
    assert b'"in_kyc"' in answer.body or b'"enabled"' in answer.body, answer.body
    return target


async def onboarding(caller: Caller, tally: Tally, target: Target) -> Target:
    """Create, request, upload, submit."""
    for step in (create, request, upload, submit):
        target = await step(caller, tally, target)
    return target


KINDS: dict[str, Step] = {
    "create": create,
    "request": request,
    "list": listed,
    "upload": upload,
    "submit": submit,
    "onboarding": onboarding,
}


async def run(kind: Step, server: Server, targets: list[Target], connections: int) -> tuple[Report, list[Target]]:
    """Every target once, on so many connections."""
    waiting, made = iter(targets), list[Target]()
    callers, tally = [Caller(server) for _ in range(connections)], Tally()

    async def drain(caller: Caller) -> None:
        for target in waiting:
            made.append(await kind(caller, tally, target))

    await asyncio.gather(*map(drain, callers))
    report = tally.report()
    for caller in callers:
        caller.close()
    return report, made


async def _good(tally: Tally, kind: str, status: int, caller: Caller, line: str, *body: bytes) -> Answer:
    """What is measured here must not go wrong."""
    answer = await caller.ask(line, *body)
    assert answer.status == status, f"{line}: {answer.status} {answer.body[:300]!r}"
    tally.good(kind, answer)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=list(KINDS))
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--targets", type=Path, help="who is asked about; without it, --count new ones")
    parser.add_argument("--made", type=Path, help="where those that were asked about are written")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=16)
    given = parser.parse_args()
    small_photograph()  # before the clock runs
    targets = [NEW] * given.count if given.targets is None else _read(given.targets)
    running = run(KINDS[given.kind], Server(given.url, given.key), targets, given.connections)
    report, made = uvloop.run(running)
    if given.made:
        given.made.write_bytes(msgspec.json.encode(made))
    sys.stdout.write(msgspec.json.encode(report).decode() + "\n")


def _read(path: Path) -> list[Target]:
    return msgspec.json.decode(path.read_bytes(), type=list[Target])


if __name__ == "__main__":
    main()
