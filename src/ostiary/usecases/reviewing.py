"""What operators do: see what waits, look at a request, decide it, give a document's number free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ostiary.domain.audit import Note
from ostiary.domain.catalogue import Product
from ostiary.domain.clients import Client, ClientStatus
from ostiary.domain.companies import Caller, Company
from ostiary.domain.documents import Document
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.returns import returned_for
from ostiary.domain.screening_hits import KeptHit
from ostiary.domain.units import Unit
from ostiary.domain.verdicts import Decision, Verdict
from ostiary.usecases.deciding import Decided
from ostiary.usecases.judging import apply_verdict
from ostiary.usecases.loading import ProductState, load_dossier, state_of
from ostiary.usecases.world import World

KEY_SHOWN = 8
"""Of a hit's key, for people to type: 32 bits among the few hits of one client."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enablement that an operator owes a decision, and whose it is."""

    company: Company
    enablement: Enablement


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request is: operators know only its id."""

    company_id: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What an operator gets to see. `documents` are those that the product takes, refused ones too."""

    dossier: Dossier
    product: Product
    state: ProductState
    documents: tuple[Document, ...]
    hits: tuple[KeptHit, ...] = ()


async def list_reviews(world: World, company_id: str | None = None) -> list[Waiting]:
    """The open reviews of one company or of all, oldest first. Raises NotFound."""
    companies = [one for one in await world.storage.companies() if company_id in (None, one.id)]
    if company_id is not None and not companies:
        raise NotFound("There is no such company; `ostiary company list` lists them.")
    waiting = [Waiting(company, one) for company in companies for one in await world.storage.reviews(company.id)]
    return sorted(waiting, key=lambda one: one.enablement.review_since_ms or 0)


async def find_request(world: World, enablement_id: str) -> Place:
    """Whose a request is: most are under review, and those are found at once. Raises NotFound."""
    for waiting in await list_reviews(world):
        if waiting.enablement.id == enablement_id:
            return Place(waiting.company.id, waiting.enablement.client_id)
    for company in await world.storage.companies():
        client_id = await world.storage.client_of_request(company.id, enablement_id)
        if client_id is not None:
            return Place(company.id, client_id)
    raise NotFound(f"There is no request {enablement_id}; `ostiary review list` lists what waits.")


async def look_at(
    world: World, caller: Caller, client_id: str, enablement_id: str, *, pictures: bool
) -> Decided[Looked]:
    """Everything an operator decides by. That somebody looked is written down before anything is shown.

    Raises NotFound.
    """
    dossier = await load_dossier(world, caller, client_id)
    state = state_of(world, dossier, dossier.enablement(enablement_id))
    product = dossier.product_of(state.enablement, world.catalogues.by_version())
    documents = tuple(one for one in dossier.documents if product.requirement_for(one.type) is not None)
    ids = tuple(one.id for one in documents)
    notes = [Note("review_looked", caller.actor, enablement_id, ids)]
    if pictures:
        notes.append(Note("pictures_looked", caller.actor, enablement_id, ids))
    unit = Unit(caller.company.id, world.now_ms(), client=dossier.client, notes=tuple(notes))
    hits = tuple(await world.storage.hits(dossier.client))
    return Decided(Looked(dossier, product, state, documents, hits), unit)


async def decide_request(
    world: World, caller: Caller, client_id: str, enablement_id: str, verdict: Verdict
) -> Decided[Enablement]:
    """Approves or rejects. Raises NotFound, InvalidState: also while a hit of a list is not cleared."""
    if verdict.decision is Decision.APPROVE:
        await _demand_clear(world, (await load_dossier(world, caller, client_id)).client)
    if verdict.decision is Decision.REJECT_CLIENT:
        client = (await load_dossier(world, caller, client_id)).client
        if client.status is ClientStatus.REJECTED:
            raise InvalidState("This client is rejected already.")
    return await apply_verdict(world, caller, client_id, enablement_id, verdict)


async def _demand_clear(world: World, client: Client) -> None:
    against = [one for one in await world.storage.hits(client) if one.is_against]
    if against:
        named = ", ".join(f"{one.key[:KEY_SHOWN]} ({one.state})" for one in against)
        raise InvalidState(
            f"The client has hits on lists: {named}. `ostiary screening clear` says it is somebody else."
        )


async def return_request(
    world: World, caller: Caller, client_id: str, enablement_id: str, codes: Sequence[str], keys: Sequence[str],
    text: str = "",
) -> Decided[Enablement]:  # fmt: skip
    """Sends it back with what to redo. Raises NotFound, InvalidState, ValidationFailed naming what is possible."""
    dossier = await load_dossier(world, caller, client_id)
    product = dossier.product_of(dossier.enablement(enablement_id), world.catalogues.by_version())
    rejections = returned_for(dossier, product, codes, keys, text)
    return await apply_verdict(world, caller, client_id, enablement_id, Verdict(Decision.RETURN, "", rejections))


async def release_number(
    world: World, caller: Caller, client_id: str, enablement_id: str, document_id: str
) -> Decided[Document]:
    """Lets another client use a document's number. Raises NotFound, ValidationFailed when it holds none."""
    dossier = await load_dossier(world, caller, client_id)
    dossier.enablement(enablement_id)
    document = next((one for one in dossier.documents if one.id == document_id), None)
    if document is None:
        known = ", ".join(f"{one.id} ({one.type})" for one in dossier.documents) or "none"
        raise NotFound(f"There is no document {document_id} of this client; its documents: {known}.")
    if not await world.storage.holds_number(caller.company.id, client_id, document_id):
        raise ValidationFailed("This document keeps no number from other clients.")
    note = Note("number_released", caller.actor, document_id)
    unit = Unit(
        caller.company.id, world.now_ms(), client=dossier.client, numbers_released=(document_id,), notes=(note,)
    )
    return Decided(document, unit)
