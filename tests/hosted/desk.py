"""The onboarding page in this process: real storage, clients with links, and a browser without script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import httpx

from ostiary.api.composition import application
from ostiary.app import Installation
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.hosted.application import hosted_branch, hosted_of
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.companies.companies import create_company, operator_for
from ostiary.usecases.context import Reader
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted.links import make_link
from ostiary.usecases.onboarding.products import request_product
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.transaction import Outcome, execute
from ostiary.web.rate_limiter import RateLimiter
from tests.house import CARDS
from tests.http.running import Clock
from tests.material import picture, profile

ORIGIN = "http://ostiary"
SESSION = "ostiary_onboarding"
FIELD = re.compile(r'name="form_token" value="([0-9a-f]*)"')
ACTION = re.compile(r'<form method="post"[^>]*action="(/onboarding/[^"]*)"')


@dataclass(slots=True)
class Browser:
    """Keeps cookies, follows what it is sent on to, sends forms as browsers do. `page` is what it shows."""

    http: httpx.AsyncClient
    page: httpx.Response = field(init=False)

    @property
    def text(self) -> str:
        """What somebody reads on the page, in one line."""
        body = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def path(self) -> str:
        return str(self.page.url.path)

    @property
    def heading(self) -> str:
        return unescape(re.findall(r"<h1>(.*?)</h1>", self.page.text)[0])

    async def open(self, path: str = "/onboarding/next", **options: Any) -> httpx.Response:
        self.page = await self.http.get(path, follow_redirects=True, **options)
        return self.page

    async def send(
        self, fields: dict[str, str] | None = None, *, to: str = "", picture: bytes = b"", **options: Any
    ) -> httpx.Response:
        """The form of the page that is shown, with what is filled in; a picture goes into its file input."""
        given = {"form_token": (FIELD.findall(self.page.text) or [""])[-1], **(fields or {})}
        files = None
        if picture or 'type="file"' in self.page.text:
            names = re.findall(r'<input [^>]*name="(\w+)" type="file"', self.page.text)
            files = {name: ("picture.jpg" if picture else "", picture, "image/jpeg") for name in names}
        headers = {"origin": str(self.http.base_url).rstrip("/"), **options.pop("headers", {})}
        address = to or str(self.page.url)
        self.page = await self.http.post(
            address, data=given, files=files, headers=headers, follow_redirects=True, **options
        )
        return self.page


@dataclass(slots=True)
class Guest:
    """A client with a link, and where he looks at it."""

    hall: Hall
    company: Company
    client: Client
    requests: tuple[Enablement, ...]
    token: str
    browser: Browser

    async def arrive(self) -> Browser:
        """The link opened, and its button pressed."""
        await self.browser.open(f"/onboarding/{self.token}")
        await self.browser.send()
        return self.browser

    async def now(self) -> list[Enablement]:
        """His requests as they stand, oldest first."""
        dossier = await load_dossier(self.hall.parts.context, Caller(self.company, "operator:test", 5), self.client.id)
        return sorted(dossier.enablements, key=lambda each: each.id)

    async def judge(self, decision: Decision, *rejections: Any, text: str = "As decided.") -> None:
        """What an operator decides of his first request."""
        verdict = Verdict(decision, text, rejections)
        caller = await operator_for(self.hall.parts.context, self.company.id, "test")
        await self.hall.do(caller, apply_verdict, self.client.id, self.requests[0].id, verdict)


@dataclass(slots=True)
class Hall:
    """An open installation with the page beside its API."""

    parts: Installation
    clock: Clock
    app: Any = None
    browsers: list[Browser] = field(default_factory=list)
    address: str = "192.0.2.9"

    async def do(self, caller: Caller, use_case: Any, *arguments: Any) -> Any:
        async def decide() -> Outcome[Any]:
            outcome: Outcome[Any] = await use_case(self.parts.context, caller, *arguments)
            return outcome

        return await execute(self.parts.context, caller, decide)

    def browser(self, **headers: str) -> Browser:
        transport = httpx.ASGITransport(self.app, client=(self.address, 1234))
        self.browsers.append(Browser(httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)))
        return self.browsers[-1]

    async def guest(self, *products: str, wish: LinkWish | None = None, **changes: Any) -> Guest:
        """A new company's client who asks for products and has a link."""
        context = self.parts.context
        outcome = await create_company(context, "Acme Bank", Environment.PRODUCTION, None, "operator:setup")
        await self._settle(Caller(outcome.answer, "operator:setup", 5), outcome)
        caller = await operator_for(context, outcome.answer.id, "setup")
        client = await self.do(caller, create_client, profile(**changes))
        requests = [
            (await self.do(caller, request_product, client.id, each)).enablement for each in products or (CARDS,)
        ]
        link = await self.do(caller, make_link, client.id, wish or LinkWish(), lambda url, plain: None)
        client = (await load_dossier(context, caller, client.id)).client
        return Guest(self, caller.company, client, tuple(requests), link.token, self.browser())

    async def _settle(self, caller: Caller, decided: Outcome[Any]) -> None:
        async def decide() -> Outcome[Any]:
            return decided

        await execute(self.parts.context, caller, decide)


class NoReader:
    """Documents are not read at once, unless a test is about that: forms are empty."""

    def warm(self) -> None:
        pass

    async def read(self, *arguments: object) -> Reading:
        return Reading(None, trouble=Trouble.UNAVAILABLE)


@asynccontextmanager
async def hall_of(parts: Installation, reader: Reader | None = None) -> AsyncIterator[Hall]:
    """The page over an installation, beside the API as `serve` has both."""
    clock = Clock()
    own = replace(parts, context=replace(parts.context, now_ms=clock.now_ms, reader=reader or NoReader()))
    limiter = RateLimiter(parts.settings.rate_limit_per_second)
    hosted = hosted_of(own, own.context, limiter, is_sandbox=False)
    app = application(own, lambda: None, limiter, branches=(hosted_branch(hosted),))
    hall = Hall(own, clock, app)
    yield hall
    for browser in hall.browsers:
        await browser.http.aclose()


def good(seed: int = 1) -> bytes:
    """A sharp picture."""
    return picture(seed)
