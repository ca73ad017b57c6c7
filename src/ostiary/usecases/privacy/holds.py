"""Holding a client's data, and letting go of it: by an operator who answers for it, on the client's own trail."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import NotFound
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.privacy.erasure import HOLD_RELEASED, HOLD_SET
from ostiary.domain.privacy.holds import AddHold, EndHold, Hold, HoldWish, demand_room, ended, until_of
from ostiary.domain.sentences import N_
from ostiary.domain.times import END_MS, format_timestamp
from ostiary.domain.unit import Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.operators.accounts import account_of
from ostiary.usecases.transaction import Outcome

_BECAUSE = N_("Who holds a client's data has to answer for it")


async def list_holds(context: Context, caller: Caller, client_id: str) -> list[Hold]:
    """All that were ever set on a client. Raises NotFound."""
    dossier = await load_dossier(context, caller, client_id, with_deadlines=False)
    return await context.storage.holds.of_client(dossier.client)


async def hold_client(context: Context, caller: Caller, client_id: str, wish: HoldWish) -> Outcome[Hold]:
    """Nothing of the client ends from now on. One that is decided in the same moment loses to this, or was first.

    Raises NotFound; ValidationFailed for a day or a reason that cannot be; InvalidState for who is no approver.
    """
    dossier = await load_dossier(context, caller, client_id, with_deadlines=False)
    await account_of(context, caller, Permission.HOLD, _BECAUSE)
    now = context.now_ms()
    demand_room(await context.storage.holds.of_client(dossier.client), now)
    hold = Hold(
        id=context.new_id(),
        company_id=caller.company.id,
        client_id=client_id,
        from_ms=now,
        until_ms=until_of(wish, now),
        reason=wish.reason,
        actor=caller.actor,
    )
    until = () if hold.until_ms == END_MS else (format_timestamp(hold.until_ms),)
    note = Note(HOLD_SET, caller.actor, client_id, (hold.id, *until))
    unit = Unit(caller.company.id, now, dossier.client, changes=(AddHold(hold),), notes=(note,))
    return Outcome(hold, unit)


async def release_hold(context: Context, caller: Caller, client_id: str, hold_id: str, because: str) -> Outcome[Hold]:
    """Raises NotFound, InvalidState for one that is over or who is no approver, ValidationFailed for a blank reason."""
    dossier = await load_dossier(context, caller, client_id, with_deadlines=False)
    await account_of(context, caller, Permission.HOLD, _BECAUSE)
    holds = await context.storage.holds.of_client(dossier.client)
    hold = next((each for each in holds if each.id == hold_id), None)
    if hold is None:
        raise NotFound("There is no such hold.")
    now = context.now_ms()
    after = ended(hold, now, caller.actor, because)
    note = Note(HOLD_RELEASED, caller.actor, client_id, (hold_id,))
    return Outcome(after, Unit(caller.company.id, now, dossier.client, changes=(EndHold(after),), notes=(note,)))
