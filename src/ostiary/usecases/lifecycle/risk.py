"""How much risk a client is: what follows from the rules, and an operator's own word instead."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.clients.risk_override import RiskWish, override_of
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import InvalidState
from ostiary.domain.lifecycle.risk import AssessedRisk, RiskInput, assess_risk
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.review.remarks import demand_note
from ostiary.domain.unit import OwnerWrite, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier, screening_of
from ostiary.usecases.lifecycle.circumstances import redated
from ostiary.usecases.operators.accounts import account_of
from ostiary.usecases.review.looked import remark_on
from ostiary.usecases.transaction import Outcome

RISK_SET, RISK_RELEASED = "risk_set", "risk_released"
_BECAUSE = "Who says how much risk a client is has to answer for it"


async def risk_of_client(context: Context, company: Company, dossier: Dossier) -> AssessedRisk:
    """The class as of today in the company's own time, with why; the operator hears of conditions that fail."""
    screening = await screening_of(context, dossier.client)
    risk = assess_risk(RiskInput(dossier, context.catalogues.current, context.today_of(company), screening))
    for text in risk.failed:
        context.condition_failed(text)
    return risk


async def read_risk(context: Context, caller: Caller, client_id: str) -> AssessedRisk:
    """The same of a client by its id. Raises NotFound."""
    return await risk_of_client(context, caller.company, await load_dossier(context, caller, client_id))


async def set_risk(context: Context, caller: Caller, client_id: str, wish: RiskWish) -> Outcome[AssessedRisk]:
    """An operator's word counts from now on, instead of the rules and of any word before.

    Raises NotFound; ValidationFailed for a class, a day or a reason that cannot be; InvalidState for who is no
    approver.
    """
    dossier = await load_dossier(context, caller, client_id)
    await account_of(context, caller, Permission.SET_RISK, _BECAUSE)
    override = override_of(wish, caller.actor, context.now_ms(), context.today_of(caller.company))
    after = replace(dossier, client=replace(dossier.client, risk_override=override))
    note = Note(RISK_SET, caller.actor, client_id, (override.risk_class.value, override.until))
    return await _decided(context, caller, after, note, wish.reason)


async def release_risk(context: Context, caller: Caller, client_id: str, reason: str) -> Outcome[AssessedRisk]:
    """The rules count again. Raises as `set_risk`, and InvalidState where no word of an operator counts."""
    demand_note(reason, "reason")
    dossier = await load_dossier(context, caller, client_id)
    await account_of(context, caller, Permission.SET_RISK, _BECAUSE)
    override = dossier.client.risk_override
    if override is None or not override.counts_on(context.today_of(caller.company)):
        raise InvalidState("Nobody has set this client's class of risk: the rules of the catalogue give it.")
    after = replace(dossier, client=replace(dossier.client, risk_override=None))
    note = Note(RISK_RELEASED, caller.actor, client_id, (override.risk_class.value,))
    return await _decided(context, caller, after, note, reason)


async def _decided(context: Context, caller: Caller, after: Dossier, note: Note, reason: str) -> Outcome[AssessedRisk]:
    """The client with another word on it, or none, what that moves, and the reason among operators' notes."""
    unit = Unit(
        company_id=caller.company.id,
        at_ms=context.now_ms(),
        owner=after.client,
        owner_write=OwnerWrite.DETAILS,
        changes=(*redated(context, caller.company, after), *remark_on(context, caller, "", note.action, reason)),
        notes=(note,),
    )
    return Outcome(await risk_of_client(context, caller.company, after), unit)
