"""`ostiary serve` and `ostiary worker`: the long-running processes, ended politely by SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog
import uvicorn

from ostiary import __version__, logs
from ostiary.adapters.lookups import Lookups
from ostiary.adapters.memory import keep_large_blocks
from ostiary.adapters.webhooks import WebhookSender
from ostiary.app import Opened, application, opened
from ostiary.chores import Chores
from ostiary.cli import EXIT_FAILED, EXIT_OK
from ostiary.cli.draining import Server
from ostiary.cli.oversight import Oversight
from ostiary.cli.parting import PARTING_S
from ostiary.cli.supervise import BACKLOG, listen
from ostiary.http import metrics
from ostiary.http.limiting import RateLimiter
from ostiary.http.wire import CarefulProtocol
from ostiary.settings import Settings
from ostiary.storage.copying import end_if_copy
from ostiary.worker import Worker

T = TypeVar("T")
GARBAGE_THRESHOLDS = (20_000, 20, 20)
"""Requests make little that is circular; the usual 700 new objects between rounds are two small requests."""
_log = structlog.get_logger("ostiary.serve")


def run(options: argparse.Namespace, settings: Settings, oversight: Oversight) -> int:
    """The exit status. `oversight` is of a supervisor, if there is one."""
    logs.set_up(settings.log_level, oversight.number)
    if oversight.number:
        metrics.share(oversight.number)
    keep_large_blocks()
    with opened(settings) as parts:
        end_if_copy(parts.store.engine)
        if options.command == "worker":
            _run(_work(parts, oversight))
            return EXIT_OK
        if oversight.listening is None:
            listen(options.host, options.port).close()  # before anything is promised about it
        if options.sandbox:
            from ostiary.cli.sandbox import welcome

            parts.run(welcome(parts, options.host, options.port))
        return EXIT_OK if _run(_serve(options, parts, oversight)) else EXIT_FAILED


def _run(main: Coroutine[Any, Any, T]) -> T:
    """Runs on uvloop where there is one. Then signals change nothing any more: what is left takes milliseconds."""
    try:
        if sys.platform == "win32":
            return asyncio.run(main)
        import uvloop

        return uvloop.run(main)
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_IGN)


async def _work(parts: Opened, oversight: Oversight) -> None:
    sender = WebhookSender(parts.settings.allowed_private_networks, parts.world.now_ms)
    chores = Chores(parts)
    worker = Worker(parts.world, sender, chores.do, parts.store.engine.changes)
    _on_signal(worker.stop)
    oversight.on_leave(worker.stop)
    _log.info("working", version=__version__)
    oversight.ready()
    beside = [asyncio.create_task(one) for one in (parts.store.engine.listen(), parts.keep_time())]
    try:
        await worker.run()
    finally:
        for one in beside:
            one.cancel()
        await chores.close()
        await sender.close()
        await parts.close_connections()


async def _serve(options: argparse.Namespace, parts: Opened, oversight: Oversight) -> bool:
    """Serves until a signal; False when the address could not be taken."""
    sender = WebhookSender(parts.settings.allowed_private_networks, parts.world.now_ms)
    chores = Chores(parts)
    engine, limiter = parts.store.engine, RateLimiter(parts.settings.rate_limit_per_second)
    worker = Worker(parts.world, sender, chores.do, engine.changes if engine.is_shared else None)
    app = application(parts, worker.wake, limiter, lambda: server.is_draining)
    config = uvicorn.Config(
        app, host=options.host, port=options.port, log_config=None, access_log=False,
        server_header=False, date_header=True, lifespan="off", backlog=BACKLOG, http=CarefulProtocol, ws="none",
        timeout_graceful_shutdown=PARTING_S, proxy_headers=False,
    )  # fmt: skip
    server = Server(config, parts.settings.drain_s, oversight)
    task = asyncio.create_task(worker.run()) if parts.settings.embedded_worker else None
    beside = [asyncio.create_task(parts.keep_time())]
    if task is not None:
        beside.append(asyncio.create_task(engine.listen()))
    if engine.is_shared:
        beside.append(asyncio.create_task(limiter.share(parts.store.standings)))

    def end() -> None:
        """Both at once: what each still has to finish must fit in the time before a container is killed."""
        server.end()
        worker.stop()

    def leave() -> None:
        server.leave()
        worker.stop()

    _on_signal(end)
    oversight.on_leave(leave)
    parts.pool.submit(warm_up)
    _log.info("serving", host=options.host, port=options.port, version=__version__)
    try:
        await server.serve()
    except SystemExit:
        _log.error("address_taken", host=options.host, port=options.port)
    finally:
        worker.stop()
        if task is not None:
            await task
        for one in beside:
            one.cancel()
        await chores.close()
        await sender.close()
        await parts.close_connections()
    _log.info("ended")
    return bool(server.started)


def warm_up() -> None:
    """What the first calls would wait for; and what is there now need not be looked at by the garbage collector again,
    whose rounds over everything would otherwise be the slowest requests there are."""
    Lookups().warm_up()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def _on_signal(end: object) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, end)  # type: ignore[arg-type]
