"""`ostiary retention`: how long what is kept and why, and whose time is over."""

from __future__ import annotations

import argparse

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import progress
from ostiary.domain.privacy.retention import NAMES, OF_CLIENTS, Rules, may_be_over_ms
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.privacy.standing import Due, due_clients
from ostiary.wire.privacy.erasures import due_shape


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        rules = installation.context.retention
        if options.action == "show":
            _show_rules(options, rules)
        else:
            every = installation.run(_due(options, installation))
            _show_due(options, every, rules)
    return EXIT_OK


async def _due(options: argparse.Namespace, installation: Installation) -> list[Due]:
    context = installation.context
    caller = await operator_for(context, options.company, named_operator(options))
    rules = {category: context.retention[category] for category in OF_CLIENTS}
    before = may_be_over_ms(context.now_of(caller.company), rules)
    assert before is not None  # noqa: S101 (there are rules)
    with progress(options, "looking at clients") as advance:
        every = due_clients(context, caller.company, rules, before, lambda count: advance(count, 0))
        return [due async for due in every]


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


def _show_due(options: argparse.Namespace, every: list[Due], rules: Rules) -> None:
    shapes = [due_shape(due) | {"by_itself": rules[due.standing.category].by_itself} for due in every]
    lines = [
        f"{shape['client_id']}  {shape['category']:15}  since {shape['since']}  due {shape['due_at']}"
        f"{'  HELD' if shape['held'] else ''}{'' if shape['by_itself'] else '  ends when asked'}"
        for shape in shapes
    ]
    show(options, shapes, "\n".join(lines) or "No client's period is over.")
