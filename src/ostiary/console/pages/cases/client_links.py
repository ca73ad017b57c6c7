"""A link for the client of a case, who then does what is missing himself."""

from __future__ import annotations

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.cases.case import client_of
from ostiary.console.pages.people.operators import origin_of
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.hosted.links import LinkWish
from ostiary.html.answers import Page
from ostiary.usecases.hosted.links import make_link


async def create(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Makes one for all that the client asks for; it is shown once. Raises NotFound, InvalidState."""
    client_id = await client_of(console, request)
    link = await committed(console, request.caller, make_link, client_id, LinkWish(), console.address_fault)
    company_id, request_id = request.path["companyId"], request.path["requestId"]
    values = {
        "url": link.url(console.public_url or origin_of(request)),
        "expires_at_ms": link.link.expires_at_ms,
        "back": f"/console/companies/{company_id}/requests/{request_id}",
    }
    return Page(template="client_link.html", title="Link for a client", values=values)
