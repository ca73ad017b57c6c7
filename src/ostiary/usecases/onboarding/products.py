"""Product requests: ask for one, read them, withdraw."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Fault, InvalidState, ProductAlreadyRequested, ProductUnknown
from ostiary.domain.onboarding.dossier import MOST_REQUESTS, Dossier
from ostiary.domain.onboarding.enablement import Enablement, Event, Review, Status, transition, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import Advice, Source, route
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.unit import AddEnablement, AddMessage, ChangeDocument, ChangeEnablement, Unit, details_if
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, assessed, load_dossier, state_of
from ostiary.usecases.lifecycle.circumstances import redated
from ostiary.usecases.onboarding.notifications import announcements
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.numbers import reclaimed

WITHDRAWN = "withdrawn by the company"


async def request_product(context: Context, caller: Caller, client_id: str, product: str) -> Outcome[ProductState]:
    """Raises NotFound, ProductUnknown, ProductAlreadyRequested, InvalidState for a client that is rejected."""
    dossier = await load_dossier(context, caller, client_id)
    _refuse(context, dossier, product)
    now, catalogue = context.now_ms(), context.catalogues.current
    moment = context.now_of(caller.company)
    fresh = Enablement(
        id=context.new_id(),
        company_id=caller.company.id,
        client_id=client_id,
        product=product,
        catalogue_version=catalogue.version,
        status=Status.REQUESTED,
        created_at_ms=moment,
        updated_at_ms=moment,
    )
    before, (dossier, claims) = dossier, await reclaimed(context, dossier, catalogue.products[product])
    assessment = assessed(context, caller.company, dossier, fresh)
    if not assessment.is_complete:
        fresh = transition(fresh, Event.SUBMITTED_INCOMPLETE, moment)
    notes = [Note("product_requested", caller.actor, fresh.id, (product,))]
    lost = tuple(document for document in dossier.documents if document not in before.documents)
    if lost:
        review = route(Source.INTAKE, Advice.ASK, Policy.MANUAL).review or Review.CLASH
        fresh = under_review(fresh, review, now, (ReviewReason.USED_BY_ANOTHER_CLIENT.value,))
        notes.append(Note("review_opened", caller.actor, fresh.id, fresh.review_reasons))
    unit = Unit(
        caller.company.id,
        now,
        dossier.client,
        owner_write=details_if(bool(lost)),
        notes=tuple(notes),
        changes=(
            AddEnablement(fresh),
            *map(ChangeDocument, lost),
            *claims,
            *redated(context, caller.company, dossier.with_requests([fresh])),
        ),
    )
    return Outcome(ProductState(fresh, assessment), unit)


async def read_product(
    context: Context, caller: Caller, client_id: str, enablement_id: str, *, with_renewal: bool = False
) -> ProductState:
    """With its renewal where that is asked for. Raises NotFound."""
    dossier = await load_dossier(context, caller, client_id, with_deadlines=with_renewal)
    return state_of(context, caller.company, dossier, dossier.enablement(enablement_id))


async def list_products(
    context: Context, caller: Caller, client_id: str, *, with_renewal: bool = False
) -> tuple[ProductState, ...]:
    """Newest first, with renewals where they are asked for. Raises NotFound."""
    dossier = await load_dossier(context, caller, client_id, with_deadlines=with_renewal)
    return tuple(state_of(context, caller.company, dossier, enablement) for enablement in dossier.enablements)


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests a list is of; an empty `status` or `product` takes all. `with_renewal`: what is due for them is
    shown."""

    status: str = ""
    product: str = ""
    with_renewal: bool = False


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Requests of all clients, newest first; `next` is the cursor of the following page, if there is one."""

    states: tuple[ProductState, ...]
    next: str | None = None


async def list_requests(
    context: Context, caller: Caller, wanted: RequestFilter, *, before: str | None, limit: int
) -> RequestPage:
    """Of the whole company. Each is judged as it stands today."""
    rows = await context.storage.enablements.page(caller.company.id, wanted.status, wanted.product, before, limit + 1)
    ids = rows[:limit]
    dossiers = {
        client_id: await load_dossier(context, caller, client_id, with_deadlines=wanted.with_renewal)
        for client_id in dict.fromkeys(client_id for client_id, _ in ids)
    }
    states = (
        state_of(context, caller.company, dossiers[client_id], dossiers[client_id].enablement(request_id))
        for client_id, request_id in ids
    )
    return RequestPage(tuple(states), ids[-1][1] if len(rows) > limit else None)


async def withdraw_product(
    context: Context, caller: Caller, client_id: str, enablement_id: str
) -> Outcome[ProductState]:
    """Raises NotFound, InvalidState once it is enabled or rejected."""
    dossier = await load_dossier(context, caller, client_id)
    before = dossier.enablement(enablement_id)
    now = context.now_ms()
    after = transition(before, Event.WITHDRAWN, context.now_of(caller.company), because=WITHDRAWN)
    unit = Unit(
        caller.company.id,
        now,
        dossier.client,
        (
            ChangeEnablement(after),
            *map(AddMessage, announcements(context, caller.company, before.status, after)),
            *redated(context, caller.company, dossier.with_requests([after])),
        ),
        notes=(Note("product_withdrawn", caller.actor, after.id),),
    )
    return Outcome(state_of(context, caller.company, dossier, after), unit)


def _refuse(context: Context, dossier: Dossier, product: str) -> None:
    offered = context.catalogues.current.products
    if product not in offered:
        names = ", ".join(sorted(offered))
        fault = Fault("subproduct", "PRODUCT_UNKNOWN", sentence("must be one of: %(names)s", names=names))
        raise ProductUnknown(
            sentence("There is no such product; known: %(possible)s.", possible=names), faults=(fault,)
        )
    if dossier.client.status is ClientStatus.REJECTED:
        raise InvalidState(N_("This client was rejected; no product can be requested."))
    if len(dossier.enablements) >= MOST_REQUESTS:
        raise InvalidState(
            sentence(
                "This client has had %(most)s product requests, the most that are kept for one.",
                most=MOST_REQUESTS,
            )
        )
    live = dossier.live(product)
    if live is not None:
        named = {"client_id": live.client_id, "product_request_id": live.id}
        fault = Fault(
            "subproduct", "PRODUCT_ALREADY_REQUESTED", sentence("the live request is %(id)s", id=live.id), **named
        )
        raise ProductAlreadyRequested(faults=(fault,))
    above = dossier.above(product, offered)
    if above is not None:
        named = {"client_id": above.client_id, "product_request_id": above.id}
        problem = sentence(
            "the client has %(product)s, a higher level, by request %(id)s", product=above.product, id=above.id
        )
        fault = Fault("subproduct", "PRODUCT_ALREADY_REQUESTED", problem, **named)
        raise ProductAlreadyRequested(faults=(fault,))
