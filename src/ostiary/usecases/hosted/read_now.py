"""Reads a document in the moment its pictures are there, so that the form for its details is filled in already.

It is a kindness, for which nobody waits long: where the reader is not installed, busy or slow the form is empty.
Nothing of it is stored or logged; what the provider reads after the submission decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.errors import Unavailable
from ostiary.domain.hosted.proposals import AWAY, Proposals, proposed
from ostiary.domain.verification.case import Case
from ostiary.usecases.context import Context

READ_NOW_S = 2.5
"""Waited for at most, with the turn. A picture takes a quarter to half a second, a reader that has to start one more;
beyond that typing nine characters is quicker than waiting. What was begun goes on, and who asks again gets it."""


def get_ready(context: Context, kind: DocumentType) -> None:
    """Somebody looks for a document that is read: what reads it starts meanwhile, and the first answer does not wait
    for that."""
    if kind.machine_readable:
        context.reader.warm()


async def read_now(
    context: Context, company: Company, client: Client, kind: DocumentType, pictures: Sequence[tuple[str, bytes]]
) -> Proposals:
    """What the pictures of one document, by side (`image_front`), propose for its details.

    Raises nothing that a reader could cause.
    """
    if not kind.machine_readable or not pictures:
        return AWAY
    today = context.today_of(company)
    try:
        async with asyncio.timeout(READ_NOW_S):
            reading = await context.reader.read(pictures, sorted(kind.machine_readable), today, client.company_id)
    except (TimeoutError, Unavailable):
        return AWAY
    document = Document(
        id="",
        company_id=client.company_id,
        client_id=client.id,
        type=kind.id,
        status=DocumentStatus.ACCEPTED,
        metadata={},
        sides=(),
        created_at_ms=context.now_of(company),
    )
    case = Case(
        kind=kind,
        document=document,
        reading=reading,
        profile=client.profile,
        today=today,
        similarity=context.similarity,
    )
    return proposed(case, context.lookups)
