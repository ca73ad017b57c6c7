"""Both clients before real services: each test holds for the client for asyncio and for the plain one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, cast

import httpx
import pytest

from ostiary_client import Address, AsyncOstiary, NewClient, NewDocument, Ostiary
from ostiary_client.types import IndividualClient, Product
from tests.acceptance.conftest import RunningService
from tests.acceptance.python_client.awaited import Awaited
from tests.acceptance.python_client.obstacle import Obstacle, between
from tests.material import picture

Start = Callable[..., RunningService]
Connect = Callable[..., Any]
ARGENTINIAN = Address(street_line1="Florida 9860", city="Del Viso", country="ARG")
_marks = count(1)


def someone(**fields: Any) -> NewClient:
    """A client with an e-mail of its own, of whom nothing is missing for cards but a passport."""
    usual: dict[str, Any] = {
        "first_name": "Maria", "last_name": "Barber", "email": f"maria.{next(_marks)}@example.com",
        "birth_date": "1984-11-21", "address": ARGENTINIAN,
        "phone_country_code": 54, "phone_number": 1168860622,
    }  # fmt: skip
    return NewClient(**{**usual, **fields})


def number_like(beginning: str) -> str:
    """A document's number that no other client has."""
    return f"{beginning}{next(_marks):06}"


def passport(beginning: str) -> NewDocument:
    """A passport whose number begins like this, with a picture of its own."""
    return NewDocument("passport", front=picture(next(_marks)), metadata={"number": number_like(beginning)})


async def submitted(ostiary: AsyncOstiary, number: str, **fields: Any) -> tuple[IndividualClient, Product]:
    """A client whose request for cards is in review."""
    client = await ostiary.clients.create(someone(**fields))
    request = await ostiary.products.request(client, "cards_individuals")
    judged = await ostiary.products.upload(request, passport(number))
    assert judged.rejected_items == ()
    judged = await ostiary.products.submit(request)
    assert judged.product.status == "in_kyc"
    return client, judged.product


async def key_of(service: RunningService, level: int = 3) -> str:
    """A key of a service, made beside the event loop: commands have one of their own."""
    return await asyncio.to_thread(service.key, level)


@pytest.fixture(params=["async", "plain"])
def connect(request: pytest.FixtureRequest) -> Connect:
    """A client of the library, to be used in `async with`: the plain one looks like the other."""

    @asynccontextmanager
    async def connected(url: str, key: str, **choices: Any) -> AsyncIterator[AsyncOstiary]:
        if request.param == "async":
            async with httpx.AsyncClient(trust_env=False) as http, AsyncOstiary(url, key, http=http, **choices) as both:
                yield both
        else:
            with httpx.Client(trust_env=False) as calls, Ostiary(url, key, http=calls, **choices) as plain:
                yield cast(AsyncOstiary, Awaited(plain))

    return connected


@pytest.fixture(scope="module")
def service(module_services: Start) -> RunningService:
    return module_services(allowed_private_networks="127.0.0.0/8", first_retry_seconds=0.2)


@pytest.fixture(scope="module")
def key(service: RunningService) -> str:
    return service.key()


@pytest.fixture
async def ostiary(connect: Connect, service: RunningService, key: str) -> AsyncIterator[AsyncOstiary]:
    async with connect(service.url, key) as connected:
        yield connected


@pytest.fixture
def obstacle(service: RunningService) -> Iterator[Obstacle]:
    """What stands between a client and the service."""
    with between(service.port) as obstacle:
        yield obstacle
