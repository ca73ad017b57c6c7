"""`ostiary retention`: how long what is kept and why, and whose time is over."""

from __future__ import annotations

import argparse
from time import monotonic
from typing import Any

from ostiary.app import Installation, check_installed, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import progress
from ostiary.domain.privacy.retention import NAMES, OF_CLIENTS, Rules, may_be_over_ms
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.storage.opening import Database, database_of
from ostiary.storage.privacy.compacting import LONGEST_S, compact_file, compact_tables
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.privacy.standing import due_clients
from ostiary.wire.privacy.erasures import due_shape


def run(options: argparse.Namespace, settings: Settings) -> int:
    if options.action == "compact":
        return _compact(options, settings)
    with opened(settings) as installation:
        rules = installation.context.retention
        if options.action == "show":
            _show_rules(options, rules)
        else:
            _show_due(options, installation.run(_due(options, installation)))
    return EXIT_OK


async def _due(options: argparse.Namespace, installation: Installation) -> list[dict[str, Any]]:
    """As many as are asked for and fit; no client behind the last of them was looked at."""
    context = installation.context
    caller = await operator_for(context, options.company, named_operator(options))
    wanted = [category for category in OF_CLIENTS if options.category in ("", category.value)]
    rules, now = {category: context.retention[category] for category in wanted}, context.now_of(caller.company)
    before = may_be_over_ms(now, rules)
    assert before is not None  # noqa: S101 (there are rules)
    with progress(options, "looking at clients") as advance:
        shapes, tell = list[dict[str, Any]](), lambda count: advance(count, 0)
        async for due in due_clients(context, caller.company, rules, before, tell, options.after):
            shape = due_shape(due, rules, now)
            if shape["overdue"] or not options.overdue:
                shapes.append(shape)
            if options.limit and len(shapes) == options.limit:
                break
        return shapes


def _compact(options: argparse.Namespace, settings: Settings) -> int:
    """On a connection that may take its time."""
    place = _patient(settings)
    check_installed(place, settings)
    began, engine = monotonic(), place.engine()
    try:
        with engine.blocking() as aside, progress(options, "writing anew") as advance:
            if engine.is_shared:
                compact_tables(aside, advance)
            else:
                compact_file(aside)
    finally:
        engine.close()
    seconds = monotonic() - began
    answer = {"database": place.shown, "seconds": round(seconds, 1)}
    show(options, answer, f"{place.shown}: written anew in {seconds:.0f} s; nothing that was removed is left in it.")
    return EXIT_OK


def _patient(settings: Settings) -> Database:
    """The database, for statements that take long."""
    return database_of(settings.database_url, settings.database_direct_url, settings.data_dir, LONGEST_S)


def _show_rules(options: argparse.Namespace, rules: Rules) -> None:
    answer = [
        {"category": rule.category.value, "keep": str(rule.period), "by_itself": rule.by_itself, "reason": rule.reason}
        for rule in rules.values()
    ]
    lines = [
        f"{NAMES[rule.category]:22} {rule.period!s:6} {'ends by itself' if rule.by_itself else 'ends when asked':15} "
        f"{rule.reason}"
        for rule in rules.values()
    ]
    show(options, answer, "\n".join(lines))


def _show_due(options: argparse.Namespace, shapes: list[dict[str, Any]]) -> None:
    lines = [
        f"{shape['client_id']}  {shape['category']:15}  since {shape['since']}  due {shape['due_at']}"
        f"{'  HELD' if shape['held'] else ''}{'' if shape['by_itself'] else '  ends when asked'}"
        f"{'  OVERDUE' if shape['overdue'] else ''}"
        for shape in shapes
    ]
    if options.limit and len(shapes) == options.limit:
        lines.append(f"There may be more: --after {shapes[-1]['client_id']}")
    show(options, shapes, "\n".join(lines) or "No client's period is over.")
