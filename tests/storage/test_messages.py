"""Claiming messages: due ones, under a lease, never two workers at once, and settled by the holder only."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import Attempt, Message, MessageOutcome, Topic
from ostiary.domain.delivery.queues import NEW, PLACES, Capacity, Health, Lane
from ostiary.domain.delivery.retry import SCHEDULE_S
from ostiary.domain.unit import AddMessage, Guard, MessageResult
from ostiary.storage.counting import count
from ostiary.storage.store import Store
from ostiary.storage.tables.companies import Companies
from ostiary.storage.tables.messages import FORGOTTEN_TOGETHER
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

LEASE_MS = 30_000
SETTLED_AT_ONCE = 12


async def claimed(store: Store, lease: str, now_ms: int = NOW_MS, most: int = 100) -> list[str]:
    """The ids of what is claimed, in the order of ids."""
    return sorted(message.id for message, _ in await store.outbox.claim(lease, now_ms, now_ms + LEASE_MS, most))


def states(engine: Shelf) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in engine.rows("SELECT message_id, state FROM messages")}


async def settled(
    trade: Trade, message: Message, lease: str, outcome: MessageOutcome, due_at_ms: int = 0
) -> Guard | None:
    return await trade.store.commit(
        trade.unit(changes=(MessageResult(message.id, lease, outcome, due_at_ms),)), trade.company
    )


async def test_what_is_due_is_claimed_oldest_first(trade: Trade) -> None:
    later, now, earlier = await trade.posted(NOW_MS + 1, NOW_MS, NOW_MS - 1)
    assert await claimed(trade.store, "a", most=1) == [earlier.id]
    assert await claimed(trade.store, "a") == [now.id]
    assert await claimed(trade.store, "a", NOW_MS + 1) == [later.id]


async def test_many_that_are_settled_at_once_are_settled_each_for_itself(trade: Trade, engine: Shelf) -> None:
    posted = await trade.posted(*[NOW_MS] * SETTLED_AT_ONCE)
    assert len(await claimed(trade.store, "a")) == SETTLED_AT_ONCE
    lost, others = posted[5], [message for message in posted if message is not posted[5]]
    guards = await asyncio.gather(
        *(settled(trade, each, "b" if each is lost else "a", MessageOutcome.DELIVERED) for each in posted)
    )
    assert [guard for guard in guards if guard is not None] == [guards[5]] == [Guard.LEASE]
    after = states(engine)
    assert {after[message.id] for message in others} == {"delivered"}, "who lost takes nobody along"
    assert after[lost.id] == "pending"


async def test_a_company_is_read_once_for_all_that_is_claimed_of_it(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    await trade.posted(NOW_MS, NOW_MS, NOW_MS)
    read, find = list[str](), Companies.find

    async def noted(companies: Companies, company_id: str) -> Company | None:
        read.append(company_id)
        return await find(companies, company_id)

    monkeypatch.setattr(Companies, "find", noted)
    assert len(await claimed(trade.store, "a")) == 3
    assert read == [trade.company.id]


async def test_a_lease_holds_until_it_expires(trade: Trade) -> None:
    [message] = await trade.posted(NOW_MS)
    assert await claimed(trade.store, "a") == [message.id]
    assert await claimed(trade.store, "b", NOW_MS + LEASE_MS - 1) == []
    [(again, _)] = await trade.store.outbox.claim("b", NOW_MS + LEASE_MS, NOW_MS + 2 * LEASE_MS, 1)
    assert (again.id, again.attempts) == (message.id, 2)


async def test_what_is_handed_back_is_free_at_once_as_if_it_had_not_been_claimed(trade: Trade) -> None:
    [message, other] = await trade.posted(NOW_MS, NOW_MS)
    await claimed(trade.store, "a")
    key = (trade.company.id, message.id)
    assert not await trade.store.outbox.hand_back(*key, "b", NOW_MS), "only the holder of the lease"
    assert not await trade.store.outbox.hand_back("another company", message.id, "a", NOW_MS)
    assert await trade.store.outbox.next_due_ms() == NOW_MS + LEASE_MS
    assert await trade.store.outbox.hand_back(*key, "a", NOW_MS + 1)
    assert await trade.store.outbox.next_due_ms() == NOW_MS + 1
    [(again, _)] = await trade.store.outbox.claim("b", NOW_MS + 1, NOW_MS + LEASE_MS, 10)
    assert (again.id, again.attempts) == (message.id, 1)
    assert not await trade.store.outbox.hand_back(*key, "a", NOW_MS + 1), "it is another's now"
    assert await settled(trade, other, "a", MessageOutcome.DELIVERED) is None
    assert not await trade.store.outbox.hand_back(trade.company.id, other.id, "a", NOW_MS), "it is settled"


async def test_two_stores_on_one_file_never_claim_the_same(engine: Shelf, trade: Trade) -> None:
    messages = await trade.posted(*range(NOW_MS - 100, NOW_MS))
    stores = [trade.store, engine.open()]
    got: list[str] = []
    for at in range(30):
        leases = (f"lease{at}.{beside}" for beside in range(4))
        rounds = await asyncio.gather(*(claimed(stores[n % 2], lease, most=7) for n, lease in enumerate(leases)))
        got += (message_id for each in rounds for message_id in each)
    assert sorted(got) == [message.id for message in messages]


@pytest.mark.parametrize("outcome", [MessageOutcome.DELIVERED, MessageOutcome.FAILED, MessageOutcome.DROPPED])
async def test_what_is_settled_never_comes_again(engine: Shelf, trade: Trade, outcome: MessageOutcome) -> None:
    [message] = await trade.posted(NOW_MS)
    await claimed(trade.store, "a")
    assert await settled(trade, message, "a", outcome) is None
    assert states(engine) == {message.id: outcome}
    assert await claimed(trade.store, "b", NOW_MS + 10 * LEASE_MS) == []
    assert await trade.store.outbox.next_due_ms() is None
    assert await settled(trade, message, "a", MessageOutcome.PENDING) is Guard.LEASE


async def test_what_is_put_off_comes_when_it_is_due(trade: Trade) -> None:
    [message] = await trade.posted(NOW_MS)
    await claimed(trade.store, "a")
    assert await settled(trade, message, "a", MessageOutcome.PENDING, NOW_MS + 500) is None
    assert await trade.store.outbox.next_due_ms() == NOW_MS + 500
    assert await claimed(trade.store, "b", NOW_MS + 499) == []
    assert await claimed(trade.store, "b", NOW_MS + 500) == [message.id]


@pytest.mark.parametrize("lease", ["b", ""])
async def test_only_the_holder_of_the_lease_settles(engine: Shelf, trade: Trade, lease: str) -> None:
    [message] = await trade.posted(NOW_MS)
    await claimed(trade.store, "a")
    assert await settled(trade, message, lease, MessageOutcome.DELIVERED) is Guard.LEASE
    assert states(engine) == {message.id: MessageOutcome.PENDING}


async def test_after_a_takeover_the_first_holder_settles_nothing(trade: Trade) -> None:
    [message] = await trade.posted(NOW_MS)
    await claimed(trade.store, "a")
    await claimed(trade.store, "b", NOW_MS + LEASE_MS)
    assert await settled(trade, message, "a", MessageOutcome.DELIVERED) is Guard.LEASE
    assert await settled(trade, message, "b", MessageOutcome.DELIVERED) is None


async def test_a_success_wakes_what_waits_for_the_same_endpoint(engine: Shelf, trade: Trade) -> None:
    done, waiting = await trade.posted(NOW_MS, NOW_MS + 9_000)
    [provider] = await trade.posted(NOW_MS + 9_000, topic=Topic.PROVIDER)
    other = await found_company(trade.store, engine.cipher, 2)
    [foreign] = await other.posted(NOW_MS + 9_000)
    await claimed(trade.store, "a", most=1)
    end = MessageResult(
        done.id, "a", MessageOutcome.DELIVERED, wakes_others=True, health=Health(succeeded_at_ms=NOW_MS)
    )
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    assert await claimed(trade.store, "b") == [waiting.id]
    assert provider.id not in await claimed(trade.store, "c", NOW_MS + 8_999)
    assert foreign.id in await claimed(trade.store, "d", NOW_MS + 9_000)


async def test_when_the_next_is_due(trade: Trade) -> None:
    assert await trade.store.outbox.next_due_ms() is None
    await trade.posted(NOW_MS, NOW_MS + 40_000)
    assert await trade.store.outbox.next_due_ms() == NOW_MS
    await claimed(trade.store, "a")
    assert await trade.store.outbox.next_due_ms() == NOW_MS + LEASE_MS


async def test_many_leased_messages_do_not_hide_one_that_is_due(trade: Trade) -> None:
    """Several workers hold what was due first; what was due after it is still due now."""
    await trade.posted(*range(NOW_MS - 150, NOW_MS))
    assert len(await claimed(trade.store, "a", most=149)) == 149
    assert await trade.store.outbox.next_due_ms() == NOW_MS


async def test_a_message_that_was_tampered_with_fails_alone(engine: Shelf, trade: Trade) -> None:
    bad, good = await trade.posted(NOW_MS, NOW_MS)
    engine.spoil("UPDATE messages SET body = x'0102' WHERE message_id = ?", bad.id)
    assert await claimed(trade.store, "a") == [good.id]
    assert states(engine) == {bad.id: MessageOutcome.FAILED, good.id: MessageOutcome.PENDING}
    assert count(trade.store.engine).messages == {("webhook", "failed"): 1, ("webhook", "pending"): 1}


async def test_a_company_that_was_tampered_with_holds_up_no_other(engine: Shelf, trade: Trade) -> None:
    [bad] = await trade.posted(NOW_MS)
    other = await found_company(trade.store, engine.cipher, 2)
    [good] = await other.posted(NOW_MS)
    engine.spoil("UPDATE companies SET settings = x'0102' WHERE company_id = ?", trade.company.id)
    assert await claimed(engine.open(), "a") == [good.id]
    assert states(engine) == {bad.id: MessageOutcome.FAILED, good.id: MessageOutcome.PENDING}


async def test_a_company_whose_master_key_is_missing_holds_up_no_other(engine: Shelf, trade: Trade) -> None:
    """Its messages come again by the usual schedule: the key may be put back."""
    [bad] = await trade.posted(NOW_MS)
    other = await found_company(trade.store, engine.cipher, 2)
    [good] = await other.posted(NOW_MS)
    engine.spoil("UPDATE companies SET data_key = zeroblob(61) WHERE company_id = ?", trade.company.id)
    fresh = engine.open()
    assert await claimed(fresh, "a") == [good.id]
    assert states(engine) == {bad.id: MessageOutcome.PENDING, good.id: MessageOutcome.PENDING}
    due = engine.rows("SELECT due_at_ms, lease FROM messages WHERE message_id = ?", bad.id)
    assert due == [(NOW_MS + SCHEDULE_S[0] * 1000, None)]
    for attempt in range(2, len(SCHEDULE_S) + 3):
        assert await claimed(fresh, "b", NOW_MS + attempt * 10**9) in ([], [good.id])
    assert states(engine)[bad.id] == MessageOutcome.FAILED


async def test_counts_for_monitors(trade: Trade) -> None:
    message, *_ = await trade.posted(NOW_MS, NOW_MS + 1, NOW_MS + 1)
    await trade.posted(NOW_MS + 1, topic=Topic.PROVIDER)
    await claimed(trade.store, "a")
    assert count(trade.store.engine).messages == {("webhook", "pending"): 3, ("provider", "pending"): 1}
    await settled(trade, message, "a", MessageOutcome.DELIVERED)
    assert count(trade.store.engine).messages == {("webhook", "pending"): 2, ("provider", "pending"): 1}


# ---- queues ---------------------------------------------------------------------------------------------------------


async def of_one_request(trade: Trade, count: int) -> list[Message]:
    """Messages of one request, one after another."""
    first = trade.message(await trade.remembered())
    messages = [replace(first, id=trade.new_id(), sequence=at) for at in range(1, count + 1)]
    for message in messages:
        assert await trade.store.commit(trade.unit(changes=(AddMessage(message),)), trade.company) is None
    return messages


async def test_of_one_request_the_next_is_claimed_when_the_one_before_has_ended(trade: Trade) -> None:
    first, second, third = await of_one_request(trade, 3)
    assert await claimed(trade.store, "a") == [first.id]
    assert await settled(trade, first, "a", MessageOutcome.PENDING, NOW_MS + 500) is None
    assert await claimed(trade.store, "b") == []
    assert await claimed(trade.store, "c", NOW_MS + 500) == [first.id]
    assert await settled(trade, first, "c", MessageOutcome.FAILED) is None
    assert await claimed(trade.store, "d", NOW_MS + 500) == [second.id]
    assert await settled(trade, second, "d", MessageOutcome.DELIVERED) is None
    assert await claimed(trade.store, "e", NOW_MS + 500) == [third.id]


async def test_a_success_does_not_wake_what_waits_for_an_earlier_one(trade: Trade) -> None:
    first, _ = await of_one_request(trade, 2)
    [other] = await trade.posted(NOW_MS)
    await claimed(trade.store, "a")
    await settled(trade, first, "a", MessageOutcome.PENDING, NOW_MS + 90_000)
    end = MessageResult(
        other.id, "a", MessageOutcome.DELIVERED, wakes_others=True, health=Health(succeeded_at_ms=NOW_MS)
    )
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    assert await claimed(trade.store, "b") == [first.id]


async def test_companies_are_served_in_turn(engine: Shelf, trade: Trade) -> None:
    """However much one has waiting, the other's message is in the next handful."""
    await trade.posted(*[NOW_MS - 1_000] * 50)
    other = await found_company(trade.store, engine.cipher, 2)
    [foreign] = await other.posted(NOW_MS)
    room = Capacity()
    first = await trade.store.outbox.claim("a", NOW_MS, NOW_MS + LEASE_MS, 100, room)
    assert {company.id for _, company in first} == {trade.company.id, other.company.id}
    assert len(first) == 2, "one at a time for endpoints that have taken nothing yet"
    assert foreign.id in {message.id for message, _ in first}
    assert not room.in_lane, "what is taken is the worker's to note"


async def test_a_lane_that_is_full_is_passed_over(trade: Trade) -> None:
    await trade.posted(NOW_MS, NOW_MS)
    room = Capacity()
    room.take(Lane.UNTRIED, "elsewhere", "webhook", PLACES[Lane.UNTRIED].total)
    assert await trade.store.outbox.claim("a", NOW_MS, NOW_MS + LEASE_MS, 100, room) == []
    await trade.posted(NOW_MS, topic=Topic.PROVIDER)
    [(message, _)] = await trade.store.outbox.claim("a", NOW_MS, NOW_MS + LEASE_MS, 100, room)
    assert (message.topic, message.lane) == (Topic.PROVIDER, Lane.BUILTIN)


async def test_what_is_thought_of_a_receiver_is_kept_and_chooses_its_lane(trade: Trade) -> None:
    first, *_ = await trade.posted(NOW_MS, NOW_MS)
    assert await trade.store.outbox.health(trade.company.id, "webhook") == NEW
    await claimed(trade.store, "a", most=1)
    good = Health(succeeded_at_ms=NOW_MS)
    end = MessageResult(first.id, "a", MessageOutcome.DELIVERED, health=good)
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    assert await trade.store.outbox.health(trade.company.id, "webhook") == good
    [(message, _)] = await trade.store.outbox.claim("b", NOW_MS, NOW_MS + LEASE_MS, 100)
    assert message.lane is Lane.PROVEN


async def test_a_try_is_kept_sealed_with_its_answer(engine: Shelf, trade: Trade) -> None:
    [message] = await trade.posted(NOW_MS)
    await claimed(trade.store, "a")
    tried = Attempt(NOW_MS, 84, 500, "", b"Maria Barber is unknown here")
    end = MessageResult(message.id, "a", MessageOutcome.PENDING, NOW_MS + 5, attempt=tried)
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    delivery = await engine.open().deliveries.find(trade.company, message.id)
    assert delivery is not None
    assert (delivery.tries, delivery.message.attempts, delivery.is_under_way) == ((tried,), 1, False)
    assert b"Maria" not in engine.rows("SELECT answer FROM attempts")[0][0]
    uncounted = MessageResult(message.id, "b", MessageOutcome.PENDING, NOW_MS + 9, is_counted=False)
    await claimed(trade.store, "b", NOW_MS + 5)
    assert await trade.store.commit(trade.unit(changes=(uncounted,)), trade.company) is None
    assert engine.rows("SELECT attempts FROM messages") == [(1,)]


async def test_ended_messages_are_forgotten_in_batches_while_others_are_at_it(engine: Shelf, trade: Trade) -> None:
    messages = await trade.posted(*[NOW_MS] * (2 * FORGOTTEN_TOGETHER + 1))
    engine.spoil("UPDATE messages SET state = 'delivered', ended_at_ms = 1")
    key = trade.company.id, "z" * 32
    assert await trade.store.outbox.forget(*key) == FORGOTTEN_TOGETHER
    assert engine.rows("SELECT count(*) FROM messages") == [(len(messages) - FORGOTTEN_TOGETHER,)]
    both = await asyncio.gather(*(store.outbox.forget(*key) for store in (trade.store, engine.open())))
    assert max(both) <= FORGOTTEN_TOGETHER
    while await trade.store.outbox.forget(*key):
        """Until there is none."""
    assert engine.rows("SELECT count(*) FROM messages") == [(0,)]


async def test_ended_messages_are_forgotten_with_their_tries_and_others_stay(engine: Shelf, trade: Trade) -> None:
    old, waiting = await trade.posted(NOW_MS, NOW_MS + 1)
    await claimed(trade.store, "a", most=1)
    end = MessageResult(old.id, "a", MessageOutcome.DELIVERED, attempt=Attempt(NOW_MS, 1, 200, ""))
    assert await trade.store.commit(trade.unit(changes=(end,)), trade.company) is None
    assert await trade.store.outbox.forget(trade.company.id, old.id) == 0
    assert await trade.store.outbox.forget("0" * 32, "z" * 32) == 0
    assert await trade.store.outbox.forget(trade.company.id, "z" * 32) == 1
    assert states(engine) == {waiting.id: MessageOutcome.PENDING}
    assert engine.rows("SELECT * FROM attempts") == []
