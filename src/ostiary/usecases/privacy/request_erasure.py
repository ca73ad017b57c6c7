"""Asking for a client's erasure: at once where its period is over, refused with the date where it is not, and early by
the word of two."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Fault, InvalidState, KeptByLaw, NotFound, OwnDecision
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.privacy.erasure import (
    CONFIRMED,
    FOR_PEOPLE_MS,
    REFUSED,
    REQUESTED,
    STAGED,
    WITHDRAWN,
    AddErasure,
    Cause,
    ChangeErasure,
    Erasure,
    ErasureState,
)
from ostiary.domain.privacy.retention import NAMES, Standing
from ostiary.domain.review.remarks import NOTE_CHARACTERS, demand_text
from ostiary.domain.sentences import N_, sentence, spoken
from ostiary.domain.times import END_MS, day_of
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.operators.accounts import account_of, by_themselves, demand_first
from ostiary.usecases.privacy.standing import client_standing, is_held
from ostiary.usecases.transaction import Outcome

_TWO = N_("Erasing a client before its time takes two people")
_BECAUSE = N_("Who has a client erased has to answer for it")


@value_type
class ErasureAsked:
    """What came of asking: an erasure, or why it is refused, which is on the trail by then."""

    erasure: Erasure | None = None
    refusal: KeptByLaw | None = None

    @property
    def accepted(self) -> Erasure:
        """Raises KeptByLaw."""
        if self.refusal is not None:
            raise self.refusal
        assert self.erasure is not None  # noqa: S101 (it is one of both)
        return self.erasure


async def request_erasure(context: Context, caller: Caller, client_id: str) -> Outcome[ErasureAsked]:
    """The company, or its client through it, wants the client's data to end. Asking again changes nothing.

    Raises NotFound. What is refused is an answer, since it is on the client's trail as well.
    """
    dossier = await load_dossier(context, caller, client_id, with_deadlines=False)
    running = await _open_erasure(context, caller, client_id)
    if running is not None and running.state is not ErasureState.STAGED:
        return Outcome(ErasureAsked(running))
    standing = await client_standing(context, caller.company, dossier)
    refusal = await _refusal(context, caller, dossier, standing)
    if refusal is not None:
        until = () if standing.due_at_ms is None else (f"{day_of(standing.due_at_ms):%Y-%m-%d}",)
        note = Note(REFUSED, caller.actor, client_id, (standing.category.value, *until))
        return Outcome(ErasureAsked(refusal=refusal), _unit(context, caller, dossier, (), (note,)))
    erasure = replace(
        _new(context, caller, client_id, Cause.REQUEST),
        category=standing.category.value,
        kept_until_ms=standing.due_at_ms or 0,
    )
    note = Note(REQUESTED, caller.actor, client_id, (erasure.id,))
    over = () if running is None else (ChangeErasure(_withdrawn(running)),)
    return Outcome(ErasureAsked(erasure), _unit(context, caller, dossier, (*over, AddErasure(erasure)), (note,)))


async def request_by_operator(context: Context, caller: Caller, client_id: str) -> Outcome[ErasureAsked]:
    """The same by an operator. Raises NotFound, InvalidState for who is no approver."""
    await account_of(context, caller, Permission.ERASE, _BECAUSE)
    return await request_erasure(context, caller, client_id)


async def stage_erasure(context: Context, caller: Caller, client_id: str, reason: str) -> Outcome[Erasure]:
    """Whatever the period: staged until a second person confirms it.

    Raises NotFound, ValidationFailed for a blank reason, InvalidState where one runs already, where the client is held,
    and for who is no approver.
    """
    dossier = await load_dossier(context, caller, client_id, with_deadlines=False)
    await account_of(context, caller, Permission.ERASE, _TWO)
    demand_text("reason", reason, NOTE_CHARACTERS)
    if await _open_erasure(context, caller, client_id) is not None:
        raise InvalidState(N_("An erasure of this client is under way already."))
    await _demand_no_hold(context, dossier)
    standing = await client_standing(context, caller.company, dossier)
    erasure = replace(
        _new(context, caller, client_id, Cause.EARLY),
        state=ErasureState.STAGED,
        due_at_ms=FOR_PEOPLE_MS,
        reason=reason,
        category=standing.category.value,
        kept_until_ms=standing.due_at_ms or 0,
    )
    note = Note(STAGED, caller.actor, client_id, (erasure.id,))
    return Outcome(erasure, _unit(context, caller, dossier, (AddErasure(erasure),), (note,)))


async def confirm_erasure(context: Context, caller: Caller, erasure_id: str) -> Outcome[Erasure]:
    """The second word. Raises NotFound, OwnDecision for the first person's, InvalidState as `stage_erasure`, and where
    the first has the right no more."""
    erasure = await find_erasure(context, caller, erasure_id)
    account = await account_of(context, caller, Permission.ERASE, _TWO)
    dossier = await load_dossier(context, caller, erasure.client_id, with_deadlines=False)
    if erasure.state is not ErasureState.STAGED:
        raise InvalidState(N_("This erasure does not wait for a second person."))
    if by_themselves(caller, account, erasure.requested_by):
        raise OwnDecision
    await demand_first(context, caller, erasure.requested_by, Permission.ERASE)
    await _demand_no_hold(context, dossier)
    after = replace(
        erasure, state=ErasureState.WAITING, due_at_ms=context.now_ms(), confirmed_by=caller.actor, attempts=0
    )
    note = Note(CONFIRMED, caller.actor, erasure.client_id, (erasure_id, erasure.requested_by.partition(":")[2]))
    return Outcome(after, _unit(context, caller, dossier, (ChangeErasure(after),), (note,)))


async def withdraw_erasure(context: Context, caller: Caller, erasure_id: str) -> Outcome[Erasure]:
    """As long as nothing has ended. Raises NotFound, InvalidState."""
    erasure = await find_erasure(context, caller, erasure_id)
    await account_of(context, caller, Permission.ERASE, _BECAUSE)
    dossier = await load_dossier(context, caller, erasure.client_id, with_deadlines=False)
    if erasure.state not in (ErasureState.STAGED, ErasureState.WAITING):
        raise InvalidState(N_("This erasure is carried out, or withdrawn, already."))
    note = Note(WITHDRAWN, caller.actor, erasure.client_id, (erasure_id,))
    after = _withdrawn(erasure)
    return Outcome(after, _unit(context, caller, dossier, (ChangeErasure(after),), (note,)))


async def find_erasure(context: Context, caller: Caller, erasure_id: str) -> Erasure:
    """Raises NotFound."""
    erasure = await context.storage.erasures.find(caller.company, erasure_id)
    if erasure is None:
        raise NotFound("There is no such erasure.")
    return erasure


def waiting(context: Context, company_id: str, client_id: str, cause: Cause, actor: str) -> Erasure:
    """An erasure that the worker carries out as soon as it comes to it."""
    now = context.now_ms()
    return Erasure(
        id=context.new_id(),
        company_id=company_id,
        client_id=client_id,
        state=ErasureState.WAITING,
        cause=cause,
        requested_by=actor,
        requested_at_ms=now,
        due_at_ms=now,
    )


async def _refusal(context: Context, caller: Caller, dossier: Dossier, standing: Standing) -> KeptByLaw | None:
    if await is_held(context, dossier) is not None:
        return KeptByLaw(N_("This client's data has to be kept for now, whoever asks."))
    if standing.due_at_ms is None:
        return KeptByLaw(N_("This client has a product, or a request that waits for a decision: end that first."))
    if standing.due_at_ms <= context.now_of(caller.company):
        return None
    rule, day = context.retention[standing.category], f"{day_of(standing.due_at_ms):%Y-%m-%d}"
    return KeptByLaw(
        sentence(
            "This client's data (%(category)s) is kept until %(day)s: %(reason)s.",
            category=spoken(NAMES[standing.category]),
            day=day,
            reason=rule.reason,
        ),
        faults=(Fault("kept_until", "KEPT_BY_LAW", day),),
    )


async def _demand_no_hold(context: Context, dossier: Dossier) -> None:
    if await is_held(context, dossier) is not None:
        raise InvalidState(N_("This client's data has to be kept for now, whoever asks."))


async def _open_erasure(context: Context, caller: Caller, client_id: str) -> Erasure | None:
    every = await context.storage.erasures.of_client(caller.company, client_id)
    return next((each for each in every if each.state.is_open), None)


def _new(context: Context, caller: Caller, client_id: str, cause: Cause) -> Erasure:
    return waiting(context, caller.company.id, client_id, cause, caller.actor)


def _withdrawn(erasure: Erasure) -> Erasure:
    return replace(erasure, state=ErasureState.WITHDRAWN, due_at_ms=END_MS, leased_until_ms=0)


def _unit(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    changes: tuple[AddErasure | ChangeErasure, ...],
    notes: tuple[Note, ...],
) -> Unit:
    return Unit(caller.company.id, context.now_ms(), dossier.client, changes=changes, notes=notes)
