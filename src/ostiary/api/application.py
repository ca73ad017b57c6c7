"""The ASGI application: every operation of the table, health, metrics, and the documentation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from starlette.types import ASGIApp

from ostiary.api.admission import authenticated, count_address
from ostiary.api.endpoint import serve
from ostiary.api.operations import TABLE, Operation
from ostiary.api.services import ApiServices
from ostiary.domain.errors import NotFound
from ostiary.telemetry import metrics
from ostiary.web.asgi import ApiRequest, ApiResponse, Endpoint, Serve
from ostiary.web.paths import Branch, Paths, beyond
from ostiary.wire.service import HealthAnswer

READING = ("GET", "HEAD")
ALIVE, NOT_ALIVE, READY, NOT_READY, DRAINING = (
    msgspec.json.encode(HealthAnswer(status=status)) for status in ("alive", "stuck", "ready", "not ready", "draining")
)


@dataclass(frozen=True, slots=True)
class Probes:
    """What health checks and metrics ask. `check` raises when calls cannot be served; `standing` counts what waits;
    `draining`: the process has begun to shut down; `alive`: it still does its work."""

    check: Callable[[], Awaitable[None]]
    standing: Callable[[], Awaitable[metrics.StandingCounts]]
    draining: Callable[[], bool] = lambda: False
    alive: Callable[[], bool] = lambda: True


def read_only(serve: Serve, operation: str = "page") -> Endpoint:
    """An address that can only be read, without a key."""
    return Endpoint(serve, operation, READING)


def build(
    services: ApiServices, probes: Probes, pages: Mapping[str, ASGIApp], branches: Sequence[Branch] = ()
) -> ASGIApp:
    """The application over wired services. `pages` are further addresses, such as the documentation's; `branches` what
    else is served beside the API."""
    operations: dict[str, dict[str, Operation]] = {}
    for operation in TABLE:
        operations.setdefault(operation.path, {})[operation.method] = operation
    endpoints = {path: Endpoint(partial(serve, services, by_method)) for path, by_method in operations.items()}
    served: dict[str, ASGIApp] = {**endpoints, **_health(probes), **pages}
    for branch in branches:
        served |= branch.served
    return Paths(served, beyond(branches, Endpoint(partial(_unknown_path, services))))


def _health(probes: Probes) -> dict[str, ASGIApp]:
    async def live(_: ApiRequest) -> ApiResponse:
        return ApiResponse(200, ALIVE) if probes.alive() else ApiResponse(503, NOT_ALIVE)

    async def ready(_: ApiRequest) -> ApiResponse:
        if probes.draining():
            return ApiResponse(503, DRAINING, [(b"retry-after", b"1")])
        try:
            await probes.check()
        except Exception:
            return ApiResponse(503, NOT_READY, [(b"retry-after", b"1")])
        return ApiResponse(200, READY)

    async def measurements(_: ApiRequest) -> ApiResponse:
        shown = metrics.exposition(await probes.standing())
        return ApiResponse(200, shown, media_type=b"text/plain; version=0.0.4; charset=utf-8")

    return {
        "/health/live": read_only(live),
        "/health/ready": read_only(ready, "ready"),
        "/metrics": read_only(measurements),
    }


def monitoring(probes: Probes) -> ASGIApp:
    """Health and metrics alone, of a process that serves nothing else."""
    return Paths(_health(probes), Endpoint(_no_monitoring))


async def _no_monitoring(_: ApiRequest) -> ApiResponse:
    raise NotFound("There are /health/live, /health/ready and /metrics here.")


async def _unknown_path(services: ApiServices, request: ApiRequest) -> ApiResponse:
    """Unknown paths. Under /management they need a key and count like any other call, before they are refused."""
    if request.scope["path"].startswith("/management"):
        await authenticated(services, request, count_address(services, request))
    raise NotFound("There is no such address; /docs lists those there are.")
