"""A process of several: `python -m ostiary.cli.child ORDERS`, started by the supervisor and by nobody else."""

from __future__ import annotations

import argparse
import json
import sys

from ostiary.cli.oversight import of_descriptors
from ostiary.cli.running import run_with


def main(orders: str) -> int:
    """`orders` is an object in JSON: `command`, `number`, `line`, `listening` (or null), and what the command asks."""
    told = json.loads(orders)
    oversight = of_descriptors(told.pop("number"), told.pop("line"), told.pop("listening"))
    options = argparse.Namespace(json=False, **told)
    return run_with(options, lambda settings: _work(options, settings, oversight))


def _work(options: argparse.Namespace, settings: object, oversight: object) -> int:
    from ostiary.cli.serve import run

    return run(options, settings, oversight)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
