"""Builds the HTTP application of an open installation. Not in `app`, because a worker needs none of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from starlette.types import ASGIApp

from ostiary.adapters.pages.logos import redrawn
from ostiary.api.application import Probes, build
from ostiary.api.docs_pages import pages
from ostiary.api.provider_routes import VERDICT_BUDGET_BYTES, provider_routes
from ostiary.api.reading.bodies import BodiesInForce
from ostiary.api.services import ApiServices
from ostiary.app import Installation
from ostiary.domain.companies.company import quota_of
from ostiary.storage.tables.stored_bytes import StoredBytes
from ostiary.telemetry.metrics import StandingCounts
from ostiary.web.paths import Branch
from ostiary.web.rate_limiter import RateLimiter
from ostiary.web.upload_budget import UploadBudget


def application(
    installation: Installation,
    wake: Callable[[], None],
    limiter: RateLimiter | None = None,
    draining: Callable[[], bool] = lambda: False,
    branches: Sequence[Branch] = (),
) -> ASGIApp:
    """The HTTP application over an open installation. `wake` tells the worker. `limiter` is one that is shared.

    `draining` says that the process is about to end; `branches` are served beside the API.
    """
    settings, context = installation.settings, installation.waking(wake)
    services = ApiServices(
        context=context,
        current_bodies=BodiesInForce(lambda: context.catalogues.attributes),
        pool=installation.pool,
        max_body_bytes=settings.max_body_bytes,
        address_fault=installation.address_fault,
        answers=installation.store.answers,
        limiter=limiter or RateLimiter(settings.rate_limit_per_second),
        uploads=UploadBudget(settings.upload_budget_bytes),
        verdicts=UploadBudget(VERDICT_BUDGET_BYTES),
        redraw_logo=partial(redrawn, installation.pool),
        trusted_proxies=settings.trusted_proxies,
        public_url=settings.public_url,
    )
    providing = provider_routes(services, installation.linker.ticket)
    return build(services, probes_of(installation, draining), {**pages(services), **providing}, branches)


def probes_of(
    installation: Installation, draining: Callable[[], bool] = lambda: False, alive: Callable[[], bool] = lambda: True
) -> Probes:
    """What monitors may ask of an open installation."""

    async def standing() -> StandingCounts:
        now_ms, counted = installation.context.now_ms(), await installation.store.counting.now()
        oldest = counted.reviews.items()
        reviews = {kind: (count, max(0, now_ms - since_ms) / 1000) for kind, (count, since_ms) in oldest}
        stored = sum(usage.bytes for usage in counted.stored.values())
        return StandingCounts(counted.messages, reviews, stored, await _fullest(installation, counted.stored))

    return Probes(installation.store.check, standing, draining, alive)


async def _fullest(installation: Installation, stored: Mapping[str, StoredBytes]) -> float:
    """The largest share of its quota that any company uses. Companies are counted one after the other, so that no call
    waits for all of them."""
    shares = [0.0]
    for company_id, usage in stored.items():
        company = await installation.store.companies.find(company_id)
        quota = 0 if company is None else quota_of(company, installation.settings.company_quota_bytes)
        shares.append(usage.bytes / quota if quota else 0.0)
        await asyncio.sleep(0)
    return max(shares)
