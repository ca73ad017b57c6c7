"""What only happens where many write at once: PostgreSQL, two transactions under way, in the order that hurts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from ostiary.domain.delivery.messages import NEVER_MS, MessageOutcome
from ostiary.domain.unit import AddMessage, Guard, MessageResult
from ostiary.storage.postgres import composing
from ostiary.storage.tables import messages as sql
from tests.material import NOW_MS
from tests.storage.conftest import ENGINES
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import Shelf
from tests.storage.test_messages import LEASE_MS, claimed
from tests.storage.values import Trade, found_company

pytestmark = pytest.mark.parametrize("engine", ENGINES[1:], indirect=True)
ROUNDS, MANY, AT_ONCE = 40, 12, 8
BLOCKED_S = 0.3
MOST_S = 120


@pytest.fixture
async def other(engine: Shelf) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else's transaction, as slow as the test wants it."""
    assert isinstance(engine, PostgresShelf)
    connection = await asyncpg.connect(engine.direct)
    yield connection
    await connection.close()


def due(engine: Shelf) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in engine.rows("SELECT message_id, due_at_ms FROM messages")}


async def settle(trade: Trade, message_id: str, lease: str) -> Guard | None:
    return await trade.store.commit(
        trade.unit(changes=(MessageResult(message_id, lease, MessageOutcome.DELIVERED),)), trade.company
    )


async def test_a_message_added_while_the_one_before_is_settled_does_not_wait_for_ever(
    engine: Shelf, trade: Trade, other: asyncpg.Connection
) -> None:
    """It is not committed yet when the one before ends: who settles has to wait for it, and then releases it."""
    client = await trade.remembered()
    first = trade.message(client, NOW_MS, enablement_id="e" * 32, sequence=1)
    await trade.store.commit(trade.unit(changes=(AddMessage(first),)), trade.company)
    assert await claimed(trade.store, "a") == [first.id]
    adding = other.transaction()
    await adding.start()
    values = (trade.company.id, "second", "webhook", client.id, "e" * 32, 2, NOW_MS, b"", NOW_MS, "webhook")
    await other.execute(composing.translated(sql.ADD_MESSAGE), *values)
    settling = asyncio.create_task(settle(trade, first.id, "a"))
    await asyncio.sleep(BLOCKED_S)
    assert not settling.done(), "it waits for the message that waits for it"
    await adding.commit()
    assert await settling is None
    assert due(engine)["second"] == NOW_MS
    assert engine.rows("SELECT queue, due_at_ms FROM arrivals WHERE due_at_ms = ?", NOW_MS)


async def test_a_message_added_after_the_one_before_was_settled_waits_for_nothing(
    engine: Shelf, trade: Trade, other: asyncpg.Connection
) -> None:
    """The one before is over in a transaction that has not committed yet."""
    client = await trade.remembered()
    first, second = (trade.message(client, NOW_MS, enablement_id="e" * 32, sequence=at) for at in (1, 2))
    await trade.store.commit(trade.unit(changes=(AddMessage(first),)), trade.company)
    settling = other.transaction()
    await settling.start()
    await other.execute("UPDATE messages SET state = 'delivered' WHERE message_id = $1", first.id)
    adding = asyncio.create_task(trade.store.commit(trade.unit(changes=(AddMessage(second),)), trade.company))
    await asyncio.sleep(BLOCKED_S)
    assert not adding.done()
    await settling.commit()
    assert await adding is None
    assert due(engine)[second.id] == NOW_MS


async def test_messages_of_one_request_come_one_by_one_whoever_adds_and_settles(engine: Shelf, trade: Trade) -> None:
    """Adding and settling at once, over and over: in the end everything was delivered, in order."""
    client = await trade.remembered()
    stores, delivered = [trade.store, engine.open()], list[int]()

    async def add() -> None:
        for at in range(1, ROUNDS + 1):
            message = trade.message(client, NOW_MS, enablement_id="e" * 32, sequence=at)
            assert await trade.store.commit(trade.unit(changes=(AddMessage(message),)), trade.company) is None

    async def deliver() -> None:
        while len(delivered) < ROUNDS:
            at = len(delivered)
            for message, company in await stores[at % 2].outbox.claim(f"l{at}", NOW_MS, NOW_MS + LEASE_MS, 5):
                delivered.append(message.sequence)
                unit = trade.unit(changes=(MessageResult(message.id, f"l{at}", MessageOutcome.DELIVERED),))
                assert await stores[at % 2].commit(unit, company) is None

    async with asyncio.timeout(MOST_S):
        await asyncio.gather(add(), deliver())
    assert delivered == list(range(1, ROUNDS + 1))
    assert NEVER_MS not in due(engine).values()


async def test_of_many_who_change_one_client_each_version_has_one_winner(engine: Shelf, trade: Trade) -> None:
    client = await trade.remembered()
    stores = [engine.open() for _ in range(3)]
    won = 0
    for version in range(1, MANY + 1):
        unit = trade.touching(replace(client, version=version))
        ended = await asyncio.gather(*(stores[at % 3].commit(unit, trade.company) for at in range(AT_ONCE)))
        won += list(ended).count(None)
        assert set(ended) == {None, Guard.CLIENT}
        client = await trade.current(client.id)
    assert (won, client.version) == (MANY, MANY + 1)


async def test_workers_settle_and_claim_for_several_companies_without_a_deadlock(engine: Shelf, trade: Trade) -> None:
    trades = [trade, *[await found_company(trade.store, engine.cipher, at) for at in range(2, 5)]]
    for tenant in trades:
        await tenant.posted(*[NOW_MS] * MANY)
    stores, ended = [engine.open() for _ in range(3)], list[str]()

    async def work(number: int) -> None:
        for at in range(40):
            lease = f"{number}-{at}"
            for message, company in await stores[number].outbox.claim(lease, NOW_MS + at, NOW_MS + LEASE_MS, 6):
                unit = replace(
                    trade.unit(),
                    company_id=company.id,
                    changes=(MessageResult(message.id, lease, MessageOutcome.DELIVERED),),
                )
                assert await stores[number].commit(unit, company) is None
                ended.append(message.id)

    async with asyncio.timeout(MOST_S):
        await asyncio.gather(*(work(at) for at in range(3)))
    assert len(ended) == len(set(ended)) == len(trades) * MANY
