"""Deciding from the page of a case: each decision names the look that it rests on, and one that is refused comes back
on the same page with what was typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import msgspec

from ostiary.console.answers import ConsoleAnswer, Download, Page, Redirect
from ostiary.console.pages.cases.case import case_page, client_of
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.case_values import TypedForm, base_of
from ostiary.console.review.decisions import decision_of, words_of
from ostiary.console.services import Console
from ostiary.domain.errors import Contended, Fault, Refused, ValidationFailed
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.screening.hits import HitState
from ostiary.usecases.review import claims
from ostiary.usecases.review.decide import release_number
from ostiary.usecases.review.drafts import keep_draft
from ostiary.usecases.review.looked import demand_look_at
from ostiary.usecases.review.preview import preview_of
from ostiary.usecases.screening.screen_client import HitDecision, decide_hit
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.numbers import Assignment, decide_number

T = TypeVar("T")
QUEUE = "/console/queue"
REFUSED = 412
"""As the API answers what a rule says no to (RFC 9110 15.5.13)."""
NOTICES = {
    "approve": "case_approved",
    "reject": "case_rejected",
    "offboard": "case_offboarded",
    "reject_client": "client_rejected",
    "return": "case_returned",
}


async def decide(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Approves, rejects, returns, off-boards, or rejects the client."""
    form = request.path["decision"]
    may_offboard = may(request.operator, Permission.OFFBOARD, request.caller.company.id)
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    try:
        decided = decision_of(form, request.form, may_offboard=may_offboard)
        use_case = partial(decided, console.context, request.caller, client_id, enablement_id)
        await claims.settle_case(
            console.context, request.operator, request.caller, enablement_id, _at_look(console, request, use_case)
        )
    except (Refused, Contended) as problem:
        return await _refused(console, request, form, problem)
    await keep_draft(console.context, request.caller, request.operator, (client_id, enablement_id), "")
    return Redirect(QUEUE, NOTICES[form])


async def decide_one_hit(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Says whether an entry of a list is the client."""
    key, word = request.path["hitKey"], request.form.text("state")
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    form = f"hit-{key}"
    try:
        if word not in (HitState.CLEARED, HitState.CONFIRMED):
            raise ValidationFailed("Say whether it is somebody else or the client.")
        decided = HitDecision(key, HitState(word), request.form.text("note"))
        use_case = partial(decide_hit, console.context, request.caller, client_id, enablement_id, decided)
        await claims.settle_case(
            console.context, request.operator, request.caller, enablement_id, _at_look(console, request, use_case)
        )
    except (Refused, Contended) as problem:
        return await _refused(console, request, form, problem)
    return Redirect(base_of(request.caller.company.id, enablement_id), f"hit_{word}")


async def release(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Sets a document's number free for others."""
    document_id = request.path["documentId"]
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    note = request.form.text("note")
    use_case = partial(release_number, console.context, request.caller, client_id, enablement_id, document_id, note)
    try:
        await claims.settle_case(
            console.context, request.operator, request.caller, enablement_id, _at_look(console, request, use_case)
        )
    except (Refused, Contended) as problem:
        return await _refused(console, request, f"number-{document_id}", problem)
    return Redirect(base_of(request.caller.company.id, enablement_id), "number_released")


async def assign(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Says which of two clients a document's number belongs to."""
    document_id, context, caller = request.path["documentId"], console.context, request.caller
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    to = Assignment(document_id, request.form.text("to"), request.form.text("note"))
    try:
        await claims.claim_case(context, request.operator, caller.company.id, enablement_id)
        await demand_look_at(context, caller, client_id, enablement_id, _look(request))
        await decide_number(context, caller, client_id, enablement_id, to)
    except (Refused, Contended) as problem:
        return await _refused(console, request, f"number-{document_id}", problem)
    return Redirect(base_of(caller.company.id, enablement_id), "number_assigned")


async def preview(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """What the company would get of what is typed so far, or what is still missing."""
    may_offboard = may(request.operator, Permission.OFFBOARD, request.caller.company.id)
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    try:
        decided = decision_of(request.form.text("form"), request.form, may_offboard=may_offboard)
        events = await preview_of(
            request.caller, lambda caller: decided(console.context, caller, client_id, enablement_id)
        )
    except (Refused, Contended) as problem:
        return Page(template="case_preview.html", title="Preview", values={"problem": _words(problem), "events": ()})
    has_webhook = request.caller.company.webhook.url is not None
    texts = [msgspec.json.format(msgspec.json.encode(event), indent=2).decode() for event in events]
    values = {"problem": "", "events": texts, "has_webhook": has_webhook}
    return Page(template="case_preview.html", title="Preview", values=values)


async def keep_note(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Keeps the note that is being written."""
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    note = request.form.raw("note")
    await keep_draft(console.context, request.caller, request.operator, (client_id, enablement_id), note)
    values = {"at_ms": console.context.now_ms(), "is_empty": not note.strip()}
    return Page(template="case_note_kept.html", title="Note", values=values)


async def claim(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Takes a case, or goes on with it."""
    enablement_id, company_id = request.path["requestId"], request.caller.company.id
    try:
        await claims.claim_case(console.context, request.operator, company_id, enablement_id)
    except Refused as problem:
        return await _refused(console, request, "claim", problem)
    return Redirect(base_of(company_id, enablement_id))


async def renew(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Says that the page is still used. Raises InvalidState when somebody else has the case by now."""
    company_id = request.caller.company.id
    await claims.claim_case(console.context, request.operator, company_id, request.path["requestId"])
    return Download(b"", "text/plain")


async def let_go(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Leaves a case to others."""
    enablement_id, company_id = request.path["requestId"], request.caller.company.id
    await claims.release_case(console.context, request.operator, company_id, enablement_id)
    return Redirect(QUEUE, "case_let_go")


async def hand_over(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Gives a case to a colleague."""
    enablement_id, company_id = request.path["requestId"], request.caller.company.id
    try:
        await claims.hand_over_case(
            console.context, request.operator, company_id, enablement_id, request.form.text("to")
        )
    except Refused as problem:
        return await _refused(console, request, "hand_over", problem)
    return Redirect(QUEUE, "case_handed_over")


def _at_look(
    console: Console, request: ConsoleRequest, use_case: Callable[[], Awaitable[Outcome[T]]]
) -> Callable[[], Awaitable[Outcome[T]]]:
    """The decision, unless the case changed since the look that the page showed."""

    async def decided() -> Outcome[T]:
        client_id = await client_of(console, request)
        enablement_id = request.path["requestId"]
        await demand_look_at(console.context, request.caller, client_id, enablement_id, _look(request))
        return await use_case()

    return decided


def _look(request: ConsoleRequest) -> int:
    """The position of the look, as the page's forms send it. Raises ValidationFailed."""
    text = request.form.text("look")
    if not (text.isascii() and text.isdigit()) or len(text) > len("999999999"):
        raise ValidationFailed("Decide from the page of the case.", faults=(Fault("look", "VALUE_INVALID", ""),))
    return int(text)


async def _refused(console: Console, request: ConsoleRequest, form: str, problem: Refused | Contended) -> ConsoleAnswer:
    """The case again, as it is now, with what was typed and why that was refused."""
    typed = TypedForm(form, _words(problem), request.form.values())
    return await case_page(console, request, typed, REFUSED)


def _words(problem: Refused | Contended) -> str:
    """With each field at fault, unless the message says the same."""
    faults = [fault.message for fault in problem.faults if fault.message and fault.message != problem.message]
    return " ".join([words_of(problem), *faults])
