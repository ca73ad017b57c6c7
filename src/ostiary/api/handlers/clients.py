"""Calls about clients, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.queries import expansions, matching, page_cursor, page_limit
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.clients.client import Client, ClientStatus
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.sentences import sentence
from ostiary.usecases.clients import individuals
from ostiary.usecases.clients.individuals import ClientFilter, ClientPage
from ostiary.usecases.privacy.request_erasure import ErasureAsked, request_erasure
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.clients import CLIENT_EXPANSIONS, client_answer
from ostiary.wire.privacy.erasures import erasure_answer


async def create_client(services: ApiServices, request: ApiRequest) -> Outcome[Client]:
    return await individuals.create_client(services.context, request.caller, services.bodies.profile(request.body))


async def read_client(services: ApiServices, request: ApiRequest) -> Outcome[Client]:
    return Outcome(await individuals.read_client(services.context, request.caller, request.path["clientId"]))


async def update_client(services: ApiServices, request: ApiRequest) -> Outcome[Client]:
    profile, expected = services.bodies.profile(request.body), matching(request.header(b"if-match"))
    return await individuals.update_client(
        services.context, request.caller, request.path["clientId"], profile, expected
    )


async def erase_client(services: ApiServices, request: ApiRequest) -> Outcome[ErasureAsked]:
    return await request_erasure(services.context, request.caller, request.path["clientId"])


async def list_clients(services: ApiServices, request: ApiRequest) -> Outcome[ClientPage]:
    status = request.query.get("status")
    faults: list[Fault] = []
    if status is not None and status not in list(ClientStatus):
        faults.append(
            Fault(
                "status",
                "QUERY_INVALID",
                sentence("status must be one of: %(possible)s", possible=", ".join(ClientStatus)),
            )
        )
    cursor = page_cursor(request.query.get("cursor"), faults)
    limit = page_limit(request.query.get("limit"), faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    page = await individuals.list_clients(
        services.context,
        request.caller,
        ClientFilter(
            status=None if status is None else ClientStatus(status),
            email=request.query.get("email"),
            reference=request.query.get("reference"),
        ),
        before=cursor,
        limit=limit,
    )
    return Outcome(page)


def show_client(services: ApiServices, request: ApiRequest, client: Client) -> Representation:
    shown = client_answer(client, expansions(request.query, CLIENT_EXPANSIONS), services.bodies.decimals)
    return Representation(shown, etag=f'"{client.version}"')


def show_erasure(services: ApiServices, request: ApiRequest, asked: ErasureAsked) -> Representation:
    """Raises KeptByLaw for what was refused: that is on the client's trail by now."""
    return Representation(erasure_answer(asked.accepted))


def show_page(services: ApiServices, request: ApiRequest, page: ClientPage) -> Representation:
    expand = expansions(request.query, CLIENT_EXPANSIONS)
    shown = [client_answer(client, expand, services.bodies.decimals) for client in page.clients]
    return Representation(shown, page.next)
