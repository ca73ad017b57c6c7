"""How fast clients are erased, their pictures included, on both databases.

    python -m bench.measure_erasure [--clients 10000] [--only sqlite] [--folder FOLDER]

Each client has a request, a document and its picture in the folder. They are asked for first; measured is what the
worker does: the unit of work that ends everything, the pictures, the look whether anything is left, and the receipt.
The wait in between, for calls that were under way, is left out: it is the same for one client as for all.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import structlog
from tests.servers.postgresql import own

from bench.seed import Ground, make_company, unit_of
from ostiary.app import Installation, opened
from ostiary.background.erasures import carry_out_due
from ostiary.domain.companies.company import Company
from ostiary.domain.privacy.erasure import AddErasure, Cause, ErasureState
from ostiary.domain.unit import Unit
from ostiary.settings import read_settings
from ostiary.usecases.privacy.request_erasure import waiting

PICTURE_BYTES = 100_000
AT_ONCE = 64


async def seed(parts: Installation, company: Company, clients: int) -> list[str]:
    """Clients with a picture each, whose erasure waits; their ids."""
    ground, ids = Ground(parts, company, os.urandom(PICTURE_BYTES)), list[str]()

    async def one(number: int) -> str:
        unit = await asyncio.to_thread(unit_of, ground, number, complete=True)
        assert unit.client is not None
        assert await parts.store.commit(unit, company) is None
        erasure = waiting(parts.context, company.id, unit.client.id, Cause.EARLY, "operator:bench")
        added = Unit(company.id, parts.context.now_ms(), changes=(AddErasure(erasure),))
        assert await parts.store.commit(added, company) is None
        return unit.client.id

    for begin in range(0, clients, AT_ONCE):
        ids += await asyncio.gather(*(one(number) for number in range(begin, min(begin + AT_ONCE, clients))))
    return ids


async def measured(parts: Installation, clients: int) -> Iterator[str]:
    company, _ = await make_company(parts)
    ids = await seed(parts, company, clients)
    wall, processor = time.perf_counter(), time.process_time()
    await carry_out_due(parts.context)
    ended, ended_processor = time.perf_counter() - wall, time.process_time() - processor
    ahead_ms = 2 * parts.context.timing.lease_ms + 1
    later = replace(parts.context, now_ms=lambda: parts.context.now_ms() + ahead_ms)
    wall, processor = time.perf_counter(), time.process_time()
    await carry_out_due(later)
    looked, looked_processor = time.perf_counter() - wall, time.process_time() - processor
    done = [(await parts.store.erasures.of_client(company, client_id))[0].state for client_id in ids]
    assert all(state is ErasureState.DONE for state in done), "every one has its receipt"
    whole, cpu = ended + looked, ended_processor + looked_processor
    return iter(
        [
            f"{clients:,} clients: {clients / whole:,.0f} a second ({clients / cpu:,.0f} a second of processor time)",
            f"   their rows and pictures {clients / ended:,.0f} a second, the look and the receipt "
            f"{clients / looked:,.0f} a second",
        ]
    )


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--folder", type=Path, help="where data lies meanwhile: a real disk, not one in memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="ostiary-erasure-") as folder, own() as cluster:
        for engine in ("sqlite", "postgresql"):
            if options.only not in (None, engine):
                continue
            settings = {"OSTIARY_DATA_DIR": f"{folder}/{engine}"}
            if engine == "postgresql":
                settings["OSTIARY_DATABASE_URL"] = cluster.url(cluster.create())
            with opened(read_settings(settings), may_make=True) as parts:
                for line in parts.run(measured(parts, options.clients)):
                    sys.stdout.write(f"{engine:10} {line}\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
