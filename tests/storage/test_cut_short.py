"""Callers that go away at any moment take nothing with them: no connection, no place in a batch, nobody's answer."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from ostiary.domain.clients.client import Client
from ostiary.domain.unit import AddMessage, Guard
from ostiary.storage.postgres.engine import PostgresEngine
from tests.storage.shelf import Shelf
from tests.storage.values import Trade

CALLERS, ROUNDS, LONGEST_S, PATIENCE_S = 60, 5, 0.06, 120
FEWEST = 20
"""Of 300 that are told to go away within 60 ms; how many still run by then is the machine's affair."""
pytestmark = pytest.mark.parametrize("engine", ["postgres", "pgbouncer"], indirect=True)


async def work(trade: Trade, client: Client, number: int) -> object:
    """Something of each kind that a store is asked, in turn."""
    match number % 5:
        case 0:
            return await trade.store.dossier(trade.company.id, client.id)
        case 1:
            return await trade.store.commit(trade.adding(trade.client()), trade.company)
        case 2:
            return await trade.store.commit(trade.unit(changes=(AddMessage(trade.message(client)),)), trade.company)
        case 3:
            return await trade.store.outbox.claim(trade.new_id(), 2**40, 2**40 + 1, 5)
        case _:
            now = await trade.current(client.id)
            return await trade.store.commit(trade.touching(replace(now)), trade.company)


async def test_callers_that_go_away_leave_everything_in_order(engine: Shelf, trade: Trade) -> None:
    chance = random.Random(5)
    clients = [await trade.remembered() for _ in range(4)]
    database = trade.store.engine
    assert isinstance(database, PostgresEngine)

    async def call(number: int) -> object:
        return await work(trade, chance.choice(clients), number)

    ends: list[object] = []
    for _ in range(ROUNDS):
        calls = [asyncio.create_task(call(number)) for number in range(CALLERS)]
        for running in calls:
            asyncio.get_running_loop().call_later(chance.random() * LONGEST_S, running.cancel)
        async with asyncio.timeout(PATIENCE_S):
            ends += await asyncio.gather(*calls, return_exceptions=True)
    problems = [end for end in ends if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError)]
    assert problems == []
    assert sum(isinstance(end, asyncio.CancelledError) for end in ends) > FEWEST, "many were cut short"
    async with asyncio.timeout(PATIENCE_S):
        whole = await asyncio.gather(*(call(number) for number in range(CALLERS)), return_exceptions=True)
    assert [end for end in whole if isinstance(end, BaseException)] == []
    assert {end for end in whole if isinstance(end, Guard)} <= {Guard.CLIENT}
    loop = asyncio.get_running_loop()
    while any(batches._batches for batches in (database._reads[loop], database._writes[loop])):
        await asyncio.sleep(0)
    pool = database._pools[loop]
    assert pool._open == len(pool._free)
    for batches in (database._reads[loop], database._writes[loop]):
        assert (batches._running, batches._lines, batches._batches) == ({}, {}, set())
    for client in clients:
        entries = await trade.store.audit.entries(trade.company.id, client.id)
        assert len(entries) == (await trade.current(client.id)).chain.length
