"""`ostiary risk`: how much risk a client is and why, and an operator's own word instead."""

from __future__ import annotations

import argparse

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.lifecycle.risk_words import risk_lines
from ostiary.domain.clients.risk_override import RiskWish
from ostiary.domain.lifecycle.risk import AssessedRisk
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.lifecycle.risk import read_risk, release_risk, set_risk
from ostiary.usecases.transaction import execute
from ostiary.wire.lifecycle.risk import risk_shape


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        risk = installation.run(_ACTIONS[options.action](options, installation))
    show(options, {"client_id": options.client_id, **risk_shape(risk)}, "\n".join(risk_lines(risk)))
    return EXIT_OK


async def _show(options: argparse.Namespace, installation: Installation) -> AssessedRisk:
    caller = await operator_for(installation.context, options.company, named_operator(options))
    return await read_risk(installation.context, caller, options.client_id)


async def _set(options: argparse.Namespace, installation: Installation) -> AssessedRisk:
    context, wish = installation.context, RiskWish(options.risk_class, options.until, options.reason)
    caller = await operator_for(context, options.company, options.operator)
    return await execute(context, caller, lambda: set_risk(context, caller, options.client_id, wish))


async def _release(options: argparse.Namespace, installation: Installation) -> AssessedRisk:
    context = installation.context
    caller = await operator_for(context, options.company, options.operator)
    return await execute(context, caller, lambda: release_risk(context, caller, options.client_id, options.reason))


_ACTIONS = {"show": _show, "set": _set, "release": _release}
