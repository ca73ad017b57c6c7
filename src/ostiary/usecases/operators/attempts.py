"""Counting attempts to sign in: for the account and for the address, over all processes and restarts."""

from __future__ import annotations

from ostiary.domain.companies.company import Company, counted_as
from ostiary.domain.errors import Contended, TooManyRequests
from ostiary.domain.operators.operator import Operator, normal_name
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.operators.sign_in import (
    ACCOUNT_FREE,
    ACCOUNT_HOURLY,
    ADDRESS_FREE,
    NO_ATTEMPTS,
    NOTED_AN_HOUR,
    Attempts,
    counted,
    hour_ends_ms,
    is_worth_noting,
    of_hour,
    wait_ms,
)
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context

MOST_TRIES = 100
"""As of a unit of work: each lost try means that somebody else's attempt was counted in between."""


@value_type
class Scopes:
    """The marks under which an attempt is counted. `account` is the account as it is tried from one network,
    `everywhere` from all that its operator is not known at; None where that is not counted."""

    account: bytes
    address: bytes
    everywhere: bytes | None = None

    @property
    def marks(self) -> tuple[bytes, ...]:
        return (self.account, self.address, *(() if self.everywhere is None else (self.everywhere,)))


def address_mark(context: Context, house: Company, source: SignInSource) -> str:
    """What is kept of a network from which an operator signed in (in hex)."""
    return context.storage.attempts.mark(house.id, "network", counted_as(source.address)).hex()


def scopes_of(context: Context, house: Company, name: str, operator: Operator | None, source: SignInSource) -> Scopes:
    """Whose attempts these are: of one network at one account, so that what others fail at keeps nobody out. Over all
    networks an hour has its share, but where the operator has signed in before, that does not count."""
    attempts, network = context.storage.attempts, address_mark(context, house, source)
    is_known = operator is not None and network in operator.addresses
    normal = normal_name(name)
    return Scopes(
        attempts.mark(house.id, "account", normal, network),
        attempts.mark(house.id, "address", counted_as(source.address)),
        None if is_known else attempts.mark(house.id, "everywhere", normal),
    )


async def take(context: Context, house: Company, scopes: Scopes) -> int:
    """Counts an attempt under all, before anything is looked at; how many there were at the account. Raises
    TooManyRequests, and counts nothing, where one of them has to wait."""
    await _demand_no_wait(context, house, scopes)
    failures = await _count(context, house, scopes, scopes.account, ACCOUNT_FREE)
    await _count(context, house, scopes, scopes.address, ADDRESS_FREE)
    if scopes.everywhere is not None:
        await _count_of_hour(context, house, scopes, scopes.everywhere)
    return failures


async def take_back(context: Context, house: Company, scopes: Scopes) -> None:
    """It was right: the account begins anew, and the others are counted one less."""
    await context.storage.attempts.forget(house.id, scopes.account)
    for mark in scopes.marks[1:]:
        await context.storage.attempts.forgive(house.id, mark)


async def give_back(context: Context, house: Company, scopes: Scopes) -> None:
    """It was not looked at: it counts for nothing."""
    for mark in scopes.marks:
        await context.storage.attempts.forgive(house.id, mark)


async def spend(context: Context, house: Company, *what: str) -> bool:
    """Uses up what may be used once; False when it was. It is remembered for as long as attempts are, over all
    processes."""
    mark = context.storage.attempts.mark(house.id, "spent", *what)
    return await context.storage.attempts.count(house.id, mark, NO_ATTEMPTS, Attempts(1, context.now_ms()))


async def is_to_note(context: Context, house: Company, failures: int) -> bool:
    """Whether a failure goes on the audit trail, of which there is no end otherwise; if so, it is counted."""
    mark = context.storage.attempts.mark(house.id, "noted")
    before = await context.storage.attempts.find(house.id, mark)
    after = of_hour(before, NOTED_AN_HOUR, context.now_ms()) if is_worth_noting(failures) else None
    return after is not None and await context.storage.attempts.count(house.id, mark, before, after)


async def _demand_no_wait(context: Context, house: Company, scopes: Scopes) -> None:
    now, attempts = context.now_ms(), context.storage.attempts
    waits = [wait_ms(await attempts.find(house.id, mark), now) for mark in (scopes.account, scopes.address)]
    if scopes.everywhere is not None:
        waits.append(hour_ends_ms(await attempts.find(house.id, scopes.everywhere), ACCOUNT_HOURLY, now))
    if (longest := max(waits)) > 0:
        raise TooManyRequests(
            "There were too many attempts to sign in; wait before the next one.", retry_after_s=-(-longest // 1000)
        )


async def _count(context: Context, house: Company, scopes: Scopes, mark: bytes, free: int) -> int:
    for _ in range(MOST_TRIES):
        before = await context.storage.attempts.find(house.id, mark)
        if wait_ms(before, context.now_ms()) > 0:
            await _demand_no_wait(context, house, scopes)
        after = counted(before, free, context.now_ms())
        if await context.storage.attempts.count(house.id, mark, before, after):
            return after.failures
    raise Contended(retry_after_s=1)


async def _count_of_hour(context: Context, house: Company, scopes: Scopes, mark: bytes) -> None:
    for _ in range(MOST_TRIES):
        before = await context.storage.attempts.find(house.id, mark)
        after = of_hour(before, ACCOUNT_HOURLY, context.now_ms())
        if after is None:
            await _demand_no_wait(context, house, scopes)
        elif await context.storage.attempts.count(house.id, mark, before, after):
            return
    raise Contended(retry_after_s=1)
