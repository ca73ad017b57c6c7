"""How a long-running process begins: logs, counts, memory, the installation; then it serves or works."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from ostiary.adapters.cage.kernel import support
from ostiary.adapters.isolation.malloc import keep_large_blocks
from ostiary.app import opened
from ostiary.runtime import termination
from ostiary.runtime.descriptors import raise_descriptor_limit
from ostiary.runtime.supervision.supervisor_link import Oversight
from ostiary.runtime.welcome import Welcome
from ostiary.settings import Settings
from ostiary.storage.backup.copy import end_if_copy
from ostiary.telemetry import logs, metrics, reader_metrics
from ostiary.telemetry.logs import get_logger

T = TypeVar("T")
_log = get_logger("ostiary.serve")


def start(options: argparse.Namespace, settings: Settings, oversight: Oversight, welcome: Welcome | None = None) -> int:
    """The exit status, once it has ended. `oversight` is of who started this process, if somebody watches over it;
    `welcome` is called before a sandbox is served.

    Imports what this kind of process needs, and not what the other does.
    """
    logs.set_up(settings.log_level, oversight.number)
    if oversight.counts_shared:
        metrics.share(oversight.number)
    keep_large_blocks()
    raise_descriptor_limit()
    is_serving = options.command == "serve"
    with opened(settings, may_make=is_serving) as installation:
        end_if_copy(installation.store.engine)
        _log_cage()
        reader_metrics.begin()
        if is_serving:
            from ostiary.runtime.serve import serve

            return serve(options, installation, oversight, welcome)
        from ostiary.runtime.worker_process import work

        return work(options, installation, oversight)


def _log_cage() -> None:
    """What the kernel lacks of what binds decoders; nothing where it has all."""
    here = support()
    if not here.filters:
        _log.warning("cage_incomplete", problem="system calls are not filtered")
    elif not here.landlock:
        _log.info("cage_incomplete", problem="no Landlock")


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Runs on uvloop where there is one. Then signals change nothing any more: what is left takes milliseconds."""
    try:
        if sys.platform == "win32":
            return asyncio.run(main)
        import uvloop

        return uvloop.run(main)
    finally:
        termination.ignore()
