"""What the page needs of the running service: wired once, the same for every request."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.domain.companies.company import IpNetwork
from ostiary.hosted.allowance import CHANGES_AN_HOUR, PICTURES_AN_HOUR, Allowance
from ostiary.html.rendering import Rendering
from ostiary.html.static_files import StaticFiles
from ostiary.languages.language import Languages
from ostiary.usecases.context import Context
from ostiary.web.rate_limiter import RateLimiter
from ostiary.web.upload_budget import UploadBudget


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
