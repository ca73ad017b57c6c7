"""Growth: whether the same questions take longer when there is a hundred times as much."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from bench.bed import Bed, write_targets
from bench.load import Target
from bench.results import Result
from bench.service import ROOT, Service, make_ostiary
from bench.tally import Report

SMALL = 10_000
SEED_S = 3 * 3600


class Seeded(msgspec.Struct):
    """What `bench/seed.py` prints: a key for the company, and enablements chosen at random."""

    key: str
    company_id: str
    samples: list[Target]


def growth(bed: Bed) -> list[Result]:
    """p50 of listing products and of submitting, milliseconds, one connection to each service, taking turns."""
    if "ostiary" not in bed.names:
        return []
    sides = [_seeded(bed, number) for number in (SMALL, bed.growth_large)]
    try:
        for service, _ in sides:
            bed.tell("growth: starting")
            warm(Path(service.environment["OSTIARY_DATA_DIR"]))
            service.start()
        bed.tell("growth: asking both in turn")
        asked = "300" if bed.quick else "2000"
        files = [part for _, path in sides for part in ("--targets", str(path))]
        printed = bed.load("paired", [service for service, _ in sides], "--count", asked, *files)
    finally:
        for service, _ in sides:
            service.stop()
    few, many = msgspec.json.decode(printed, type=list[Report])
    assert not few.errors, few.errors
    assert not many.errors, many.errors
    return [_compared(kind, few, many, bed.growth_large) for kind in ("list", "submit")]


def warm(folder: Path) -> None:
    """Reads the database once: what is measured is the work that growth adds, not how cold a disk is."""
    with (folder / "ostiary.sqlite3").open("rb") as file:
        while file.read(1 << 24):
            pass


def _compared(kind: str, few: Report, many: Report, large: int) -> Result:
    before, after = few.each[kind].p50_ms, many.each[kind].p50_ms
    detail = f"p50 {before:.2f} ms at {SMALL:,} enablements, {after:.2f} ms at {large:,}"
    return Result(f"growth: {kind}", "x", after / before, at_most=1.2, detail=detail)


def _seeded(bed: Bed, number: int) -> tuple[Service, Path]:
    """A folder is filled once and kept where `--seeds` says; the answer of the seeding lies beside it."""
    folder, told = bed.seeds / f"{number}", bed.seeds / f"{number}.json"
    if not told.exists():
        bed.tell(f"growth: seeding {number:,} enablements")
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "bench.seed", str(folder), str(number), "--json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SEED_S, check=False)
        assert done.returncode == 0, f"seeding: {done.stderr.decode()[-2000:]}"
        told.write_bytes(done.stdout)
    seeded = msgspec.json.decode(told.read_bytes(), type=Seeded)
    targets = write_targets(bed.folder / f"targets-{number}.json", seeded.samples)
    service = make_ostiary(folder, seeded.key)
    service.name = f"ostiary with {number:,}"
    return service, targets
