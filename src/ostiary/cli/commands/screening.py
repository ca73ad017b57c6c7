"""`ostiary screening`: screen active clients now, and say of a hit who it is."""

from __future__ import annotations

import argparse

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ostiary.app import Installation, opened
from ostiary.background.passes import active_clients
from ostiary.background.rescreen import RescreeningTally, screen_all
from ostiary.cli.dispatch import show
from ostiary.cli.review.staged import staged_shape, staged_words
from ostiary.domain.errors import Refused
from ostiary.domain.review.approvals import Form, Proposal, Settled
from ostiary.domain.screening.hits import HitState, StoredHit
from ostiary.domain.screening.subject import ScreeningUnavailable
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.runtime.terminal.printing import console
from ostiary.settings import Settings
from ostiary.telemetry import logs
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.review.decide import KEY_SHOWN, find_request
from ostiary.usecases.review.four_eyes import settle
from ostiary.usecases.screening.screen_client import lists_in_force
from ostiary.usecases.transaction import Outcome, execute

_DECIDED = {"clear": HitState.CLEARED, "confirm": HitState.CONFIRMED}


def run(options: argparse.Namespace, settings: Settings) -> int:
    logs.set_up("error")  # progress is shown, and the answer is alone on standard output
    with opened(settings) as installation:
        if options.action == "run":
            return installation.run(_run(options, installation))
        installation.run(_decide(options, installation))
    return EXIT_OK


async def _run(options: argparse.Namespace, installation: Installation) -> int:
    """Ends with a failure when some clients could not be screened: they come again in the next run."""
    if not installation.context.lists:
        raise Refused("There is no list to screen against; the providers file declares them under screening.")
    try:
        lists = await lists_in_force(installation.context)
    except ScreeningUnavailable as away:
        raise Refused(f"A list cannot be asked: {away.problem}") from None
    total = sum([1 async for _ in active_clients(installation.context)])
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console(error=True), disable=options.json) as progress:
        task = progress.add_task("clients", total=total)

        def show_progress(tally: RescreeningTally) -> None:
            progress.update(task, completed=tally.seen, description=f"clients, {tally.hits} with hits")

        tally = await screen_all(installation.context, lists, show_progress)
    await installation.close_connections()
    answer = {"lists": lists, "screened": tally.seen, "with_hits": tally.hits, "failed": tally.failed}
    words = f"{tally.seen} clients screened, {tally.hits} with hits, {tally.failed} could not be"
    show(options, answer, words)
    return EXIT_FAILED if tally.failed else EXIT_OK


async def _decide(options: argparse.Namespace, installation: Installation) -> None:
    context, place = installation.context, await find_request(installation.context, options.request_id)
    caller = await operator_for(context, place.company_id, options.operator)

    async def decide() -> Outcome[Settled]:
        proposal = Proposal(Form.HIT, subject=options.hit, to=_DECIDED[options.action], note=options.note)
        return await settle(context, caller, place.client_id, options.request_id, proposal)

    decided = await execute(context, caller, decide)
    if decided.approval is not None:
        answer = {"hit": decided.approval.proposal.subject} | staged_shape(decided.approval)
        return show(options, answer, staged_words(decided.approval))
    hit = decided.answer
    assert isinstance(hit, StoredHit)  # noqa: S101 (of this form)
    answer = {"hit": hit.key, "list": hit.hit.list, "entry": hit.hit.entry_id, "state": hit.state}
    show(options, answer, f"hit {hit.key[:KEY_SHOWN]} ({hit.hit.list}, {hit.hit.entry_id}) is {hit.state}")
