"""Product requests: ask for one, read them, withdraw."""

from __future__ import annotations

from ostiary.domain.audit import Note
from ostiary.domain.clients import ClientStatus
from ostiary.domain.companies import Caller
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Event, Status, moved
from ostiary.domain.errors import Fault, InvalidState, ProductAlreadyRequested, ProductUnknown
from ostiary.domain.units import Unit
from ostiary.usecases.announcing import announcements
from ostiary.usecases.deciding import Decided
from ostiary.usecases.loading import ProductState, load_dossier, state_of
from ostiary.usecases.world import World

WITHDRAWN = "withdrawn by the company"
MOST_REQUESTS = 500
"""Requests of one client are read together, and a client with more than a few is a loop in somebody's code."""


async def request_product(world: World, caller: Caller, client_id: str, product: str) -> Decided[ProductState]:
    """Raises NotFound, ProductUnknown, ProductAlreadyRequested, InvalidState for a client that is rejected."""
    dossier = await load_dossier(world, caller, client_id)
    _refuse(world, dossier, product)
    now, catalogue = world.now_ms(), world.catalogues.current
    fresh = Enablement(
        world.new_id(), caller.company.id, client_id, product, catalogue.version, Status.REQUESTED, now, now
    )
    assessment = dossier.assess(fresh, world.catalogues.by_version(), world.today())
    if not assessment.is_complete:
        fresh = moved(fresh, Event.SUBMITTED_INCOMPLETE, now)
    note = Note("product_requested", caller.actor, fresh.id, (product,))
    unit = Unit(caller.company.id, now, client=dossier.client, enablements_added=(fresh,), notes=(note,))
    return Decided(ProductState(fresh, assessment), unit)


async def read_product(world: World, caller: Caller, client_id: str, enablement_id: str) -> ProductState:
    """Raises NotFound."""
    dossier = await load_dossier(world, caller, client_id)
    return state_of(world, dossier, dossier.enablement(enablement_id))


async def list_products(world: World, caller: Caller, client_id: str) -> tuple[ProductState, ...]:
    """Newest first. Raises NotFound."""
    dossier = await load_dossier(world, caller, client_id)
    return tuple(state_of(world, dossier, one) for one in dossier.enablements)


async def withdraw_product(world: World, caller: Caller, client_id: str, enablement_id: str) -> Decided[ProductState]:
    """Raises NotFound, InvalidState once it is enabled or rejected."""
    dossier = await load_dossier(world, caller, client_id)
    before = dossier.enablement(enablement_id)
    now = world.now_ms()
    after = moved(before, Event.WITHDRAWN, now, because=WITHDRAWN)
    unit = Unit(
        caller.company.id, now, client=dossier.client, enablements_changed=(after,),
        messages=announcements(world, caller.company, before.status, after),
        notes=(Note("product_withdrawn", caller.actor, after.id),),
    )  # fmt: skip
    return Decided(state_of(world, dossier, after), unit)


def _refuse(world: World, dossier: Dossier, product: str) -> None:
    known = world.catalogues.current.products
    if product not in known:
        names = ", ".join(sorted(known))
        fault = Fault("subproduct", "PRODUCT_UNKNOWN", f"must be one of: {names}")
        raise ProductUnknown(f"There is no such product; known: {names}.", faults=(fault,))
    if dossier.client.status is ClientStatus.REJECTED:
        raise InvalidState("This client was rejected; no product can be requested.")
    if len(dossier.enablements) >= MOST_REQUESTS:
        raise InvalidState(f"This client has had {MOST_REQUESTS} product requests, the most that are kept for one.")
    live = dossier.live(product)
    if live is not None:
        fault = Fault("subproduct", "PRODUCT_ALREADY_REQUESTED", f"the live request is {live.id}")
        raise ProductAlreadyRequested(faults=(fault,))
