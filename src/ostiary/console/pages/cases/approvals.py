"""The second person: confirms a decision that waits or sends it back; and its maker, who withdraws it."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases.case import client_of
from ostiary.console.pages.cases.decide import look_in, refused
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.queue_view import QUEUE, carried_view
from ostiary.console.services import Console
from ostiary.domain.errors import Contended, Refused
from ostiary.html.answers import Redirect
from ostiary.usecases.review import claims, second_person
from ostiary.usecases.review.escalations import hand_down, hand_up
from ostiary.usecases.review.looked import demand_look_at

FOR_APPROVERS = f"{QUEUE}?holding=approval"


async def confirm(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Lets a colleague's decision take effect. Raises ConsoleRefused for one's own."""
    context, caller, operator = console.context, request.caller, request.operator
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    approval_id, note = request.path["approvalId"], request.form.text("note")
    try:
        await claims.claim_case(context, operator, caller.company.id, enablement_id)
        await demand_look_at(context, caller, client_id, enablement_id, look_in(request))
        settled = await second_person.confirm_number(context, caller, client_id, enablement_id, approval_id, note)
        second_person.demand_effect(settled)
    except (Refused, Contended) as problem:
        return await refused(console, request, "confirm", problem)
    if settled.frees_case:
        await claims.release_case(context, operator, caller.company.id, enablement_id)
    return Redirect(FOR_APPROVERS, "decision_confirmed")


async def send_back(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Gives a decision back to who made it. Raises ConsoleRefused for one's own."""
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    approval_id, note = request.path["approvalId"], request.form.text("note")
    try:
        place = (console.context, request.caller, client_id, enablement_id)
        await second_person.send_back_to_maker(*place, approval_id, note)
    except (Refused, Contended) as problem:
        return await refused(console, request, "send_back", problem)
    return Redirect(FOR_APPROVERS, "decision_sent_back")


async def withdraw(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Takes one's own decision back."""
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    try:
        place = (console.context, request.caller, client_id, enablement_id)
        await second_person.take_back(*place, request.path["approvalId"])
    except (Refused, Contended) as problem:
        return await refused(console, request, "withdraw", problem)
    return Redirect(carried_view(request).case(request.caller.company.id, enablement_id), "decision_withdrawn")


async def escalate(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Hands a case up to the approvers."""
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    try:
        await hand_up(console.context, request.caller, client_id, enablement_id, request.form.text("note"))
    except (Refused, Contended) as problem:
        return await refused(console, request, "escalate", problem)
    return Redirect(carried_view(request).queue(), "case_escalated")


async def give_back(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Leaves a case to who handed it up."""
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    try:
        await hand_down(console.context, request.caller, client_id, enablement_id, request.form.text("note"))
    except (Refused, Contended) as problem:
        return await refused(console, request, "give_back", problem)
    return Redirect(FOR_APPROVERS, "case_given_back")
