"""`ostiary renewals`: what is due again of a company's clients, and asking for a renewal at once."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import value_refused
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.times import LAST_MS, day_starts_ms, format_timestamp, iso_date
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import say
from ostiary.settings import Settings
from ostiary.telemetry import logs
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.lifecycle.renewals import FROM_THE_FIRST, ask_renewal, list_renewals
from ostiary.usecases.review.decide import find_request
from ostiary.usecases.transaction import execute
from ostiary.wire.answer import fields_of
from ostiary.wire.lifecycle.deadlines import deadline_answer

READ_TOGETHER = 500
"""Deadlines of one read: a company may have a million, and the list is printed whole."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    logs.set_up("error")  # the answer is alone on standard output
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _list(options: argparse.Namespace, installation: Installation) -> None:
    day = iso_date(options.due_before)
    if options.due_before is not None and day is None:
        raise value_refused("due_before", "--due-before must be a real date, as 2027-03-31")
    caller = await operator_for(installation.context, options.company, named_operator(options))
    due = await _every(installation, caller, LAST_MS if day is None else day_starts_ms(day))
    if options.json or not due:
        return show(
            options, [fields_of(deadline_answer(each, is_for_operators=True)) for each in due], "Nothing is due."
        )
    print_table(("due at the end of", "product", "state", "why", "request", "client"), _rows(due))


async def _every(installation: Installation, caller: Caller, before_ms: int) -> list[Deadline]:
    due, after = list[Deadline](), FROM_THE_FIRST
    while True:
        page = await list_renewals(installation.context, caller, before_ms=before_ms, after=after, limit=READ_TOGETHER)
        due += page.deadlines
        if page.unopened:
            say(f"{page.unopened} are left out, since they do not open: see `ostiary audit verify`", error=True)
        if page.next is None:
            return due
        after = page.next


def _rows(due: list[Deadline]) -> Iterator[tuple[str, ...]]:
    for each in due:
        state = "overdue" if each.is_overdue else each.state.value
        yield str(each.due_on), each.product, state, " ".join(each.reasons), each.enablement_id, each.client_id


async def _ask(options: argparse.Namespace, installation: Installation) -> None:
    context = installation.context
    place = await find_request(context, options.request_id)
    caller = await operator_for(context, place.company_id, options.operator)
    deadline = await execute(
        context, caller, lambda: ask_renewal(context, caller, place.client_id, options.request_id, options.note)
    )
    due = format_timestamp(deadline.due_at_ms)
    show(
        options,
        fields_of(deadline_answer(deadline, is_for_operators=True)),
        f"asked: the renewal of {options.request_id} is due at {due}",
    )


_ACTIONS = {"list": _list, "ask": _ask}
