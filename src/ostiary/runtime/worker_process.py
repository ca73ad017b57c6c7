"""`ostiary worker`, and the worker that `serve` starts beside itself: everything that is done for the outside, or that
takes long. Ended politely by SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import asyncio
import os
from dataclasses import replace

from ostiary import __version__
from ostiary.adapters.http_client.addresses import LOOPBACK
from ostiary.app import Installation
from ostiary.app import sender as sender_of
from ostiary.background.imports import Imports
from ostiary.background.keys import follow_keys
from ostiary.background.maintenance import Chores
from ostiary.background.trust_file import follow_trust
from ostiary.background.worker import PARTING_SLACK_S, Worker
from ostiary.runtime.listener import listen
from ostiary.runtime.startup import run_loop
from ostiary.runtime.supervision.companion import LIVES_EVERY_S
from ostiary.runtime.supervision.supervisor_link import Oversight
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.termination import on_signal
from ostiary.telemetry import metrics
from ostiary.telemetry.logs import get_logger

GIVES_WAY_BY = 5
"""Of niceness, beside processes that serve: where processors are short a worker has a quarter of what one of those has,
since a caller waits for an answer and nobody for a delivery. Alone, and where they are not short, it changes nothing.
It is the loop's, and what the loop starts; the thread that commits to SQLite is there before, and keeps its rank: who
waits for its commit must not wait for a processor as well."""
_log = get_logger("ostiary.serve")


def work(options: argparse.Namespace, installation: Installation, oversight: Oversight) -> int:
    """The exit status."""
    if getattr(options, "is_beside", False):
        os.nice(GIVES_WAY_BY)
    metrics.begin((), (metrics.BUILTIN, *installation.context.providers))
    if options.port is not None and oversight.listening is None:
        listen(options.host, options.port).close()  # before anything is promised about it
    if getattr(options, "sandbox", False):
        installation = replace(installation, sandbox_networks=LOOPBACK)
    run_loop(_work(options, installation, oversight))
    return EXIT_OK


async def _work(options: argparse.Namespace, installation: Installation, oversight: Oversight) -> None:
    sender, chores, engine = sender_of(installation), Chores(installation), installation.store.engine
    is_told = getattr(options, "is_woken", False) and not engine.is_shared
    worker = Worker(
        installation.context, sender, chores.do, None if is_told else engine.changes, parting_s(installation)
    )
    on_signal(worker.stop)
    oversight.attend(worker.stop, worker.wake)
    _log.info("working", version=__version__)
    oversight.ready()
    works = (
        engine.listen(),
        installation.follow_server_clock(),
        installation.keep_census(),
        installation.follow_publications(),
        follow_keys(installation.store.keys),
        follow_trust(installation.trust),
        Imports(installation.context).run(),
        _live(worker, oversight),
    )
    beside = [asyncio.create_task(work) for work in works]
    if options.port is not None:
        from ostiary.api.composition import probes_of
        from ostiary.runtime.worker_probe import serve_probes

        probes = probes_of(installation, lambda: worker.is_stopping, lambda: worker.is_alive)
        beside.append(asyncio.create_task(serve_probes(probes, options.host, options.port, oversight.listening)))
    try:
        await worker.run()
    finally:
        for task in beside:
            task.cancel()
        await chores.close()
        await sender.close()
        await installation.close_connections()


async def _live(worker: Worker, oversight: Oversight) -> None:
    """Tells who started us that we live, for as long as we do."""
    while True:
        if worker.is_alive:
            oversight.lives()
        await asyncio.sleep(LIVES_EVERY_S)


def parting_s(installation: Installation) -> float:
    """How long deliveries under way may still take at the end."""
    return installation.settings.endpoint_timeout_s + PARTING_SLACK_S
