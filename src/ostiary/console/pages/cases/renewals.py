"""What is due again of a company's clients, and asking for a renewal from the page of a case."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases.case import client_of
from ostiary.console.pages.cases.decide import refused
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.queue_view import carried_view
from ostiary.console.review.renewal_view import shown_deadline
from ostiary.console.services import Console, committed
from ostiary.domain.errors import Contended, Refused
from ostiary.domain.ids import is_id
from ostiary.domain.times import LAST_MS, day_starts_ms, is_whole_number, iso_date
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.lifecycle.renewals import FROM_THE_FIRST, ask_renewal, list_renewals

PAGE = 50
"""Deadlines on a page: what somebody goes through in one sitting."""


async def every(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The next in front, up to a day if one is chosen."""
    before, after = (request.query.text(name) for name in ("due_before", "after"))
    day = iso_date(before)
    page = await list_renewals(
        console.context,
        request.caller,
        before_ms=LAST_MS if day is None else day_starts_ms(day),
        after=_place(after),
        limit=PAGE,
    )
    values = {
        "company": request.caller.company,
        "rows": [shown_deadline(deadline) for deadline in page.deadlines],
        "due_before": "" if day is None else day,
        "more": "" if page.next is None else f"{page.next[0]}-{page.next[1]}",
    }
    return Page(template="renewals.html", title="Due again", values=values)


async def ask(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Has the company confirm everything again."""
    client_id, request_id = await client_of(console, request), request.path["requestId"]
    try:
        await committed(console, request.caller, ask_renewal, client_id, request_id, request.form.text("note"))
    except (Refused, Contended) as problem:
        return await refused(console, request, "renewal", problem)
    return Redirect(carried_view(request).case(request.caller.company.id, request_id), "renewal_asked")


def _place(text: str) -> tuple[int, str]:
    """Behind which deadline a page begins; from the first for what is none."""
    due, _, request_id = text.partition("-")
    return (int(due), request_id) if is_whole_number(due) and is_id(request_id) else FROM_THE_FIRST
