"""Pictures for an operator's eyes: on the record before their bytes leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ostiary.domain.audit.trail import AuditEntry, Note
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.chip_kept import CHIP_PORTRAIT, PORTRAIT_FILE
from ostiary.domain.documents.document import Document, Side
from ostiary.domain.errors import NotFound
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.review.claims import LEASE_MS
from ostiary.domain.review.looking import PICTURES_LOOKED
from ostiary.domain.unit import Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.other_client import demand_concerned
from ostiary.usecases.transaction import Outcome, execute


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """Which picture is asked for, on whose request. `other_client_id`: of a client that the request concerns."""

    client_id: str
    enablement_id: str
    document_id: str
    side: str
    other_client_id: str = ""


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture as it came in, and what it is by its content."""

    content: bytes = field(repr=False)
    media_type: str


async def see_picture(context: Context, caller: Caller, place: PicturePlace) -> SeenPicture:
    """A picture of a request's client, or of another one that it concerns. Raises NotFound, Tampered, Unavailable.

    Opening a case says already which pictures are shown with it: then it is not said again for each of them.
    """

    async def decide() -> Outcome[tuple[Dossier, Document, Side | None]]:
        if place.other_client_id:
            await demand_concerned(context, caller, place.client_id, place.enablement_id, place.other_client_id)
        dossier = await load_dossier(context, caller, place.other_client_id or place.client_id)
        document, side = _side_of(dossier, place)
        if not place.other_client_id:
            dossier.enablement(place.enablement_id)
        now, client = context.now_ms(), dossier.client
        entries = await context.storage.audit.entries(caller.company.id, client.id)
        if _is_recorded(entries, caller.actor, place, now - LEASE_MS):
            return Outcome((dossier, document, side))
        note = Note(PICTURES_LOOKED, caller.actor, place.enablement_id, (document.id,))
        return Outcome((dossier, document, side), Unit(caller.company.id, now, client, notes=(note,)))

    dossier, document, side = await execute(context, caller, decide)
    if side is None:
        return SeenPicture(await portrait_file(context, dossier.client, document), PORTRAIT_FILE)
    content = await context.pictures.fetch(dossier.client, document.id, side)
    return SeenPicture(content, side.findings.media_type or "application/octet-stream")


async def portrait_file(context: Context, client: Client, document: Document) -> bytes:
    """The file of a document's chip that its portrait is in, as it was read. Raises NotFound, Tampered."""
    chip = await context.storage.chips.of_document(client, document.id)
    if chip is None or PORTRAIT_FILE not in chip.files:
        raise NotFound("There is no such picture.")
    return chip.files[PORTRAIT_FILE]


def _side_of(dossier: Dossier, place: PicturePlace) -> tuple[Document, Side | None]:
    """None in the place of a side: the portrait of the document's chip."""
    for document in dossier.documents:
        if (document.id, place.side) == (place.document_id, CHIP_PORTRAIT) and _has_portrait(document):
            return document, None
        for side in document.sides:
            if (document.id, side.field) == (place.document_id, place.side):
                return document, side
    raise NotFound("There is no such picture.")


def _has_portrait(document: Document) -> bool:
    return document.chip is not None and document.chip.has_portrait


def _is_recorded(entries: Sequence[AuditEntry], actor: str, place: PicturePlace, since_ms: int) -> bool:
    asked = (PICTURES_LOOKED, actor, place.enablement_id)
    return any(
        (each.action, each.actor, each.subject) == asked and place.document_id in each.codes and each.at_ms >= since_ms
        for each in reversed(entries)
    )
