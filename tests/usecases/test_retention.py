"""What ends by itself, and what is only due."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.background.erasures import ErasureRounds, carry_out_due
from ostiary.background.maintenance import Chores
from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.errors import Unavailable
from ostiary.domain.privacy.erasure import Cause, ErasureState
from ostiary.domain.privacy.holds import HoldWish
from ostiary.domain.privacy.retention import OF_CLIENTS, USUAL, Category, Rule, may_be_over_ms
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.usecases.hosted.links import revoke_link
from ostiary.usecases.privacy import standing
from ostiary.usecases.privacy.begin_due import begin_due
from ostiary.usecases.privacy.holds import hold_client
from ostiary.usecases.privacy.standing import Due, DuePage, due_clients, due_page
from tests.erasing import FIVE_YEARS_MS, approvers, last, rounds
from tests.house import House
from tests.reviewing import acts
from tests.usecases.hosted import linked

NINETY = Rule(Category.NEVER_SUBMITTED, CalendarPeriod(days=90), "our notice", by_itself=True)
FIVE = Rule(Category.REFUSED, CalendarPeriod(60), "AMLR", by_itself=True)


def declaring(house: House, *rules: Rule) -> None:
    house.context = replace(house.context, retention={**USUAL, **{rule.category: rule for rule in rules}})


async def due(house: House) -> list[Due]:
    rules = {category: house.context.retention[category] for category in OF_CLIENTS}
    before = may_be_over_ms(house.clock(), rules)
    assert before is not None
    return [each async for each in due_clients(house.context, house.caller.company, rules, before + 1)]


async def test_nothing_ends_by_itself_that_is_not_declared(house: House) -> None:
    await house.client()
    house.clock.now_ms += 2 * FIVE_YEARS_MS
    assert (await begin_due(house.context), len(await due(house))) == (0, 1)


async def test_what_is_declared_ends_when_its_time_is_over_and_not_before(house: House) -> None:
    declaring(house, NINETY)
    client = await house.client()
    house.clock.now_ms += 90 * DAY_MS
    assert await begin_due(house.context) == 0
    house.clock.now_ms += DAY_MS
    assert [await begin_due(house.context) for _ in range(2)] == [1, 0]
    await rounds(house)
    erasure = await last(house, client.id)
    assert (erasure.state, erasure.cause) == (ErasureState.DONE, Cause.RETENTION)
    assert erasure.category == "never_submitted"


async def test_who_is_held_is_due_and_stays(house: House) -> None:
    declaring(house, NINETY)
    client = await house.client()
    who = acts(house, (await approvers(house))[0])
    await house.do(hold_client, client.id, HoldWish("A court."), caller=who)
    house.clock.now_ms += 200 * DAY_MS
    assert [(each.client_id, each.is_held) for each in await due(house)] == [(client.id, True)]
    assert await begin_due(house.context) == 0


async def test_a_client_who_was_enabled_once_is_told_apart_by_its_trail(house: House) -> None:
    """Also when it was refused as such in the end."""
    ended, request = await house.submitted()
    await house.judge(ended, request, Decision.APPROVE)
    await house.judge(ended, request, Decision.REJECT_CLIENT)
    refused, other = await house.submitted("CD7654321", email="other@example.com")
    await house.judge(refused, other, Decision.REJECT_CLIENT)
    house.clock.now_ms += FIVE_YEARS_MS
    assert {each.client_id: each.standing.category for each in await due(house)} == {
        ended: Category.ENDED,
        refused: Category.REFUSED,
    }


async def test_a_row_that_does_not_open_is_left_out_and_told_of(house: House) -> None:
    first, second = await house.client(), await house.client(email="other@example.com")
    await house.parts.store.engine.write("UPDATE clients SET details = x'00' WHERE client_id = ?1", first.id)
    heard: list[Any] = []
    house.context = replace(house.context, row_unopened=lambda *words: heard.append(words))
    house.clock.now_ms += DAY_MS
    assert [each.client_id for each in await due(house)] == [second.id]
    assert [words[2] for words in heard] == [first.id]


async def test_nobody_is_passed_over_while_the_database_is_away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that lacks somebody looks like one that is whole, and the worker would come again a day later."""

    async def away(*_: object) -> None:
        raise Unavailable

    await house.client()
    house.clock.now_ms += DAY_MS
    heard: list[Any] = []
    house.context = replace(house.context, row_unopened=lambda *words: heard.append(words))
    monkeypatch.setattr(house.parts.store, "dossier", away)
    rules = {category: USUAL[category] for category in OF_CLIENTS}
    with pytest.raises(Unavailable):
        await due_page(house.context, house.caller.company, rules, "", 9)
    with pytest.raises(Unavailable):
        await due(house)
    assert heard == []


async def test_only_who_is_asked_for_and_due_is_listed(house: House) -> None:
    declaring(house, NINETY)
    client = await house.client()
    await house.submitted("CD7654321", email="other@example.com")
    assert await due(house) == []
    house.clock.now_ms += 91 * DAY_MS
    assert [each.client_id for each in await due(house)] == [client.id]
    only = {Category.REFUSED: FIVE}
    asked = due_clients(house.context, house.caller.company, only, house.clock())
    assert [each async for each in asked] == []


async def test_who_should_have_ended_by_itself_two_days_ago_is_overdue_unless_held(house: House) -> None:
    client_id, now = (await house.client()).id, house.clock()
    rules = {rule.category: replace(rule, by_itself=True) for rule in USUAL.values()}
    [entry] = [each async for each in due_clients(house.context, house.caller.company, rules, now + 1)]
    assert entry.client_id == client_id
    assert [entry.is_overdue(rules, now + later) for later in (0, 2 * DAY_MS - 1, 2 * DAY_MS)] == [False, False, True]
    assert not replace(entry, is_held=True).is_overdue(rules, now + 9 * DAY_MS)
    assert not entry.is_overdue(USUAL, now + 9 * DAY_MS), "it ends when somebody asks"
    assert [
        each async for each in due_clients(house.context, house.caller.company, rules, now + 1, after=client_id)
    ] == []


@pytest.mark.parametrize(
    ("most", "looked_at", "pages"),
    [
        pytest.param(9, 9, [3], id="all on one"),
        pytest.param(2, 9, [2, 1], id="as many as fit"),
        pytest.param(1, 9, [1, 1, 1, 0], id="one each, and nobody behind the last"),
        pytest.param(9, 2, [2, 1], id="no more than are looked at for one"),
    ],
)
async def test_a_page_of_who_is_due_looks_at_few_and_says_where_the_next_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch, most: int, looked_at: int, pages: list[int]
) -> None:
    monkeypatch.setattr(standing, "LOOKED_AT_TOGETHER", 1)
    monkeypatch.setattr(standing, "LOOKED_AT_FOR_A_PAGE", looked_at)
    ids = [(await house.client(email=f"d{number}@example.com")).id for number in range(3)]
    house.clock.now_ms += DAY_MS
    rules, met, counts, after = {category: USUAL[category] for category in OF_CLIENTS}, list[str](), list[int](), ""
    while not counts or after:
        page = await due_page(house.context, house.caller.company, rules, after, most)
        met, counts, after = (
            [*met, *(each.client_id for each in page.clients)],
            [*counts, len(page.clients)],
            page.after,
        )
    assert (met, counts) == (ids, pages)
    refused = {Category.REFUSED: replace(FIVE, period=CalendarPeriod())}
    assert await due_page(house.context, house.caller.company, refused, "", 9, only_overdue=True) == DuePage(
        (), ids[looked_at - 1] if looked_at < 3 else "", min(looked_at, 3)
    ), "of another category"
    assert await due_page(house.context, house.caller.company, {}, "", 9) == DuePage(), "of none"


async def test_who_is_gone_meanwhile_is_passed_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(*_: object) -> None:
        return None

    await house.client()
    house.clock.now_ms += DAY_MS
    monkeypatch.setattr(house.parts.store, "dossier", nobody)
    assert await due(house) == []


async def test_the_worker_does_both(house: House) -> None:
    declaring(house, NINETY, FIVE)
    client = await house.client()
    house.clock.now_ms += 91 * DAY_MS + 1
    worker = ErasureRounds(house.context)
    for _ in range(3):
        await worker.begin()
        assert worker._task is not None
        await worker._task
        await carry_out_due(house.context)
        house.clock.now_ms += 2 * house.context.timing.lease_ms
    await worker.close()
    assert (await last(house, client.id)).state is ErasureState.DONE


async def test_deliveries_and_links_are_kept_as_long_as_is_declared(house: House) -> None:
    client, _ = await linked(house)
    declaring(
        house,
        Rule(Category.LINKS, CalendarPeriod(days=3), "short", by_itself=True),
        Rule(Category.DELIVERIES, CalendarPeriod(days=2), "short", by_itself=True),
    )
    link = (await house.context.storage.onboarding_links.of_client(client))[0]
    await house.do(revoke_link, client.id, link.id)
    ended = (await house.context.storage.onboarding_links.of_client(client))[0]
    assert ended.due_at_ms == house.clock() + 3 * DAY_MS
    client_id, request_id = await house.submitted("CD7654321", email="other@example.com")
    await house.judge(client_id, request_id, Decision.REJECT)
    await house.work()
    chores = Chores(replace(house.parts, context=house.context))
    for days, left in ((1, True), (2, False)):
        house.clock.now_ms += days * DAY_MS
        await chores.do()
        assert bool(house.rows("SELECT 1 FROM messages")) is left
    await chores.close()
