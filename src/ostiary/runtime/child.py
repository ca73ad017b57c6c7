"""A process of several: `python -m ostiary.runtime.child ORDERS`, started by the supervisor and by nobody else."""

from __future__ import annotations

import argparse
import json
import sys

from ostiary.runtime.supervision.supervisor_link import Oversight, of_descriptors
from ostiary.runtime.terminal.outcome import run_with_settings
from ostiary.runtime.terminal.streams import forgive_closed_pipes
from ostiary.setting_readers import WorkerPlace
from ostiary.settings import Settings


def main(orders: str) -> int:
    """`orders` is JSON: `number`, `line`, `listening` and `shares` (or null), and the options of the command."""
    forgive_closed_pipes()
    order = json.loads(orders)
    oversight = of_descriptors(*(order.pop(name) for name in ("number", "line", "listening", "shares")))
    worker = WorkerPlace(order.pop("worker", WorkerPlace.ELSEWHERE))
    options = argparse.Namespace(**{"json": False, "sandbox": False, **order, "worker": worker})
    return run_with_settings(options, lambda settings: _start(options, settings, oversight))


def _start(options: argparse.Namespace, settings: Settings, oversight: Oversight) -> int:
    from ostiary.runtime.startup import start

    return start(options, settings, oversight)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
