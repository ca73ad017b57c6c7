"""What uploads cost this version beside another one that is installed here too, both serving, asked in turn.

python -m bench.compare_uploads --other /somewhere/.venv/bin/ostiary --rounds 5

A ratio above 1: this version is better.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.bed import Bed, Measured, measure
from bench.processes import rss_mb
from bench.service import Service, make_ostiary

WIDTHS = (1, 4, 16)
"""Uploads at once."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", required=True, help="the `ostiary` command of the version to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--number", type=int, default=32, help="uploads of each version in a round")
    given = parser.parse_args()
    with both_versions(given.other, given.rounds) as (bed, ours, other):
        _compare(bed, ours, other, given.number)


@contextmanager
def both_versions(command: str, rounds: int) -> Iterator[tuple[Bed, Service, Service]]:
    """This version and the one with that `ostiary` command, each serving a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="ostiary-bench-") as folder:
        bed = Bed(Path(folder), (), rounds, False, 0, Path(folder), _say)
        ours = make_ostiary(bed.folder / "ours")
        other = make_ostiary(bed.folder / "other", program=command)
        ours.name, other.name = "this", "other"
        try:
            for service in (ours, other):
                service.start()
                print(f"{service.name}: idle {rss_mb(service.pid):.0f} MB")
            yield bed, ours, other
        finally:
            ours.stop()
            other.stop()


def _compare(bed: Bed, ours: Service, other: Service, number: int) -> None:
    for service in (ours, other):
        _uploads(bed, service, max(WIDTHS), max(WIDTHS))
    for at_once in WIDTHS:
        pairs = []
        for turn in range(bed.rounds):
            order = (ours, other) if turn % 2 else (other, ours)
            seen = {service.name: _uploads(bed, service, number, at_once) for service in order}
            pairs.append((seen["this"], seen["other"]))
        _show(at_once, pairs)
    for service in (ours, other):
        print(f"{service.name}: afterwards {rss_mb(service.pid):.0f} MB")


def _show(at_once: int, pairs: list[tuple[Measured, Measured]]) -> None:
    rates = sorted(mine.report.per_second / its.report.per_second for mine, its in pairs)
    costs = sorted(its.cpu_ms / mine.cpu_ms for mine, its in pairs)
    print(
        f"{at_once} at once: throughput {median(rates):.3f} ({rates[0]:.3f} to {rates[-1]:.3f}), "
        f"processor time {median(costs):.3f} ({costs[0]:.3f} to {costs[-1]:.3f}), "
        f"this {median(mine.cpu_ms for mine, _ in pairs):.1f} ms, "
        f"other {median(its.cpu_ms for _, its in pairs):.1f} ms, "
        f"peak {max(mine.peak_mb for mine, _ in pairs):.0f} MB, other {max(its.peak_mb for _, its in pairs):.0f} MB"
    )


def _uploads(bed: Bed, service: Service, number: int, at_once: int) -> Measured:
    targets = bed.prepared(service, number)
    picture = ("--picture", str(bed.picture()), "--targets", str(targets), "--at-once", str(at_once))
    return measure(bed, service, "upload", *picture)


def _say(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    main()
