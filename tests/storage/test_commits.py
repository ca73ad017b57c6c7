"""Group commit: many units, few commits; each is durable once answered, and a failing one harms nobody else."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import replace
from threading import Event

import pytest

from ostiary.domain.errors import Unavailable
from ostiary.domain.unit import AddKey, AddMessage
from tests.material import NOW_MS
from tests.storage.shelf import LONGEST_HELD_S, SqliteShelf, engine_of
from tests.storage.values import Trade, assert_chained, found_company

MB = 1 << 20
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_two_hundred_units_at_once_are_all_durable_and_in_order(engine: SqliteShelf, trade: Trade) -> None:
    client = await trade.remembered()
    in_order = [trade.touching(replace(client, version=1 + at)) for at in range(100)]
    in_order = [replace(unit, notes=()) for unit in in_order]
    others = [trade.adding(trade.client()) for _ in range(100)]
    commits = await engine.commits(trade.store)
    mixed = [unit for pair in zip(in_order, others, strict=True) for unit in pair]
    ended = await asyncio.gather(*(trade.store.commit(unit, trade.company) for unit in mixed))
    assert ended == [None] * 200
    assert len(commits) <= 20
    again = engine.open()
    touched = await again.clients.find(trade.company.id, client.id)
    assert touched is not None
    assert touched.version == 101
    for unit in others:
        assert unit.client is not None
        assert_chained(again, trade.company.id, unit.client.id, 1)


async def test_an_answered_unit_is_seen_by_every_other_store_at_once(engine: SqliteShelf, trade: Trade) -> None:
    other = engine.open()
    for _ in range(50):
        client = await trade.remembered()
        assert await other.clients.find(trade.company.id, client.id) == client


async def test_a_unit_that_breaks_undoes_only_itself(engine: SqliteShelf, trade: Trade) -> None:
    """What no guard stands for is an exception, for its own caller only."""
    key, clients = trade.key(), [trade.client() for _ in range(4)]
    await trade.store.commit(trade.unit(changes=(AddKey(key),)))
    units = [trade.adding(client) for client in clients]
    units[1] = replace(units[1], changes=(AddKey(key),))
    ended = await engine.together(trade.store, [trade.store.commit(unit, trade.company) for unit in units])
    assert [type(outcome).__name__ for outcome in ended] == ["NoneType", "IntegrityError", "NoneType", "NoneType"]
    there = [await trade.store.clients.find(trade.company.id, client.id) is not None for client in clients]
    assert there == [True, False, True, True]


async def test_a_locked_database_is_unavailable_to_all_and_the_writer_lives_on(
    engine: SqliteShelf, trade: Trade
) -> None:
    await engine.be_impatient(trade.store)
    units = [trade.adding(trade.client()) for _ in range(3)]
    with engine.locked():
        ended = await asyncio.gather(
            *(trade.store.commit(unit, trade.company) for unit in units), return_exceptions=True
        )
    assert [(type(outcome), getattr(outcome, "retry_after_s", 0)) for outcome in ended] == [(Unavailable, 1)] * 3
    assert [await trade.store.commit(unit, trade.company) for unit in units] == [None] * 3


async def test_a_full_disk_is_unavailable_to_the_whole_batch_and_the_writer_lives_on(
    engine: SqliteShelf, trade: Trade
) -> None:
    units = [trade.adding(trade.client()) for _ in range(3)]
    client = trade.client()
    units[1] = trade.adding(client, changes=(AddMessage(trade.message(client, body={"text": "x" * MB})),))
    before = engine.everything()
    await engine.fill_disk(trade.store)
    ended = await engine.together(trade.store, [trade.store.commit(unit, trade.company) for unit in units])
    assert [type(outcome) for outcome in ended] == [Unavailable] * 3
    assert engine.everything() == before
    await engine.free_disk(trade.store)
    assert [await trade.store.commit(unit, trade.company) for unit in units] == [None] * 3


class Broken:
    """A connection to a disk that answers nothing any more."""

    in_transaction = True

    def execute(self, *_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    rollback = execute


async def test_a_disk_that_fails_even_at_undoing_does_not_end_the_writer(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = trade.adding(trade.client())
    with monkeypatch.context() as failing:
        failing.setattr(engine_of(trade.store).writer, "_connection", Broken())
        for _ in range(2):
            async with asyncio.timeout(LONGEST_HELD_S):
                with pytest.raises(Unavailable):
                    await trade.store.commit(unit, trade.company)
    assert await trade.store.commit(unit, trade.company) is None


async def test_a_database_that_cannot_be_read_is_unavailable(engine: SqliteShelf, trade: Trade) -> None:
    engine.spoil_schema("ALTER TABLE clients RENAME TO elsewhere")
    engine.spoil_schema("ALTER TABLE answers RENAME TO elsewhere2")
    with pytest.raises(Unavailable):
        await trade.store.clients.find(trade.company.id, "c")
    with pytest.raises(Unavailable):
        await trade.store.clients.page(trade.company.id, None, None, 5)
    with pytest.raises(Unavailable):
        await trade.store.answers.record(trade.company, b"m", 0)


def test_one_event_loop_after_the_other(engine: SqliteShelf) -> None:
    store = engine.open()
    trade = asyncio.run(found_company(store, engine.cipher))
    client = asyncio.run(trade.remembered())
    assert asyncio.run(store.clients.find(trade.company.id, client.id)) == client


def test_a_loop_that_ended_before_its_commit_harms_nobody(engine: SqliteShelf) -> None:
    """The unit of a caller who is gone is written all the same: it was handed over."""
    store = engine.open()
    trade = asyncio.run(found_company(store, engine.cipher))
    go, left = Event(), trade.client()

    async def leave() -> None:
        held = asyncio.ensure_future(engine_of(store).writer.write(lambda _: go.wait(LONGEST_HELD_S)))
        waiting = asyncio.ensure_future(store.commit(trade.adding(left), trade.company))
        await asyncio.sleep(0.02)
        for call in (held, waiting):
            call.cancel()
            with suppress(asyncio.CancelledError):
                await call

    asyncio.run(leave())
    go.set()
    asyncio.run(trade.remembered())
    assert asyncio.run(store.clients.find(trade.company.id, left.id)) is not None


async def test_a_caller_who_is_gone_takes_nobody_along(engine: SqliteShelf, trade: Trade) -> None:
    clients = [trade.client() for _ in range(5)]
    tasks = [asyncio.ensure_future(trade.store.commit(trade.adding(client), trade.company)) for client in clients]
    asyncio.get_running_loop().call_later(0.01, tasks[2].cancel)
    ended = await engine.together(trade.store, tasks)
    assert isinstance(ended[2], asyncio.CancelledError | None)
    assert [*ended[:2], *ended[3:]] == [None] * 4
    assert all([await trade.store.clients.find(trade.company.id, client.id) for client in clients])


async def test_closing_finishes_what_is_queued(engine: SqliteShelf, trade: Trade) -> None:
    store, go = engine.open(), Event()
    await store.census.state(NOW_MS)  # else each commit asks for it first
    clients = [trade.client() for _ in range(300)]
    held = asyncio.ensure_future(engine_of(store).writer.write(lambda _: go.wait(LONGEST_HELD_S)))
    waiting = [asyncio.ensure_future(store.commit(trade.adding(client), trade.company)) for client in clients]
    await asyncio.sleep(0.02)
    closing = asyncio.create_task(asyncio.to_thread(store.close))
    await asyncio.sleep(0.02)
    go.set()
    await closing
    engine.stores.remove(store)
    assert await held
    assert await asyncio.gather(*waiting) == [None] * 300
    assert engine.rows("SELECT count(*) FROM clients") == [(300,)]
    with pytest.raises(Unavailable):
        await store.commit(trade.adding(trade.client()), trade.company)
