"""Health and metrics of a worker, which serves nothing else: for `ostiary worker --port`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn

from ostiary.api.application import Probes, monitoring
from ostiary.runtime.descriptors import connection_limits
from ostiary.web.connections import OpenConnections
from ostiary.web.inlet import Inlet

LEAVING_S = 1
"""For an answer that has begun: a probe or a scrape is over in milliseconds."""


class ProbeServer(uvicorn.Server):
    """Leaves signals to the worker beside it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_probes(probes: Probes, host: str, port: int, listening: socket.socket | None) -> None:
    """Serves until cancelled. `listening` is a socket that several processes share: whoever is free answers, and the
    numbers are of all of them."""
    protocol: Any = partial(Inlet, crowd=OpenConnections(connection_limits(())))
    config = uvicorn.Config(
        monitoring(probes),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        http=protocol,
        ws="none",
        proxy_headers=False,
        timeout_graceful_shutdown=LEAVING_S,
    )
    server = ProbeServer(config)
    try:
        await server.serve(sockets=None if listening is None else [listening])
    except asyncio.CancelledError:
        await server.shutdown(sockets=None)
        raise
