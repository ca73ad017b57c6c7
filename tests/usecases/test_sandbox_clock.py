"""A sandbox company's clock is moved: what becomes due happens in order, once, and whoever is cut short goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ostiary.domain.companies.company import Company, Environment
from ostiary.domain.errors import InvalidState, ValidationFailed
from ostiary.domain.times import DAY_MS, day_of
from ostiary.usecases.context import Context
from ostiary.usecases.onboarding.products import list_products
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import MOST_MOVE_MS, ClockMove, ClockState, move_clock, read_clock
from tests.house import House, upload
from tests.material import NOW_MS


class CutShortError(Exception):
    """A process that ends in the middle."""


@dataclass(slots=True)
class Agenda:
    """Moments at which something is due, and when by the company's clock each was done. `lasting` are never done."""

    house: House
    moments: list[int]
    done: list[tuple[int, int]] = field(default_factory=list)
    breaks_at: int | None = None
    lasts_ms: int = 0
    is_stuck: bool = False

    async def next_due(self, context: Context, company_id: str) -> int | None:
        return min(self.moments, default=None)

    async def due_work(self, context: Context, company: Company, now_ms: int) -> int:
        self.house.clock.now_ms += self.lasts_ms
        if self.is_stuck:
            return 0
        due = sorted(each for each in self.moments if each <= now_ms)
        for each in due:
            if each == self.breaks_at:
                self.breaks_at = None
                raise CutShortError
            self.moments.remove(each)
            self.done.append((each, now_ms))
        return len(due)


async def move(house: House, span: str, agenda: Agenda) -> ClockState:
    clock = await house.do(move_clock, ClockMove(span), agenda)
    await house.refresh()
    return clock


def days(*numbers: int) -> list[int]:
    return [NOW_MS + number * DAY_MS for number in numbers]


async def test_what_is_due_on_the_way_happens_in_its_order_at_its_time(house: House) -> None:
    agenda = Agenda(house, days(30, 10, 20, 91))
    clock = await move(house, "P90D", agenda)
    assert agenda.done == [(each, each) for each in days(10, 20, 30)]
    assert (clock.now_ms, clock.ahead_ms, clock.until_ms) == (NOW_MS + 90 * DAY_MS, 90 * DAY_MS, None)
    assert (clock.happened, clock.next_due_ms, clock.is_resumed) == (3, NOW_MS + 91 * DAY_MS, False)
    assert house.context.today_of(house.caller.company) == day_of(NOW_MS + 90 * DAY_MS)
    assert await read_clock(house.context, house.caller, agenda) == ClockState(
        now_ms=clock.now_ms, ahead_ms=clock.ahead_ms, next_due_ms=clock.next_due_ms
    )
    assert (await move(house, "P1D", agenda)).happened == 1


async def test_a_move_that_was_cut_short_is_finished_by_the_next_and_nothing_is_added(house: House) -> None:
    agenda = Agenda(house, days(10, 20, 30), breaks_at=days(20)[0])
    with pytest.raises(CutShortError):
        await move(house, "P90D", agenda)
    await house.refresh()
    clock = await read_clock(house.context, house.caller, agenda)
    assert (clock.now_ms, clock.until_ms) == (days(20)[0], days(90)[0])
    clock = await move(house, "P90D", agenda)
    assert (clock.now_ms, clock.is_resumed, clock.happened) == (days(90)[0], True, 2)
    assert [each for each, _ in agenda.done] == days(10, 20, 30)
    assert (await move(house, "P1D", agenda)).now_ms == days(91)[0]


async def test_a_move_that_takes_long_answers_on_its_way(house: House) -> None:
    agenda = Agenda(house, days(10, 20, 30), lasts_ms=MOST_MOVE_MS)
    clock = await move(house, "P90D", agenda)
    assert (clock.happened, clock.until_ms) == (1, days(90)[0])
    for _ in range(3):
        clock = await move(house, "P1D", agenda)
        assert clock.is_resumed
        if clock.until_ms is None:
            break
    assert [each for each, _ in agenda.done] == days(10, 20, 30)
    assert clock.now_ms >= days(90)[0]


async def test_what_cannot_be_done_does_not_stop_the_clock(house: House) -> None:
    agenda = Agenda(house, days(10), is_stuck=True)
    clock = await move(house, "P90D", agenda)
    assert (clock.now_ms, clock.happened, clock.next_due_ms) == (days(90)[0], 0, days(10)[0])


async def test_what_was_due_already_happens_without_setting_the_clock_back(house: House) -> None:
    agenda = Agenda(house, days(-3))
    assert (await move(house, "P1D", agenda)).happened == 1
    assert agenda.done == [(days(-3)[0], NOW_MS)]


async def test_two_calls_at_once_move_it_by_one_of_them_or_both(house: House) -> None:
    """One that comes while another is on its way brings that one to its end; the first then has nothing left to do."""
    agenda = Agenda(house, days(10, 20))
    first = ClockMove("P90D")
    agenda.breaks_at = days(10)[0]
    with pytest.raises(CutShortError):
        await house.do(move_clock, first, agenda)
    await move(house, "P90D", agenda)
    clock = await house.do(move_clock, first, agenda)
    assert clock.now_ms == days(90)[0]


async def test_a_call_that_decides_again_goes_on_to_where_it_went(house: House) -> None:
    """What decided first was refused because the company had changed meanwhile."""
    agenda, wish = Agenda(house, days(10), breaks_at=days(10)[0]), ClockMove("P90D")
    with pytest.raises(CutShortError):
        await house.do(move_clock, wish, agenda)
    clock = await house.do(move_clock, wish, agenda)
    assert (clock.now_ms, clock.until_ms, clock.happened) == (days(90)[0], None, 1)
    assert clock.after(5, is_resumed=True).happened == 5


async def test_a_call_that_another_one_overtook_leaves_where_the_next_goes(house: House) -> None:
    """While the first is at work, a second brings the clock there and a third sets off, to be cut short."""
    agenda = Agenda(house, days(10))

    class Overtaken(Agenda):
        async def due_work(self, context: Context, company: Company, now_ms: int) -> int:
            await house.do(move_clock, ClockMove("P30D"), agenda)
            cut_short = Agenda(house, days(40), breaks_at=days(40)[0])
            with pytest.raises(CutShortError):
                await house.do(move_clock, ClockMove("P90D"), cut_short)
            self.moments.clear()
            return 0

    clock = await house.do(move_clock, ClockMove("P30D"), Overtaken(house, days(10)))
    assert (clock.now_ms, clock.until_ms) == (days(40)[0], days(120)[0])
    assert (await move(house, "P1D", agenda)).now_ms == days(120)[0]


async def test_each_step_is_on_the_record_in_real_time(house: House) -> None:
    await move(house, "P90D", Agenda(house, days(10)))
    rows = house.rows("SELECT action, at_ms FROM audit_entries WHERE action LIKE 'clock%' ORDER BY position")
    assert rows == [("clock_set_off", NOW_MS), ("clock_moved", NOW_MS), ("clock_moved", NOW_MS)]


@pytest.mark.parametrize("span", ["P11Y", "tomorrow", "", "P0D"])
async def test_a_span_that_is_none_is_refused_and_named(house: House, span: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await move(house, span, Agenda(house, []))
    assert [fault.field for fault in caught.value.faults] == ["advance"]
    assert house.caller.company.clock_until_ms == 0


async def test_a_production_company_has_no_clock(house: House) -> None:
    house.caller = await house.found_company("Real", Environment.PRODUCTION)
    with pytest.raises(InvalidState):
        await move(house, "P1D", Agenda(house, []))
    with pytest.raises(InvalidState):
        await read_clock(house.context, house.caller, CALENDAR)


async def test_five_years_in_a_moment(house: House) -> None:
    """A document runs out on the way; what asks for it again is seen without waiting."""
    client = await house.client()
    request = await house.request(client.id)
    await house.send(client.id, request.id, upload(expiration_date=day_of(NOW_MS + 400 * DAY_MS).isoformat()))
    for year, is_complete in ((1, True), (5, False)):
        clock = await house.do(move_clock, ClockMove(f"P{year}Y"), CALENDAR)
        await house.refresh()
        [state] = await list_products(house.context, house.caller, client.id)
        assert state.assessment.is_complete is is_complete
        assert clock.until_ms is None
