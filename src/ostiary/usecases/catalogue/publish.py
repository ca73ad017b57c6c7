"""A catalogue comes into force: published, where two have to say so approved by another, or taken back before its day.

From the first publication on the database says which catalogue is in force, and no file does any more.
"""

from __future__ import annotations

from ostiary.domain.audit.search import NEWEST, TrailQuery
from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue.field_rules import text_fault
from ostiary.domain.catalogue_changes.publications import (
    NOTE_CHARACTERS,
    AddPublication,
    ChangePublication,
    Publication,
    PublicationState,
    approved,
    in_force,
    kept_published,
    withdrawal_approved,
    withdrawn,
)
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Broken, Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.sentences import sentence
from ostiary.domain.unit import Unit
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context
from ostiary.usecases.operators.accounts import demand_first
from ostiary.usecases.operators.directory import OPERATOR_LEVEL, find_by_name, find_house, house
from ostiary.usecases.transaction import Outcome

PUBLISHED, PROPOSED, APPROVED, WITHDRAWN, WITHDRAWAL_ASKED, KEPT_PUBLISHED = (
    "catalogue_published", "catalogue_proposed", "catalogue_approved", "catalogue_withdrawn",
    "catalogue_withdrawal_asked", "catalogue_kept",
)  # fmt: skip
MOST_WITHDRAWALS = 100
"""Of an installation that are looked through for who wants the one in question withdrawn: the newest, of which few
wait at any time."""


@value_type
class PublicationWish:
    """Why a catalogue is published, and from when on it counts (None: at once)."""

    note: str
    from_ms: int | None = None


async def publisher(context: Context, name: str, *, needs_two: bool) -> Caller:
    """Who publishes: where two have to, an operator who is known and may approve. Raises NotFound, InvalidState."""
    if needs_two:
        operator = await find_by_name(context, name)
        if not may(operator, Permission.PUBLISH):
            raise InvalidState(
                sentence(
                    "%(name)s may not publish: that is for approvers of every company, and those above.",
                    name=operator.name,
                )
            )
        name = operator.name
    return Caller(await house(context), f"operator:{name}", OPERATOR_LEVEL)


async def publish(
    context: Context, caller: Caller, catalogue: Catalogue, wish: PublicationWish, needs_two: bool
) -> Outcome[Publication]:
    """Raises ValidationFailed for a note or a day that will not do, InvalidState where it is in force then anyway."""
    now = context.now_ms()
    from_ms = now if wish.from_ms is None else wish.from_ms
    faults = [Fault("note", "VALUE_INVALID", fault) for fault in (text_fault(wish.note, NOTE_CHARACTERS),) if fault]
    if from_ms < now:
        faults.append(Fault("from", "VALUE_INVALID", "must not be in the past: what was judged is not judged anew"))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    before = in_force(await list_publications(context), from_ms)
    if before is not None and before.version == catalogue.version:
        raise InvalidState("This catalogue is the one in force then.")
    publication = Publication(
        id=context.new_id(),
        version=catalogue.version,
        state=PublicationState.PROPOSED if needs_two else PublicationState.PUBLISHED,
        from_ms=from_ms,
        at_ms=now,
        author=caller.actor,
        note=wish.note.strip(),
    )
    note = Note(PROPOSED if needs_two else PUBLISHED, caller.actor, publication.id, (catalogue.version,))
    change = AddPublication(publication, catalogue.source, catalogue.texts)
    return Outcome(publication, Unit(caller.company.id, now, caller.company, changes=(change,), notes=(note,)))


async def approve(context: Context, caller: Caller, publication_id: str) -> Outcome[Publication]:
    """The second person's word: that it comes into force or, where somebody wants it withdrawn, that it does not.

    Raises NotFound, InvalidState, which it is as well where the first of the two has the right no more.
    """
    publication, now_ms = await find_publication(context, publication_id), context.now_ms()
    if publication.state is not PublicationState.WITHDRAWING:
        first, action = publication.author, APPROVED
        after = approved(publication, caller.actor, now_ms)
    else:
        first, action = await withdrawal_asked_by(context, caller.company.id, publication_id), WITHDRAWN
        after = withdrawal_approved(publication, first, caller.actor, now_ms)
    await demand_first(context, caller, first, Permission.PUBLISH)
    return _changed(context, caller, after, action)


async def withdraw(
    context: Context, caller: Caller, publication_id: str, *, needs_two: bool = False
) -> Outcome[Publication]:
    """Takes it back before its day; where two have to publish, one asks for that and another approves it. Raises
    NotFound, InvalidState."""
    publication = await find_publication(context, publication_id)
    after = withdrawn(publication, context.now_ms(), needs_two=needs_two)
    return _changed(context, caller, after, WITHDRAWAL_ASKED if after.waits else WITHDRAWN)


async def keep(context: Context, caller: Caller, publication_id: str) -> Outcome[Publication]:
    """One that somebody wants withdrawn stays published, as two people said before. Raises NotFound, InvalidState."""
    return _changed(context, caller, kept_published(await find_publication(context, publication_id)), KEPT_PUBLISHED)


async def withdrawal_asked_by(context: Context, house_id: str, publication_id: str) -> str:
    """Who wants it withdrawn, as the audit trail of the installation's own company says. Raises Broken."""
    query = TrailQuery(action=WITHDRAWAL_ASKED)
    entries = await context.storage.audit.searched([(house_id, query)], NEWEST, MOST_WITHDRAWALS)
    for entry in entries:
        if entry.subject == publication_id:
            return entry.actor
    raise Broken(f"No audit entry says who wants publication {publication_id} withdrawn.")


async def list_publications(context: Context) -> list[Publication]:
    """All there were, in the order in which they were made."""
    company = await find_house(context)
    return [] if company is None else await context.storage.publications.every(company.id)


async def find_publication(context: Context, publication_id: str) -> Publication:
    """Raises NotFound."""
    for publication in await list_publications(context):
        if publication.id == publication_id:
            return publication
    raise NotFound("There is no such publication; `ostiary catalogue history` lists them.")


def _changed(context: Context, caller: Caller, publication: Publication, action: str) -> Outcome[Publication]:
    note = Note(action, caller.actor, publication.id, (publication.version,))
    changes = (ChangePublication(publication),)
    return Outcome(
        publication, Unit(caller.company.id, context.now_ms(), caller.company, changes=changes, notes=(note,))
    )
