"""`ostiary catalogue preview` over everybody: requests a second, processor time of each, and memory."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

from tests.servers.postgresql import Cluster

from bench.processes import MB, cpu_seconds
from bench.results import Result
from ostiary.adapters.config.catalogue_file import load
from ostiary.app import Installation
from ostiary.cli.catalogue.preview import preview, task_of

AT_LEAST_PER_S = 20_000
BEFORE = "        fields: [phone]\n"
AFTER = """        fields:
          - phone
          - key: tax_id
            when: country in ['DEU', 'ESP'] && age > 30
"""
"""One that concerns a fifth of the clients."""


def previewed(parts: Installation, folder: Path, engine: str, server: Cluster | None = None) -> list[Result]:
    """One preview with a process a core; the time that its processes take to begin counts."""
    source = parts.context.catalogues.current.source
    assert source.count(BEFORE) == 1
    path = folder / "stricter.yaml"
    path.write_text(source.replace(BEFORE, AFTER))
    task, cores = parts.run(task_of(parts, load(path))), os.cpu_count() or 1
    before = _spent(server)
    began = time.perf_counter()
    counts = preview(parts, task, cores, lambda done, total: None, lambda rows: None)
    took = time.perf_counter() - began
    spent = _spent(server) - before
    requests = counts.outcomes.total()
    detail = f"{requests:,} requests in {took:.1f} s on {cores} cores; {counts.listed:,} concerned"
    return [
        Result(f"preview on {engine}", "/s", requests / took, at_least=AT_LEAST_PER_S, detail=detail),
        Result(f"processor time of one on {engine}", "µs", spent / requests * 1e6),
        Result(f"memory of its largest process on {engine}", "MB", _largest_mb()),
    ]


def _largest_mb() -> float:
    """The highest that this process, or one that it started and that has ended, ever held."""
    held = [resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return max(held) * 1024 / MB


def _spent(server: Cluster | None) -> float:
    """Seconds of processor time so far, of all processes and the database server."""
    aside = 0.0 if server is None or server.process is None else cpu_seconds(server.process.pid)
    return cpu_seconds(os.getpid()) + aside
