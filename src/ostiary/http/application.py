"""The ASGI application: every operation of the table, health, metrics, and the documentation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from ostiary.domain.errors import NotFound
from ostiary.http import metrics
from ostiary.http.endpoint import Endpoint, Gate, with_method
from ostiary.http.exchange import Exchange, Reply, method_refused
from ostiary.http.operations import TABLE

READING = ("GET", "HEAD")
READY, NOT_READY = b'{"status":"ready"}', b'{"status":"not ready"}'
DRAINING = b'{"status":"draining"}'


@dataclass(frozen=True, slots=True)
class Probes:
    """What monitors ask: raises when not ready; counts of waiting messages; whether the process is about to end."""

    check: Callable[[], Awaitable[None]]
    waiting: Callable[[], Awaitable[dict[tuple[str, str], int]]]
    draining: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Page:
    """A document that is served as it is; made on first use, since few ever ask."""

    make: Callable[[], bytes]
    media_type: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Exchange(scope, receive, send).answer(self._serve)

    async def _serve(self, exchange: Exchange) -> Reply:
        exchange.operation = "page"
        if exchange.scope["method"] not in READING:
            return method_refused(exchange, READING)
        return Reply(200, self.make(), list(self.headers), media_type=self.media_type)


def build(gate: Gate, probes: Probes, pages: Mapping[str, ASGIApp]) -> ASGIApp:
    """The application over a wired gate. `pages` are further addresses, such as the documentation's."""
    endpoints: dict[str, Endpoint] = {}
    for operation in TABLE:
        endpoints[operation.path] = with_method(endpoints.get(operation.path, Endpoint(gate)), operation)
    served: dict[str, ASGIApp] = {**endpoints, **_health(probes), **pages}
    routes = [Route(path, endpoint) for path, endpoint in served.items()]
    return Router(routes, redirect_slashes=False, default=_Nowhere(gate))


def _health(probes: Probes) -> dict[str, ASGIApp]:
    return {
        "/health/live": Page(lambda: b'{"status":"alive"}', b"application/json"),
        "/health/ready": _Ready(probes),
        "/metrics": _Metrics(probes),
    }


@dataclass(frozen=True, slots=True)
class _Ready:
    probes: Probes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Exchange(scope, receive, send).answer(self._serve)

    async def _serve(self, exchange: Exchange) -> Reply:
        exchange.operation = "ready"
        if exchange.scope["method"] not in READING:
            return method_refused(exchange, READING)
        if self.probes.draining():
            return Reply(503, DRAINING, [(b"retry-after", b"1")])
        try:
            await self.probes.check()
        except Exception:
            return Reply(503, NOT_READY, [(b"retry-after", b"1")])
        return Reply(200, READY)


@dataclass(frozen=True, slots=True)
class _Metrics:
    probes: Probes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Exchange(scope, receive, send).answer(self._serve)

    async def _serve(self, exchange: Exchange) -> Reply:
        exchange.operation = "page"
        if exchange.scope["method"] not in READING:
            return method_refused(exchange, READING)
        shown = metrics.exposition(await self.probes.waiting())
        return Reply(200, shown, media_type=b"text/plain; version=0.0.4; charset=utf-8")


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """Addresses that are none. Under /management they count like any other, before anything is told."""

    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await Exchange(scope, receive, send).answer(self._serve)

    async def _serve(self, exchange: Exchange) -> Reply:
        if exchange.scope["path"].startswith("/management"):
            await self.gate.caller(exchange.headers, self.gate.source(exchange.scope, exchange.headers))
        raise NotFound("There is no such address; /docs lists those there are.")
