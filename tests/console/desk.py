"""The console in this process: real storage, operators with sessions, and a browser's way of sending forms."""

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
from ostiary.console.application import branch, console_of
from ostiary.console.services import Console
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.operators.changes import AddSession
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.operators.sessions import SignInSource, begun
from ostiary.domain.unit import Unit
from ostiary.usecases.companies.companies import create_company
from ostiary.usecases.operators.directory import create_operator, fresh_house, house
from ostiary.usecases.transaction import Outcome, execute
from ostiary.web.rate_limiter import RateLimiter
from tests.http.running import Clock

ORIGIN = "http://ostiary"
SESSION, FORM = "ostiary_session", "ostiary_form"
FIELD = re.compile(r'name="form_token" value="([0-9a-f]*)"')


@dataclass(slots=True)
class Visitor:
    """A browser: keeps cookies, follows nothing by itself, sends forms as browsers do."""

    http: httpx.AsyncClient
    operator: Operator | None = None

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.get(path, **options)

    async def form_token(self, path: str = "/console/sessions") -> str:
        """The token of the forms on a page."""
        tokens = FIELD.findall((await self.get(path)).text)
        return str(tokens[0]) if tokens else ""

    async def post(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """A form, with its token unless `fields` has one, from a page of ours unless `headers` say otherwise."""
        given = dict(fields or {})
        if "form_token" not in given:
            is_signed_in = any(cookie.name == SESSION for cookie in self.http.cookies.jar)
            given["form_token"] = await self.form_token("/console/sessions" if is_signed_in else "/console/sign-in")
        headers = {"origin": ORIGIN, **options.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        return await self.http.post(path, data=given, headers=headers, **options)


@dataclass(slots=True)
class Desk:
    """An open installation with its console. Operators and companies are made once per name."""

    parts: Installation
    clock: Clock
    app: Any
    console: Console
    companies: dict[str, Company] = field(default_factory=dict)
    visitors: list[Visitor] = field(default_factory=list)
    address: str = "192.0.2.7"

    async def company(self, name: str = "Acme", environment: Environment = Environment.SANDBOX) -> Company:
        if name not in self.companies:
            outcome = await create_company(self.parts.context, name, environment, None, "operator:setup")
            await self.commit(Caller(outcome.answer, "operator:setup", 5), outcome)
            company = await self.parts.context.storage.companies.find(outcome.answer.id)
            assert company is not None
            self.companies[name] = company
        return self.companies[name]

    async def operator(self, name: str, role: Role = Role.ADMIN, *companies: str) -> Operator:
        """Somebody who was let in."""
        caller = Caller(await house(self.parts.context), "operator:setup", 5)
        outcome = await create_operator(self.parts.context, caller, name, role, companies)
        await self.commit(caller, outcome)
        return outcome.answer.operator

    async def session(self, operator: Operator) -> str:
        """The token of a session begun now, without the password that takes so long to hash."""
        context = self.parts.context
        own = await fresh_house(context, (await house(context)).id)
        token = context.random(32).hex()
        mark = context.storage.sessions.mark(own.id, token)
        session = begun(mark, operator, SignInSource("192.0.2.1", "a test"), context.now_ms())
        lost = await context.storage.commit(Unit(own.id, context.now_ms(), own, (AddSession(session),)))
        assert lost is None
        return token

    async def own_house(self) -> Company:
        """The company that operators belong to."""
        return await house(self.parts.context)

    def visitor(self, token: str = "", operator: Operator | None = None) -> Visitor:
        """A browser, signed in if there is a token."""
        cookies = {SESSION: token} if token else {}
        transport = httpx.ASGITransport(self.app, client=(self.address, 1234))
        http = httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies)
        self.visitors.append(Visitor(http, operator))
        return self.visitors[-1]

    async def signed_in(self, name: str, role: Role = Role.ADMIN, *companies: str) -> Visitor:
        """The browser of a new operator who is signed in."""
        operator = await self.operator(name, role, *companies)
        return self.visitor(await self.session(operator), operator)

    async def commit(self, caller: Caller, decided: Outcome[Any]) -> Any:
        async def decide() -> Outcome[Any]:
            return decided

        return await execute(self.parts.context, caller, decide)


@asynccontextmanager
async def desk_of(parts: Installation) -> AsyncIterator[Desk]:
    """The console over an installation, beside the API as `serve` has both."""
    clock = Clock()
    own = replace(parts, context=replace(parts.context, now_ms=clock.now_ms))
    limiter = RateLimiter(parts.settings.rate_limit_per_second)
    console = console_of(own, own.context, limiter, is_sandbox=False)
    app = application(own, lambda: None, limiter, branches=(branch(console),))
    desk = Desk(own, clock, app, console)
    yield desk
    for visitor in desk.visitors:
        await visitor.http.aclose()


def text_of(response: httpx.Response) -> str:
    """What somebody reads on a page, in one line."""
    body = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
