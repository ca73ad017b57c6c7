"""A client's years over very many clients: the day's work, a preview of another catalogue, and reads.

    python -m bench.lifecycle.run [--clients 1000000] [--quick] [--only daily|preview|reads] [--on sqlite|postgres]

Fills a folder with enabled clients (`bench.lifecycle.fill`), of whom 3,000 are due today; moves them to PostgreSQL with
`ostiary copy`. Ends with 1 when a target was missed. `--quick`: 20,000 clients. `--seeds` keeps what was filled: the
day's work is done on a copy of it, and what is due is due on the day on which it was filled.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.console import Console
from tests.servers.postgresql import Cluster

from bench.lifecycle.daily import daily
from bench.lifecycle.preview import previewed
from bench.lifecycle.reads import reads
from bench.measure_growth import SEED_S, Seeded, warm
from bench.postgres import cluster
from bench.results import Result, table
from bench.service import OSTIARY, ROOT, Service, make_ostiary
from ostiary.app import Installation, opened
from ostiary.settings import read_settings

MANY, FEW, DUE = 1_000_000, 20_000, 3_000
ROUNDS, READS = 5, 600


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=MANY)
    parser.add_argument("--quick", action="store_true", help=f"{FEW:,} clients: an impression, no verdict")
    parser.add_argument("--only", action="append", choices=["daily", "preview", "reads"])
    parser.add_argument("--on", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--seeds", type=Path, metavar="FOLDER", help="keep the filled data there, for reuse")
    parser.add_argument("--folder", type=Path, help="where data lies meanwhile: a real disk, not one in memory")
    return parser.parse_args()


def filled(folder: Path, clients: int, *more: str) -> tuple[Path, Seeded]:
    """A folder is filled once; what filling it said lies beside it."""
    name = "-".join([str(clients), *(word.strip("-") for word in more)])
    data, told = folder / name, folder / f"{name}.json"
    if not told.exists():
        data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "bench.lifecycle.fill", str(data), str(clients), "--due", str(DUE), *more]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, timeout=SEED_S, check=False)
        assert done.returncode == 0, "filling failed"
        told.write_bytes(done.stdout)
    return data, msgspec.json.decode(told.read_bytes(), type=Seeded)


def settings_of(data: Path, **more: str) -> dict[str, str]:
    return {"OSTIARY_DATA_DIR": str(data), "OSTIARY_CATALOGUE": str(data / "renewing.yaml"), **more}


def measure(given: argparse.Namespace, folder: Path) -> Iterator[Result]:
    clients = FEW if given.quick else given.clients
    parts = given.only or ["daily", "preview", "reads"]
    data, seeded = filled(given.seeds or folder / "seeds", clients)
    for engine in given.on or ["sqlite", "postgres"]:
        with _copied(data, folder / engine, engine) as (installation, server):
            if "preview" in parts:
                yield from previewed(installation, folder, engine, server)
            if "daily" in parts:
                yield from daily(installation, engine, server)
    if "reads" in parts:
        plain, others = filled(given.seeds or folder / "seeds", clients, "--plain")
        sides = (_served(plain, others), others.samples), (_served(data, seeded), seeded.samples)
        try:
            for service, _ in sides:
                service.start()
            yield from reads(sides, ROUNDS, READS // 6 if given.quick else READS)
        finally:
            for service, _ in sides:
                service.stop()


@contextmanager
def _copied(data: Path, place: Path, engine: str) -> Iterator[tuple[Installation, Cluster | None]]:
    """A copy that may be changed, in a file or a database of its own."""
    shutil.copytree(data, place)
    if engine == "sqlite":
        warm(place)
        with opened(read_settings(settings_of(place))) as installation:
            yield installation, None
        return
    with cluster() as server:
        database = server.create()
        line = [str(OSTIARY), "copy", "--from", f"sqlite://{place}/ostiary.sqlite3", "--to", server.url(database)]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, timeout=SEED_S, check=False)
        assert done.returncode == 0, f"moving: {done.stderr.decode()[-2000:]}"
        server.sql(database, "DELETE FROM installation WHERE name = 'copying'", "VACUUM ANALYZE")
        with opened(read_settings(settings_of(place, OSTIARY_DATABASE_URL=server.url(database)))) as installation:
            yield installation, server


def _served(data: Path, seeded: Seeded) -> Service:
    catalogue = data / "renewing.yaml"
    more = {"OSTIARY_CATALOGUE": str(catalogue)} if catalogue.exists() else {}
    warm(data)
    return make_ostiary(data, seeded.key, OSTIARY_EMBEDDED_WORKER="0", OSTIARY_LOG_LEVEL="error", **more)


def main() -> int:
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="ostiary-bench-", dir=given.folder) as folder:
        results = list(measure(given, Path(folder)))
    Console(width=None if sys.stdout.isatty() else 120).print(table(results))
    return 1 if any(each.met is False for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())
