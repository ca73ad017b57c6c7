"""Answers under idempotency keys: one call at a time, taken over after a minute, kept for a day, swept."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.unit import Guard, StoredResponse
from ostiary.storage.tables.answers import KEPT_MS, LEASE_MS, SWEPT_TOGETHER, StoredAnswer
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

MARK, CONTENT, OTHER = b"m" * 32, b"content", b"other content"
BODY = b'{"first_name":"Maria"}'


async def begun(trade: Trade, lease: str, now_ms: int = NOW_MS, content: bytes = CONTENT) -> bool:
    return await trade.store.answers.begin(trade.company.id, MARK, content, lease, now_ms)


async def answered(trade: Trade, lease: str = "a") -> Guard | None:
    return await trade.store.commit(trade.unit(changes=(StoredResponse(MARK, lease, 201, BODY),)), trade.company)


async def stored_answer(trade: Trade, now_ms: int = NOW_MS) -> StoredAnswer | None:
    return await trade.store.answers.record(trade.company, MARK, now_ms)


async def test_a_key_that_was_never_used(trade: Trade) -> None:
    assert await stored_answer(trade) is None
    assert await answered(trade) is Guard.IDEMPOTENCY


async def test_while_a_call_runs_the_key_is_taken(trade: Trade) -> None:
    assert await begun(trade, "a")
    assert await stored_answer(trade) == StoredAnswer(CONTENT, None, None, NOW_MS + LEASE_MS)
    assert not await begun(trade, "b", NOW_MS + LEASE_MS - 1)


async def test_of_many_at_once_one_gets_the_key(engine: Shelf, trade: Trade) -> None:
    stores = [trade.store, engine.open()]
    calls = (stores[at % 2].answers.begin(trade.company.id, MARK, CONTENT, str(at), NOW_MS) for at in range(30))
    assert sum(await asyncio.gather(*calls)) == 1


async def test_the_answer_is_kept_with_its_effect(engine: Shelf, trade: Trade) -> None:
    assert await begun(trade, "a")
    client = trade.client()
    unit = trade.adding(client, changes=(StoredResponse(MARK, "a", 201, BODY),))
    assert await trade.store.commit(unit, trade.company) is None
    assert await engine.open().answers.record(trade.company, MARK, NOW_MS) == StoredAnswer(CONTENT, 201, BODY, 0)
    assert await trade.store.clients.find(trade.company.id, client.id) is not None
    assert b"Maria" not in engine.rows("SELECT body FROM answers")[0][0]


async def test_an_answer_is_given_once(trade: Trade) -> None:
    assert await begun(trade, "a")
    assert await answered(trade) is None
    assert await answered(trade) is Guard.IDEMPOTENCY


async def test_after_a_minute_a_call_that_died_is_taken_over(trade: Trade) -> None:
    assert await begun(trade, "a")
    assert not await begun(trade, "b", NOW_MS + LEASE_MS, OTHER), "other content never takes it over"
    assert await begun(trade, "b", NOW_MS + LEASE_MS)
    assert await answered(trade, "a") is Guard.IDEMPOTENCY
    assert await answered(trade, "b") is None


@pytest.mark.parametrize("content", [CONTENT, OTHER])
async def test_a_finished_call_is_not_taken_over_before_a_day_is_over(trade: Trade, content: bytes) -> None:
    assert await begun(trade, "a")
    assert await answered(trade) is None
    assert not await begun(trade, "b", NOW_MS + KEPT_MS - 1, content)
    assert await stored_answer(trade, NOW_MS + KEPT_MS - 1) == StoredAnswer(CONTENT, 201, BODY, 0)
    assert await stored_answer(trade, NOW_MS + KEPT_MS) is None
    assert await begun(trade, "b", NOW_MS + KEPT_MS, content)
    assert await stored_answer(trade, NOW_MS + KEPT_MS) == StoredAnswer(
        content, None, None, NOW_MS + KEPT_MS + LEASE_MS
    )


async def test_a_key_given_back_is_free(trade: Trade) -> None:
    assert await begun(trade, "a")
    await trade.store.answers.forget(trade.company.id, MARK, "not the holder")
    assert not await begun(trade, "b")
    await trade.store.answers.forget(trade.company.id, MARK, "a")
    assert await stored_answer(trade) is None
    assert await begun(trade, "b", content=OTHER)


async def test_an_answer_that_was_given_is_not_given_back(trade: Trade) -> None:
    assert await begun(trade, "a")
    assert await answered(trade) is None
    await trade.store.answers.forget(trade.company.id, MARK, "a")
    assert await stored_answer(trade) is not None


async def test_companies_do_not_share_keys(engine: Shelf, trade: Trade) -> None:
    other = await found_company(trade.store, engine.cipher, 2)
    assert await begun(trade, "a")
    assert await begun(other, "b")
    marks = {side.store.answers.mark(side.company.id, "POST", "/x", "key") for side in (trade, other)}
    assert len(marks) == 2
    assert trade.store.answers.content_mark("c", b"1") != trade.store.answers.content_mark("c", b"2")


async def test_old_answers_are_swept_in_batches(trade: Trade) -> None:
    answers, company_id = trade.store.answers, trade.company.id
    old = range(SWEPT_TOGETHER + 1)
    await asyncio.gather(
        *(answers.begin(company_id, f"old{at}".encode(), CONTENT, "a", NOW_MS - KEPT_MS) for at in old)
    )
    assert await begun(trade, "a", NOW_MS - KEPT_MS + 1)
    assert [await answers.sweep(NOW_MS) for _ in range(3)] == [SWEPT_TOGETHER, 1, 0]
    assert await stored_answer(trade) is not None
