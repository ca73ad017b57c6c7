"""Pictures of a case: on the record first, then as browsers show them."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases.case import client_of
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.case_values import base_of
from ostiary.console.review.case_view import MOST_PAGES, facts_of, pictures_of
from ostiary.console.services import Console
from ostiary.console.words import moment_words
from ostiary.domain.errors import NotFound, Unavailable
from ostiary.domain.names.letters import spellings
from ostiary.domain.operators.operator import Operator
from ostiary.html.answers import Download, Page
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.other_client import look_at_other
from ostiary.usecases.review.pictures import PicturePlace, see_picture
from ostiary.usecases.transaction import execute


async def picture(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """One picture of the request's client, or of another one that it concerns: drawn anew, with a mark of who looks.

    No byte that was sent leaves: what a caged process decoded is written as a JPEG, which says nothing of where and by
    what a photo was taken, and is nothing but a picture to a browser.
    """
    place = PicturePlace(
        client_id=await client_of(console, request),
        enablement_id=request.path["requestId"],
        document_id=request.path["documentId"],
        side=request.path["side"],
        other_client_id=request.path.get("clientId", ""),
    )
    seen_picture = await see_picture(console.context, request.caller, place)
    number = request.query.text("page") or "1"
    if not number.isdecimal() or not 1 <= int(number) <= MOST_PAGES:
        raise NotFound("There is no such page.")
    words = mark_words(request.operator, console.context.now_ms())
    try:
        view = await console.viewers.view(seen_picture.content, int(number), words)
    except OSError as problem:
        raise Unavailable("The page cannot be drawn right now; try again shortly.", retry_after_s=1) from problem
    if view is None:
        raise NotFound("There is no such page, or it cannot be opened.")
    return Download(view, "image/jpeg")


def mark_words(operator: Operator, now_ms: int) -> str:
    """Who looks and when, in the letters that a mark can have: a name in others is spelled as on a passport, and the id
    stands for what nobody spells."""
    name = operator.name
    if not name.isascii():
        name = next(iter(spellings(name)), operator.id)
    return f"{name}  {moment_words(now_ms)}"


async def other_client(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Another client beside the one of the case: who both are said to be, and their pictures."""
    context, caller = console.context, request.caller
    client_id, enablement_id = await client_of(console, request), request.path["requestId"]
    other_id = request.path["clientId"]

    other = await execute(context, caller, lambda: look_at_other(context, caller, client_id, enablement_id, other_id))
    own = await load_dossier(context, caller, client_id)
    own_facts, other_facts = dict(facts_of(own.client.profile)), dict(facts_of(other.client.profile))
    names = tuple(dict.fromkeys((*own_facts, *other_facts)))
    values = {
        "base": base_of(caller.company.id, enablement_id),
        "own": own,
        "other": other,
        "facts": [(name, own_facts.get(name, ""), other_facts.get(name, "")) for name in names],
        "own_pictures": pictures_of(own.documents),
        "other_pictures": pictures_of(other.documents, len(own.documents) + 1),
    }
    return Page(template="case_other.html", title="Two clients", values=values, scripts=("pictures.js",))
