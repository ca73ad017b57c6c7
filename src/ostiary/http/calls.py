"""Translating calls into use cases and their answers into JSON: one pair of functions per operation, no decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from ostiary.domain.clients import Client, ClientStatus
from ostiary.domain.companies import Caller
from ostiary.domain.errors import Fault, InvalidRequest, ValidationFailed
from ostiary.domain.ids import is_id
from ostiary.http.answers import EXPANSIONS, client_json, judged_json, product_json
from ostiary.http.bodies import ClientBodies
from ostiary.http.published import catalogue_json
from ostiary.usecases import clients, documentation, products, submission
from ostiary.usecases.clients import Page
from ostiary.usecases.deciding import Decided
from ostiary.usecases.documentation import Upload
from ostiary.usecases.loading import ProductState
from ostiary.usecases.world import World

LARGEST_PAGE, USUAL_PAGE = 200, 50
"""200 clients are some 150 kB of JSON and a millisecond of decryption."""


@dataclass(frozen=True, slots=True)
class Service:
    """What calls need of the running service."""

    world: World
    bodies: ClientBodies
    pool: Executor
    max_body_bytes: int
    address_fault: Callable[[str, bool], str | None]


@dataclass(slots=True)
class Call:
    """One authenticated call: whose, on what, with what. `links` collects what belongs into the Link header."""

    service: Service
    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = field(repr=False)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.service.world

    @property
    def client_id(self) -> str:
        return self.path["clientId"]

    @property
    def request_id(self) -> str:
        return self.path["productRequestId"]


# ---- clients --------------------------------------------------------------------------------------------------------


async def create_client(call: Call) -> Decided[Client]:
    return await clients.create_client(call.world, call.caller, call.service.bodies.profile(call.body))


async def read_client(call: Call) -> Decided[Client]:
    return Decided(await clients.read_client(call.world, call.caller, call.client_id))


async def update_client(call: Call) -> Decided[Client]:
    profile = call.service.bodies.profile(call.body)
    return await clients.update_client(call.world, call.caller, call.client_id, profile)


async def list_clients(call: Call) -> Decided[Page]:
    status = call.query.get("status")
    faults: list[Fault] = []
    if status is not None and status not in list(ClientStatus):
        faults.append(Fault("status", "QUERY_INVALID", f"status must be one of: {', '.join(ClientStatus)}"))
    cursor = page_cursor(call.query.get("cursor"), faults)
    limit = page_limit(call.query.get("limit"), faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    page = await clients.list_clients(
        call.world, call.caller, status=None if status is None else ClientStatus(status),
        email=call.query.get("email"), before=cursor, limit=limit,
    )  # fmt: skip
    return Decided(page)


def show_client(call: Call, client: Client) -> object:
    return client_json(client)


def show_page(call: Call, page: Page) -> object:
    if page.next is not None:
        call.links["next"] = page.next
    return [client_json(one) for one in page.clients]


# ---- products -------------------------------------------------------------------------------------------------------


async def request_product(call: Call) -> Decided[ProductState]:
    return await products.request_product(call.world, call.caller, call.client_id, call.body.subproduct)


async def list_products(call: Call) -> Decided[tuple[ProductState, ...]]:
    return Decided(await products.list_products(call.world, call.caller, call.client_id))


async def read_product(call: Call) -> Decided[ProductState]:
    return Decided(await products.read_product(call.world, call.caller, call.client_id, call.request_id))


async def withdraw_product(call: Call) -> Decided[ProductState]:
    return await products.withdraw_product(call.world, call.caller, call.client_id, call.request_id)


async def submit_product(call: Call) -> Decided[ProductState]:
    return await submission.submit_product(call.world, call.caller, call.client_id, call.request_id)


async def add_document(call: Call) -> Decided[ProductState]:
    upload: Upload = call.body
    return await documentation.add_document(call.world, call.caller, call.client_id, call.request_id, upload)


def show_product(call: Call, state: ProductState) -> object:
    return product_json(state, expansions(call.query))


def show_products(call: Call, states: tuple[ProductState, ...]) -> object:
    expand = expansions(call.query)
    return [product_json(one, expand) for one in states]


def show_judged(call: Call, state: ProductState) -> object:
    return judged_json(state, expansions(call.query))


# ---- catalogue -----------------------------------------------------------------------------------------------------


async def read_catalogue(call: Call) -> Decided[str | None]:
    country = call.query.get("country")
    if country is not None and (problem := call.world.lookups.country_fault(country)):
        raise ValidationFailed(faults=(Fault("country", "VALUE_INVALID", f"country {problem}"),))
    return Decided(country)


def show_catalogue(call: Call, country: str | None) -> object:
    world = call.world
    return catalogue_json(world.catalogues.current, world.limits, call.service.max_body_bytes, country)


# ---- query ----------------------------------------------------------------------------------------------------------


def expansions(query: Mapping[str, str]) -> tuple[str, ...]:
    """What is asked for in `expand`. Raises InvalidRequest, listing what is known."""
    if "expand" not in query:
        return ()
    asked = tuple(one.strip() for one in query["expand"].split(","))
    if all(one in EXPANSIONS for one in asked):
        return asked
    message = f"expand knows: {', '.join(EXPANSIONS)}"
    raise InvalidRequest(faults=(Fault("expand", "QUERY_INVALID", message),))


def page_cursor(text: str | None, faults: list[Fault]) -> str | None:
    """Where a page begins; adds to the faults when it is not what a page before told."""
    if text is not None and not is_id(text):
        faults.append(Fault("cursor", "QUERY_INVALID", "cursor must be taken from the Link header of a page"))
    return text


def page_limit(text: str | None, faults: list[Fault]) -> int:
    """How many at most; adds to the faults when it is no number that can be used."""
    if text is None:
        return USUAL_PAGE
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= LARGEST_PAGE:
        return int(text)
    faults.append(Fault("limit", "QUERY_INVALID", f"limit must be a whole number from 1 to {LARGEST_PAGE}"))
    return USUAL_PAGE


async def in_pool(call: Service, work: Callable[..., Any], *arguments: object) -> Any:
    """Runs heavy work, that releases the interpreter lock, beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(call.pool, work, *arguments)
