"""`ostiary webhook`: a company's deliveries, for the operator who helps a partner."""

from __future__ import annotations

import argparse
import json

from ostiary.app import Installation, opened
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.delivery.messages import Attempt, Delivery, MessageOutcome
from ostiary.domain.hosted.events import is_hosted_event
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.delivery import deliveries
from ostiary.usecases.delivery.webhook import Hearing, read_webhook_health, subscribe_webhook
from ostiary.usecases.transaction import Outcome, execute
from ostiary.wire.answer import fields_of
from ostiary.wire.deliveries import delivery_answer, health_answer, tried_answer

OPERATOR = "webhook"


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _health(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    health = fields_of(health_answer(await read_webhook_health(installation.context, caller)))
    words = ", ".join(f"{name} {value}" for name, value in health.items())
    url = caller.company.webhook.url
    show(options, {"url": url, **health}, f"{url or 'no address'}: {words}")


async def _list(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    state = None if options.state is None else MessageOutcome(options.state)
    page, _ = await deliveries.list_deliveries(
        installation.context, caller, state=state, enablement_id=options.request, before=None, limit=options.limit
    )
    if options.json or not page:
        return show(options, [fields_of(delivery_answer(delivery)) for delivery in page], "There is no such delivery.")
    print_table(("delivery", "event", "request", "state", "tries", "made"), (_row(delivery) for delivery in page))


async def _show(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    delivery = await deliveries.read_delivery(installation.context, caller, options.delivery_id)
    answer = fields_of(tried_answer(delivery))
    lines = [f"{name:20} {value}" for name, value in answer.items() if name not in ("payload", "attempts")]
    lines += [_try_line(attempt) for attempt in delivery.tries]
    lines.append(json.dumps(answer["payload"], indent=2, ensure_ascii=False))
    show(options, answer, "\n".join(lines))


async def _redeliver(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)

    async def decide() -> Outcome[Delivery]:
        return await deliveries.redeliver(installation.context, caller, options.delivery_id)

    _report(options, await execute(installation.context, caller, decide))


async def _test(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)

    async def decide() -> Outcome[Delivery]:
        return await deliveries.send_test(installation.context, caller)

    _report(options, await execute(installation.context, caller, decide))


async def _subscribe(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    hearing = Hearing(with_sequence=options.sequence, event_types=tuple(options.event))

    async def decide() -> Outcome[Company]:
        context, fault = installation.context, installation.address_fault
        return await subscribe_webhook(context, caller, options.url, options.key, fault, hearing)

    hook = (await execute(installation.context, caller, decide)).webhook
    answer = {"url": hook.url, "include_sequence": hook.with_sequence, "event_types": list(hook.event_types)}
    show(options, answer, f"{hook.url} hears of {', '.join(hook.event_types)}")


def _report(options: argparse.Namespace, delivery: Delivery) -> None:
    message_id = delivery.message.id
    words = f"{message_id} is due now; `ostiary webhook show {message_id} --company {options.company}` says how it went"
    show(options, fields_of(delivery_answer(delivery)), words)


async def _caller(options: argparse.Namespace, installation: Installation) -> Caller:
    return await operator_for(installation.context, options.company, OPERATOR)


def _try_line(attempt: Attempt) -> str:
    body = attempt.answer.decode("utf-8", "replace")
    return f"{format_timestamp(attempt.at_ms)}  {attempt.status or attempt.problem}, {attempt.ms} ms  {body}".rstrip()


def _row(delivery: Delivery) -> tuple[str, ...]:
    message = delivery.message
    state = "waits for an earlier one" if delivery.waits else delivery.state.value
    request = message.enablement_id if message.client_id and not is_hosted_event(message) else ""
    kind = str(message.body["event_type"])
    return message.id, kind, request, state, str(message.attempts), format_timestamp(delivery.created_at_ms)


_ACTIONS = {
    "health": _health,
    "list": _list,
    "show": _show,
    "redeliver": _redeliver,
    "test": _test,
    "subscribe": _subscribe,
}
