"""A process of several: `python -m ostiary.cli.child ORDERS`, started by the supervisor and by nobody else."""

from __future__ import annotations

import argparse
import json
import sys

from ostiary.cli.oversight import of_descriptors
from ostiary.cli.running import run_with


def main(orders: str) -> int:
    """`orders` is JSON: `number`, `line`, `listening` and `shares` (or null), and the options of the command."""
    told = json.loads(orders)
    oversight = of_descriptors(*(told.pop(one) for one in ("number", "line", "listening", "shares")))
    options = argparse.Namespace(json=False, **told)
    return run_with(options, lambda settings: _work(options, settings, oversight))


def _work(options: argparse.Namespace, settings: object, oversight: object) -> int:
    from ostiary.cli.serve import run

    return run(options, settings, oversight)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
