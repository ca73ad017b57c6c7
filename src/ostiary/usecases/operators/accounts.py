"""Who acts, as an operator with an account: for what takes two people, a name alone is not enough."""

from __future__ import annotations

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState
from ostiary.domain.operators.operator import Operator, normal_name
from ostiary.domain.operators.permissions import FROM_ROLE, Permission, may
from ostiary.domain.sentences import sentence, spoken
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import list_operators


async def who_still_may(context: Context, operator_id: str, permission: Permission, company_id: str) -> Operator | None:
    """Somebody by his account, if he has a right yet that he had; None if not."""
    operator = next((each for each in await list_operators(context) if each.id == operator_id), None)
    return operator if operator is not None and may(operator, permission, company_id) else None


async def account_of(context: Context, caller: Caller, permission: Permission, because: str) -> Operator:
    """The caller's account, which has a right. `because` begins the refusal. Raises InvalidState."""
    name = caller.actor.partition(":")[2]
    operators = await list_operators(context)
    account = next((each for each in operators if normal_name(each.name) == normal_name(name)), None)
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
