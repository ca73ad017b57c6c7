"""Deciding from the page of a case: each decision names the look that it rests on, and one that is refused comes back
on the same page with what was typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import msgspec

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases.case import case_page, client_of
from ostiary.console.pages.cases.turns import turn_for
from ostiary.console.problems import ConsoleRefused
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.case_values import TypedForm
from ostiary.console.review.decisions import proposal_of, within_rights, words_of
from ostiary.console.review.queue_view import QueueView, carried_place, carried_view
from ostiary.console.services import Console
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Contended, Fault, OwnDecision, Refused, ValidationFailed
from ostiary.domain.review.approvals import Form, Proposal, Settled
from ostiary.domain.review.waiting import QueueFilters, QueuePlace, place_of
from ostiary.domain.screening.hits import HitState
from ostiary.domain.sentences import joined
from ostiary.html.answers import Download, Page, Redirect
from ostiary.usecases.review import claims
from ostiary.usecases.review.drafts import keep_draft
from ostiary.usecases.review.four_eyes import settle, settle_number
from ostiary.usecases.review.looked import demand_look_at
from ostiary.usecases.review.preview import preview_of
from ostiary.usecases.review.proposals import worked_out
from ostiary.usecases.review.queue import case_to_go_on_with, demand_possible
from ostiary.usecases.transaction import Outcome

T = TypeVar("T")
REFUSED = 412
"""As the API answers what a rule says no to (RFC 9110 15.5.13)."""
NOTICES = {
    "approve": "case_approved",
    "reject": "case_rejected",
    "offboard": "case_offboarded",
    "reject_client": "client_rejected",
    "return": "case_returned",
    "override": "case_approved",
}


@dataclass(frozen=True, slots=True)
class _Onward:
    """Where a decision leads: back to the queue, or if the form says so on to the next case."""

    view: QueueView
    filters: QueueFilters
    place: QueuePlace
    goes_on: bool

    async def address(self, console: Console, request: ConsoleRequest) -> str:
        if self.goes_on:
            with suppress(ConsoleRefused):  # what was decided is: who has to wait for more goes by the queue
                async with turn_for(console, self.filters):
                    case = await case_to_go_on_with(console.context, request.operator, self.filters, self.place)
                if case is not None:
                    return self.view.case(case.company_id, case.enablement_id)
        return self.view.queue()


def _onward(console: Console, request: ConsoleRequest) -> _Onward:
    """Read before anything is decided. Raises ValidationFailed for a view that there is not."""
    view = carried_view(request)
    filters, place = view.filters(), place_of(carried_place(request))
    demand_possible(console.context, filters)
    return _Onward(view, filters, place, bool(request.form.text("go_on")))


def _same_case(request: ConsoleRequest) -> str:
    """The case again, in the view from which it was opened."""
    return carried_view(request).case(request.caller.company.id, request.path["requestId"])


async def decide(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Approves, rejects, returns, off-boards, or rejects the client."""
    form, onward = request.path["decision"], _onward(console, request)
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    try:
        proposal = proposal_of(form, request.form)
        settled = await _settled(console, request, proposal)
    except (Refused, Contended) as problem:
        return await refused(console, request, form, problem)
    await keep_draft(console.context, request.caller, request.operator, (client_id, enablement_id), "")
    notice = NOTICES[form] if settled.approval is None else "decision_staged"
    return Redirect(await onward.address(console, request), notice)


async def decide_one_hit(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Says whether an entry of a list is the client."""
    key, word, back = request.path["hitKey"], request.form.text("state"), _same_case(request)
    try:
        if word not in (HitState.CLEARED, HitState.CONFIRMED):
            raise ValidationFailed("Say whether it is somebody else or the client.")
        proposal = Proposal(Form.HIT, subject=key, to=word, note=request.form.text("note"))
        settled = await _settled(console, request, proposal)
    except (Refused, Contended) as problem:
        return await refused(console, request, f"hit-{key}", problem)
    return _on_case(back, settled, f"hit_{word}")


async def release(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Sets a document's number free for others."""
    document_id, back = request.path["documentId"], _same_case(request)
    proposal = Proposal(Form.RELEASE, subject=document_id, note=request.form.text("note"))
    try:
        settled = await _settled(console, request, proposal)
    except (Refused, Contended) as problem:
        return await refused(console, request, f"number-{document_id}", problem)
    return _on_case(back, settled, "number_released")


async def assign(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Says which of two clients a document's number belongs to."""
    document_id, context, caller = request.path["documentId"], console.context, request.caller
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    text, back = request.form.text, _same_case(request)
    proposal = Proposal(Form.ASSIGN, subject=document_id, to=text("to"), note=text("note"))
    try:
        await claims.claim_case(context, request.operator, caller.company.id, enablement_id)
        await demand_look_at(context, caller, client_id, enablement_id, look_in(request))
        settled = await settle_number(context, caller, client_id, enablement_id, proposal)
    except (Refused, Contended) as problem:
        return await refused(console, request, f"number-{document_id}", problem)
    return _on_case(back, settled, "number_assigned")


def _on_case(place: str, settled: Settled, notice: str) -> Redirect:
    """The case again: there may be more to decide of it."""
    return Redirect(place, notice if settled.approval is None else "decision_staged")


async def preview(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """What the company would get of what is typed so far, or what is still missing."""
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    try:
        proposal = proposal_of(request.form.text("form"), request.form)

        async def decided(caller: Caller) -> Outcome[object]:
            work = partial(worked_out, console.context, caller, client_id, enablement_id, proposal)
            return await within_rights(console, caller, (client_id, enablement_id), proposal, work, request.operator)

        events = await preview_of(request.caller, decided)
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
    back = _same_case(request)
    try:
        await claims.claim_case(console.context, request.operator, company_id, enablement_id)
    except Refused as problem:
        return await refused(console, request, "claim", problem)
    return Redirect(back)


async def renew(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Says that the page is still used. Raises InvalidState when somebody else has the case by now."""
    company_id = request.caller.company.id
    await claims.claim_case(console.context, request.operator, company_id, request.path["requestId"])
    return Download(b"", "text/plain")


async def let_go(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Leaves a case to others."""
    queue = carried_view(request).queue()
    enablement_id, company_id = request.path["requestId"], request.caller.company.id
    await claims.release_case(console.context, request.operator, company_id, enablement_id)
    return Redirect(queue, "case_let_go")


async def hand_over(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Gives a case to a colleague."""
    queue = carried_view(request).queue()
    enablement_id, company_id = request.path["requestId"], request.caller.company.id
    try:
        await claims.hand_over_case(
            console.context, request.operator, company_id, enablement_id, request.form.text("to")
        )
    except Refused as problem:
        return await refused(console, request, "hand_over", problem)
    return Redirect(queue, "case_handed_over")


async def _settled(console: Console, request: ConsoleRequest, proposal: Proposal) -> Settled:
    """A decision to its committed end, at once or as far as the catalogue lets one person go."""
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    place, caller = (client_id, enablement_id), request.caller
    decide = partial(settle, console.context, caller, client_id, enablement_id, proposal)

    async def within() -> Outcome[Settled]:
        return await within_rights(console, caller, place, proposal, decide, request.operator)

    at_look = _at_look(console, request, within)
    return await claims.settle_case(console.context, request.operator, caller, enablement_id, at_look)


def _at_look(
    console: Console, request: ConsoleRequest, use_case: Callable[[], Awaitable[Outcome[T]]]
) -> Callable[[], Awaitable[Outcome[T]]]:
    """The decision, unless the case changed since the look that the page showed."""

    async def decided() -> Outcome[T]:
        client_id = await client_of(console, request)
        enablement_id = request.path["requestId"]
        await demand_look_at(console.context, request.caller, client_id, enablement_id, look_in(request))
        return await use_case()

    return decided


def look_in(request: ConsoleRequest) -> int:
    """The position of the look, as the page's forms send it. Raises ValidationFailed."""
    text = request.form.text("look")
    if not (text.isascii() and text.isdigit()) or len(text) > len("999999999"):
        raise ValidationFailed("Decide from the page of the case.", faults=(Fault("look", "VALUE_INVALID", ""),))
    return int(text)


async def refused(console: Console, request: ConsoleRequest, form: str, problem: Refused | Contended) -> ConsoleAnswer:
    """The case again, as it is now, with what was typed and why that was refused. Raises ConsoleRefused for what takes
    a second person."""
    if isinstance(problem, OwnDecision):
        raise ConsoleRefused(403, "This decision is your own", problem.message)
    typed = TypedForm(form, _words(problem), request.form.values())
    return await case_page(console, request, typed, REFUSED)


def _words(problem: Refused | Contended) -> str:
    """With each field at fault, unless the message says the same."""
    faults = [fault.message for fault in problem.faults if fault.message and fault.message != problem.message]
    return joined([words_of(problem), *faults]) if faults else words_of(problem)
