"""Views of the queue that operators keep: above the queue with their counts, and a page to put them in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.queue_view import QUEUE, QueueView, asked_view, carried_view
from ostiary.console.services import Console, committed
from ostiary.domain.errors import Refused, ValidationFailed
from ostiary.domain.operators.views import OfferedView
from ostiary.domain.review.waiting import MOST_COUNTED
from ostiary.html.answers import Page, Redirect
from ostiary.html.fields import read_fields
from ostiary.usecases.operators.views import remove_view, rename_view, save_view, views_for
from ostiary.usecases.review.queue import counted_cases, demand_possible

VIEWS = f"{QUEUE}/views"


@dataclass(frozen=True, slots=True)
class NamedView:
    """A view with where it leads. `count` is empty before it is counted, where clients would have to be opened for it,
    and for one that can be asked no more: `is_possible` tells these apart."""

    offered: OfferedView
    address: str
    count: str = ""
    is_current: bool = False
    is_possible: bool = True


async def every(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """All of them with their counts: as a page, or for the row above the queue that the address names."""
    return await _page(console, request)


async def save(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Keeps the view that the form carries."""
    view = carried_view(request)
    demand_possible(console.context, view.filters())
    name, use_case = request.form.text("name"), partial(save_view, is_shared=bool(request.form.text("shared")))
    try:
        await committed(console, request.as_operator, use_case, request.operator.id, name, view.text)
    except Refused as refused:
        return await _page(console, request, str(refused))
    return Redirect(view.queue(), "view_saved")


async def rename(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Another name for the same."""
    view_id, name = request.path["viewId"], request.form.text("name")
    try:
        await committed(console, request.as_operator, rename_view, request.operator.id, view_id, name)
    except ValidationFailed as refused:
        return await _page(console, request, str(refused))
    return Redirect(VIEWS, "view_renamed")


async def remove(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """A view is no more; what it showed is still in the queue."""
    await committed(console, request.as_operator, remove_view, request.operator.id, request.path["viewId"])
    return Redirect(VIEWS, "view_removed")


async def named_views(console: Console, request: ConsoleRequest, current: QueueView) -> list[NamedView]:
    """The row above the queue, not counted yet."""
    offered = await views_for(console.context, request.operator)
    return [
        NamedView(each, _view(each).queue(), is_current=bool(current.text) and each.view.query == current.text)
        for each in offered
    ]


async def _page(console: Console, request: ConsoleRequest, problem: str = "") -> Page:
    current = carried_view(request)
    views = await _counted(console, request, await named_views(console, request, current))
    values = {"views": views, "problem": problem, "current": current, "typed": request.form.text("name")}
    template = "view_row.html" if request.is_fragment else "views.html"
    return Page(template=template, title="Views of the queue", values=values, status=412 if problem else 200)


async def _counted(console: Console, request: ConsoleRequest, views: list[NamedView]) -> list[NamedView]:
    asked = [(each, _view(each.offered).filters()) for each in views if _is_good(console, each.offered)]
    counts = await counted_cases(console.context, request.operator, [filters for _, filters in asked])
    words = {each.offered.view.id: count_words(count) for (each, _), count in zip(asked, counts, strict=True)}
    return [
        replace(each, count=words.get(each.offered.view.id, ""), is_possible=each.offered.view.id in words)
        for each in views
    ]


def count_words(count: int | None) -> str:
    """`12`, or `1,000+` for more than is counted; nothing for what is not counted."""
    if count is None:
        return ""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else str(count)


def _view(offered: OfferedView) -> QueueView:
    return asked_view(read_fields(offered.view.query.encode()))


def _is_good(console: Console, offered: OfferedView) -> bool:
    """Whether this version still knows what it asks for."""
    try:
        demand_possible(console.context, _view(offered).filters())
    except ValidationFailed:
        return False
    return True
