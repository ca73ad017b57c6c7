"""What the page needs of the running service: wired once, the same for every request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ostiary.domain.companies.company import Caller, IpNetwork
from ostiary.domain.value import replace
from ostiary.hosted.allowance import CHANGES_AN_HOUR, PICTURES_AN_HOUR, Allowance
from ostiary.html.rendering import Rendering
from ostiary.html.static_files import StaticFiles
from ostiary.languages.language import Languages
from ostiary.usecases.context import Context
from ostiary.usecases.transaction import Outcome, execute
from ostiary.web.rate_limiter import RateLimiter
from ostiary.web.upload_budget import UploadBudget

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """Use cases' ports, templates and static files, and what only calls over HTTP need. `crowd` counts all requests of
    an address, `limiter` links that are not known, `of_link` those of one session; `bodies` is the memory
    for what is sent, `max_body_bytes` the most of one."""

    context: Context
    static: StaticFiles
    rendering: Rendering
    languages: Languages
    limiter: RateLimiter
    crowd: RateLimiter
    of_link: RateLimiter
    bodies: UploadBudget
    pictures: Allowance = field(default_factory=lambda: Allowance(PICTURES_AN_HOUR))
    changes: Allowance = field(default_factory=lambda: Allowance(CHANGES_AN_HOUR))
    max_body_bytes: int
    trusted_proxies: tuple[IpNetwork, ...] = ()
    public_url: str = ""
    is_sandbox: bool = False

    @property
    def is_secure(self) -> bool:
        """Whether people come by HTTPS, so that cookies are sent over nothing else."""
        return self.public_url.startswith("https://")


async def settled(
    hosted: Hosted, caller: Caller, use_case: Callable[..., Awaitable[Outcome[T]]], *arguments: object
) -> T:
    """The answer of a use case that takes context and caller first, once it is committed. It sees the company as it is
    at each try."""

    async def decide() -> Outcome[T]:
        company = await hosted.context.storage.companies.find(caller.company.id)
        return await use_case(hosted.context, replace(caller, company=company or caller.company), *arguments)

    return await execute(hosted.context, caller, decide)
