"""The queue: what waits for a person, filtered by what stands in the address."""

from __future__ import annotations

from urllib.parse import urlencode

from ostiary.console.answers import ConsoleAnswer, Page
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.review.waiting import MOST_COUNTED, START, Holding, QueueFilters, place_of
from ostiary.domain.sentences import N_, sentence
from ostiary.usecases.clients.find import MOST_FOUND, Sought
from ostiary.usecases.review.queue import find_cases, queue_page

PATH = "/console/queue"
NAMES = ("company", "product", "kind", "reason", "holding")
MOST_ID = 32
"""Characters of an id of ours."""


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The first page, or the one behind a place."""
    asked = {name: request.query.text(name) for name in NAMES}
    filters = _filters(asked)
    if may(request.operator, Permission.SEE_PICTURES):
        console.viewers.prepare()  # whoever looks at the queue opens a case next
    after = place_of(request.query.text("after"))
    page = await queue_page(console.context, request.operator, filters, after)
    more = None
    if page.after is not None:
        more = _address({**asked, "after": page.after.text()})
    counted = request.language.number(min(page.count, MOST_COUNTED))
    values = {
        "page": page,
        "asked": asked,
        "count": counted + "+" * (page.count > MOST_COUNTED),
        "is_one": page.count == 1,
        "is_first": after == START,
        "first": _address(asked),
        "next": more,
        "products": sorted(console.context.catalogues.current.products),
        "kinds": tuple(Review),
        "reasons": tuple(ReviewReason),
        "is_filtered": any(asked.values()),
        "views": _views(asked),
    }
    return Page(template="queue.html", title="Queue", values=values, scripts=("queue.js",))


def _filters(asked: dict[str, str]) -> QueueFilters:
    """Raises ValidationFailed."""
    if asked["holding"] not in set(Holding):
        raise ValidationFailed(
            sentence("holding must be one of %(possible)s", possible=", ".join(each for each in Holding if each))
        )
    return QueueFilters(
        company_id=asked["company"],
        product=asked["product"],
        kind=asked["kind"],
        reason=asked["reason"],
        holding=Holding(asked["holding"]),
    )


def _address(asked: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{PATH}?{query}" if query else PATH


def _views(asked: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Whose cases: everybody's, mine, nobody's, approvers'; with the other filters as they are."""
    words = {
        Holding.ANY: N_("All"),
        Holding.MINE: N_("Mine"),
        Holding.FREE: N_("Unassigned"),
        Holding.APPROVAL: N_("For approvers"),
    }
    return [
        (word, _address({**asked, "holding": holding.value}), asked["holding"] == holding.value)
        for holding, word in words.items()
    ]


async def search(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Clients by an id, an e-mail or a document's number, exactly. Sent as a form, so that none of it stands in an
    address, where logs and histories would keep it."""
    words = request.form.text("words")
    matches = await find_cases(console.context, request.operator, _sought(words)) if words else []
    values = {"words": words, "matches": matches, "is_full": len(matches) >= MOST_FOUND}
    return Page(template="search.html", title="Search", values=values, scripts=("queue.js",))


def _sought(words: str) -> Sought:
    """An e-mail has an @, an id its 32 letters and digits; everything else is a document's number."""
    if "@" in words:
        return Sought(email=words)
    if len(words) == MOST_ID and words.isascii() and words.isalnum():
        return Sought(id=words)
    return Sought(number=words)
