"""Serves every page and action in one order: rate, session, origin, form, right, company, handler, answer."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.console.answers import ConsoleAnswer, SentOff
from ostiary.console.forms.cookies import FORM, SESSION, WAY, WAY_S
from ostiary.console.forms.same_site import check_form, check_origin
from ostiary.console.menu import menu_of
from ostiary.console.problems import ConsoleRefused, problem_page, refused_page
from ostiary.console.request import ConsoleRequest, address_of
from ostiary.console.security_headers import SECURITY_HEADERS
from ostiary.console.services import Console
from ostiary.console.sign_in_first import sign_in_first
from ostiary.console.table import Action
from ostiary.console.words import NOTICES
from ostiary.domain.companies.company import counted_as
from ostiary.domain.errors import NotFound, OstiaryError
from ostiary.domain.ids import is_id
from ostiary.domain.operators.permissions import may, works_for
from ostiary.html.answers import Download, Page, Redirect
from ostiary.html.cookies import LANGUAGE, LANGUAGE_S, set_cookie
from ostiary.html.same_site import FIELD
from ostiary.html.security_headers import language_headers
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.operators.sessions import session_of
from ostiary.web.asgi import ApiRequest, ApiResponse
from ostiary.web.errors import headers_of, status_of
from ostiary.web.rate_limiter import steady_ms

BROWSER_TOKEN_BYTES = 32
Headers = list[tuple[bytes, bytes]]


async def serve(console: Console, actions: Mapping[str, Action], api: ApiRequest) -> ApiResponse:
    """Serves the page and the action of one path, by method."""
    request = ConsoleRequest(console, api)
    try:
        address = f"console {counted_as(address_of(console, api))}"
        console.crowd.count(address, steady_ms())
        action = actions.get("GET" if api.method == "HEAD" else api.method)
        if action is None:
            raise _method_refused(actions)
        api.operation = action.name
        if action.is_public and action.method == "POST":
            console.limiter.count(address, steady_ms())
        await _sign_in(console, request, touches=action.touches)
        answer = await _answer(console, action, request)
        return shown(console, request, answer)
    except ConsoleRefused as refused:
        response = shown(console, request, refused_page(refused, api.trace_id))
        response.headers += refused.headers
        return response
    except OstiaryError as problem:
        if status_of(problem) >= 500:  # the log is to have it
            raise
        response = shown(console, request, problem_page(problem, api.trace_id))
        response.headers += headers_of(problem)
        return response


async def unknown(console: Console, api: ApiRequest) -> ApiResponse:
    """An address that is none: only who is signed in is told so."""
    action = Action(name="console_unknown", method=api.method, path="", handler=_nothing)
    return await serve(console, {"GET" if api.method == "HEAD" else api.method: action}, api)


async def _nothing(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    raise ConsoleRefused(404, "There is no such page", "The address is wrong, or out of date.")


async def _sign_in(console: Console, request: ConsoleRequest, *, touches: bool) -> None:
    if request.session_token:
        request.signed_in = await session_of(console.context, request.session_token, touches=touches)
    if request.signed_in is None:
        request.session_token = ""
        request.browser_token = request.browser_token or console.context.random(BROWSER_TOKEN_BYTES).hex()


async def _answer(console: Console, action: Action, request: ConsoleRequest) -> ConsoleAnswer:
    """Lets nobody to a handler who may not, nor a form that is not of this session."""
    if request.signed_in is None and not action.is_public:
        return sign_in_first(request)
    request.read_query()
    if action.method == "POST":
        await _take_form(console, action, request)
        if request.signed_in is None and not action.is_public:
            return sign_in_first(request)
        check_form(request.token, request.form.raw(FIELD))
    if not action.is_public:
        await _permit(console, action, request)
    return await action.handler(console, request)


async def _take_form(console: Console, action: Action, request: ConsoleRequest) -> None:
    """Reads what a page of ours sent. That may be minutes on its way: whose it is counts as it is at the end."""
    check_origin(request.api, console.public_url)
    await (request.read_files(console) if action.takes_files else request.read_form(console))
    if request.signed_in is not None:
        await _sign_in(console, request, touches=False)


async def _permit(console: Console, action: Action, request: ConsoleRequest) -> None:
    """Raises ConsoleRefused without the right, and NotFound for a company that is not the operator's."""
    operator, company_id = request.operator, request.path.get("companyId", "")
    if action.permission is not None and not may(operator, action.permission):
        raise ConsoleRefused(403, "Your role does not allow this", "Ask an admin if you need it.")
    if not action.is_of_company:
        return
    if not works_for(operator, company_id) or not is_id(company_id) or company_id == request.house.id:
        raise NotFound
    request.caller = await operator_for(console.context, company_id, operator.name)
    request.api.company_id = company_id


def shown(console: Console, request: ConsoleRequest, answer: ConsoleAnswer) -> ApiResponse:
    """An answer as it is sent."""
    if isinstance(answer, Redirect):
        return _redirect(console, answer)
    if isinstance(answer, SentOff):
        return _sent_off(console, answer)
    headers: Headers = list(SECURITY_HEADERS)
    if isinstance(answer, Download):
        headers.append((b"vary", b"cookie, hx-request"))
        if answer.file_name:
            headers.append((b"content-disposition", f'attachment; filename="{answer.file_name}"'.encode()))
        return ApiResponse(200, answer.body, headers, answer.media_type.encode())
    headers += language_headers(request.language)
    if request.signed_in is None:
        headers.append(set_cookie(FORM, request.browser_token, is_secure=console.is_secure))
    return ApiResponse(answer.status, _html(console, request, answer), headers, b"text/html; charset=utf-8")


def _html(console: Console, request: ConsoleRequest, page: Page) -> bytes:
    operator = None if request.signed_in is None else request.operator
    values = {
        "title": page.title,
        "scripts": page.scripts,
        "operator": operator,
        "menu": () if operator is None else menu_of(operator),
        "path": request.api.scope["path"],
        "csrf": request.form_token if request.token else "",
        "notice": NOTICES.get(request.query.text("notice"), ""),
        "way_back": request.way_back,
        "is_fragment": request.is_fragment,
        "sandbox": console.is_sandbox,
    }
    return console.rendering.html(page.template, {**values, **page.values}, request.language)


def _redirect(console: Console, answer: Redirect) -> ApiResponse:
    """On by GET, within the console. A session begins and ends with the cookie; the browser's own token ends with it,
    so that no form from before is good after."""
    joint = "&" if "?" in answer.path else "?"
    place = f"{answer.path}{joint}notice={answer.notice}" if answer.notice else answer.path
    headers: Headers = [*SECURITY_HEADERS, (b"location", place.encode("ascii"))]
    if answer.language:
        headers.append(set_cookie(LANGUAGE, answer.language, is_secure=console.is_secure, lasts_s=LANGUAGE_S))
    if answer.session is not None:
        headers.append(set_cookie(SESSION, answer.session, is_secure=console.is_secure))
        headers += [set_cookie(name, "", is_secure=console.is_secure) for name in (FORM, WAY)]
    return ApiResponse(303, b"", headers)


def _sent_off(console: Console, answer: SentOff) -> ApiResponse:
    headers: Headers = [*SECURITY_HEADERS, (b"location", answer.address.encode("ascii"))]
    headers.append(set_cookie(WAY, answer.holds, is_secure=console.is_secure, lasts_s=WAY_S))
    return ApiResponse(303, b"", headers)


def _method_refused(actions: Mapping[str, Action]) -> ConsoleRefused:
    methods = [*(["GET", "HEAD"] if "GET" in actions else []), *(["POST"] if "POST" in actions else [])]
    allow = (b"allow", ", ".join(methods).encode())
    return ConsoleRefused(405, "This address is used in another way", headers=(allow,))
