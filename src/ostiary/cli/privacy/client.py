"""`ostiary client`: erasing clients, and holding their data."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidRequest
from ostiary.domain.privacy.erasure import Erasure, ErasureState
from ostiary.domain.privacy.holds import Hold, HoldWish
from ostiary.domain.privacy.waiver import WaiverWish
from ostiary.domain.times import END_MS, format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.privacy.holds import hold_client, list_holds, release_hold
from ostiary.usecases.privacy.request_erasure import (
    request_by_operator,
    stage_erasure,
    withdraw_erasure,
)
from ostiary.usecases.privacy.waive import second_word, waive_word
from ostiary.usecases.transaction import carried_out
from ostiary.wire.privacy.erasures import erasure_shape, hold_shape

PAGE = 200
_SECOND = "it waits for a second person: ostiary client confirm"
_NEXT: Mapping[ErasureState, str] = {
    ErasureState.STAGED: _SECOND,
    ErasureState.WAITING: "the worker carries it out within a minute: ostiary client erasures",
    ErasureState.ERASED: "pictures and providers follow: ostiary client erasures",
}


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _erase(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    if options.early:
        erasure = await carried_out(context, caller, stage_erasure, options.client_id, options.reason)
    elif options.reason:
        raise InvalidRequest("--reason goes with --early: who erases when the period is over needs none.")
    else:
        erasure = (await carried_out(context, caller, request_by_operator, options.client_id)).accepted
    _show_erasure(options, installation, erasure)


async def _confirm(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    erasure = await carried_out(context, caller, second_word, options.erasure_id)
    _show_erasure(options, installation, erasure)


async def _waive(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    wish = WaiverWish(options.reason, options.note)
    erasure = await carried_out(context, caller, waive_word, options.erasure_id, wish)
    _show_erasure(options, installation, erasure)


async def _withdraw(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    erasure = await carried_out(context, caller, withdraw_erasure, options.erasure_id)
    _show_erasure(options, installation, erasure)


async def _erasures(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    every: list[Erasure] = []
    while page := await context.storage.erasures.page(caller.company, every[-1].id if every else None, PAGE):
        every += page
    now = context.now_ms()
    lines = "\n".join(_line(each, now) for each in every)
    show(options, [erasure_shape(each, now) for each in every], lines or "No client was erased.")


async def _hold(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    wish = HoldWish(options.reason, options.until)
    _show_holds(options, installation, [await carried_out(context, caller, hold_client, options.client_id, wish)])


async def _release(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    given = (options.client_id, options.hold_id, options.reason)
    _show_holds(options, installation, [await carried_out(context, caller, release_hold, *given)])


async def _holds(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    _show_holds(options, installation, await list_holds(installation.context, caller, options.client_id))


async def _caller(options: argparse.Namespace, installation: Installation) -> Caller:
    return await operator_for(installation.context, options.company, named_operator(options))


def _show_erasure(options: argparse.Namespace, installation: Installation, erasure: Erasure) -> None:
    now = installation.context.now_ms()
    next_step = _SECOND if erasure.waits_for_waiver else _NEXT.get(erasure.state, "nothing")
    words = f"{_line(erasure, now)}\nnext: {next_step}"
    show(options, erasure_shape(erasure, now), words)


def _line(erasure: Erasure, now_ms: int) -> str:
    problem = f"  {erasure.problem}" if erasure.problem else ""
    late = "  OVERDUE" if erasure.is_overdue(now_ms) else ""
    if erasure.problem and len(erasure.silent) > 1:
        problem += f"  not confirmed by {', '.join(erasure.silent)}"
    if erasure.waiver is not None:
        by = " and ".join(filter(None, (erasure.waiver.actor, erasure.waiver.confirmed_by)))
        problem += f"  without its word ({erasure.waiver.reason.value}) by {by}"
    at = format_timestamp(erasure.ended_at_ms or erasure.requested_at_ms)
    return f"{erasure.id}  {erasure.state.value:9}  {erasure.client_id}  {at}  {erasure.cause.value}{problem}{late}"


def _show_holds(options: argparse.Namespace, installation: Installation, holds: list[Hold]) -> None:
    now = installation.context.now_ms()
    answer: list[dict[str, Any]] = [hold_shape(each, now) for each in holds]
    lines = "\n".join(f"{each.id}  {_until(each, now)}  {each.actor}  {each.reason}" for each in holds)
    show(options, answer, lines or "Nothing holds this client's data.")


def _until(hold: Hold, now_ms: int) -> str:
    if not hold.holds_at(now_ms):
        return "over"
    return "until released" if hold.until_ms == END_MS else f"until {format_timestamp(hold.until_ms)}"


_ACTIONS = {
    "erase": _erase, "confirm": _confirm, "withdraw": _withdraw, "waive": _waive, "erasures": _erasures,
    "hold": _hold, "release": _release, "holds": _holds,
}  # fmt: skip
