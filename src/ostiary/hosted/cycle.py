"""Serves every page and action in one order: rate, session, origin, form, handler, answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import sha256

from ostiary.domain.companies.company import counted_as
from ostiary.domain.errors import OstiaryError
from ostiary.hosted.pages.arrival import BEGUN
from ostiary.hosted.problems import (
    FROM_ELSEWHERE,
    NO_PAGE,
    OTHER_METHOD,
    OUT_OF_DATE,
    HostedRefused,
    cookieless_page,
    ended_page,
    problem_page,
    refused_page,
)
from ostiary.hosted.request import (
    FRAMED_SESSION,
    MOST_PLAIN_BYTES,
    NEXT,
    PURPOSE,
    SESSION,
    HostedRequest,
)
from ostiary.hosted.services import Hosted
from ostiary.hosted.table import HostedAnswer, PageAction, actions_at
from ostiary.html.answers import Download, Page, Redirect
from ostiary.html.asking import caller_address
from ostiary.html.cookies import LANGUAGE, LANGUAGE_S, set_cookie
from ostiary.html.same_site import FIELD, is_from_here, is_of_session
from ostiary.html.security_headers import language_headers, security_headers
from ostiary.usecases.hosted.brand import find_brand
from ostiary.usecases.hosted.sessions import look_at_session, session_of
from ostiary.web.asgi import ApiRequest, ApiResponse
from ostiary.web.errors import headers_of, status_of
from ostiary.web.rate_limiter import steady_ms

CAMERA = "(self)"
HEADERS = security_headers(camera=CAMERA)
"""What the camera saw is drawn on the page, which no source of pictures is needed for."""
DRAFT_S = 3_600
"""What was kept of a document and not handed in is swept after an hour."""
BRAND_CACHED = b"private, max-age=86400"
"""Colours and logo, whose addresses say which version they are."""
Headers = list[tuple[bytes, bytes]]


async def serve(hosted: Hosted, api: ApiRequest) -> ApiResponse:
    """Serves the page or action of an address."""
    actions, path = actions_at(str(api.scope["path"]))
    request = HostedRequest(hosted, api, path)
    try:
        address = f"hosted {counted_as(caller_address(api, hosted.trusted_proxies))}"
        hosted.crowd.count(address, steady_ms())
        action = _action_of(actions, api)
        api.operation = action.name
        answer = await _answer(hosted, action, request)
        if "token" in path and isinstance(answer, Page) and answer.status == NO_PAGE[0]:  # somebody tries links
            hosted.limiter.count(address, steady_ms())
        return shown(hosted, request, answer)
    except HostedRefused as refused:
        response = shown(hosted, request, refused_page(refused, api.trace_id))
        response.headers += refused.headers
        return response
    except OstiaryError as problem:
        if status_of(problem) >= 500:  # the log is to have it
            raise
        response = shown(hosted, request, problem_page(problem, api.trace_id))
        response.headers += headers_of(problem)
        return response
    finally:
        request.release()


def _action_of(actions: Mapping[str, PageAction], api: ApiRequest) -> PageAction:
    """Raises HostedRefused for an address that is none, and for a method that it does not answer."""
    if not actions:
        raise HostedRefused(*NO_PAGE)
    action = actions.get("GET" if api.method == "HEAD" else api.method)
    if action is None:
        methods = ", ".join(["GET", "HEAD"] * ("GET" in actions) + ["POST"] * ("POST" in actions))
        raise HostedRefused(405, OTHER_METHOD, headers=((b"allow", methods.encode()),))
    return action


async def _answer(hosted: Hosted, action: PageAction, request: HostedRequest) -> HostedAnswer:
    """Lets nobody to a handler who may not, nor a form that is not of this session. All requests of a link are counted
    together, from wherever they come, and each once."""
    request.read_query()
    await _come_in(hosted, request, touches=action.touches)
    if request.session is not None:
        hosted.of_link.count(f"link {request.session.link.id}", steady_ms())
    if not request.is_here and not action.is_public:
        return await _ended(hosted, request)
    if action.method == "POST":
        if not is_from_here(request.api, hosted.public_url):
            raise HostedRefused(*FROM_ELSEWHERE)
        holder = request.session.company.id if request.session else "hosted"
        await request.read_form(hosted.max_body_bytes if action.takes_files else MOST_PLAIN_BYTES, holder)
        if request.session is not None:  # a picture may be minutes on its way
            await _come_in(hosted, request, touches=False)
        if not request.is_here and not action.is_public:
            return await _ended(hosted, request)
        token = request.path.get("token") or request.token
        if not is_of_session(token, PURPOSE, request.form.raw(FIELD)):
            raise HostedRefused(*OUT_OF_DATE)
    return await action.handler(hosted, request)


async def _ended(hosted: Hosted, request: HostedRequest) -> Page:
    """Why there is no session any more, and the way to another. Who has just begun and brings no cookie keeps none."""
    if BEGUN in request.query and not request.token:
        return await _cookieless(hosted, request)
    look = await look_at_session(hosted.context, request.token)
    await request.meet(look)
    return ended_page(look, request.brand)


async def _cookieless(hosted: Hosted, request: HostedRequest) -> Page:
    """Who begins within another page brings whose link it was, so that the page may be shown there."""
    await request.meet_company(BEGUN)
    return cookieless_page(is_framed=bool(request.frames))


async def _come_in(hosted: Hosted, request: HostedRequest, *, touches: bool) -> None:
    """Who is here, if anybody."""
    request.session = await session_of(hosted.context, request.token, touches=touches) if request.token else None
    if request.session is None:
        return
    request.api.company_id = request.session.company.id
    request.chosen = request.session.link.wish.language
    request.brand = await find_brand(hosted.context, request.session.company)


def shown(hosted: Hosted, request: HostedRequest, answer: HostedAnswer) -> ApiResponse:
    """An answer as it is sent."""
    if isinstance(answer, Download):
        if not answer.file_name:
            return ApiResponse(200, answer.body, [*HEADERS], answer.media_type.encode(), cached=BRAND_CACHED)
        saved = (b"content-disposition", f'attachment; filename="{answer.file_name}"'.encode())
        return ApiResponse(200, answer.body, [*HEADERS, saved], answer.media_type.encode())
    frames = request.frames
    own = security_headers(camera=CAMERA, frames=frames) if frames else HEADERS
    headers: Headers = [*own, *language_headers(request.language)]
    keep = partial(set_cookie, is_secure=hosted.is_secure, is_framed=request.is_framed)
    if request.draft_set is not None:
        lasts_s = DRAFT_S if request.draft_set else None
        headers.append(keep(request.draft_cookie, request.draft_set, lasts_s=lasts_s))
    if isinstance(answer, Redirect):
        if answer.language:
            headers.append(keep(LANGUAGE, answer.language, lasts_s=LANGUAGE_S))
        if answer.session is not None:
            headers.append(keep(request.session_cookie, answer.session))
        if answer.session and request.other_token:  # of two nobody could say which goes on
            other = SESSION if request.is_framed else FRAMED_SESSION
            headers.append(set_cookie(other, "", is_secure=hosted.is_secure, is_framed=not request.is_framed))
        return ApiResponse(303, b"", [*headers, (b"location", answer.path.encode("ascii"))])
    return ApiResponse(answer.status, page_html(hosted, request, answer), headers, b"text/html; charset=utf-8")


def _brand_mark(company_id: str, version: int) -> str:
    """What the addresses of colours and logo end with: another one for each company, so that a browser which has two
    companies' links never shows the one in the dress of the other, and for each version."""
    return sha256(f"{company_id} {version}".encode()).hexdigest()[:16]


def page_html(hosted: Hosted, request: HostedRequest, page: Page) -> bytes:
    """A page with what is around it."""
    session, brand = request.session, request.brand
    values = {
        "title": page.title,
        "scripts": page.scripts,
        "company": brand.brand.name if brand else session.company.name if session else "",
        "brand": brand,
        "brand_mark": _brand_mark(session.company.id if session else "", brand.version) if brand else "",
        "brand_place": _brand_place(request),
        "language_place": "" if "token" in request.path or request.api.method != "POST" else NEXT,
        "form_token": request.form_token,
        "is_here": session is not None,
        "until_ms": session.session.idle_until_ms if session else 0,
        "ends_ms": session.session.ends_at_ms if session else 0,
        "sandbox": hosted.is_sandbox,
        "path": str(request.api.scope["path"]),
        "refreshes_s": 0,
        "is_framed": bool(request.frames),
    }
    return hosted.rendering.html(page.template, {**values, **page.values}, request.language)


def _brand_place(request: HostedRequest) -> str:
    """Below which colours and logo are: of who is here, or of the link in the address; empty: of neither."""
    if request.is_here:
        return "/onboarding/brand"
    return f"/onboarding/{request.path['token']}" if "token" in request.path else ""
