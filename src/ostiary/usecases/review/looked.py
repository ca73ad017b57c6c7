"""Checks that an operator has seen what is decided, as it is now."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.audit.trail import AuditEntry, Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.review.looking import Look, is_look, last_look, look_at
from ostiary.domain.review.remarks import Remark, demand_note
from ostiary.domain.sentences import sentence
from ostiary.domain.times import format_timestamp
from ostiary.domain.unit import AddRemark
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.transaction import Outcome

MOST_CHANGES_NAMED = 10
LOOK_FIRST = "Who decides has to look first: `ostiary review show %(id)s` shows it."
LOOK_AGAIN = "It changed since you looked: %(changes)s. Look again: `ostiary review show %(id)s` shows it."


async def look_of(context: Context, caller: Caller, dossier: Dossier, enablement_id: str) -> Look:
    """The caller's last look at a request, and what changed since. Whatever comes later loses the guard of the unit."""
    entries = await context.storage.audit.entries(caller.company.id, dossier.client.id)
    others = {each.id for each in dossier.enablements if each.id != enablement_id}
    return last_look(entries, caller.actor, enablement_id, others)


async def demand_look_at(context: Context, caller: Caller, client_id: str, enablement_id: str, position: int) -> None:
    """Raises NotFound, and InvalidState for a position that is no look of the caller's at this request, and when
    something changed since the look that a page shows, whatever was looked at in another window since."""
    dossier = await load_dossier(context, caller, client_id)
    others = {each.id for each in dossier.enablements if each.id != enablement_id}
    entries = await context.storage.audit.entries(caller.company.id, client_id)
    has_looked = is_look(entries, caller.actor, enablement_id, position)
    demand_look(look_at(entries, caller.actor, position, others) if has_looked else Look(None), enablement_id)


def demand_look(look: Look, enablement_id: str) -> None:
    """Raises InvalidState for who did not look, or not at it as it is; it names what changed."""
    if look.is_current:
        return
    if look.position is None:
        raise InvalidState(sentence(LOOK_FIRST, id=enablement_id))
    raise InvalidState(sentence(LOOK_AGAIN, changes=change_words(look.changes), id=enablement_id))


def change_words(changes: Sequence[AuditEntry]) -> str:
    """What changed, the first of it, with when."""
    return ", ".join(
        f"{each.action} {' '.join(each.codes)}".strip() + f" at {format_timestamp(each.at_ms)}"
        for each in changes[:MOST_CHANGES_NAMED]
    )


def explained(
    context: Context,
    caller: Caller,
    decided: Outcome[Enablement],
    note: str,
    look: Look,
    marks: tuple[str, ...] = (),
) -> Outcome[Enablement]:
    """The decision with what was looked at in its audit entry, with more `marks`, and the operator's own note, which
    nobody else reads.

    Raises ValidationFailed for a note that cannot be kept.
    """
    unit, enablement = decided.unit, decided.answer
    assert unit is not None  # noqa: S101 (a decision always changes something)
    codes = (f"attempt_{enablement.attempt}", f"looked_{look.position}", *marks)
    notes = tuple(
        Note(each.action, each.actor, each.subject, (*each.codes, *codes)) if each.subject == enablement.id else each
        for each in unit.notes
    )
    remarks = remark_on(context, caller, enablement.id, unit.notes[0].action, note)
    return Outcome(enablement, replace(unit.plus(*remarks), notes=notes))


def remark_on(
    context: Context, caller: Caller, enablement_id: str, action: str, note: str, subject: str = ""
) -> tuple[AddRemark, ...]:
    """The note as it is kept; none when nothing was noted. Raises ValidationFailed for a blank or long one."""
    if not note:
        return ()
    demand_note(note)
    remark = Remark(
        id=context.new_id(),
        at_ms=context.now_ms(),
        enablement_id=enablement_id,
        action=action,
        actor=caller.actor,
        text=note,
        subject=subject,
    )
    return (AddRemark(remark),)
