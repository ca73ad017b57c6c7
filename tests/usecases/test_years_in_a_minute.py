"""A partner tries years in a minute, on its sandbox's clock: everything happens in its order, webhooks included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.times import DAY_MS
from ostiary.usecases.lifecycle.renewals import confirm_renewal
from ostiary.usecases.onboarding.products import read_product
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import ClockMove, ClockState, move_clock
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.renewing import enabled, listening, renewing_catalogue, told


@pytest.fixture
async def yearly(tmp_path: Path) -> AsyncIterator[House]:
    """Cards are reviewed every year; one sandbox company calls, and hears all. The machine's clock stands still."""
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(renewing_catalogue(tmp_path))) as house:
        house.caller = await house.found_company()
        await listening(house)
        yield house


async def move(house: House, span: str) -> ClockState:
    clock = await house.do(move_clock, ClockMove(span), CALENDAR)
    await house.refresh()
    while await house.work():
        pass
    return clock


def days(house: House) -> list[tuple[str, str]]:
    """What the company's endpoint heard, each with its day."""
    every = (message.body for message in house.endpoint.came)
    return [(str(body["event_type"]), str(body["data"]["occurred_at"])[:10]) for body in every]  # type: ignore[index]


async def test_a_year_brings_each_notice_once_in_order_and_the_webhooks_of_its_days(yearly: House) -> None:
    ids = await enabled(yearly)
    while await yearly.work():
        pass
    heard = len(told(yearly))
    clock = await move(yearly, "P14M")
    assert clock.until_ms is None
    assert days(yearly)[heard:] == [
        ("renewal_opened", "2027-01-15"),
        ("renewal_due_soon", "2027-03-16"),
        ("renewal_due_soon", "2027-04-08"),
        ("renewal_due_soon", "2027-04-15"),
        ("renewal_overdue", "2027-04-16"),
    ]
    request = await yearly.enablement(*ids)
    assert (request.status, request.review) == (Status.ENABLED, Review.RENEWAL)
    assert yearly.clock.now_ms < NOW_MS + DAY_MS, "no time went by"


async def test_five_years_go_by_with_a_renewal_in_each(yearly: House) -> None:
    ids = await enabled(yearly, expires="2040-01-31")
    for year in range(5):
        await move(yearly, "P11M")
        state = await read_product(yearly.context, yearly.caller, *ids, with_renewal=True)
        assert state.renewal is not None, year
        assert state.renewal.due_on.year == 2027 + year
        await yearly.do(confirm_renewal, *ids)
        await yearly.do(submit_product, *ids)
        await move(yearly, "P1M")
        state = await read_product(yearly.context, yearly.caller, *ids, with_renewal=True)
        assert (state.enablement.status, state.renewal) == (Status.ENABLED, None)
    assert told(yearly).count("renewal_completed") == 5


async def test_two_moves_bring_what_one_does(yearly: House) -> None:
    await enabled(yearly)
    for _ in range(14):
        await move(yearly, "P1M")
    assert [name for name, _ in days(yearly)][-5:] == [
        "renewal_opened", "renewal_due_soon", "renewal_due_soon", "renewal_due_soon", "renewal_overdue",
    ]  # fmt: skip
