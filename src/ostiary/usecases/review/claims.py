"""Working on a case: who claims it, lets it go or hands it over, and that nobody else decides it meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, NotFound, value_refused
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.operators.operator import Operator, normal_name
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.review.approvals import Settled
from ostiary.domain.review.claims import HANDED_OVER_MS, LEASE_MS, Claim
from ostiary.domain.review.looking import same_person
from ostiary.domain.sentences import sentence
from ostiary.domain.times import format_timestamp
from ostiary.usecases.context import Context
from ostiary.usecases.operators.accounts import who_still_may
from ostiary.usecases.operators.directory import list_operators
from ostiary.usecases.transaction import Outcome, execute

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A claim with the name of its holder."""

    claim: Claim
    holder: str


async def claim_of(context: Context, company_id: str, enablement_id: str) -> HeldCase | None:
    """Who works on a case; None: nobody does."""
    claim = await context.storage.claims.find(company_id, enablement_id, context.now_ms())
    if claim is None:
        return None
    names = {each.id: each.name for each in await list_operators(context)}
    return HeldCase(claim, names.get(claim.operator_id, claim.operator_id))


async def claim_case(context: Context, operator: Operator, company_id: str, enablement_id: str) -> Claim:
    """Takes a case, or goes on with it. Raises NotFound, and InvalidState naming who works on it and since when."""
    client_id = await context.storage.enablements.client_of(company_id, enablement_id)
    if client_id is None:
        raise NotFound("There is no such request.")
    now = context.now_ms()
    claim = Claim(
        company_id=company_id,
        enablement_id=enablement_id,
        client_id=client_id,
        operator_id=operator.id,
        claimed_at_ms=now,
        until_ms=now + LEASE_MS,
    )
    if not await context.storage.claims.take(claim):
        await _refuse(context, operator, company_id, enablement_id)
    return await context.storage.claims.find(company_id, enablement_id, now) or claim


async def release_case(context: Context, operator: Operator, company_id: str, enablement_id: str) -> bool:
    """Lets a case go; False when it was not this operator's."""
    return await context.storage.claims.drop(company_id, enablement_id, operator.id)


async def hand_over_case(
    context: Context, operator: Operator, company_id: str, enablement_id: str, to_name: str
) -> Operator:
    """Gives a case to a colleague, for a working day; who has it not takes it first.

    Raises as `claim_case`, and ValidationFailed for nobody who may decide it.
    """
    able = [each for each in await list_operators(context) if may(each, Permission.CLAIM, company_id)]
    to = next((each for each in able if normal_name(each.name) == normal_name(to_name)), None)
    if to is None:
        names = ", ".join(each.name for each in able) or "(nobody)"
        raise value_refused(
            "to", sentence("to must name somebody who decides cases of this company: %(names)s", names=names)
        )
    await pass_on_case(context, operator, company_id, enablement_id, to.id)
    return to


async def pass_on_case(
    context: Context, operator: Operator, company_id: str, enablement_id: str, to_operator_id: str
) -> None:
    """Gives a case to somebody for a working day, whoever that is. Raises as `claim_case`."""
    claim = await claim_case(context, operator, company_id, enablement_id)
    now = context.now_ms()
    if not await context.storage.claims.hand_over(claim, to_operator_id, now, now + HANDED_OVER_MS):
        await _refuse(context, operator, company_id, enablement_id)


async def give_back_case(
    context: Context, operator: Operator, company_id: str, enablement_id: str, to_operator_id: str
) -> None:
    """Leaves a case to whom it came from, for a working day: unless somebody took it meanwhile, or he decides cases no
    more. Then it is anybody's, for what he has nobody else could take. Raises NotFound."""
    if await who_still_may(context, to_operator_id, Permission.CLAIM, company_id) is None:
        await release_case(context, operator, company_id, enablement_id)
        return
    with suppress(InvalidState):
        await pass_on_case(context, operator, company_id, enablement_id, to_operator_id)


async def demand_unclaimed(context: Context, caller: Caller, enablement_id: str) -> None:
    """Raises InvalidState when somebody else than the caller works on a case."""
    held = await claim_of(context, caller.company.id, enablement_id)
    if held is not None and not same_person(caller.actor, f"operator:{held.holder}"):
        raise _held(held)


async def settle_case(
    context: Context,
    operator: Operator,
    caller: Caller,
    enablement_id: str,
    decide: Callable[[], Awaitable[Outcome[T]]],
) -> T:
    """Claims a case, decides it to its committed end, and lets it go. Whoever claimed it first decides it; when the
    decision is refused the claim stays. Raises as `claim_case` and the decision."""
    await claim_case(context, operator, caller.company.id, enablement_id)
    answer = await execute(context, caller, decide)
    if answer.frees_case if isinstance(answer, Settled) else isinstance(answer, Enablement) and answer.review is None:
        await release_case(context, operator, caller.company.id, enablement_id)
    return answer


async def _refuse(context: Context, operator: Operator, company_id: str, enablement_id: str) -> None:
    """Raises InvalidState, unless it is free again already."""
    held = await claim_of(context, company_id, enablement_id)
    if held is None or held.claim.is_of(operator.id):
        raise InvalidState("Somebody else had this case a moment ago; it is free now, so try again.")
    raise _held(held)


def _held(held: HeldCase) -> InvalidState:
    since, until = format_timestamp(held.claim.claimed_at_ms), format_timestamp(held.claim.until_ms)
    return InvalidState(
        sentence(
            "%(name)s works on this case since %(since)s (UTC), and has it until %(until)s at least.",
            name=held.holder,
            since=since,
            until=until,
        )
    )
