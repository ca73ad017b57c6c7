"""The queue: what waits for a person, filtered by what stands in the address; and the way from case to case in it."""

from __future__ import annotations

from ostiary.adapters.lookups.countries import country_codes
from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases.turns import turn_for, turn_to_open_clients
from ostiary.console.pages.cases.views import count_words, named_views
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.queue_view import asked_view, carried_place, carried_view
from ostiary.console.services import Console
from ostiary.domain.names.visible import is_blank
from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.review.risk import Risk
from ostiary.domain.review.waiting import START, Holding, QueuePlace, place_of
from ostiary.domain.sentences import N_
from ostiary.html.answers import Page, Redirect
from ostiary.html.choices import country_choices
from ostiary.usecases.clients.find import MOST_FOUND, Sought
from ostiary.usecases.clients.residence import MOST_OPENED
from ostiary.usecases.review.queue import CasesFound, case_beside, find_cases, queue_page

MOST_ID = 32
"""Characters of an id of ours."""
RISK_WORDS = {Risk.HITS: N_("A list names the client"), Risk.DOUBTS: N_("Doubts, no list"), Risk.NONE: N_("Neither")}
HOLDING_WORDS = {
    Holding.ANY: N_("All"),
    Holding.MINE: N_("Mine"),
    Holding.FREE: N_("Unassigned"),
    Holding.APPROVAL: N_("For approvers"),
}


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The first page, or the one behind a place."""
    if may(request.operator, Permission.SEE_PICTURES):
        console.viewers.prepare()  # whoever looks at the queue opens a case next
    view = asked_view(request.query)
    after = place_of(request.query.text("after"))
    filters = view.filters()
    async with turn_for(console, filters):
        page = await queue_page(console.context, request.operator, filters, after)
    values = {
        "page": page,
        "view": view,
        "views": await named_views(console, request, view),
        "asked": view.asked,
        "count": count_words(page.count),
        "is_one": page.count == 1,
        "is_first": after == START,
        "first": view.queue(),
        "next": None if page.after is None else view.queue(page.after),
        "products": sorted(console.context.catalogues.current.products),
        "kinds": tuple(Review),
        "reasons": tuple(ReviewReason),
        "risks": RISK_WORDS,
        "countries": country_choices(request.language.tag),
        "most_opened": MOST_OPENED,
        "is_filtered": any(view.asked.values()),
        "holdings": [
            (word, view.with_holding(holding).queue(), view.asked["holding"] == holding.value)
            for holding, word in HOLDING_WORDS.items()
        ],
    }
    return Page(template="queue.html", title="Queue", values=values, scripts=("queue.js",))


async def next_case(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """On to the case behind the place that the address names, or back to the queue where there is none."""
    return await _beside(console, request, is_back=False)


async def previous_case(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The same for the case before it."""
    return await _beside(console, request, is_back=True)


async def _beside(console: Console, request: ConsoleRequest, *, is_back: bool) -> ConsoleAnswer:
    view, place = carried_view(request), place_of(carried_place(request))
    filters = view.filters()
    async with turn_for(console, filters):
        case = await case_beside(console.context, request.operator, filters, place, is_back=is_back)
    if case is None:
        return Redirect(view.queue(), "queue_begins" if is_back else "queue_ends")
    if isinstance(case, QueuePlace):
        return Redirect(view.queue() if is_back else view.queue(case), "look_goes_on")
    return Redirect(view.case(case.company_id, case.enablement_id))


async def search(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Clients by an id, a reference, an e-mail or a document's number, exactly, or by name. Sent as a form, so that
    none of it stands in an address, where logs and histories would keep it."""
    words = request.form.text("words")
    cases = await _results(console, request, words)
    values = {
        "words": words,
        "matches": cases.clients,
        "is_full": len(cases.clients) >= MOST_FOUND,
        "is_cut_short": cases.is_cut_short,
        "most_opened": MOST_OPENED,
    }
    return Page(template="search.html", title="Search", values=values, scripts=("queue.js",))


async def _results(console: Console, request: ConsoleRequest, words: str) -> CasesFound:
    """One at a time in this process, whoever asks, but by e-mail and reference: a name, a number, and an id that no
    client or request has, are looked for in thousands of clients."""
    if is_blank(words):
        return CasesFound((), is_cut_short=False)
    sought = _sought(words)
    if sought.email:
        return await find_cases(console.context, request.operator, sought)
    named = await find_cases(console.context, request.operator, Sought(reference=words))
    async with turn_to_open_clients(console):
        others = await find_cases(console.context, request.operator, sought, country_codes())
    ids = {match.dossier.client.id for match in named.clients}
    rest = tuple(match for match in others.clients if match.dossier.client.id not in ids)
    return CasesFound((*named.clients, *rest), others.is_cut_short)


def _sought(words: str) -> Sought:
    """An e-mail has an @, an id its 32 letters and digits, a document's number some digit; all else is a name."""
    if "@" in words:
        return Sought(email=words)
    if len(words) == MOST_ID and words.isascii() and words.isalnum():
        return Sought(id=words)
    return Sought(number=words) if any(map(str.isdigit, words)) else Sought(name=words)
