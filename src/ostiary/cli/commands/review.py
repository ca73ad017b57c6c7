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
from ostiary.cli.review.staged import staged_shape, staged_words
from ostiary.cli.review.view import in_words
from ostiary.cli.showing import age, print_table
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import Document
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.rejections import MOST_REASON_CHARACTERS
from ostiary.domain.review.approvals import Approval, Form, Proposal, Settled
from ostiary.domain.review.remarks import demand_text
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.onboarding.products import read_product
from ostiary.usecases.review import decide as reviewing
from ostiary.usecases.review import second_person
from ostiary.usecases.review.escalations import hand_down, hand_up
from ostiary.usecases.review.four_eyes import settle, settle_number
from ostiary.usecases.transaction import Outcome, execute
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
    await _decide(options, installation, Proposal(Form.APPROVE, note=options.note, is_override=options.override))


async def _reject(options: argparse.Namespace, installation: Installation) -> None:
    form = Form.REJECT_CLIENT if options.client else Form.REJECT
    await _decide(options, installation, Proposal(form, options.reason, note=options.note))


async def _decide(options: argparse.Namespace, installation: Installation, proposal: Proposal) -> None:
    _, decided = await _settled(options, installation, partial(settle, proposal=proposal))
    _report(options, decided)


async def _return(options: argparse.Namespace, installation: Installation) -> None:
    if options.text is not None:
        demand_text("text", options.text, MOST_REASON_CHARACTERS)
    keys = tuple(options.key or ())
    proposal = Proposal(Form.RETURN, options.text or "", tuple(options.reason), keys, note=options.note)
    caller, decided = await _settled(options, installation, partial(settle, proposal=proposal))
    to_redo: list[str] = []
    if decided.approval is None and isinstance(decided.answer, Enablement):
        state = await read_product(installation.context, caller, decided.answer.client_id, decided.answer.id)
        to_redo = [
            f"{rejection.key}: {rejection.code} ({rejection.field})" for rejection in state.assessment.rejections
        ]
    _report(options, decided, to_redo)


async def _release(options: argparse.Namespace, installation: Installation) -> None:
    release = Proposal(Form.RELEASE, subject=options.document, note=options.note)
    _, decided = await _settled(options, installation, partial(settle, proposal=release))
    _report_number(options, decided, {}, "may serve another client now")


async def _assign(options: argparse.Namespace, installation: Installation) -> None:
    to = Proposal(Form.ASSIGN, subject=options.document, to=options.to, note=options.note)
    decided = await settle_number(*await _place(options, installation), to)
    _report_number(options, decided, {"client_id": options.to}, f"belongs to client {options.to}")


async def _confirm(options: argparse.Namespace, installation: Installation) -> None:
    context, caller, client_id, request_id = place = await _place(options, installation)
    decided = await second_person.confirm_number(*place, options.decision, options.note)
    second_person.demand_effect(decided)
    dossier = await load_dossier(context, caller, client_id)
    _report(options, Settled(dossier.enablement(request_id)))


async def _send_back(options: argparse.Namespace, installation: Installation) -> None:
    place = await _place(options, installation)
    approval = await second_person.send_back_to_maker(*place, options.decision, options.note)
    _report_ended(options, approval, f"sent back to {approval.maker_name}")


async def _withdraw(options: argparse.Namespace, installation: Installation) -> None:
    approval = await second_person.take_back(*await _place(options, installation), options.decision)
    _report_ended(options, approval, "withdrawn")


async def _escalate(options: argparse.Namespace, installation: Installation) -> None:
    approval = await hand_up(*await _place(options, installation), options.note)
    show(options, {"request_id": approval.enablement_id}, "handed up: the request is with the approvers")


async def _deescalate(options: argparse.Namespace, installation: Installation) -> None:
    approval = await hand_down(*await _place(options, installation), options.note)
    show(options, {"request_id": approval.enablement_id}, f"given back to {approval.maker_name}")


async def _place(options: argparse.Namespace, installation: Installation) -> tuple[Context, Caller, str, str]:
    """What a use case begins with: the operator who is named, on the request that is named."""
    context = installation.context
    request = await reviewing.find_request(context, options.request_id)
    caller = await operator_for(context, request.company_id, options.operator)
    return context, caller, request.client_id, options.request_id


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


def _report(options: argparse.Namespace, decided: Settled, to_redo: Sequence[str] = ()) -> None:
    after = decided.answer
    assert isinstance(after, Enablement)  # noqa: S101 (of these forms)
    answer: dict[str, object] = {
        "request_id": after.id,
        "client_id": after.client_id,
        "product": after.product,
        "status": after.status,
    }
    if decided.approval is not None:
        return show(options, answer | staged_shape(decided.approval), staged_words(decided.approval))
    words = f"decided: request {after.id} is {after.status}"
    if to_redo:
        answer["to_redo"] = list(to_redo)
        words += ", to be redone are:\n  " + "\n  ".join(to_redo)
    show(options, answer, words)


def _report_number(options: argparse.Namespace, decided: Settled, more: dict[str, object], words: str) -> None:
    if decided.approval is not None:
        answer = {"request_id": options.request_id, "document_id": options.document}
        return show(options, answer | staged_shape(decided.approval), staged_words(decided.approval))
    document = decided.answer
    assert isinstance(document, Document)  # noqa: S101 (of these forms)
    answer = {"request_id": options.request_id, "document_id": document.id} | (more or {"type": document.type})
    show(options, answer, f"the number of {document.type} {document.id} {words}")


def _report_ended(options: argparse.Namespace, approval: Approval, words: str) -> None:
    answer = {"request_id": approval.enablement_id, "decision_id": approval.id, "kinds": list(approval.kinds)}
    show(options, answer, f"the decision ({', '.join(approval.kinds)}) is {words}; nothing has changed")


_ACTIONS = {
    "list": _list,
    "show": _show,
    "approve": _approve,
    "reject": _reject,
    "return": _return,
    "release": _release,
    "assign": _assign,
    "confirm": _confirm,
    "escalate": _escalate,
    "deescalate": _deescalate,
    "decline": _send_back,
    "withdraw": _withdraw,
}
