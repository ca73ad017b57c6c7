"""How the company wants its page to look: its colours and its logo, for who is here or looks at a link."""

from __future__ import annotations

from ostiary.domain.companies.company import Company
from ostiary.domain.errors import NotFound
from ostiary.hosted.brand_style import style_of
from ostiary.hosted.request import HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Download
from ostiary.usecases.hosted.brand import find_brand, find_logo
from ostiary.usecases.hosted.sessions import look_at_link


async def style(hosted: Hosted, request: HostedRequest) -> Download:
    """The colours as a style sheet. Raises NotFound."""
    company_brand = await find_brand(hosted.context, await _company(hosted, request))
    if company_brand is None:
        raise NotFound
    return Download(style_of(company_brand.brand).encode(), "text/css; charset=utf-8")


async def logo(hosted: Hosted, request: HostedRequest) -> Download:
    """The logo as it was drawn anew. Raises NotFound."""
    picture = await find_logo(hosted.context, await _company(hosted, request))
    if picture is None:
        raise NotFound
    return Download(picture, "image/png")


async def _company(hosted: Hosted, request: HostedRequest) -> Company:
    """Whose page it is: of the link in the address, or else of who is here. Raises NotFound."""
    if "token" not in request.path:
        return request.here.company
    look = await look_at_link(hosted.context, request.path["token"])
    if look.company is None:
        raise NotFound
    return look.company
