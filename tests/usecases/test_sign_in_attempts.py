"""Who tries too often waits, whoever it is, and a flood neither shuts an operator out nor fills the audit trail."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.errors import Contended, SignInRefused, TooManyRequests
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.operators.sign_in import (
    ACCOUNT_FREE,
    ACCOUNT_HOURLY,
    ADDRESS_FREE,
    FORGIVEN_AFTER_MS,
    NOTED_AN_HOUR,
    Attempts,
)
from ostiary.usecases.operators.directory import house as house_of
from ostiary.usecases.operators.sign_in import sign_in
from tests.house import House
from tests.usecases.accounts import ELSEWHERE, HERE, PASSWORD, STEP_MS, fails, set_up, signed_in, trail


async def test_who_fails_too_often_waits_and_the_right_password_does_not_help(house: House) -> None:
    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    for _ in range(ACCOUNT_FREE):
        await fails(house.context, "ana")
    for _ in range(3):
        with pytest.raises(TooManyRequests) as refused:
            await signed_in(house.context, first.operator)
        assert refused.value.retry_after_s == 2, "waiting makes no wait longer"
    house.clock.now_ms += 2_000
    await signed_in(house.context, first.operator)
    await fails(house.context, "ana")  # it begins anew


async def test_a_name_of_nobody_is_counted_like_one(house: House) -> None:
    await set_up(house.context)
    for _ in range(ACCOUNT_FREE):
        await fails(house.context, "nobody", ELSEWHERE)
    with pytest.raises(TooManyRequests):
        await sign_in(house.context, "NOBODY", PASSWORD, "000000", ELSEWHERE)


async def test_an_address_is_counted_whatever_names_are_tried_and_a_success_takes_only_its_own_back(
    house: House,
) -> None:
    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    network = [SignInSource(f"2001:db8::{number:x}") for number in range(1, ADDRESS_FREE + 1)]
    for number, source in enumerate(network[:-1]):
        await fails(house.context, f"name {number}", source)
    await signed_in(house.context, first.operator, network[-1])
    await fails(house.context, "another", network[0])
    with pytest.raises(TooManyRequests):
        await sign_in(house.context, "yet another", PASSWORD, "000000", SignInSource("2001:db8::ffff"))
    await fails(house.context, "ana", SignInSource("2001:db8:0:1::1"))


async def test_a_flood_elsewhere_does_not_keep_an_operator_out_where_he_is_known(house: House) -> None:
    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    for number in range(ACCOUNT_FREE + 20):
        try:
            await sign_in(house.context, "ana", "wrong " * 3, "000000", SignInSource(f"198.51.100.{number}"))
        except TooManyRequests:
            continue
        except SignInRefused:
            continue
    with pytest.raises(TooManyRequests):
        await signed_in(house.context, first.operator, ELSEWHERE)
    await signed_in(house.context, first.operator, HERE)


async def test_a_flood_from_one_address_keeps_nobody_at_another_out_for_a_day(house: House) -> None:
    """Whoever tries at every moment that he may, at one name: the operator comes from where he never was."""
    first = await set_up(house.context)
    flood, day_ends_ms = SignInSource("192.0.2.66"), house.clock.now_ms + 24 * FORGIVEN_AFTER_MS
    tried, hour = 0, house.clock.now_ms // FORGIVEN_AFTER_MS
    while house.clock.now_ms < day_ends_ms:
        house.clock.now_ms += 2_000
        try:
            await sign_in(house.context, "ana", "wrong " * 3, "000000", flood)
        except SignInRefused:
            tried += 1
        except TooManyRequests as refused:
            house.clock.now_ms += 1_000 * (refused.retry_after_s or 0)
        if house.clock.now_ms // FORGIVEN_AFTER_MS != hour:
            hour = house.clock.now_ms // FORGIVEN_AFTER_MS
            number = hour % 250
            await signed_in(house.context, first.operator, SignInSource(f"203.0.113.{number}"))
    assert 20 < tried < 130, "and it was one"


async def test_from_many_addresses_no_more_are_tried_at_one_account_than_its_hour_has(house: House) -> None:
    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    ended = []
    for number in range(ACCOUNT_HOURLY + 6):
        try:
            await sign_in(house.context, "ana", "wrong " * 3, "000000", SignInSource(f"198.51.100.{number}"))
        except (SignInRefused, TooManyRequests) as refused:
            ended.append(refused)
    assert [type(each) for each in ended] == [SignInRefused] * ACCOUNT_HOURLY + [TooManyRequests] * 6
    assert ended[-1].retry_after_s == FORGIVEN_AFTER_MS // 1_000
    await signed_in(house.context, first.operator, HERE)
    house.clock.now_ms += FORGIVEN_AFTER_MS
    await signed_in(house.context, first.operator, ELSEWHERE)


async def test_of_an_hours_last_place_taken_by_many_at_once_one_has_it(house: House) -> None:
    await set_up(house.context)
    for number in range(ACCOUNT_HOURLY - 1):
        await fails(house.context, "ana", SignInSource(f"198.51.100.{number}"))
    tries = [
        sign_in(house.context, "ana", "wrong " * 3, "000000", SignInSource(f"192.0.2.{number}")) for number in range(6)
    ]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, SignInRefused) for each in ended) == 1
    assert sum(isinstance(each, TooManyRequests) for each in ended) == 5


async def test_what_a_flood_leaves_on_the_audit_trail_ends(house: House) -> None:
    first = await set_up(house.context)
    for number in range(NOTED_AN_HOUR + 20):
        await fails(house.context, f"name {number}", SignInSource(f"192.0.2.{number % 250}"))
        house.clock.now_ms += 1
    noted = await trail(house.context)
    assert len(noted) == NOTED_AN_HOUR + 1
    assert noted[-1] == ("sign_in_failed", "operator:", "unknown", ("attempt_1",))
    house.clock.now_ms += FORGIVEN_AFTER_MS
    await fails(house.context, "ana")
    assert (await trail(house.context))[-1] == ("sign_in_failed", "operator:", first.operator.id, ("attempt_1",))


async def test_failures_in_a_row_are_noted_while_that_says_something(house: House) -> None:
    first = await set_up(house.context)
    for _ in range(9):
        house.clock.now_ms += 300_000
        await fails(house.context, "ana")
    counts = [codes[0] for action, _, subject, codes in await trail(house.context) if action == "sign_in_failed"]
    assert counts == [f"attempt_{count}" for count in (1, 2, 3, 4, 5, 8)]
    assert {subject for action, _, subject, _ in await trail(house.context)} == {first.operator.id}


async def test_of_many_attempts_at_once_none_is_uncounted(house: House) -> None:
    await set_up(house.context)
    tried = [sign_in(house.context, "ana", "wrong " * 3, "000000", HERE) for _ in range(ACCOUNT_FREE + 7)]
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(each, SignInRefused) for each in ended) == ACCOUNT_FREE
    assert sum(isinstance(each, TooManyRequests) for each in ended) == 7


async def test_attempts_that_are_counted_by_others_all_the_time_are_sent_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(house.context)

    counts = type(house.context.storage.attempts).count

    async def lost(*_: object) -> bool:
        return False

    monkeypatch.setattr(type(house.context.storage.attempts), "count", lost)
    for source in (HERE, ELSEWHERE):
        with pytest.raises(Contended):
            await sign_in(house.context, "ana", PASSWORD, "000000", source)

    async def lost_of_hour(store: Any, company_id: str, mark: bytes, before: Attempts, after: Attempts) -> bool:
        return after.until_ms != 0 if mark == everywhere else await counts(store, company_id, mark, before, after)

    monkeypatch.undo()
    own = await house_of(house.context)
    everywhere = house.context.storage.attempts.mark(own.id, "everywhere", "ana")
    monkeypatch.setattr(type(house.context.storage.attempts), "count", lost_of_hour)
    with pytest.raises(Contended):
        await sign_in(house.context, "ana", PASSWORD, "000000", ELSEWHERE)


async def test_who_finds_no_place_in_a_crowd_has_not_tried(house: House) -> None:
    class Crowded:
        async def is_right(self, *_: object, **__: object) -> bool:
            raise TooManyRequests(retry_after_s=1)

    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    crowded = replace(house.context, passwords=Crowded())  # type: ignore[arg-type]
    for _ in range(ADDRESS_FREE + 1):
        with pytest.raises(TooManyRequests) as refused:
            await signed_in(crowded, first.operator)
        assert refused.value.retry_after_s == 1
    await signed_in(house.context, first.operator)
