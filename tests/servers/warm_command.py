"""`ostiary` for `tests/servers/warm.py`: what `serve` and `worker` import when they run is imported before."""

from __future__ import annotations

import sys
from importlib import import_module

from ostiary.cli import main

EARLIER = (
    "ostiary.cli.parsing.parser",
    "ostiary.cli.dispatch",
    "ostiary.cli.commands.serve",
    "ostiary.app",
    "ostiary.runtime.serve",
    "ostiary.runtime.cluster",
    "ostiary.runtime.worker_process",
    "ostiary.runtime.embedded_worker",
)
for name in EARLIER:
    import_module(name)


def run(program: str, *words: str) -> None:
    """As if the program had been started with these words."""
    sys.argv = [program, *words]
    main()
