"""How a use case ends: committed once with its answer, decided again when a guard was lost, never for ever."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from ostiary.domain.audit.trail import Note
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.errors import Contended, IdempotencyKeyInUse, LeaseLost
from ostiary.domain.unit import Guard, StoredResponse, Unit
from ostiary.usecases.clients.individuals import create_client, read_client
from ostiary.usecases.stores import Storage
from ostiary.usecases.transaction import MOST_TRIES, Outcome, execute
from tests.house import House
from tests.material import profile

MARK, CONTENT = b"m" * 32, b"c" * 32


async def lease_of(house: House) -> str:
    """The key taken, as the edge does before a call runs."""
    lease = house.context.new_id()
    await house.parts.store.answers.begin(house.caller.company.id, MARK, CONTENT, lease, house.clock.now_ms)
    return lease


def sealed(lease: str) -> StoredResponse:
    return StoredResponse(MARK, lease, 201, b"the answer")


async def test_the_answer_is_kept_together_with_its_effect(house: House) -> None:
    lease = await lease_of(house)
    client = await house.do(create_client, profile(), seal=lambda client: sealed(lease))
    assert await read_client(house.context, house.caller, client.id)
    assert house.rows("SELECT status, lease FROM answers") == [(201, None)]
    assert b"the answer" not in house.rows("SELECT body FROM answers")[0][0]


async def test_without_the_lease_there_is_neither_answer_nor_effect(house: House) -> None:
    await lease_of(house)
    with pytest.raises(IdempotencyKeyInUse):
        await house.do(create_client, profile(), seal=lambda client: sealed("another's lease"))
    assert house.rows("SELECT count(*) FROM clients") == [(0,)]
    assert house.rows("SELECT status FROM answers") == [(None,)]


async def test_an_answer_without_an_effect_is_kept_too(house: House) -> None:
    lease, client = await lease_of(house), await house.client()

    async def read() -> Outcome[Client]:
        return Outcome(client)

    assert await execute(house.context, house.caller, read, lambda client: sealed(lease)) is client
    assert house.rows("SELECT status FROM answers") == [(201,)]


async def test_of_twelve_calls_under_one_key_one_has_an_effect(house: House) -> None:
    lease = await lease_of(house)
    calls = (
        house.do(create_client, profile(email=f"c{number}@example.com"), seal=lambda client: sealed(lease))
        for number in range(12)
    )
    ended = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(outcome, IdempotencyKeyInUse) for outcome in ended) == 11
    assert house.rows("SELECT count(*) FROM clients") == [(1,)]


async def test_a_lost_guard_decides_again_on_fresh_reads(house: House) -> None:
    client, readings = await house.client(), []

    async def touch() -> Outcome[int]:
        current = await read_client(house.context, house.caller, client.id)
        readings.append(current.version)
        if len(readings) == 1:
            await house.do(lambda context, caller: touched(house, current))
        return await touched(house, current)

    assert await execute(house.context, house.caller, touch) == 2
    assert readings == [1, 2]
    assert house.actions(client.id) == ["client_created", "touched", "touched"]


async def test_it_gives_up_after_a_bounded_number_of_tries(house: House) -> None:
    client, tries = await house.client(), 0

    async def stale() -> Outcome[int]:
        nonlocal tries
        tries += 1
        return await touched(house, replace(client, version=99))

    with pytest.raises(Contended) as refused:
        await execute(house.context, house.caller, stale)
    assert (tries, refused.value.retry_after_s) == (MOST_TRIES, 1)
    assert house.actions(client.id) == ["client_created"]


class Losing:
    """The real storage, except that every commit loses a guard at once.

    A real lost guard comes as an exception across threads, after which coverage loses sight of the waiting code.
    """

    def __init__(self, storage: Storage, guard: Guard) -> None:
        self._storage, self._guard, self.commits = storage, guard, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    async def commit(self, unit: Unit, company: Company | None = None) -> Guard | None:
        self.commits += 1
        return self._guard


@pytest.mark.parametrize("guard", Guard)
async def test_only_a_lost_lease_is_not_tried_again(house: House, guard: Guard) -> None:
    final = {Guard.IDEMPOTENCY: IdempotencyKeyInUse, Guard.LEASE: LeaseLost}
    storage = Losing(house.context.storage, guard)
    house.context = replace(house.context, storage=cast(Storage, storage))
    with pytest.raises(final.get(guard, Contended)):
        await house.client()
    assert storage.commits == (1 if guard in final else MOST_TRIES)


async def touched(house: House, client: Client) -> Outcome[int]:
    """A unit that changes nothing but the client's version and chain."""
    note = Note("touched", house.caller.actor, client.id)
    return Outcome(client.version, Unit(client.company_id, house.clock.now_ms, client, notes=(note,)))
