"""What one company has waiting, however much: woken a batch at a time, and no more test events than may wait."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ostiary.domain.delivery.messages import MOST_PENDING_TESTS, Message, MessageOutcome, probe_event
from ostiary.domain.delivery.queues import NEW, Capacity, Health, Lane
from ostiary.domain.unit import AddMessage, Guard, MessageResult, Redeliver, ReopenWebhook, Unit
from ostiary.storage.store import Store
from ostiary.storage.tables.outbox import WOKEN_TOGETHER
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

LEASE_MS, LATER_MS = 30_000, 3_600_000
WELL = Health(succeeded_at_ms=NOW_MS)
FAILING = Health(failing_since_ms=NOW_MS - 1)


async def waiting(trade: Trade, count: int) -> list[Message]:
    """So many for later, each of a request and at a time of its own, in one unit."""
    client = await trade.remembered()
    messages = [trade.message(client, NOW_MS + LATER_MS + at, enablement_id=trade.new_id()) for at in range(count)]
    assert await trade.store.commit(trade.unit(changes=(*map(AddMessage, tuple(messages)),)), trade.company) is None
    return messages


async def recovered(trade: Trade) -> None:
    """The company's endpoint failed, and took a message now."""
    [first] = await trade.posted(NOW_MS)
    [(message, _)] = await trade.store.outbox.claim("first", NOW_MS, NOW_MS + LEASE_MS, 1)
    assert message.id == first.id
    end = MessageResult(first.id, "first", MessageOutcome.DELIVERED, wakes_others=True, health=WELL)
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None


async def claims(store: Store, lease: str, most: int = 16, now_ms: int = NOW_MS) -> list[str]:
    return [message.id for message, _ in await store.outbox.claim(lease, now_ms, now_ms + LEASE_MS, most)]


def due(engine: Shelf, at_ms: int = NOW_MS) -> int:
    text = "SELECT count(*) FROM messages WHERE state = 'pending' AND lease IS NULL AND due_at_ms <= ?"
    return int(engine.rows(text, at_ms)[0][0])


async def test_a_success_wakes_what_waits_a_batch_at_a_time_until_all_are_awake(engine: Shelf, trade: Trade) -> None:
    messages = await waiting(trade, 2 * WOKEN_TOGETHER + 50)
    await recovered(trade)
    assert due(engine) == 0, "the commit that heard of the success changes none of them"
    got = list[str]()
    while batch := await claims(trade.store, f"lease{len(got)}"):
        got += batch
        assert due(engine) <= WOKEN_TOGETHER
        is_more = await trade.store.outbox.next_due_ms() == NOW_MS
        assert is_more or len(got) == len(messages), "whoever looks finds that there is more"
    assert sorted(got) == sorted(message.id for message in messages)
    assert engine.rows("SELECT wake_from_ms, wakes_all FROM queues") == [(None, 0)]


async def test_a_process_that_ended_in_between_leaves_the_rest_to_the_next(engine: Shelf, trade: Trade) -> None:
    messages = await waiting(trade, WOKEN_TOGETHER + 20)
    await recovered(trade)
    first = await claims(trade.store, "a")
    rest = list[str]()
    while batch := await claims(engine.open(), f"b{len(rest)}", 64):
        rest += batch
    assert sorted([*first, *rest]) == sorted(message.id for message in messages)


async def test_two_workers_wake_each_message_once(engine: Shelf, trade: Trade) -> None:
    messages = await waiting(trade, 3 * WOKEN_TOGETHER)
    await recovered(trade)
    stores, got = [trade.store, engine.open()], list[str]()
    for at in range(100):
        both = await asyncio.gather(*(claims(store, f"{at} {which}", 40) for which, store in enumerate(stores)))
        got += [message_id for each in both for message_id in each]
        if not any(both) and await trade.store.outbox.next_due_ms() != NOW_MS:
            break
    assert len(got) == len(set(got))
    assert sorted(got) == sorted(message.id for message in messages)


async def test_while_one_company_wakes_the_others_have_their_turn(engine: Shelf, trade: Trade) -> None:
    await waiting(trade, 2 * WOKEN_TOGETHER)
    await recovered(trade)
    other = await found_company(trade.store, engine.cipher, 2)
    for at in range(6):
        [foreign] = await other.posted(NOW_MS)
        taken = await trade.store.outbox.claim(f"lease{at}", NOW_MS, NOW_MS + LEASE_MS, 64, Capacity())
        assert foreign.id in {message.id for message, _ in taken}
        end = MessageResult(foreign.id, f"lease{at}", MessageOutcome.DELIVERED)
        assert await other.store.commit(other.unit(changes=(end,)), other.company) is None


async def test_it_stops_while_the_endpoint_fails_again_and_goes_on_when_it_works(engine: Shelf, trade: Trade) -> None:
    await waiting(trade, 2 * WOKEN_TOGETHER)
    await recovered(trade)
    [tried, *_] = await claims(trade.store, "a", 1)
    end = MessageResult(tried, "a", MessageOutcome.PENDING, NOW_MS + 5_000, health=FAILING)
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    while taken := await claims(trade.store, "b", 64):
        assert due(engine) + len(taken) <= WOKEN_TOGETHER
    left = engine.rows("SELECT count(*) FROM messages WHERE due_at_ms > ?", NOW_MS + LATER_MS - 1)[0][0]
    assert left == WOKEN_TOGETHER, "those that were not woken yet keep their time"
    [again] = engine.rows("SELECT message_id FROM messages WHERE lease = 'b' LIMIT 1")[0]
    end = MessageResult(again, "b", MessageOutcome.DELIVERED, wakes_others=True, health=WELL)
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    assert await claims(trade.store, "c", 64)


async def test_what_was_woken_and_failed_again_waits_its_time_unless_the_company_subscribes_anew(
    engine: Shelf, trade: Trade
) -> None:
    [message] = await waiting(trade, 1)
    await recovered(trade)
    assert await claims(trade.store, "a") == [message.id]
    end = MessageResult(message.id, "a", MessageOutcome.PENDING, NOW_MS + LATER_MS, health=FAILING)
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    await recovered(trade)
    assert await claims(trade.store, "b") == []
    assert await trade.store.commit(trade.unit(owner=trade.company, changes=(ReopenWebhook(),)), trade.company) is None
    assert await trade.store.outbox.health(trade.company.id, "webhook") == NEW
    assert await claims(trade.store, "c") == [message.id]


async def test_who_subscribes_anew_wakes_a_batch_at_a_time_too(engine: Shelf, trade: Trade) -> None:
    messages = await waiting(trade, WOKEN_TOGETHER + 10)
    engine.spoil("UPDATE messages SET woken = 2")
    await claims(trade.store, "nothing is due")  # where a queue is filled by who claims, it is there now
    assert await trade.store.commit(trade.unit(owner=trade.company, changes=(ReopenWebhook(),)), trade.company) is None
    assert due(engine) == 0
    got = list[str]()
    while batch := await claims(trade.store, f"lease{len(got)}", 64):
        got += batch
        assert due(engine) <= WOKEN_TOGETHER
    assert sorted(got) == sorted(message.id for message in messages)


async def test_the_lane_of_an_endpoint_that_works_again_is_that_of_all_that_do(trade: Trade) -> None:
    await waiting(trade, 3)
    await recovered(trade)
    taken = await trade.store.outbox.claim("a", NOW_MS, NOW_MS + LEASE_MS, 64)
    assert {message.lane for message, _ in taken} == {Lane.PROVEN}


# ---- test events ----------------------------------------------------------------------------------------------------


def one_more(trade: Trade) -> Unit:
    return trade.unit(changes=(AddMessage(probe_event(trade.new_id(), trade.company.id, NOW_MS), is_test=True),))


async def with_tests(trade: Trade, count: int) -> list[Message]:
    probes = [probe_event(trade.new_id(), trade.company.id, NOW_MS) for _ in range(count)]
    assert await trade.store.commit(trade.unit(changes=(*map(AddMessage, tuple(probes)),)), trade.company) is None
    return probes


async def test_test_events_that_wait_are_counted_by_company_and_no_further_than_may_be(
    engine: Shelf, trade: Trade
) -> None:
    other = await found_company(trade.store, engine.cipher, 2)
    await with_tests(trade, MOST_PENDING_TESTS + 5)  # as a version without this limit may have left them
    await trade.posted(NOW_MS)
    counts = [await trade.store.deliveries.pending_tests(side.company.id) for side in (trade, other)]
    assert counts == [MOST_PENDING_TESTS, 0]


@pytest.mark.parametrize("there", [MOST_PENDING_TESTS - 3, MOST_PENDING_TESTS - 1, MOST_PENDING_TESTS])
async def test_of_many_that_add_one_at_the_same_moment_only_so_many_do_as_there_is_room_for(
    engine: Shelf, trade: Trade, there: int
) -> None:
    """On two connections, each with callers of its own."""
    await with_tests(trade, there)
    stores = [trade.store, engine.open()]
    commits = [stores[at % 2].commit(one_more(trade), trade.company) for at in range(12)]
    ended = list(await asyncio.gather(*commits))
    assert ended.count(None) == MOST_PENDING_TESTS - there
    assert set(ended) - {None} <= {Guard.TESTS}
    rows = engine.rows("SELECT count(*) FROM messages WHERE state = 'pending' AND client_id = ''")
    assert rows == [(MOST_PENDING_TESTS,)]


async def test_one_that_is_sent_again_needs_room_too(engine: Shelf, trade: Trade) -> None:
    probes = await with_tests(trade, MOST_PENDING_TESTS)
    [old] = await claims(trade.store, "a", 1)
    assert (
        await trade.store.commit(trade.unit(changes=(MessageResult(old, "a", MessageOutcome.FAILED),)), trade.company)
        is None
    )
    assert await trade.store.commit(one_more(trade), trade.company) is None
    again = trade.unit(changes=(Redeliver(old, is_test=True),))
    assert await trade.store.commit(again, trade.company) is Guard.TESTS
    assert dict(engine.rows("SELECT message_id, state FROM messages"))[old] == MessageOutcome.FAILED
    [next_one] = await claims(trade.store, "b", 1)
    assert next_one in {probe.id for probe in probes}
    end = MessageResult(next_one, "b", MessageOutcome.DELIVERED)
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    assert await trade.store.commit(again, trade.company) is None


async def test_room_for_tests_is_no_other_companys(engine: Shelf, trade: Trade) -> None:
    other = await found_company(trade.store, engine.cipher, 2)
    await with_tests(trade, MOST_PENDING_TESTS)
    assert await other.store.commit(one_more(other), other.company) is None
    assert await trade.store.commit(replace(one_more(trade)), trade.company) is Guard.TESTS
