"""`ostiary serve` and `ostiary worker`: which of them to run, and what people are told before a sandbox is served."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ostiary.runtime import termination
from ostiary.runtime.cluster import fault_of, run_cluster
from ostiary.runtime.terminal.exit_status import EXIT_USAGE
from ostiary.runtime.terminal.outcome import failed
from ostiary.setting_readers import WorkerPlace
from ostiary.settings import Settings

if TYPE_CHECKING:
    from ostiary.app import Installation


def run(options: argparse.Namespace, settings: Settings) -> int:
    termination.hear()
    if options.command == "serve":
        options.worker = WorkerPlace(options.worker or settings.worker_place)
    fault = fault_of(options, settings)
    if fault is not None:
        return failed(options, fault, EXIT_USAGE)
    return run_cluster(options, settings, _welcome)


async def _welcome(installation: Installation, host: str, port: int) -> None:
    from ostiary.cli.sandbox import welcome

    await welcome(installation, host, port)
