"""A provider fetches a picture by a link it was given: checked against the rows, on the record before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.audit.trail import Note
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import DocumentStatus, Side
from ostiary.domain.errors import NotFound
from ostiary.domain.providers.provider import Ticket
from ostiary.domain.unit import Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.transaction import Outcome, execute


@dataclass(frozen=True, slots=True)
class ServedPicture:
    """A picture as it came in, and what it is."""

    content: bytes
    media_type: str


async def fetch_picture(context: Context, ticket: Ticket) -> ServedPicture:
    """Raises NotFound when there is no such picture any more, Tampered, Unavailable."""
    company = await context.storage.companies.find(ticket.company_id)
    if company is None:
        raise NotFound
    caller = Caller(company, f"provider:{ticket.provider}", 0)

    async def decide() -> Outcome[tuple[Client, str, Side]]:
        dossier = await load_dossier(context, caller, ticket.client_id)
        documents = (document for document in dossier.documents if document.id == ticket.document_id)
        for document in (document for document in documents if document.status is not DocumentStatus.REPLACED):
            for side in (side for side in document.sides if side.field == ticket.side):
                note = Note("document_fetched", caller.actor, document.id, (side.field,))
                unit = Unit(company.id, context.now_ms(), dossier.client, notes=(note,))
                return Outcome((dossier.client, document.id, side), unit)
        raise NotFound

    client, document_id, side = await execute(context, caller, decide)
    content = await context.pictures.fetch(client, document_id, side)
    return ServedPicture(content, side.findings.media_type or "application/octet-stream")
