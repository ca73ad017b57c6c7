"""A provider that never says that it forgot a client: two people end the erasure without its word."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, OwnDecision
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.privacy.erasure import ChangeErasure, Erasure
from ostiary.domain.privacy.waiver import WAIVED, WAIVER_CONFIRMED, Waiver, WaiverWish, reason_of
from ostiary.domain.sentences import N_
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.operators.accounts import account_of, by_themselves, demand_first
from ostiary.usecases.privacy.request_erasure import confirm_erasure, find_erasure
from ostiary.usecases.transaction import Outcome

_TWO = N_("Ending an erasure without a provider's word takes two people")
_NOBODY_SILENT = N_("No provider keeps this erasure open: it was not asked yet, or all is said already.")


async def waive_word(context: Context, caller: Caller, erasure_id: str, wish: WaiverWish) -> Outcome[Erasure]:
    """The first person's word, with why; another's takes its place. Providers are asked on meanwhile.

    Raises NotFound, ValidationFailed, InvalidState where no provider keeps it open and for who is no approver.
    """
    erasure = await find_erasure(context, caller, erasure_id)
    await account_of(context, caller, Permission.ERASE, _TWO)
    reason = reason_of(wish)
    if not erasure.may_be_waived:
        raise InvalidState(_NOBODY_SILENT)
    waiver = Waiver(reason=reason, note=wish.note, actor=caller.actor, at_ms=context.now_ms())
    after = replace(erasure, waiver=waiver)
    return await _taken_over(context, caller, after, Note(WAIVED, caller.actor, erasure.client_id, _codes(after)))


async def second_word(context: Context, caller: Caller, erasure_id: str) -> Outcome[Erasure]:
    """Confirms whatever of an erasure waits for a second person. Raises as `confirm_erasure`, and InvalidState where
    the first has the right no more."""
    erasure = await find_erasure(context, caller, erasure_id)
    waiver = erasure.waiver
    if waiver is None or not erasure.waits_for_waiver:
        return await confirm_erasure(context, caller, erasure_id)
    account = await account_of(context, caller, Permission.ERASE, _TWO)
    if by_themselves(caller, account, waiver.actor):
        raise OwnDecision
    await demand_first(context, caller, waiver.actor, Permission.ERASE)
    confirmed = replace(waiver, confirmed_by=caller.actor)
    after = replace(erasure, waiver=confirmed, due_at_ms=context.now_ms())
    note = Note(WAIVER_CONFIRMED, caller.actor, erasure.client_id, _codes(after))
    return await _taken_over(context, caller, after, note)


async def _taken_over(context: Context, caller: Caller, erasure: Erasure, note: Note) -> Outcome[Erasure]:
    """On the trail of the client who is not there any more. A worker who is at it loses to this, and comes again."""
    client = await context.storage.clients.any(caller.company.id, erasure.client_id)
    assert client is not None  # noqa: S101 (rows of clients are never removed)
    now = context.now_ms()
    owner = replace(client, updated_at_ms=now)
    change = ChangeErasure(replace(erasure, leased_until_ms=0), takes_over=True)
    return Outcome(erasure, Unit(caller.company.id, now, owner, changes=(change,), notes=(note,)))


def _codes(erasure: Erasure) -> tuple[str, ...]:
    assert erasure.waiver is not None  # noqa: S101 (it was just said)
    return (erasure.id, erasure.waiver.reason.value)
