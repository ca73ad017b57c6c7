"""`ostiary catalogue move`: open requests go on by another version, or what that would come to."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field

from ostiary.app import Installation, opened
from ostiary.cli.catalogue.naming import kept_version
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import progress
from ostiary.domain.catalogue_changes.effects import MoveEffect, MoveOutcome, MoveWish
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.catalogue.move import look_at_move, move_request, open_requests
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.transaction import carried_out


@dataclass
class MoveTally:
    """How many requests came to what, and of how many what would be asked more."""

    version: str
    is_applied: bool
    outcomes: Counter[str] = field(default_factory=Counter)
    more: Counter[str] = field(default_factory=Counter)

    def add(self, effect: MoveEffect) -> None:
        self.outcomes[effect.outcome.value] += 1
        for each in effect.more:
            self.more[f"{effect.enablement.product} {each}"] += 1


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        tally = installation.run(_move(options, installation))
    answer = {
        "version": tally.version,
        "applied": tally.is_applied,
        "requests": {outcome.value: tally.outcomes[outcome.value] for outcome in MoveOutcome},
        "asked_more": dict(sorted(tally.more.items())),
    }
    show(options, answer, _words(tally))
    return EXIT_OK


async def _move(options: argparse.Namespace, installation: Installation) -> MoveTally:
    context = installation.context
    wish = MoveWish(kept_version(installation, options.target), frozenset(options.may_ask_more))
    named = [options.company] if options.company else [each.id for each in await context.storage.companies.every()]
    own, tally = await context.storage.operators.house_id(), MoveTally(wish.version, options.apply)
    with progress(options, "requests") as tell:
        for company_id in (each for each in named if each != own):
            caller = await operator_for(context, company_id, named_operator(options))
            async for client_id, enablement_id in open_requests(context, company_id, options.product):
                if options.apply:
                    effect = await carried_out(context, caller, move_request, client_id, enablement_id, wish)
                else:
                    effect = await look_at_move(context, caller, client_id, enablement_id, wish)
                tally.add(effect)
                tell(tally.outcomes.total(), tally.outcomes.total())
    return tally


def _words(tally: MoveTally) -> str:
    moves = "moved" if tally.is_applied else "would move"
    lines = [f"{tally.outcomes[MoveOutcome.MOVES]} open requests {moves} to version {tally.version}."]
    if count := tally.outcomes[MoveOutcome.THERE_ALREADY]:
        lines.append(f"{count} are there already.")
    if count := tally.outcomes[MoveOutcome.NOT_OFFERED]:
        lines.append(f"{count} stay: their product is not in it.")
    if count := tally.outcomes[MoveOutcome.ASKS_MORE]:
        lines.append(f"{count} stay: more would be asked of them than --may-ask-more names.")
    lines += [f"  asked more of {count}: {name}" for name, count in sorted(tally.more.items())]
    if not tally.is_applied:
        lines.append("Nothing was changed; --apply does it.")
    return "\n".join(lines)
