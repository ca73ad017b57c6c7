"""Who acts, as an operator with an account: for what takes two people, a name alone is not enough."""

from __future__ import annotations

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState
from ostiary.domain.operators.operator import Operator, normal_name
from ostiary.domain.operators.permissions import FROM_ROLE, Permission, may
from ostiary.domain.review.looking import same_person
from ostiary.domain.sentences import sentence, spoken
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import list_operators


async def who_still_may(context: Context, operator_id: str, permission: Permission, company_id: str) -> Operator | None:
    """Somebody by his account, if he has a right yet that he had; None if not."""
    operator = next((each for each in await list_operators(context) if each.id == operator_id), None)
    return operator if operator is not None and may(operator, permission, company_id) else None


async def account_of(context: Context, caller: Caller, permission: Permission, because: str) -> Operator:
    """The caller's account, which has a right. `because` begins the refusal. Raises InvalidState."""
    name = _name_of(caller.actor)
    account = await _named(context, name)
    if account is None or not may(account, permission, caller.company.id):
        role = FROM_ROLE[permission]
        raise InvalidState(
            sentence(
                "%(because)s: %(name)s has to be an operator of this company with the role "
                "%(role)s or higher; `ostiary operator list` shows who is.",
                because=spoken(because),
                name=name,
                role=role,
            )
        )
    return account


def by_themselves(caller: Caller, account: Operator, first: str) -> bool:
    """Whether the caller, whose account it is, is the first of the two, however the names were typed."""
    return same_person(first, caller.actor) or same_person(first, f"operator:{account.name}")


async def demand_first(context: Context, caller: Caller, first: str, permission: Permission) -> None:
    """Raises InvalidState where the first of the two has the right no more: with him it would be one person's word."""
    account = await _named(context, _name_of(first))
    if account is None or not may(account, permission, caller.company.id):
        raise InvalidState(
            sentence(
                "%(name)s, who said so first, has no right to it any more: say it anew, and let another confirm it.",
                name=_name_of(first),
            )
        )


def _name_of(actor: str) -> str:
    return actor.partition(":")[2]


async def _named(context: Context, name: str) -> Operator | None:
    operators = await list_operators(context)
    return next((each for each in operators if normal_name(each.name) == normal_name(name)), None)
