"""How fast every client's key comes under a new master key, and what callers notice meanwhile, on both databases.

    python -m bench.measure_rewrap [--clients 100000] [--rounds 3] [--only sqlite] [--folder FOLDER]

`ostiary keys rewrap` runs as a process of its own over clients whose keys are under an old master key. Beside it this
process creates clients, sixteen at a time, to their committed end; how many a second is compared with what it creates
alone in the seconds before. Rates are by the wall and by the command's processor time: on a machine that does other
work only the latter and the ratio say something.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median

from tests.servers.postgresql import own

from bench.seed import make_company, profile
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.app import Installation, opened
from ostiary.domain.companies.company import Caller
from ostiary.domain.ids import encode
from ostiary.settings import read_settings
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.transaction import execute

AT_ONCE = 16
ALONE_S = 4.0
DETAILS_BYTES = 700
TOGETHER = 5_000
OLD, NEW = os.urandom(32), os.urandom(32)
ADD = """INSERT INTO clients (company_id, client_id, version, status, email_mark, data_key, details, chain_length,
 chain_head, created_at_ms, updated_at_ms) VALUES (?1, ?2, 1, 'active', ?3, ?4, ?5, 0, ?6, 1, 1)"""
BACK = "UPDATE clients SET data_key = ?3 WHERE company_id = ?1 AND client_id = ?2"
_numbers = count(1)


def fill(parts: Installation, company_id: str, clients: int) -> list[tuple[str, str, bytes]]:
    """Clients of whom nothing but the key is ever opened; their keys, under the old master key."""
    cipher, keys = Keyring({1: OLD}), list[tuple[str, str, bytes]]()
    with parts.store.engine.blocking() as aside:
        for begin in range(0, clients, TOGETHER):
            some = [encode(1_000 + number, number) for number in range(begin, min(begin + TOGETHER, clients))]
            page = [(company_id, client_id, cipher.new_data_key(company_id, client_id)) for client_id in some]
            aside.many(ADD, [(*key[:2], os.urandom(32), key[2], os.urandom(DETAILS_BYTES), bytes(32)) for key in page])
            keys += page
    return keys


def put_back(parts: Installation, keys: list[tuple[str, str, bytes]]) -> None:
    with parts.store.engine.blocking() as aside:
        for begin in range(0, len(keys), TOGETHER):
            aside.many(BACK, keys[begin : begin + TOGETHER])


class Creating:
    """Creates clients until told to stop, and counts them."""

    def __init__(self, parts: Installation, caller: Caller) -> None:
        self._parts, self._caller, self.count, self._stopped = parts, caller, 0, False

    async def work(self) -> None:
        context = self._parts.context
        while not self._stopped:
            person = profile(next(_numbers), phone=True)
            await execute(context, self._caller, lambda person=person: create_client(context, self._caller, person))  # type: ignore[misc]
            self.count += 1

    async def run(self) -> None:
        await asyncio.gather(*(self.work() for _ in range(AT_ONCE)))

    def stop(self) -> None:
        self._stopped = True


async def rounds_of(parts: Installation, clients: int, rounds: int, environment: dict[str, str]) -> Iterator[str]:
    company, _ = await make_company(parts)
    keys = await asyncio.to_thread(fill, parts, company.id, clients)
    lines, ratios = [], []
    for _ in range(rounds):
        await asyncio.to_thread(put_back, parts, keys)
        creating = Creating(parts, Caller(company, "key:bench", 3))
        task = asyncio.create_task(creating.run())
        await asyncio.sleep(1)
        alone = await _rate(creating, ALONE_S)
        began, before, used = time.perf_counter(), creating.count, os.times().children_user
        line = [str(Path(sys.executable).parent / "ostiary"), "keys", "rewrap", "--json"]
        child = await asyncio.create_subprocess_exec(*line, env=environment, stdout=asyncio.subprocess.PIPE)
        out, _ = await child.communicate()
        wall_s = time.perf_counter() - began
        beside, cpu_s = (creating.count - before) / wall_s, os.times().children_user - used
        creating.stop()
        await task
        answer = json.loads(out)
        moved = answer["rewrapped"]["client"]
        ratios.append(beside / alone)
        lines.append(
            f"{moved} clients in {answer['seconds']:.2f} s beside callers: {moved / answer['seconds']:,.0f} a second, "
            f"{moved / cpu_s:,.0f} a second of processor time (start and verification too); "
            f"callers {beside:,.0f} a second, alone {alone:,.0f}: {beside / alone:.2f}"
        )
    return iter([*lines, f"callers keep {median(ratios):.2f} (median)"])


async def _rate(creating: Creating, seconds: float) -> float:
    began, before = time.perf_counter(), creating.count
    await asyncio.sleep(seconds)
    return (creating.count - before) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--folder", type=Path, help="where data lies meanwhile: a real disk, not one in memory")
    options = parser.parse_args()
    ring = f"1:{b64encode(OLD).decode()},2:{b64encode(NEW).decode()}"
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="ostiary-rewrap-") as folder, own() as cluster:
        for engine in ("sqlite", "postgresql"):
            if options.only not in (None, engine):
                continue
            settings = {"OSTIARY_DATA_DIR": f"{folder}/{engine}", "OSTIARY_MASTER_KEY": ring}
            if engine == "postgresql":
                settings["OSTIARY_DATABASE_URL"] = cluster.url(cluster.create())
            with opened(read_settings(settings), may_make=True) as parts:
                environment = {**os.environ, **settings}
                for line in parts.run(rounds_of(parts, options.clients, options.rounds, environment)):
                    sys.stdout.write(f"{engine:10} {line}\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
