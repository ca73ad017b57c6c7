"""A client, and its documents, are found by hashes under the newest lookup keys.

It is a unit of work like any other: what they stand for is opened, hashed anew and written under the guard of the
client's version, with an entry on its trail, since entries say by which hashes a client is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.clients.client import Client
from ostiary.domain.clients.marks import KEY_OF, MarkKind, MoveMark, OldMark
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import Document
from ostiary.domain.unit import OwnerWrite, Unit
from ostiary.domain.value import replace, value_type
from ostiary.domain.verification.picture_similarity import bands
from ostiary.usecases.context import Context
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.numbers import keys_of

MOVED = "marks_moved"
Contents = Mapping[MarkKind, frozenset[str | bytes]]


@value_type
class MovedClient:
    """How many marks of documents moved, and those that nothing which is kept of the client stands for any more."""

    moved: int = 0
    left: tuple[OldMark, ...] = ()


async def move_marks(context: Context, caller: Caller, client_id: str) -> Outcome[MovedClient]:
    """Everything of one client comes under the version of the lookup keys that is written; of one that is gone there is
    nothing to move, and of a document that does not open nothing can. Where nothing moves, nothing is written.

    Raises Tampered, KeyMismatch, StoredByNewer for a client that does not open.
    """
    version, marks = context.cipher.written_version, context.storage.marks
    old = await marks.old_of_client(caller.company.id, client_id, version)
    client = await context.storage.clients.find(caller.company.id, client_id)
    if client is None:
        return Outcome(MovedClient(left=tuple(old)))
    moves = list(_moves(context, client, old, await _contents(context, client) if old else {}))
    moved = {move.before for move in moves}
    left = tuple(each for each in old if each not in moved)
    if not moves and not await marks.is_old(client.company_id, client_id, version):
        return Outcome(MovedClient(left=left))
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        client,
        owner_write=OwnerWrite.DETAILS,
        changes=tuple(moves),
        notes=(Note(MOVED, caller.actor, client.id, (f"key_{version}",)),),
    )
    return Outcome(MovedClient(len(moves), left), unit)


def _moves(
    context: Context, client: Client, old: Sequence[OldMark], contents: Mapping[str, Contents]
) -> Iterator[MoveMark]:
    for each in old:
        for content in contents.get(each.document_id, {}).get(each.kind, ()):
            if each.mark in context.cipher.marks(KEY_OF[each.kind], client.company_id, content):
                yield MoveMark(each, content)
                break


async def _contents(context: Context, client: Client) -> dict[str, Contents]:
    """What marks of each document may stand for, by the document's id."""
    past = await context.storage.clients.past_profiles(client)
    countries = {client.profile.address.country, *(each.profile.address.country for each in past)}
    residents = [_resident(client, country) for country in sorted(countries)]
    kinds: dict[str, list[DocumentType]] = {}
    for catalogue in context.catalogues.by_version().values():
        for kind in catalogue.document_types.values():
            kinds.setdefault(kind.id, []).append(kind)
    return {
        document.id: _of_document(document, kinds.get(document.type, []), residents)
        for document in await context.storage.documents.every(client, only_intact=True)
    }


def _of_document(document: Document, kinds: Sequence[DocumentType], residents: Sequence[Client]) -> Contents:
    numbers = frozenset(key for kind in kinds for client in residents for key in keys_of(kind, document, client))
    likenesses = document.reading.likeness if document.reading else ()
    return {
        MarkKind.NUMBER: numbers,
        MarkKind.CONTESTED: numbers,
        MarkKind.LIKENESS: frozenset(band for _, likeness in likenesses for band in bands(likeness)),
    }


def _resident(client: Client, country: str) -> Client:
    """The client as a resident of a country, which stands for a document's when that was not given."""
    address = replace(client.profile.address, country=country)
    return replace(client, profile=replace(client.profile, address=address))
