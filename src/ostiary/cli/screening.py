"""`ostiary screening`: screen active clients now, and say of a hit who it is."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ostiary import logs
from ostiary.app import Opened, opened
from ostiary.cli import EXIT_FAILED, EXIT_OK
from ostiary.cli.running import show
from ostiary.domain.errors import Refused
from ostiary.domain.screening import ScreeningUnavailable
from ostiary.domain.screening_hits import HitState, KeptHit
from ostiary.rescreening import Tally, active_clients, screen_all
from ostiary.settings import Settings
from ostiary.usecases.companies import operator_for
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.reviewing import KEY_SHOWN, find_request
from ostiary.usecases.screening import decide_hit, lists_in_force

_DECIDED = {"clear": HitState.CLEARED, "confirm": HitState.CONFIRMED}


def do(options: argparse.Namespace, settings: Settings) -> int:
    logs.set_up("error")  # progress is shown, and the answer is alone on standard output
    with opened(settings) as parts:
        if options.action == "run":
            return parts.run(_run(options, parts))
        parts.run(_decide(options, parts))
    return EXIT_OK


async def _run(options: argparse.Namespace, parts: Opened) -> int:
    """Ends with a failure when some clients could not be screened: they come again in the next run."""
    if not parts.world.lists:
        raise Refused("There is no list to screen against; the providers file declares them under screening.")
    try:
        lists = await lists_in_force(parts.world)
    except ScreeningUnavailable as away:
        raise Refused(f"A list cannot be asked: {away.problem}") from None
    total = sum([1 async for _ in active_clients(parts.world)])
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=options.json) as progress:
        task = progress.add_task("clients", total=total)

        def tell(tally: Tally) -> None:
            progress.update(task, completed=tally.seen, description=f"clients, {tally.hits} with hits")

        tally = await screen_all(parts.world, lists, tell)
    await parts.close_connections()
    answer = {"lists": lists, "screened": tally.seen, "with_hits": tally.hits, "failed": tally.failed}
    words = f"{tally.seen} clients screened, {tally.hits} with hits, {tally.failed} could not be"
    show(options, answer, words)
    return EXIT_FAILED if tally.failed else EXIT_OK


async def _decide(options: argparse.Namespace, parts: Opened) -> None:
    world, place = parts.world, await find_request(parts.world, options.request_id)
    caller = await operator_for(world, place.company_id, options.operator)

    async def decide() -> Decided[KeptHit]:
        return await decide_hit(world, caller, place.client_id, options.hit, _DECIDED[options.action])

    kept = await settle(world, caller, decide)
    answer = {"hit": kept.key, "list": kept.hit.list, "entry": kept.hit.entry_id, "state": kept.state}
    show(options, answer, f"hit {kept.key[:KEY_SHOWN]} ({kept.hit.list}, {kept.hit.entry_id}) is {kept.state}")
