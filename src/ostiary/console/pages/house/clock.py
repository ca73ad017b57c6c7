"""The clock of a sandbox company: moved ahead, so that what a year brings happens now."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.house.companies import CLOCK_UNITS, company_page
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.errors import ValidationFailed
from ostiary.html.answers import Redirect
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import ClockMove, move_clock, read_clock


async def move(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """By what was chosen or, where a move is on its way, to where that goes: nothing is added to it then."""
    form, place = request.form, f"/console/companies/{request.caller.company.id}"
    if form.text("go_on") and (await read_clock(console.context, request.caller, CALENDAR)).until_ms is None:
        return Redirect(place, "clock_there")
    unit = form.text("unit") if form.text("unit") in CLOCK_UNITS else ""
    try:
        clock = await committed(
            console, request.caller, move_clock, ClockMove(f"P{form.text('count')}{unit}"), CALENDAR
        )
    except ValidationFailed as refused:
        return await company_page(console, request, {fault.field: fault.message for fault in refused.faults}, "clock")
    if clock.until_ms is not None:
        return Redirect(place, "clock_on_its_way")
    return Redirect(place, "clock_there" if clock.is_resumed else "clock_moved")
