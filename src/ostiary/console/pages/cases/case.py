"""The page of one case."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.case_values import OpenCase, TypedForm, values_of
from ostiary.console.review.queue_view import carried_place, carried_view
from ostiary.console.services import Console
from ostiary.domain.delivery.messages import Delivery
from ostiary.domain.errors import InvalidState, NotFound
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.review.approvals import Approval
from ostiary.domain.review.waiting import QueuePlace, place_at, place_of
from ostiary.html.answers import Page
from ostiary.usecases.audit.read_trail import checked
from ostiary.usecases.delivery.deliveries import list_deliveries
from ostiary.usecases.operators.directory import list_operators
from ostiary.usecases.review.claims import claim_case, claim_of
from ostiary.usecases.review.decide import inspect_request
from ostiary.usecases.review.drafts import draft_of
from ostiary.usecases.transaction import execute

DELIVERIES_SHOWN = 20
"""Of one request: each has a handful, and what is further back is on the page of deliveries."""
NOTHING_TYPED = TypedForm()


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The case as it is now. Looking is on the record, and whoever may decide has it claimed by that."""
    return await case_page(console, request)


async def client_of(console: Console, request: ConsoleRequest) -> str:
    """Whose request it is. Raises NotFound."""
    place = request.path["companyId"], request.path["requestId"]
    client_id = await console.context.storage.enablements.client_of(*place)
    if client_id is None:
        raise NotFound("There is no such request.")
    return client_id


async def case_page(
    console: Console, request: ConsoleRequest, typed: TypedForm = NOTHING_TYPED, status: int = 200
) -> Page:
    """The page, with what was typed into a form that was refused."""
    view = carried_view(request)
    case = await opened_case(console, request)
    place = standing_place(case.details.state.enablement) or place_of(carried_place(request))
    values = {**values_of(case, typed), "view": view, "standing": place}
    return Page(template="case.html", title="Case", values=values, status=status, scripts=("case.js", "pictures.js"))


async def opened_case(console: Console, request: ConsoleRequest) -> OpenCase:
    """Looks at a case, and claims it where that is possible, and it does not wait for the word of somebody else."""
    context, caller, operator = console.context, request.caller, request.operator
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    company_id = caller.company.id
    sees_pictures = may(operator, Permission.SEE_PICTURES, company_id)
    if sees_pictures:
        console.viewers.prepare()
    look = partial(inspect_request, context, caller, client_id, enablement_id, pictures=sees_pictures)
    details = await execute(context, caller, look)
    is_for_others = any(not _may_answer(operator, company_id, each) for each in details.approvals)
    if may(operator, Permission.CLAIM, company_id) and waits(details.state.enablement) and not is_for_others:
        with suppress(InvalidState):  # somebody else has it: the page says who
            await claim_case(context, operator, company_id, enablement_id)
    deliveries: list[Delivery] = []
    if may(operator, Permission.SEE_DELIVERIES, company_id):
        deliveries, _ = await list_deliveries(
            context, caller, state=None, enablement_id=enablement_id, before=None, limit=DELIVERIES_SHOWN
        )
    entries = await context.storage.audit.entries(company_id, client_id)
    chain = details.dossier.client.chain
    earlier = [each for each in entries if each.position <= chain.length]
    return OpenCase(
        operator=operator,
        company=caller.company,
        details=details,
        look=details.dossier.client.chain.length + 1,
        entries=entries,
        chain_fault=await checked(earlier, chain, console.audit_mark),
        held=await claim_of(context, company_id, enablement_id),
        draft=await draft_of(context, caller, operator, (client_id, enablement_id)),
        deliveries=deliveries,
        today=context.today_of(caller.company),
        colleagues=[
            each
            for each in await list_operators(context)
            if each.id != operator.id and may(each, Permission.CLAIM, company_id)
        ],
    )


def standing_place(enablement: Enablement) -> QueuePlace | None:
    """Where a request stands in the queue; None: it does not wait there."""
    if enablement.review is None or enablement.review_since_ms is None:
        return None
    return place_at(enablement.review, enablement.review_since_ms, enablement.id)


def _may_answer(operator: Operator, company_id: str, approval: Approval) -> bool:
    """Whether somebody can say the second word. Who cannot keeps by looking nobody from it."""
    return approval.operator_id != operator.id and may(operator, Permission.CONFIRM, company_id)


def waits(enablement: Enablement) -> bool:
    """Whether there is something to decide."""
    return enablement.review is not None or enablement.status is Status.IN_KYC
