"""PostgreSQL for measurements: a cluster of the run's own with durable settings, seeded databases, and pgbench."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from tests.servers.postgresql import Cluster, own, program

from bench.bed import Bed, write_targets
from bench.measure_growth import SEED_S, Seeded
from bench.service import OSTIARY, PEER_KEY, ROOT, Service, make_ostiary, make_peer

SCRIPTS = ROOT / "bench" / "postgres_scripts"
DURABLE = {"synchronous_commit": "on", "shared_buffers": "256MB", "max_connections": "150"}
CONNECTIONS = 32
TRANSACTIONS_S = re.compile(r"tps = ([0-9.]+)")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """With fsync on a real disk; what was answered would survive."""
    with own(**DURABLE) as made:
        yield made


@dataclass(frozen=True)
class Ground:
    """A seeded database that others are copied from, the folder with its key, and who may be asked about."""

    cluster: Cluster
    database: str
    folder: Path
    seeded: Seeded

    def service(self, bed: Bed, name: str, *words: str) -> Service:
        """`ostiary serve` on a fresh copy; it does not deliver."""
        copy = self.cluster.create(self.database)
        service = make_ostiary(self.folder, self.seeded.key)
        service.name = name
        service.environment.update(OSTIARY_DATABASE_URL=self.cluster.url(copy), OSTIARY_EMBEDDED_WORKER="0",
                                   OSTIARY_LOG_LEVEL="error")  # fmt: skip
        service.command += words
        service.start()
        return service

    def targets(self, bed: Bed) -> Path:
        return write_targets(bed.folder / f"targets-{self.database}.json", self.seeded.samples)


def seeded(bed: Bed, server: Cluster, number: int) -> Ground:
    """Filled as a file first, the way the growth of SQLite is measured, then moved with `ostiary copy`."""
    folder, told = bed.seeds / f"{number}", bed.seeds / f"{number}.json"
    if not told.exists():
        bed.tell(f"seeding {number:,} enablements")
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "bench.seed", str(folder), str(number), "--json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SEED_S, check=False)
        assert done.returncode == 0, f"seeding: {done.stderr.decode()[-2000:]}"
        told.write_bytes(done.stdout)
    bed.tell(f"moving {number:,} enablements to PostgreSQL")
    database = server.create()
    line = [str(OSTIARY), "copy", "--from", f"sqlite://{folder}/ostiary.sqlite3", "--to", server.url(database)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, timeout=SEED_S, check=False)
    assert done.returncode == 0, f"moving: {done.stderr.decode()[-2000:]}"
    server.sql(database, "DELETE FROM installation WHERE name = 'copying'", "VACUUM ANALYZE")
    return Ground(server, database, folder, msgspec.json.decode(told.read_bytes(), type=Seeded))


def prepared_for_pgbench(server: Cluster) -> str:
    """A database with what a submit touches."""
    database = server.create()
    line = [
        program("psql"),
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-f",
        str(SCRIPTS / "tables.sql"),
        server.url(database),
    ]
    subprocess.run(line, check=True, capture_output=True)
    return database


def transactions_a_second(server: Cluster, database: str, script: str, seconds: int) -> float:
    """What pgbench reaches with prepared statements, on as many connections as the service is asked on."""
    line = [program("pgbench"), "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds), "-f",
            str(SCRIPTS / script), server.url(database)]  # fmt: skip
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=seconds + 60)
    found = TRANSACTIONS_S.search(done.stdout)
    assert found, done.stderr[-1000:]
    return float(found[1])


def peer_on(server: Cluster, folder: Path, make: Callable[[Path], Service] = make_peer) -> Service:
    """The usual way, or another peer, on PostgreSQL."""
    service = make(folder)
    assert service.key == PEER_KEY
    url = server.url(server.create())
    if make is make_peer:
        url = url.replace("postgresql://", "postgresql+asyncpg://")
    service.environment["PEER_DATABASE_URL"] = url
    service.start()
    return service
