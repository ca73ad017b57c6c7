"""`ostiary review`: see what waits for an operator, look, decide."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from ostiary.app import Installation, opened
from ostiary.cli.dispatch import show
from ostiary.cli.review.saving import save_pictures
from ostiary.cli.review.view import in_words
from ostiary.cli.showing import age, print_table
from ostiary.domain.companies.company import Caller
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.rejections import MOST_REASON_CHARACTERS
from ostiary.domain.review.remarks import demand_text
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.onboarding.products import read_product
from ostiary.usecases.review import decide as reviewing
from ostiary.usecases.transaction import Outcome, execute
from ostiary.usecases.verification.numbers import Assignment, decide_number
from ostiary.wire.review import as_json

T = TypeVar("T")


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _list(options: argparse.Namespace, installation: Installation) -> None:
    waiting = await reviewing.list_reviews(installation.context, options.company)
    now = installation.context.now_ms()
    answer = [
        {
            "request_id": each.enablement.id,
            "kind": each.enablement.review,
            "product": each.enablement.product,
            "client_id": each.enablement.client_id,
            "company_id": each.company.id,
            "company": each.company.name,
            "environment": each.company.environment,
            "since": format_timestamp(each.enablement.review_since_ms or 0),
            "waiting_s": (now - (each.enablement.review_since_ms or now)) // 1000,
            "reasons": list(each.enablement.review_reasons),
            "hits": each.hits,
        }
        for each in waiting
    ]
    if options.json or not waiting:
        return show(options, answer, "Nothing waits for an operator.")
    rows = (
        (
            age(now - (each.enablement.review_since_ms or now)),
            each.enablement.review or "",
            each.enablement.product,
            each.enablement.id,
            each.company.name,
            str(each.hits or ""),
            " ".join(each.enablement.review_reasons),
        )
        for each in waiting
    )
    print_table(("waiting", "for", "product", "request", "company", "hits", "because"), rows)


async def _show(options: argparse.Namespace, installation: Installation) -> None:
    look = partial(reviewing.inspect_request, pictures=options.save is not None)
    caller, details = await _settled(options, installation, look)
    saved = []
    if options.save is not None:
        folder, client = Path(options.save), details.dossier.client
        saved = await save_pictures(installation, client, details.documents, folder, options.request_id)
    entries = await installation.store.audit.entries(caller.company.id, details.dossier.client.id)
    answer = {**as_json(caller.company, details, entries), "saved": [str(path) for path in saved]}
    words = in_words(caller.company, details, entries, installation.context.now_ms())
    if saved:
        words += "\n\nThese pictures are plain now; delete them when you have decided:\n  "
        words += "\n  ".join(str(path) for path in saved)
    show(options, answer, words)


async def _approve(options: argparse.Namespace, installation: Installation) -> None:
    await _decide(options, installation, Verdict(Decision.APPROVE))


async def _reject(options: argparse.Namespace, installation: Installation) -> None:
    decision = Decision.REJECT_CLIENT if options.client else Decision.REJECT
    await _decide(options, installation, Verdict(decision, options.reason))


async def _decide(options: argparse.Namespace, installation: Installation, verdict: Verdict) -> None:
    _, after = await _settled(
        options, installation, partial(reviewing.decide_request, verdict=verdict, note=options.note)
    )
    _report(options, after)


async def _return(options: argparse.Namespace, installation: Installation) -> None:
    if options.text is not None:
        demand_text("text", options.text, MOST_REASON_CHARACTERS)
    back = reviewing.SendBack(options.reason, options.key or (), options.text or "", options.note)
    caller, after = await _settled(options, installation, partial(reviewing.return_request, back=back))
    state = await read_product(installation.context, caller, after.client_id, after.id)
    _report(
        options,
        after,
        [f"{rejection.key}: {rejection.code} ({rejection.field})" for rejection in state.assessment.rejections],
    )


async def _release(options: argparse.Namespace, installation: Installation) -> None:
    release = partial(reviewing.release_number, document_id=options.document, note=options.note)
    _, document = await _settled(options, installation, release)
    answer = {"request_id": options.request_id, "document_id": document.id, "type": document.type}
    show(options, answer, f"the number of {document.type} {document.id} may serve another client now")


async def _assign(options: argparse.Namespace, installation: Installation) -> None:
    context, to = installation.context, Assignment(options.document, options.to, options.note)
    place = await reviewing.find_request(context, options.request_id)
    caller = await operator_for(context, place.company_id, options.operator)
    document = await decide_number(context, caller, place.client_id, options.request_id, to)
    answer = {"request_id": options.request_id, "document_id": document.id, "client_id": options.to}
    show(options, answer, f"the number of {document.type} {document.id} belongs to client {options.to}")


async def _settled(
    options: argparse.Namespace, installation: Installation, decide: Callable[..., Awaitable[Outcome[T]]]
) -> tuple[Caller, T]:
    """Runs a use case for the operator who is named, on the request that is named."""
    context = installation.context
    place = await reviewing.find_request(context, options.request_id)

    async def again() -> Outcome[T]:
        caller = await operator_for(context, place.company_id, options.operator)
        return await decide(context, caller, place.client_id, options.request_id)

    caller = await operator_for(context, place.company_id, options.operator)
    return caller, await execute(context, caller, again)


def _report(options: argparse.Namespace, after: Enablement, to_redo: Sequence[str] = ()) -> None:
    answer: dict[str, object] = {
        "request_id": after.id,
        "client_id": after.client_id,
        "product": after.product,
        "status": after.status,
    }
    words = f"decided: request {after.id} is {after.status}"
    if to_redo:
        answer["to_redo"] = list(to_redo)
        words += ", to be redone are:\n  " + "\n  ".join(to_redo)
    show(options, answer, words)


_ACTIONS = {
    "list": _list,
    "show": _show,
    "approve": _approve,
    "reject": _reject,
    "return": _return,
    "release": _release,
    "assign": _assign,
}
