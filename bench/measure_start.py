"""Starting: the command line, the service on new and on known data, and what it holds when idle."""

from __future__ import annotations

import subprocess
import time

from bench.bed import Bed
from bench.processes import rss_mb
from bench.results import Result, median_of
from bench.service import OSTIARY, make_ostiary, make_peer

HELP_RUNS, SERVE_RUNS, IDLE_RUNS = 10, 5, 2
SETTLE_S = 3.0


def start(bed: Bed) -> list[Result]:
    results = [_help(bed)] if "ostiary" in bed.names else []
    for name in (one for one in bed.names if one != "bare"):
        results += _serve(bed, name)
    return results


def _help(bed: Bed) -> Result:
    """Wall seconds of `ostiary --help`, from a warm disk cache: the first run is not counted."""
    bed.tell("start: ostiary --help")
    seconds = []
    for _ in range(HELP_RUNS + 1):
        began = time.perf_counter()
        subprocess.run([str(OSTIARY), "--help"], check=True, capture_output=True, timeout=30)
        seconds.append(time.perf_counter() - began)
    return median_of("ostiary --help", "s", seconds[1:], at_most=0.2)


def _serve(bed: Bed, name: str) -> list[Result]:
    """Wall seconds until ready, first on a new folder and then on that folder again; MB three seconds later."""
    bed.tell(f"start: {name}")
    folder, own = bed.folder / "start" / name, name == "ostiary"
    service = make_ostiary(folder, "none: health is free") if own else make_peer(folder)
    again: list[float] = []
    idle: list[float] = []
    try:
        first = service.start()
        service.stop()
        for _ in range(2 if bed.quick else SERVE_RUNS):
            again.append(service.start())
            if len(idle) < IDLE_RUNS:
                time.sleep(SETTLE_S)
                idle.append(rss_mb(service.pid))
            service.stop()
    finally:
        service.stop()
    return [
        Result(f"{name}: ready, first start", "s", first, detail="an empty folder: the database is made"),
        median_of(f"{name}: ready, known data", "s", again, at_most=1.5 if own else None),
        median_of(f"{name}: memory {SETTLE_S:g} s after ready", "MB", idle, at_most=130 if own else None),
    ]
