"""Calls about renewals of enabled requests, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.queries import page_limit
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.ids import is_id
from ostiary.domain.times import LAST_MS, day_starts_ms, is_whole_number, iso_date
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.lifecycle import renewals
from ostiary.usecases.lifecycle.renewals import FROM_THE_FIRST, DeadlinePage
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.lifecycle.deadlines import deadline_answer


async def confirm_renewal(services: ApiServices, request: ApiRequest) -> Outcome[ProductState]:
    return await renewals.confirm_renewal(
        services.context, request.caller, request.path["clientId"], request.path["productRequestId"]
    )


async def list_renewals(services: ApiServices, request: ApiRequest) -> Outcome[DeadlinePage]:
    faults: list[Fault] = []
    before = _before_ms(request.query.get("due_before"), faults)
    after = _place(request.query.get("cursor"), faults)
    limit = page_limit(request.query.get("limit"), faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    page = await renewals.list_renewals(services.context, request.caller, before_ms=before, after=after, limit=limit)
    return Outcome(page)


def show_renewals(services: ApiServices, request: ApiRequest, page: DeadlinePage) -> Representation:
    cursor = None if page.next is None else f"{page.next[0]}-{page.next[1]}"
    return Representation([deadline_answer(deadline) for deadline in page.deadlines], cursor)


def _before_ms(text: str | None, faults: list[Fault]) -> int:
    """The beginning of a day; without one, behind every deadline there is."""
    if text is None:
        return LAST_MS
    day = iso_date(text)
    if day is None:
        faults.append(Fault("due_before", "QUERY_INVALID", "due_before must be a real date written YYYY-MM-DD"))
        return LAST_MS
    return day_starts_ms(day)


def _place(text: str | None, faults: list[Fault]) -> tuple[int, str]:
    """Behind which deadline a page begins."""
    if text is None:
        return FROM_THE_FIRST
    due, _, request_id = text.partition("-")
    if is_whole_number(due) and is_id(request_id):
        return int(due), request_id
    faults.append(Fault("cursor", "QUERY_INVALID", "cursor must be taken from the Link header of a page"))
    return FROM_THE_FIRST
