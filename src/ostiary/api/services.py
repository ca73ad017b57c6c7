"""What the API needs of the running service: wired once, the same for every request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from ostiary.api.reading.bodies import BodiesInForce, ClientBodies
from ostiary.domain.companies.company import IpNetwork
from ostiary.usecases.context import Context
from ostiary.usecases.hosted.brand import Redraw
from ostiary.web.idempotency import AnswerStore
from ostiary.web.rate_limiter import RateLimiter
from ostiary.web.upload_budget import UploadBudget


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServices:
    """Use cases' ports, and what only calls over HTTP need: where answers are kept, who comes how often, how much of
    bodies is held at once (`verdicts`: of providers), who draws logos anew, and whose word counts on where a call comes
    from."""

    context: Context
    current_bodies: BodiesInForce
    pool: Executor
    max_body_bytes: int
    address_fault: Callable[[str, bool], str | None]
    answers: AnswerStore
    limiter: RateLimiter
    uploads: UploadBudget
    verdicts: UploadBudget
    redraw_logo: Redraw
    trusted_proxies: tuple[IpNetwork, ...] = ()
    public_url: str = ""

    @property
    def bodies(self) -> ClientBodies:
        """Those of the attributes that may be given now."""
        return self.current_bodies.now


async def in_pool(services: ApiServices, work: Callable[..., Any], *arguments: object) -> Any:
    """Runs heavy work, that releases the interpreter lock, beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(services.pool, work, *arguments)
