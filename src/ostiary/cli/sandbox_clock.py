"""`ostiary sandbox clock`: the time of a sandbox company."""

from __future__ import annotations

import argparse

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import say
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import ClockMove, ClockState, move_clock, read_clock
from ostiary.usecases.transaction import carried_out
from ostiary.wire.answer import fields_of
from ostiary.wire.sandbox import clock_answer


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_clock(options, installation))
    return EXIT_OK


async def _clock(options: argparse.Namespace, installation: Installation) -> None:
    context = installation.context
    caller = await operator_for(context, options.company, named_operator(options))
    if options.advance is None:
        clock = await read_clock(context, caller, CALENDAR)
    else:
        clock = await carried_out(context, caller, move_clock, ClockMove(options.advance), CALENDAR)
        happened, resumed = clock.happened or 0, clock.is_resumed
        while clock.until_ms is not None:
            if not options.json:
                now, until = format_timestamp(clock.now_ms), format_timestamp(clock.until_ms)
                say(f"{now}: {happened} things happened, on the way to {until}")
            clock = await carried_out(context, caller, move_clock, ClockMove(options.advance), CALENDAR)
            happened += clock.happened or 0
        clock = clock.after(happened, is_resumed=resumed)
    show(options, fields_of(clock_answer(clock)), _words(clock))


def _words(clock: ClockState) -> str:
    lines = [f"{format_timestamp(clock.now_ms)} (UTC), {clock.ahead_ms // 1000} s ahead of this machine"]
    if clock.is_resumed:
        lines.append("an earlier move was finished, and nothing was added to it: say it again for more")
    if clock.happened is not None:
        lines.append(f"{clock.happened} things happened on the way")
    if clock.until_ms is not None:
        lines.append(f"on its way to {format_timestamp(clock.until_ms)}: say --advance again to go on")
    if clock.next_due_ms is not None:
        lines.append(f"something becomes due next at {format_timestamp(clock.next_due_ms)}")
    return "\n".join(lines)
