"""What the keyed audit trail costs: clients created and requests submitted with it, and without, on both databases.

    python -m bench.measure_audit [--rounds 7] [--calls 400] [--only sqlite] [--folder FOLDER]

The use cases run to their committed end in this process, sixteen at a time, without HTTP: what is measured is the whole
of what the trail can make dearer. Without it no entry is made, hashed or written, and no chain is counted; everything
else stays (the row of the client has its version and the end of a chain in any case). Rounds of both alternate.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import count
from operator import attrgetter
from pathlib import Path
from statistics import median
from unittest import mock

from tests.servers.postgresql import own

from bench.seed import Ground, make_company, profile, small_picture, unit_of
from ostiary.app import Installation, opened
from ostiary.domain.companies.company import Caller
from ostiary.domain.unit import AddEnablement
from ostiary.settings import read_settings
from ostiary.storage.unit_writer import Writing
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.transaction import execute

AT_ONCE = 16
Call = Callable[[], Awaitable[object]]
_numbers = count(1)


@dataclass(frozen=True)
class Cost:
    """Of one call, in milliseconds: on the wall with sixteen at once, and of this process's processor time."""

    wall_ms: float
    cpu_ms: float


@contextmanager
def no_trail() -> Iterator[None]:
    """Units are written as if they had nothing to note."""
    with mock.patch.object(Writing, "_lengthened", lambda self, unit, owner, writes, known: (owner.chain, [])):
        yield


async def creating(ground: Ground, caller: Caller, calls: int) -> list[Call]:
    context = ground.parts.context
    people = [profile(next(_numbers), phone=True) for _ in range(calls)]
    return [partial(execute, context, caller, partial(create_client, context, caller, one)) for one in people]


async def submitting(ground: Ground, caller: Caller, calls: int) -> list[Call]:
    """For as many clients as calls, made before, to whose requests nothing is missing."""
    context, targets = ground.parts.context, []
    for _ in range(calls):
        unit = await asyncio.to_thread(unit_of, ground, next(_numbers), complete=True)
        assert await ground.parts.store.commit(unit, ground.company) is None
        [asked] = unit.of(AddEnablement)
        targets.append((asked.enablement.client_id, asked.enablement.id))
    return [partial(execute, context, caller, partial(submit_product, context, caller, *one)) for one in targets]


async def cost_of(parts: Installation, calls: Sequence[Call]) -> Cost:
    """Chains are counted at the end, which a service does every five seconds."""
    waiting = iter(calls)

    async def work() -> None:
        for call in waiting:
            await call()

    wall_s, cpu_s = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    await parts.store.census.count(parts.context.now_ms())
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    return Cost(wall_s * 1000 / len(calls), cpu_s * 1000 / len(calls))


async def measured(parts: Installation, rounds: int, calls: int, tell: Callable[[str], None]) -> None:
    company, _ = await make_company(parts)
    caller = Caller(company, "key:bench", 3)
    ground = Ground(parts, company, small_picture())
    for name, prepared in (("create", creating), ("submit", submitting)):
        await cost_of(parts, await prepared(ground, caller, calls))
        pairs = []
        for _ in range(rounds):
            seen = {}
            for has_trail in (True, False):
                todo = await prepared(ground, caller, calls)
                await parts.store.census.count(parts.context.now_ms())
                with nullcontext() if has_trail else no_trail():
                    seen[has_trail] = await cost_of(parts, todo)
            pairs.append((seen[True], seen[False]))
        tell(f"{name:8} {_compared(pairs)}")


def _compared(pairs: Sequence[tuple[Cost, Cost]]) -> str:
    parts = []
    for title, of in ("wall", attrgetter("wall_ms")), ("processor", attrgetter("cpu_ms")):
        ratios = sorted(of(mine) / of(bare) for mine, bare in pairs)
        mine_ms, bare_ms = (median(of(pair[at]) for pair in pairs) for at in (0, 1))
        parts.append(
            f"{title} {mine_ms:.3f} ms, without {bare_ms:.3f} ms: {median(ratios):.2f}"
            f" ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
    return "; ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--folder", type=Path, help="where data lies meanwhile: a real disk, not one in memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="ostiary-audit-") as folder, own() as cluster:
        for engine in ("sqlite", "postgresql"):
            if options.only not in (None, engine):
                continue
            settings = {"OSTIARY_DATA_DIR": f"{folder}/{engine}"}
            if engine == "postgresql":
                settings["OSTIARY_DATABASE_URL"] = cluster.url(cluster.create())
            with opened(read_settings(settings), may_make=True) as parts:
                told = partial(_say, engine)
                parts.run(measured(parts, options.rounds, options.calls, told))


def _say(engine: str, text: str) -> None:
    sys.stdout.write(f"{engine:10} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
