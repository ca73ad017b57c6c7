"""`ostiary webhook`: a company's deliveries, for the operator who helps a partner."""

from __future__ import annotations

import argparse
import json

from ostiary.app import Opened, opened
from ostiary.cli import EXIT_OK
from ostiary.cli.running import show
from ostiary.cli.showing import print_table
from ostiary.domain.companies import Caller
from ostiary.domain.messages import Attempt, Delivery, Outcome
from ostiary.domain.times import shown
from ostiary.http.delivery_calls import delivery_json, health_json, tried_json
from ostiary.settings import Settings
from ostiary.usecases import deliveries
from ostiary.usecases.companies import operator_for
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.webhooks import read_webhook_health

OPERATOR = "webhook"


def do(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as parts:
        parts.run(_ACTIONS[options.action](options, parts))
    return EXIT_OK


async def _health(options: argparse.Namespace, parts: Opened) -> None:
    caller = await _caller(options, parts)
    health = health_json(await read_webhook_health(parts.world, caller))
    words = ", ".join(f"{name} {value}" for name, value in health.items())
    url = caller.company.webhook.url
    show(options, {"url": url, **health}, f"{url or 'no address'}: {words}")


async def _list(options: argparse.Namespace, parts: Opened) -> None:
    caller = await _caller(options, parts)
    state = None if options.state is None else Outcome(options.state)
    found, _ = await deliveries.list_deliveries(
        parts.world, caller, state=state, enablement_id=options.request, before=None, limit=options.limit
    )
    if options.json or not found:
        return show(options, [delivery_json(one) for one in found], "There is no such delivery.")
    print_table(("delivery", "event", "request", "state", "tries", "made"), (_row(one) for one in found))


async def _show(options: argparse.Namespace, parts: Opened) -> None:
    caller = await _caller(options, parts)
    found = await deliveries.read_delivery(parts.world, caller, options.delivery_id)
    told = tried_json(found)
    lines = [f"{name:20} {value}" for name, value in told.items() if name not in ("payload", "attempts")]
    lines += [_try_line(one) for one in found.tries]
    lines.append(json.dumps(told["payload"], indent=2, ensure_ascii=False))
    show(options, told, "\n".join(lines))


async def _redeliver(options: argparse.Namespace, parts: Opened) -> None:
    caller = await _caller(options, parts)

    async def decide() -> Decided[Delivery]:
        return await deliveries.redeliver(parts.world, caller, options.delivery_id)

    _told(options, await settle(parts.world, caller, decide))


async def _test(options: argparse.Namespace, parts: Opened) -> None:
    caller = await _caller(options, parts)

    async def decide() -> Decided[Delivery]:
        return await deliveries.send_test(parts.world, caller)

    _told(options, await settle(parts.world, caller, decide))


def _told(options: argparse.Namespace, delivery: Delivery) -> None:
    message_id = delivery.message.id
    words = f"{message_id} is due now; `ostiary webhook show {message_id} --company {options.company}` says how it went"
    show(options, delivery_json(delivery), words)


async def _caller(options: argparse.Namespace, parts: Opened) -> Caller:
    return await operator_for(parts.world, options.company, OPERATOR)


def _try_line(one: Attempt) -> str:
    said = one.answer.decode("utf-8", "replace")
    return f"{shown(one.at_ms)}  {one.status or one.problem}, {one.ms} ms  {said}".rstrip()


def _row(one: Delivery) -> tuple[str, ...]:
    message = one.message
    state = "waits for an earlier one" if one.waits else one.state.value
    request = message.enablement_id if message.client_id else ""
    kind = str(message.body["event_type"])
    return message.id, kind, request, state, str(message.attempts), shown(one.created_at_ms)


_ACTIONS = {"health": _health, "list": _list, "show": _show, "redeliver": _redeliver, "test": _test}
