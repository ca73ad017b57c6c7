"""Counting attempts to sign in: for the account and for the address, over all processes and restarts."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.domain.companies.company import Company, counted_as
from ostiary.domain.errors import Contended, TooManyRequests
from ostiary.domain.operators.operator import Operator, normal_name
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.operators.sign_in import ACCOUNT_FREE, ADDRESS_FREE, counted, is_worth_noting, noted, wait_ms
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context

MOST_TRIES = 100
"""As of a unit of work: each lost try means that somebody else's attempt was counted in between."""


@value_type
class Scopes:
    """The two marks under which an attempt is counted."""

    account: bytes
    address: bytes


def address_mark(context: Context, house: Company, source: SignInSource) -> str:
    """What is kept of a network from which an operator signed in (in hex)."""
    return context.storage.attempts.mark(house.id, "network", counted_as(source.address)).hex()


def scopes_of(context: Context, house: Company, name: str, operator: Operator | None, source: SignInSource) -> Scopes:
    """Whose attempts these are. An operator who comes from where he has signed in before is counted by himself: what
    others fail at elsewhere does not keep him out."""
    attempts = context.storage.attempts
    own = address_mark(context, house, source)
    where = own if operator is not None and own in operator.addresses else ""
    account = attempts.mark(house.id, "account", normal_name(name), where)
    return Scopes(account, attempts.mark(house.id, "address", counted_as(source.address)))


async def take(context: Context, house: Company, scopes: Scopes) -> int:
    """Counts an attempt under both, before anything is looked at; how many there were at the account. Raises
    TooManyRequests, and counts nothing, where one of them has to wait."""
    pairs = ((scopes.account, ACCOUNT_FREE), (scopes.address, ADDRESS_FREE))
    await _demand_no_wait(context, house, (mark for mark, _ in pairs))
    failures = [await _count(context, house, mark, free) for mark, free in pairs]
    return failures[0]


async def take_back(context: Context, house: Company, scopes: Scopes) -> None:
    """It was right: the account begins anew, and the address is counted one less."""
    await context.storage.attempts.forget(house.id, scopes.account)
    await context.storage.attempts.forgive(house.id, scopes.address)


async def give_back(context: Context, house: Company, scopes: Scopes) -> None:
    """It was not looked at: it counts for nothing."""
    await context.storage.attempts.forgive(house.id, scopes.account)
    await context.storage.attempts.forgive(house.id, scopes.address)


async def is_to_note(context: Context, house: Company, failures: int) -> bool:
    """Whether a failure goes on the audit trail, of which there is no end otherwise; if so, it is counted."""
    mark = context.storage.attempts.mark(house.id, "noted")
    before = await context.storage.attempts.find(house.id, mark)
    after = noted(before, context.now_ms()) if is_worth_noting(failures) else None
    return after is not None and await context.storage.attempts.count(house.id, mark, before, after)


async def _demand_no_wait(context: Context, house: Company, marks: Iterable[bytes]) -> None:
    now = context.now_ms()
    waits = [wait_ms(await context.storage.attempts.find(house.id, mark), now) for mark in marks]
    if (longest := max(waits)) > 0:
        raise TooManyRequests(
            "There were too many attempts to sign in; wait before the next one.", retry_after_s=-(-longest // 1000)
        )


async def _count(context: Context, house: Company, mark: bytes, free: int) -> int:
    for _ in range(MOST_TRIES):
        before = await context.storage.attempts.find(house.id, mark)
        if wait_ms(before, context.now_ms()) > 0:
            await _demand_no_wait(context, house, (mark,))
        after = counted(before, free, context.now_ms())
        if await context.storage.attempts.count(house.id, mark, before, after):
            return after.failures
    raise Contended(retry_after_s=1)
