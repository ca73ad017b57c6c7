"""A link to the page for clients, for who tries a sandbox: its client is invented, and asks for cards."""

from __future__ import annotations

from ostiary.app import Installation
from ostiary.domain.clients.client import Address, Client, Profile
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted.links import MadeLink, make_link
from ostiary.usecases.onboarding.products import request_product
from ostiary.usecases.transaction import execute

REFERENCE = "tries-the-page"
PRODUCT = "cards_individuals"
OPERATOR = "sandbox"


async def page_link(installation: Installation, company_id: str, base: str) -> str:
    """The address of a link that is good for an hour; empty where the catalogue has no cards. Who has given everything
    makes room for somebody new."""
    context = installation.context
    if PRODUCT not in context.catalogues.current.products:
        return ""
    caller = await operator_for(context, company_id, OPERATOR)
    client = await context.storage.clients.by_reference(company_id, REFERENCE)
    if client is not None and await _still_asks(installation, client):
        try:
            return (await _link(installation, caller, client)).url(base)
        except InvalidState:
            pass  # begun very often: the client has as many links as one may have
    fresh = await _client(installation, caller, REFERENCE if client is None else None)
    return (await _link(installation, caller, fresh)).url(base)


async def _still_asks(installation: Installation, client: Client) -> bool:
    dossier = await installation.context.storage.dossier(client.company_id, client.id)
    return dossier is not None and any(each.status in OPEN_TO_DOCUMENTS for each in dossier.enablements)


async def _client(installation: Installation, caller: Caller, reference: str | None) -> Client:
    context = installation.context
    profile = Profile(
        first_name="Maria",
        last_name="Barber",
        email=f"page.{context.new_id().lower()}@example.com",
        birth_date="1984-11-21",
        address=Address(street_line1="Florida 9860", city="Del Viso", country="ARG"),
        reference=reference,
    )
    client = await execute(context, caller, lambda: create_client(context, caller, profile))
    await execute(context, caller, lambda: request_product(context, caller, client.id, PRODUCT))
    return client


async def _link(installation: Installation, caller: Caller, client: Client) -> MadeLink:
    context, wish = installation.context, LinkWish()
    return await execute(
        context, caller, lambda: make_link(context, caller, client.id, wish, installation.address_fault)
    )
