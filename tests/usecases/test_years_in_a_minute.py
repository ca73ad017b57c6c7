"""A partner tries years in a minute, on its sandbox's clock: everything happens in its order, webhooks included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.renewals.deadlines import RenewalReason
from ostiary.domain.times import DAY_MS, day_starts_ms
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.lifecycle.renewals import confirm_renewal
from ostiary.usecases.onboarding.products import read_product
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import ClockMove, ClockState, move_clock
from tests.house import CARDS, House, open_house, upload
from tests.material import NOW_MS
from tests.renewing import enabled, events_heard, listening, renewing_catalogue
from tests.usecases.test_future_requirements import switch


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
    heard = len(events_heard(yearly))
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
    assert events_heard(yearly).count("renewal_completed") == 5


async def test_two_moves_bring_what_one_does(yearly: House) -> None:
    await enabled(yearly)
    for _ in range(14):
        await move(yearly, "P1M")
    notices = ["renewal_due_soon"] * 3
    assert [name for name, _ in days(yearly)][-5:] == ["renewal_opened", *notices, "renewal_overdue"]


STARTING = """
attributes:
  occupation: {name: Occupation, type: STRING}
document_types:
  passport: {name: Passport, metadata: {number: {name: Number, type: STRING}}}
  payslip: {name: Payslip}
products:
  cards_individuals:
    name: Cards
    documents:
      identity: {name: Identity, one_of: [passport]}
"""
FUNDS = "      funds: {name: Funds, one_of: [payslip], from: 2026-09-01, for: all}\n"


async def test_what_starts_for_all_is_asked_of_who_is_enabled_as_a_renewal_on_its_day(house: House) -> None:
    """Enabled under a catalogue without it, in a product that is never due otherwise; it stays enabled throughout."""
    await listening(house)
    switch(house, STARTING)
    client = await house.client()
    ids = client.id, (await house.request(client.id)).id
    await house.send(*ids, upload())
    await house.submit(*ids)
    while await house.work():
        pass
    switch(house, STARTING, STARTING + FUNDS)
    assert await date_requests(house.context, house.caller.company, CARDS, "") is None
    clock = await move(house, "P1M")
    assert (clock.happened, clock.next_due_ms) == (0, day_starts_ms(date(2026, 9, 1)))
    await move(house, "P4M")
    state = await read_product(house.context, house.caller, *ids, with_renewal=True)
    assert state.renewal is not None
    assert state.renewal.reasons == (RenewalReason.REQUIREMENT_IN_FORCE,)
    assert [each.requirement.id for each in state.assessment.documents] == ["funds"]
    assert state.enablement.status is Status.ENABLED
    assert days(house)[2] == ("renewal_opened", "2026-09-01")
    await house.send(*ids, upload("payslip", seed=5, number=None))
    await house.submit(*ids)
    while await house.work():
        pass
    state = await read_product(house.context, house.caller, *ids, with_renewal=True)
    assert (state.enablement.status, state.renewal) == (Status.ENABLED, None)
    assert (await move(house, "P10Y")).happened == 0
