"""An operator's word on how much risk the client of a case is."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases.case import client_of
from ostiary.console.pages.cases.decide import refused
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.queue_view import carried_view
from ostiary.console.services import Console, committed
from ostiary.domain.clients.risk_override import RiskWish
from ostiary.domain.errors import Contended, Refused
from ostiary.html.answers import Redirect
from ostiary.usecases.lifecycle.risk import release_risk, set_risk


async def set_class(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The class counts from now on, until its last day is over."""
    text, client_id = request.form.text, await client_of(console, request)
    try:
        wish = RiskWish(text("class"), text("until"), text("reason"))
        await committed(console, request.caller, set_risk, client_id, wish)
    except (Refused, Contended) as problem:
        return await refused(console, request, "risk", problem)
    return Redirect(_same_case(request), "risk_set")


async def release(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The rules count again."""
    client_id = await client_of(console, request)
    try:
        await committed(console, request.caller, release_risk, client_id, request.form.text("reason"))
    except (Refused, Contended) as problem:
        return await refused(console, request, "risk_release", problem)
    return Redirect(_same_case(request), "risk_released")


def _same_case(request: ConsoleRequest) -> str:
    return carried_view(request).case(request.caller.company.id, request.path["requestId"])
