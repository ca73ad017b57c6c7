"""A unit whose guard does not hold leaves nothing behind, alone or among good ones in one commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.enablement import Status
from ostiary.domain.messages import Outcome
from ostiary.domain.units import Answered, Guard, Settled, Unit
from tests.material import NOW_MS
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import NOTE, Trade

MARK = b"m" * 32


def full(trade: Trade, client: Any) -> dict[str, Any]:
    """As many writes as a unit can have, so that each would show."""
    document = trade.document(client)
    return {
        "notes": (NOTE, NOTE), "documents_added": (document,), "numbers_claimed": ((trade.new_id(), document.id),),
        "pictures_refused": ("ef" * 32,), "messages": (trade.message(client),), "key_added": trade.key(),
    }  # fmt: skip


async def stale_client(trade: Trade) -> Unit:
    old = await trade.remembered()
    assert await trade.store.commit(trade.touching(old), trade.company) is None
    return trade.touching(old, **full(trade, old))


async def stale_details(trade: Trade) -> Unit:
    return replace(await stale_client(trade), details_changed=True)


async def absent_client(trade: Trade) -> Unit:
    client = trade.client()
    return trade.touching(client, **full(trade, client))


async def absent_enablement(trade: Trade) -> Unit:
    client = await trade.remembered()
    return trade.touching(client, enablements_changed=(trade.enablement(client),), **full(trade, client))


async def same_document_twice(trade: Trade) -> Unit:
    client = trade.client()
    document = trade.document(client)
    known = await trade.remembered(client, documents_added=(document,))
    return trade.touching(known, **{**full(trade, known), "documents_added": (document,)})


async def stale_company(trade: Trade) -> Unit:
    changed = replace(trade.company, name="Changed")
    assert await trade.store.commit(trade.unit(company=changed, notes=(NOTE,))) is None
    return trade.unit(company=replace(trade.company, name="Stale"), notes=(NOTE,), key_added=trade.key())


async def company_twice(trade: Trade) -> Unit:
    return trade.unit(company=replace(trade.company, version=0), notes=(NOTE,), key_added=trade.key())


async def taken_email(trade: Trade) -> Unit:
    taken = await trade.remembered()
    client = trade.client(email_key=taken.email_key)
    return trade.adding(client, **full(trade, client))


async def email_changed_to_a_taken_one(trade: Trade) -> Unit:
    taken, client = await trade.remembered(), await trade.remembered()
    moved = replace(client, email_key=taken.email_key)
    return trade.touching(moved, details_changed=True, **full(trade, client))


async def live_product(trade: Trade) -> Unit:
    client = trade.client()
    known = await trade.remembered(client, enablements_added=(trade.enablement(client, Status.ENABLED),))
    return trade.touching(known, enablements_added=(trade.enablement(client),), **full(trade, client))


async def number_of_another(trade: Trade) -> Unit:
    await trade.remembered(numbers_claimed=(("ARG|passport|AB1", "d" * 32),))
    client = trade.client()
    claims = (("ARG|passport|AB1", trade.new_id()),)
    return trade.adding(client, **{**full(trade, client), "numbers_claimed": claims})


async def answer_taken_over(trade: Trade) -> Unit:
    answers = trade.store.answers
    assert await answers.begin(trade.company.id, MARK, b"content", "ours", NOW_MS - 60_000)
    assert await answers.begin(trade.company.id, MARK, b"content", "theirs", NOW_MS)
    client = trade.client()
    return trade.adding(client, answered=Answered(MARK, "ours", 201, b"{}"), **full(trade, client))


async def lease_taken_over(trade: Trade) -> Unit:
    [message] = await trade.posted(NOW_MS)
    assert await trade.store.claim("ours", NOW_MS, NOW_MS + 1, 1)
    assert await trade.store.claim("theirs", NOW_MS + 1, NOW_MS + 9, 1)
    client = trade.client()
    end = Settled(message.id, "ours", Outcome.DELIVERED, wakes_others=True)
    return trade.adding(client, settled=end, **full(trade, client))


async def message_that_is_not_there(trade: Trade) -> Unit:
    client = trade.client()
    return trade.adding(client, redelivered=trade.new_id(), **full(trade, client))


LOSING: dict[str, tuple[Callable[[Trade], Awaitable[Unit]], Guard]] = {
    "an older version of the client": (stale_client, Guard.CLIENT),
    "an older version of the client's details": (stale_details, Guard.CLIENT),
    "a client that is not there": (absent_client, Guard.CLIENT),
    "an enablement that is not there": (absent_enablement, Guard.CLIENT),
    "a document that is there already": (same_document_twice, Guard.CLIENT),
    "an older version of the company": (stale_company, Guard.COMPANY),
    "a company that is there already": (company_twice, Guard.COMPANY),
    "an e-mail that another client has": (taken_email, Guard.EMAIL),
    "a change to an e-mail that another client has": (email_changed_to_a_taken_one, Guard.CLIENT),
    "a product that is live already": (live_product, Guard.PRODUCT),
    "a number that serves another client": (number_of_another, Guard.NUMBER),
    "an idempotency key that was taken over": (answer_taken_over, Guard.IDEMPOTENCY),
    "a lease that was taken over": (lease_taken_over, Guard.LEASE),
    "a message that is not there": (message_that_is_not_there, Guard.MESSAGE),
}


@pytest.mark.parametrize("losing", LOSING)
async def test_alone_it_leaves_nothing(engine: Shelf, trade: Trade, losing: str) -> None:
    make, guard = LOSING[losing]
    unit = await make(trade)
    before = engine.everything()
    assert await trade.store.commit(unit, trade.company) is guard
    assert engine.everything() == before


@pytest.mark.parametrize("losing", LOSING)
async def test_among_good_units_it_undoes_only_itself(engine: Shelf, trade: Trade, losing: str) -> None:
    make, guard = LOSING[losing]
    unit = await make(trade)
    clients = [trade.client() for _ in range(6)]
    good = [trade.adding(one, messages=(trade.message(one),)) for one in clients]
    before = engine.everything("queues")
    commits = await engine.commits(trade.store) if isinstance(engine, SqliteShelf) else []
    units = [*good[:3], unit, *good[3:]]
    ended = await engine.together(trade.store, [trade.store.commit(one, trade.company) for one in units])
    assert ended == [None, None, None, guard, None, None, None]
    if isinstance(engine, SqliteShelf):
        assert len(commits) == 2, "one for what held the writer, one for all units"
    added = engine.everything("queues") - before
    assert before <= engine.everything("queues")
    ids = {one.id for one in clients}
    assert len(added) == 3 * len(clients)
    assert all(ids.intersection(map(str, row)) for row in added)


def test_every_guard_is_lost_here() -> None:
    assert {guard for _, guard in LOSING.values()} == set(Guard)


async def test_of_two_units_in_one_commit_on_one_version_the_first_holds(engine: Shelf, trade: Trade) -> None:
    client = await trade.remembered()
    both = [trade.store.commit(trade.touching(client), trade.company) for _ in range(2)]
    assert set(await engine.together(trade.store, both)) == {None, Guard.CLIENT}
    assert (await trade.current(client.id)).version == 2
