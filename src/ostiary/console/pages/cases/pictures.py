"""Pictures of a case: on the record first, then as browsers show them."""

from __future__ import annotations

import asyncio

from ostiary.adapters.pages.views import page_views
from ostiary.console.answers import ConsoleAnswer, Download, Page
from ostiary.console.pages.cases.case import client_of
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.case_values import base_of
from ostiary.console.review.case_view import SHOWN_BY_BROWSERS, facts_of, pictures_of
from ostiary.console.services import Console
from ostiary.domain.documents.pictures import DOCUMENT_TYPES
from ostiary.domain.errors import NotFound, Unavailable
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.other_client import look_at_other
from ostiary.usecases.review.pictures import PicturePlace, see_picture
from ostiary.usecases.transaction import execute


async def picture(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """One picture of the request's client, or of another one that it concerns.

    What browsers show goes as it came in; a page of a PDF, and HEIC, as JPEG that a caged process drew. Nothing else
    leaves: a file that says of itself to be a page of the web would be one.
    """
    place = PicturePlace(
        client_id=await client_of(console, request),
        enablement_id=request.path["requestId"],
        document_id=request.path["documentId"],
        side=request.path["side"],
        other_client_id=request.path.get("clientId", ""),
    )
    seen_picture = await see_picture(console.context, request.caller, place)
    if seen_picture.media_type in SHOWN_BY_BROWSERS:
        return Download(seen_picture.content, seen_picture.media_type)
    if seen_picture.media_type not in DOCUMENT_TYPES:
        raise NotFound("No browser shows this kind of file.")
    number = request.query.text("page") or "1"
    try:
        views = await asyncio.to_thread(page_views, seen_picture.content)
    except OSError as problem:
        raise Unavailable("The page cannot be drawn right now; try again shortly.", retry_after_s=1) from problem
    if not number.isdecimal() or not 1 <= int(number) <= len(views):
        raise NotFound("There is no such page.")
    return Download(views[int(number) - 1], "image/jpeg")


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
        "other_pictures": pictures_of(other.documents),
    }
    return Page(template="case_other.html", title="Two clients", values=values, scripts=("pictures.js",))
