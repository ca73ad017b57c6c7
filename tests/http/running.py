"""An application to talk to: its clock can be moved, its companies and keys are made through the use cases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copytree
from typing import Any, TypeVar

import httpx

from ostiary.adapters.clock import now_ms
from ostiary.api.composition import application
from ostiary.app import Installation, opened
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.settings import read_settings
from ostiary.usecases.companies import companies
from ostiary.usecases.transaction import Outcome, execute
from tests.house import template

T = TypeVar("T")
MARIA: dict[str, Any] = {
    "first_name": "Maria", "last_name": "Barber", "email": "maria@example.com", "birth_date": "1984-11-21",
    "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"},
}  # fmt: skip
CLIENTS = "/management/clients/individuals"


@dataclass
class Clock:
    """Real time, and what was added to it."""

    ahead_ms: int = 0

    def now_ms(self) -> int:
        return now_ms() + self.ahead_ms


@dataclass
class Running:
    """One open application."""

    parts: Installation
    clock: Clock
    http: httpx.AsyncClient
    companies: dict[str, Company] = field(default_factory=dict)

    async def company(self, name: str) -> Company:
        if name not in self.companies:
            outcome = await companies.create_company(
                self.parts.context, name, Environment.SANDBOX, None, "operator:test"
            )
            self.companies[name] = await self._settled(Caller(outcome.answer, "operator:test", 0), outcome)
        return self.companies[name]

    async def key(self, level: int = 3, company: str = "Acme", allowed: tuple[str, ...] = ()) -> str:
        owner = await self.company(company)
        caller = await companies.operator_for(self.parts.context, owner.id, "test")
        outcome = await companies.create_key(self.parts.context, caller, level, allowed)
        return (await self._settled(caller, outcome)).secret

    async def call(self, method: str, path: str, key: str | None, /, **options: Any) -> httpx.Response:
        headers = {**({} if key is None else {"x-api-key": key}), **options.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **options)

    async def _settled(self, caller: Caller, decided: Outcome[T]) -> T:
        async def decide() -> Outcome[T]:
            return decided

        return await execute(self.parts.context, caller, decide)


@contextmanager
def installation(folder: Path, **settings: str) -> Iterator[Installation]:
    """An open installation, without a rate limit unless set."""
    if "OSTIARY_DATABASE_URL" not in settings:
        copytree(template(), folder / "data")
    chosen = {"OSTIARY_DATA_DIR": str(folder / "data"), "OSTIARY_RATE_LIMIT_PER_SECOND": "0", **settings}
    with opened(read_settings(chosen), may_make=True) as parts:
        yield parts


@asynccontextmanager
async def running(parts: Installation) -> AsyncIterator[Running]:
    """The application over an installation. Companies are new every time, so tests do not meet."""
    clock = Clock()
    own = replace(parts, context=replace(parts.context, now_ms=clock.now_ms))
    transport = httpx.ASGITransport(application(own, lambda: None))
    async with httpx.AsyncClient(transport=transport, base_url="http://ostiary") as client:
        yield Running(own, clock, client)


def details(answer: httpx.Response) -> set[tuple[str, str]]:
    """Field and code of everything at fault."""
    return {(detail["field"], detail["code"]) for detail in answer.json().get("details", [])}
