"""The page's addresses, as they are served beside those of the API."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from starlette.types import ASGIApp

from ostiary.app import Installation
from ostiary.domain.errors import OstiaryError
from ostiary.hosted.cycle import HEADERS, page_html, serve
from ostiary.hosted.problems import problem_page
from ostiary.hosted.request import HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.hosted.table import ROOT
from ostiary.html.rendering import Rendering
from ostiary.html.security_headers import language_headers
from ostiary.html.static_files import StaticFiles
from ostiary.languages.language import Languages
from ostiary.usecases.context import Context
from ostiary.web.asgi import ApiRequest, ApiResponse, Endpoint, method_refused
from ostiary.web.errors import headers_of, status_of
from ostiary.web.paths import Branch
from ostiary.web.rate_limiter import RateLimiter
from ostiary.web.upload_budget import UploadBudget

HOME = Path(__file__).parent
PREFIX = f"{ROOT}/static"
PEOPLE_OF_AN_ADDRESS = 10
"""A mobile network has one address for thousands; so many times what a partner's machine may ask for in a second. Who
asks for more waits a second, no longer."""
REQUESTS_OF_A_LINK = 10
"""In a second: a page brings three files, and somebody may have it open on a phone as well."""
BUDGET_SHARE = 4
"""The page's uploads take at most this fraction (a quarter) of the memory that the API has for bodies."""


def hosted_of(installation: Installation, context: Context, limiter: RateLimiter, *, is_sandbox: bool) -> Hosted:
    """The page of an open installation. `context` wakes the worker; `limiter` is shared with the API."""
    settings, languages = installation.settings, Languages()
    static = StaticFiles(PREFIX, (HOME / "static",))
    is_limited = bool(settings.rate_limit_per_second)
    return Hosted(
        context=context,
        static=static,
        rendering=Rendering(HOME / "templates", static, languages, context.now_ms),
        languages=languages,
        limiter=limiter,
        crowd=RateLimiter(settings.rate_limit_per_second * PEOPLE_OF_AN_ADDRESS, grows=False),
        of_link=RateLimiter(REQUESTS_OF_A_LINK * is_limited, grows=False),
        bodies=UploadBudget(max(settings.max_body_bytes, settings.upload_budget_bytes // BUDGET_SHARE)),
        max_body_bytes=settings.max_body_bytes,
        trusted_proxies=settings.trusted_proxies,
        public_url=settings.public_url,
        is_sandbox=is_sandbox,
    )


def hosted_branch(hosted: Hosted) -> Branch:
    """Everything below `/onboarding`. A link's secret and a word of ours stand in the same place, so the table is asked
    for each."""
    show = partial(_problem, hosted)
    page = Endpoint(partial(serve, hosted), "hosted", None, show)
    two = Endpoint(partial(_file_or_page, hosted), "hosted", None, show)
    parts = f"{ROOT}/{{first}}", f"{ROOT}/{{first}}/{{name}}", f"{ROOT}/{{first}}/{{name}}/{{third}}"
    served: dict[str, ASGIApp] = {ROOT: page, parts[0]: page, parts[1]: two, parts[2]: page}
    return Branch(ROOT, served, page)


async def _file_or_page(hosted: Hosted, request: ApiRequest) -> ApiResponse:
    if request.path["first"] != PREFIX.rpartition("/")[2]:
        return await serve(hosted, request)
    request.operation = "hosted_static"
    if request.method not in ("GET", "HEAD"):
        return method_refused(request, ("GET", "HEAD"))
    return hosted.static.answer(request, HEADERS)


def _problem(hosted: Hosted, request: ApiRequest, problem: OstiaryError) -> ApiResponse:
    """What broke, as a page that knows nobody: who is here may be what could not be looked up."""
    asked = HostedRequest(hosted, request, {})
    body = page_html(hosted, asked, problem_page(problem, request.trace_id))
    headers = [*HEADERS, *language_headers(asked.language), *headers_of(problem)]
    return ApiResponse(status_of(problem), body, headers, b"text/html; charset=utf-8")
