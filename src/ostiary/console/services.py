"""What the console needs of the running service: wired once, the same for every request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ostiary.adapters.checkup import Examine
from ostiary.adapters.pages.viewers import PictureViewers
from ostiary.domain.audit.trail import Mark
from ostiary.domain.companies.company import Caller, IpNetwork
from ostiary.html.rendering import Rendering
from ostiary.html.static_files import StaticFiles
from ostiary.languages.language import Languages
from ostiary.usecases.context import Context
from ostiary.usecases.delivery.webhook import AddressFault
from ostiary.usecases.transaction import Outcome, carried_out
from ostiary.web.rate_limiter import RateLimiter
from ostiary.web.upload_budget import UploadBudget

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Use cases' ports, templates and static files, and what only calls over HTTP need. `audit_mark` checks chains;
    `crowd` counts all requests of an address, `limiter` those by which somebody may try to get in;
    `viewers` opens pictures; `public_url` is the address that people come by, if one is set; `database` says which
    engine is in use, `is_sandbox` that `serve` was begun for trying things out. `usual_quota_bytes` is of a company
    without a quota of its own, `catalogue_four_eyes` says that two people publish catalogues, `address_fault` what is
    wrong with a webhook's address; `examine` looks at the installation as `ostiary doctor` does; who looks through
    clients holds `searching`, who is given a file of all audit trails `exporting`: it takes some 100 MB."""

    context: Context
    audit_mark: Mark
    static: StaticFiles
    rendering: Rendering
    limiter: RateLimiter
    crowd: RateLimiter
    bodies: UploadBudget
    languages: Languages
    viewers: PictureViewers
    trusted_proxies: tuple[IpNetwork, ...] = ()
    public_url: str = ""
    database: str = ""
    is_sandbox: bool = False
    usual_quota_bytes: int = 0
    catalogue_four_eyes: bool = False
    address_fault: AddressFault = lambda url, in_sandbox: None
    examine: Examine | None = None
    searching: asyncio.Lock = field(default_factory=asyncio.Lock)
    exporting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_secure(self) -> bool:
        """Whether people come by HTTPS, so that cookies are sent over nothing else."""
        return self.public_url.startswith("https://")


async def committed(
    console: Console, caller: Caller, use_case: Callable[..., Awaitable[Outcome[T]]], *arguments: object
) -> T:
    """The answer of a use case that takes context and caller first, once it is committed."""
    return await carried_out(console.context, caller, use_case, *arguments)
