"""Measures Ostiary beside the usual way and against its own targets.

    python -m bench.run                          everything, three rounds each, peers and ostiary in turn
    python -m bench.run --quick --only small     shorter, one part
    python -m bench.run --solo peer              one of the three alone, without ratios

Ends with 1 when a target was missed. Ratios come from interleaved rounds on the same machine; absolute figures are for
orientation only.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.bed import Bed
from bench.measure_deliveries import deliveries
from bench.measure_growth import growth
from bench.measure_kinds import kinds, kinds_postgres
from bench.measure_postgres import backlog, growth_postgres, postgres, processes
from bench.measure_small import small
from bench.measure_start import start
from bench.measure_upload import memory, upload
from bench.results import Result, as_json, table
from bench.screening.run import screening

PARTS: dict[str, Callable[[Bed], list[Result]]] = {
    "start": start,
    "small": small,
    "kinds": kinds,
    "upload": upload,
    "memory": memory,
    "deliveries": deliveries,
    "screening": screening,
    "growth": growth,
    "postgres": postgres,
    "kinds-postgres": kinds_postgres,
    "processes": processes,
    "backlog": backlog,
    "growth-postgres": growth_postgres,
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: an impression, no verdict")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="this part; may be given again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    parser.add_argument("--rounds", type=int, metavar="N", help="interleaved rounds; 3, or 2 when quick")
    parser.add_argument("--solo", choices=["peer", "bare", "ostiary"], help="only this service; no ratios")
    parser.add_argument("--growth-large", type=int, default=1_000_000, metavar="N", help="enablements in the large one")
    parser.add_argument("--seeds", type=Path, metavar="FOLDER", help="keep the seeded data of growth there, for reuse")
    parser.add_argument("--folder", type=Path, help="where data lies meanwhile: a real disk, not one in memory")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    console = Console(stderr=True)
    # Refreshed by hand: a thread that redraws would cost the services processor time while they are measured.
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="ostiary-bench-", dir=given.folder) as folder,
        Progress(*columns, console=console, auto_refresh=False) as progress,
    ):
        # In a pipe the width is unknown; 80 would break every line.
        shown = Console(width=None if sys.stdout.isatty() else 120)
        results: list[Result] = []
        for part in _measured(given, Path(folder), progress):
            # At once, since a run of many parts takes long, and what is broken off must not take their figures along.
            shown.print(table(part))
            results += part
    shown.print(f"CPython {platform.python_version()}, {platform.python_build()[1]}, {platform.python_compiler()}")
    if given.json:
        given.json.write_bytes(as_json(results))
    return 1 if any(one.met is False for one in results) else 0


def _measured(given: argparse.Namespace, folder: Path, progress: Progress) -> Iterator[list[Result]]:
    """The results of each part that was asked for, as soon as it is through."""
    names = given.only or list(PARTS)
    task = progress.add_task("", total=len(names))

    def tell(what: str) -> None:
        progress.update(task, description=what, refresh=True)

    bed = Bed(
        folder=folder,
        names=(given.solo,) if given.solo else ("peer", "bare", "ostiary"),
        rounds=given.rounds or (2 if given.quick else 3),
        quick=given.quick,
        growth_large=given.growth_large,
        seeds=(given.seeds or folder / "seeds").absolute(),
        tell=tell,
    )
    for name in names:
        results = PARTS[name](bed)
        progress.update(task, advance=1, refresh=True)
        yield results


if __name__ == "__main__":
    sys.exit(main())
