"""What each kind of small request costs this version beside another one that is installed here too, asked in turn.

    python -m bench.compare_kinds --other /somewhere/.venv/bin/ostiary --rounds 9

A ratio above 1: this version is better. Both serve at once, on SQLite; what an idle one costs the other is little.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median

from bench.bed import Bed
from bench.compare_uploads import both_versions
from bench.measure_kinds import CONNECTIONS, asked, settle
from bench.service import Service

KINDS = ("create", "request", "list")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", required=True, help="the `ostiary` command of the version to compare with")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--number", type=int, default=1500, help="requests of each kind in a round")
    given = parser.parse_args()
    with both_versions(given.other, given.rounds) as (bed, ours, other):
        compare(bed, ours, other, given.number)


def compare(bed: Bed, ours: Service, other: Service, number: int) -> None:
    rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
    costs: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for turn in range(bed.rounds + 1):
        made: dict[str, Path | None] = {"this": None, "other": None}
        for kind in KINDS:
            seen = {}
            for service in (ours, other) if turn % 2 else (other, ours):
                before = service.cpu_seconds()
                report, made[service.name] = asked(bed, service, kind, made[service.name], number, CONNECTIONS)
                settle(service)
                seen[service.name] = report.per_second, (service.cpu_seconds() - before) / report.requests
            if turn:  # the first round warms
                rates[kind].append(seen["this"][0] / seen["other"][0])
                costs[kind].append(seen["other"][1] / seen["this"][1])
    for kind in KINDS:
        print(f"{kind}: throughput {_range(rates[kind])}, processor time {_range(costs[kind])}")


def _range(ratios: list[float]) -> str:
    return f"{median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


if __name__ == "__main__":
    main()
