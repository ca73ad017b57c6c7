"""Calls about product requests and their documents, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.queries import expansions, page_cursor, page_limit
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.api.speaking import speech_of
from ostiary.domain.documents.chip_kept import ChipChallenge
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.sentences import sentence
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.onboarding import add_document as documents
from ostiary.usecases.onboarding import chip_intake, products, submit
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.onboarding.products import RequestFilter, RequestPage
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.products import OF_RENEWALS, challenge_answer, judged_answer, product_answer


async def request_product(services: ApiServices, request: ApiRequest) -> Outcome[ProductState]:
    return await products.request_product(
        services.context, request.caller, request.path["clientId"], request.body.subproduct
    )


async def list_products(services: ApiServices, request: ApiRequest) -> Outcome[tuple[ProductState, ...]]:
    return Outcome(
        await products.list_products(
            services.context, request.caller, request.path["clientId"], with_renewal=_wants_renewal(request)
        )
    )


async def list_requests(services: ApiServices, request: ApiRequest) -> Outcome[RequestPage]:
    status, product = request.query.get("status", ""), request.query.get("product", "")
    faults: list[Fault] = []
    if "status" in request.query and status not in list(Status):
        faults.append(
            Fault(
                "status", "QUERY_INVALID", sentence("status must be one of: %(possible)s", possible=", ".join(Status))
            )
        )
    cursor = page_cursor(request.query.get("cursor"), faults)
    limit = page_limit(request.query.get("limit"), faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    page = await products.list_requests(
        services.context,
        request.caller,
        RequestFilter(status, product, _wants_renewal(request)),
        before=cursor,
        limit=limit,
    )
    return Outcome(page)


def show_requests(services: ApiServices, request: ApiRequest, page: RequestPage) -> Representation:
    expand = expansions(request.query)
    return Representation([product_answer(state, expand, speech_of(request)) for state in page.states], page.next)


async def read_product(services: ApiServices, request: ApiRequest) -> Outcome[ProductState]:
    return Outcome(
        await products.read_product(
            services.context,
            request.caller,
            request.path["clientId"],
            request.path["productRequestId"],
            with_renewal=_wants_renewal(request),
        )
    )


async def withdraw_product(services: ApiServices, request: ApiRequest) -> Outcome[ProductState]:
    return await products.withdraw_product(
        services.context, request.caller, request.path["clientId"], request.path["productRequestId"]
    )


async def submit_product(services: ApiServices, request: ApiRequest) -> Outcome[ProductState]:
    return await submit.submit_product(
        services.context, request.caller, request.path["clientId"], request.path["productRequestId"]
    )


async def add_document(services: ApiServices, request: ApiRequest) -> Outcome[ProductState]:
    upload: Upload = request.body
    return await documents.add_document(
        services.context, request.caller, request.path["clientId"], request.path["productRequestId"], upload
    )


async def make_challenge(services: ApiServices, request: ApiRequest) -> Outcome[ChipChallenge]:
    return await chip_intake.make_challenge(
        services.context, request.caller, request.path["clientId"], request.path["productRequestId"]
    )


def show_challenge(services: ApiServices, request: ApiRequest, challenge: ChipChallenge) -> Representation:
    return Representation(challenge_answer(challenge))


def _wants_renewal(request: ApiRequest) -> bool:
    """Whether what is asked for depends on what is due, which is read for nothing else."""
    return not OF_RENEWALS.isdisjoint(expansions(request.query))


def show_product(services: ApiServices, request: ApiRequest, state: ProductState) -> Representation:
    return Representation(product_answer(state, expansions(request.query), speech_of(request)))


def show_products(services: ApiServices, request: ApiRequest, states: tuple[ProductState, ...]) -> Representation:
    expand = expansions(request.query)
    return Representation([product_answer(state, expand, speech_of(request)) for state in states])


def show_judged(services: ApiServices, request: ApiRequest, state: ProductState) -> Representation:
    return Representation(judged_answer(state, expansions(request.query), speech_of(request)))
