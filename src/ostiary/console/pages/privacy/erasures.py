"""The end of data of a company's clients: erasures and how far they are, asking for one, and holding a client."""

from __future__ import annotations

from collections.abc import Awaitable

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.errors import Contended, NotFound, Refused
from ostiary.domain.ids import is_id
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.privacy.erasure import Erasure, ErasureState
from ostiary.domain.privacy.holds import Hold, HoldWish
from ostiary.domain.privacy.retention import NAMES, Category
from ostiary.domain.privacy.waiver import REASONS, WaiverWish
from ostiary.domain.sentences import N_
from ostiary.domain.times import END_MS
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.privacy import holds, request_erasure
from ostiary.usecases.privacy import waive as waiving

PAGE = 50
"""Erasures on a page: what somebody goes through in one sitting."""
SHOWN_RIGHTS = (Permission.ERASE, Permission.HOLD, Permission.EXPORT)
STATES = {
    ErasureState.STAGED: N_("waits for a second person"),
    ErasureState.WAITING: N_("will be carried out"),
    ErasureState.ERASED: N_("erased here, not yet elsewhere"),
    ErasureState.DONE: N_("done"),
    ErasureState.WITHDRAWN: N_("withdrawn"),
}


async def every(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The newest first; with a client's id in the address also its holds."""
    return await refused_page(console, request)


async def ask(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Erases a client whose period is over, or stages it early with a reason."""
    client_id, reason = _client_of(request), request.form.text("reason")
    if request.form.text("early"):
        work = committed(console, request.caller, request_erasure.stage_erasure, client_id, reason)
        return await _done(console, request, work, "erasure_staged")
    try:
        asked = await committed(console, request.caller, request_erasure.request_by_operator, client_id)
        erasure = asked.accepted
    except (Refused, Contended, NotFound) as problem:
        return await refused_page(console, request, problem)
    return Redirect(f"{_place(request)}?client={erasure.client_id}", "erasure_asked")


async def confirm(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The second word. Raises NotFound."""
    work = committed(console, request.caller, waiving.second_word, request.path["erasureId"])
    return await _done(console, request, work, "erasure_confirmed")


async def waive(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The first word for an end without the provider's. Raises NotFound."""
    wish = WaiverWish(request.form.text("reason"), request.form.text("note"))
    work = committed(console, request.caller, waiving.waive_word, request.path["erasureId"], wish)
    return await _done(console, request, work, "word_waived")


async def withdraw(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """As long as nothing has ended. Raises NotFound."""
    work = committed(console, request.caller, request_erasure.withdraw_erasure, request.path["erasureId"])
    return await _done(console, request, work, "erasure_withdrawn")


async def hold(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Keeps a client's data."""
    wish = HoldWish(request.form.text("reason"), request.form.text("until"))
    work = committed(console, request.caller, holds.hold_client, _client_of(request), wish)
    return await _done(console, request, work, "hold_set")


async def release(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Ends a hold. Raises NotFound."""
    given = (_client_of(request), request.path["holdId"], request.form.text("reason"))
    work = committed(console, request.caller, holds.release_hold, *given)
    return await _done(console, request, work, "hold_released")


async def _done(console: Console, request: ConsoleRequest, work: Awaitable[object], notice: str) -> ConsoleAnswer:
    try:
        await work
    except (Refused, Contended, NotFound) as problem:
        return await refused_page(console, request, problem)
    client_id = _client_of(request)
    return Redirect(f"{_place(request)}?client={client_id}" if client_id else _place(request), notice)


async def refused_page(
    console: Console, request: ConsoleRequest, problem: Refused | Contended | NotFound | None = None
) -> ConsoleAnswer:
    """The page as it is now, with why something was refused."""
    context, company = console.context, request.caller.company
    client_id = request.query.text("client") if problem is None else _client_of(request)
    before = request.query.text("before")
    page = await context.storage.erasures.page(company, before if is_id(before) else None, PAGE + 1)
    now = context.now_ms()
    values = {
        "company": company,
        "rows": [_row(erasure, now) for erasure in page[:PAGE]],
        "more": page[PAGE - 1].id if len(page) > PAGE else "",
        "client_id": client_id,
        "holds": await _holds_of(console, request, client_id),
        "now_ms": now,
        "rights": {right.name: may(request.operator, right, company.id) for right in SHOWN_RIGHTS},
        "end_ms": END_MS,
        "reasons": REASONS,
        "rules": [(NAMES[rule.category], rule) for rule in context.retention.values()],
        "refused": "" if problem is None else problem.words,
        "faults": [] if problem is None else [fault.message for fault in problem.faults],
    }
    status = 200 if problem is None else 404 if isinstance(problem, NotFound) else 412
    return Page(template="erasures.html", title="The end of data", values=values, status=status)


async def _holds_of(console: Console, request: ConsoleRequest, client_id: str) -> list[Hold]:
    try:
        return await holds.list_holds(console.context, request.caller, client_id) if client_id else []
    except NotFound:
        return []


def _row(erasure: Erasure, now_ms: int) -> dict[str, object]:
    category = NAMES[Category(erasure.category)] if erasure.category else ""
    return {
        "erasure": erasure,
        "state": STATES[erasure.state],
        "category": category,
        "is_overdue": erasure.is_overdue(now_ms),
        "is_staged": erasure.state is ErasureState.STAGED or erasure.waits_for_waiver,
        "waived": "" if erasure.waiver is None else REASONS[erasure.waiver.reason],
        "may_be_withdrawn": erasure.state in (ErasureState.STAGED, ErasureState.WAITING),
    }


def _client_of(request: ConsoleRequest) -> str:
    return request.form.text("client_id").strip()


def _place(request: ConsoleRequest) -> str:
    return f"/console/companies/{request.caller.company.id}/erasures"
