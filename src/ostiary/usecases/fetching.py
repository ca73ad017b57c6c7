"""A provider fetches a picture by a link it was given: checked against the rows, on the record before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.audit import Note
from ostiary.domain.clients import Client
from ostiary.domain.companies import Caller
from ostiary.domain.documents import DocumentStatus, Side
from ostiary.domain.errors import NotFound
from ostiary.domain.providers import Ticket
from ostiary.domain.units import Unit
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.loading import load_dossier
from ostiary.usecases.world import World


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it came in, and what it is."""

    content: bytes
    media_type: str


async def fetch_picture(world: World, ticket: Ticket) -> Picture:
    """Raises NotFound when there is no such picture any more, Tampered, Unavailable."""
    company = await world.storage.company(ticket.company_id)
    if company is None:
        raise NotFound
    caller = Caller(company, f"provider:{ticket.provider}", 0)

    async def decide() -> Decided[tuple[Client, str, Side]]:
        dossier = await load_dossier(world, caller, ticket.client_id)
        found = (one for one in dossier.documents if one.id == ticket.document_id)
        for document in (one for one in found if one.status is not DocumentStatus.REPLACED):
            for side in (one for one in document.sides if one.field == ticket.side):
                note = Note("document_fetched", caller.actor, document.id, (side.field,))
                unit = Unit(company.id, world.now_ms(), client=dossier.client, notes=(note,))
                return Decided((dossier.client, document.id, side), unit)
        raise NotFound

    client, document_id, side = await settle(world, caller, decide)
    content = await world.pictures.fetch(client, document_id, side)
    return Picture(content, side.findings.media_type or "application/octet-stream")
