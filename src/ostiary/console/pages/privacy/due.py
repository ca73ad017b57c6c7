"""Clients of a company whose retention period is over, by category: who is overdue, held, or ends when asked."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.ids import is_id
from ostiary.domain.privacy.retention import NAMES, OF_CLIENTS, Rules
from ostiary.html.answers import Page
from ostiary.usecases.privacy.standing import Due, due_page

PAGE = 50
"""Clients on a page: what somebody goes through in one sitting."""


async def every(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Of each page those that are overdue in front, then in the order in which they came."""
    context, company = console.context, request.caller.company
    wanted, after = request.query.text("category"), request.query.text("after")
    only_overdue = bool(request.query.text("overdue"))
    chosen = wanted if wanted in [category.value for category in OF_CLIENTS] else ""
    rules = {each: context.retention[each] for each in OF_CLIENTS if chosen in ("", each.value)}
    start = after if is_id(after) else ""
    page = await due_page(context, company, rules, start, PAGE, only_overdue=only_overdue)
    now = context.now_of(company)
    values = {
        "company": company,
        "rows": sorted((_row(due, rules, now) for due in page.clients), key=lambda row: not row["is_overdue"]),
        "categories": [(category.value, NAMES[category]) for category in OF_CLIENTS],
        "category": chosen,
        "overdue": only_overdue,
        "after": start,
        "more": page.after,
    }
    return Page(template="due.html", title="Whose period is over", values=values)


def _row(due: Due, rules: Rules, now_ms: int) -> dict[str, object]:
    return {
        "due": due,
        "category": NAMES[due.standing.category],
        "is_overdue": due.is_overdue(rules, now_ms),
        "ends_by_itself": rules[due.standing.category].by_itself,
    }
