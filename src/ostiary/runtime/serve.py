"""`ostiary serve`: the process that answers calls, ended politely by SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import asyncio
import gc
from dataclasses import replace
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from ostiary import __version__
from ostiary.adapters.http_client.addresses import LOOPBACK
from ostiary.adapters.lookups.rules import PackagedLookups
from ostiary.api.composition import application
from ostiary.api.operations import TABLE as OPERATIONS
from ostiary.app import Installation
from ostiary.background.keys import follow_keys
from ostiary.background.trust_file import follow_trust
from ostiary.runtime.deliveries import Deliveries, DeliversElsewhere
from ostiary.runtime.descriptors import connection_limits
from ostiary.runtime.graceful_server import Server
from ostiary.runtime.listener import BACKLOG, listen
from ostiary.runtime.shutdown_timeouts import PARTING_S
from ostiary.runtime.startup import run_loop
from ostiary.runtime.supervision.companion import Companion, beside
from ostiary.runtime.supervision.supervisor_link import Oversight
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.runtime.termination import on_signal
from ostiary.runtime.welcome import Welcome
from ostiary.setting_readers import WorkerPlace
from ostiary.telemetry import metrics
from ostiary.telemetry.logs import get_logger
from ostiary.web.connections import OpenConnections
from ostiary.web.inlet import Inlet
from ostiary.web.paths import Branch
from ostiary.web.rate_limiter import RateLimiter

GARBAGE_THRESHOLDS = (20_000, 20, 20)
"""Requests make little that is circular; the usual 700 new objects between rounds are two small requests."""
_log = get_logger("ostiary.serve")


def serve(
    options: argparse.Namespace, installation: Installation, oversight: Oversight, welcome: Welcome | None = None
) -> int:
    """The exit status, once it was told to end. `welcome` is called before a sandbox is served."""
    metrics.begin(
        ((operation.name, operation.status) for operation in OPERATIONS),
        (metrics.BUILTIN, *installation.context.providers),
    )
    if oversight.listening is None:
        listen(options.host, options.port).close()  # before anything is promised about it
    if options.sandbox:
        installation = replace(installation, sandbox_networks=LOOPBACK)
        if welcome is not None:
            installation.run(welcome(installation, options.host, options.port))
    return EXIT_OK if run_loop(_serve(options, installation, oversight)) else EXIT_FAILED


def _deliveries(options: argparse.Namespace, installation: Installation) -> Deliveries:
    """What takes care of deliveries, as far as this process does."""
    if options.worker is WorkerPlace.BESIDE:
        return Companion(beside(is_sandbox=options.sandbox, is_woken=True))
    if options.worker is WorkerPlace.INSIDE:
        from ostiary.runtime.embedded_worker import EmbeddedWorker

        return EmbeddedWorker(installation)
    return DeliversElsewhere()


async def _serve(options: argparse.Namespace, installation: Installation, oversight: Oversight) -> bool:
    """Serves until a signal; False when the address could not be taken, or something had to be killed at the end."""
    limiter = RateLimiter(installation.settings.rate_limit_per_second, grows=not options.sandbox)
    deliveries = _deliveries(options, installation)
    branches = _branches(options, installation, deliveries, limiter)
    app = application(installation, deliveries.wake, limiter, lambda: server.is_draining, branches)
    server = Server(_config(options, installation, app), installation.settings.drain_s, oversight, deliveries.start)
    beside = _beside(installation, limiter)

    def end() -> None:
        """Both at once: what each still has to finish must fit in the time before a container is killed."""
        server.end()
        deliveries.leave()

    def leave() -> None:
        server.leave()
        deliveries.leave()

    on_signal(end)
    oversight.attend(leave)
    installation.pool.submit(warm_up)
    _log.info("serving", host=options.host, port=options.port, version=__version__)
    in_order = False
    try:
        await server.serve()
    except SystemExit:
        _log.error("address_taken", host=options.host, port=options.port)
    finally:
        in_order = await deliveries.end()
        for task in beside:
            task.cancel()
        await installation.close_connections()
    _log.info("ended")
    return bool(server.started) and in_order


def _branches(
    options: argparse.Namespace, installation: Installation, deliveries: Deliveries, limiter: RateLimiter
) -> tuple[Branch, ...]:
    """What is served beside the API: the console and the clients' page, each unless it is switched off."""
    context, branches = installation.waking(deliveries.wake), list[Branch]()
    if installation.settings.console:
        from ostiary.console.application import branch, console_of

        branches.append(branch(console_of(installation, context, limiter, is_sandbox=options.sandbox)))
    if installation.settings.hosted_page:
        from ostiary.hosted.application import hosted_branch, hosted_of

        branches.append(hosted_branch(hosted_of(installation, context, limiter, is_sandbox=options.sandbox)))
    return tuple(branches)


def _beside(installation: Installation, limiter: RateLimiter) -> list[asyncio.Task[None]]:
    """Everything that runs beside the server until it ends."""
    beside = [
        asyncio.create_task(work)
        for work in (
            installation.follow_server_clock(),
            installation.keep_census(),
            installation.follow_publications(),
            follow_keys(installation.store.keys),
            follow_trust(installation.trust),
        )
    ]
    if installation.store.engine.is_shared:
        beside.append(asyncio.create_task(limiter.share(installation.store.standings)))
    return beside


def _config(options: argparse.Namespace, installation: Installation, app: ASGIApp) -> uvicorn.Config:
    crowd = OpenConnections(connection_limits(installation.settings.trusted_proxies))
    protocol: Any = partial(Inlet, crowd=crowd)
    return uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="off",
        backlog=BACKLOG,
        http=protocol,
        ws="none",
        timeout_graceful_shutdown=PARTING_S,
        proxy_headers=False,
    )


def warm_up() -> None:
    """What the first calls would wait for; and what is there now need not be looked at by the garbage collector again,
    whose rounds over everything would otherwise be the slowest requests there are."""
    PackagedLookups().warm_up()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
