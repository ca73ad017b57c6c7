"""The console's addresses, as they are served beside those of the API."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.types import ASGIApp

from ostiary.adapters.checkup import Checkup
from ostiary.app import Installation
from ostiary.console.cycle import serve, unknown
from ostiary.console.problems import problem_page
from ostiary.console.request import MOST_FORM_BYTES, language_of
from ostiary.console.security_headers import SECURITY_HEADERS
from ostiary.console.services import Console
from ostiary.console.static_files import PREFIX, TEMPLATES, own_files
from ostiary.console.table import TABLE, Action
from ostiary.domain.errors import OstiaryError
from ostiary.html.rendering import Rendering
from ostiary.html.security_headers import language_headers
from ostiary.languages.language import Languages
from ostiary.usecases.context import Context
from ostiary.web.asgi import ApiRequest, ApiResponse, Endpoint
from ostiary.web.errors import headers_of, status_of
from ostiary.web.paths import Branch
from ostiary.web.rate_limiter import RateLimiter
from ostiary.web.upload_budget import UploadBudget

ROOT = "/console"
OF_NOBODY: Mapping[str, object] = {
    "scripts": (),
    "operator": None,
    "menu": (),
    "path": "",
    "csrf": "",
    "way_back": "",
    "notice": "",
    "is_fragment": False,
}
"""What a page has around it where nobody is known."""
PEOPLE_OF_AN_ADDRESS = 10
"""An office has one address for all its people, and the page of a case brings its pictures at once: so many times what
a partner's machine may ask for in a second. Who asks for more waits a second, no longer."""
FORMS_BUDGET_BYTES = 16 * MOST_FORM_BYTES
"""A form is read without a place in it; it is there for what is larger, and refused."""


def console_of(installation: Installation, context: Context, limiter: RateLimiter, *, is_sandbox: bool) -> Console:
    """The console of an open installation. `context` wakes the worker; `limiter` is shared with the API."""
    settings, static, languages = installation.settings, own_files(), Languages()
    return Console(
        context=context,
        audit_mark=installation.store.census.mark,
        static=static,
        rendering=Rendering(TEMPLATES, static, languages, context.now_ms),
        languages=languages,
        limiter=limiter,
        crowd=RateLimiter(settings.rate_limit_per_second * PEOPLE_OF_AN_ADDRESS, grows=False),
        bodies=UploadBudget(FORMS_BUDGET_BYTES),
        viewers=installation.viewers,
        trusted_proxies=settings.trusted_proxies,
        public_url=settings.public_url,
        database="PostgreSQL" if installation.store.engine.is_shared else "SQLite",
        is_sandbox=is_sandbox,
        usual_quota_bytes=settings.company_quota_bytes,
        catalogue_four_eyes=settings.catalogue_four_eyes,
        address_fault=installation.address_fault,
        examine=Checkup(
            {"OSTIARY_DATA_DIR": str(settings.data_dir), "OSTIARY_DATABASE_URL": settings.database_url or ""}
        ).run,
    )


def branch(console: Console) -> Branch:
    """Everything below `/console`."""
    by_path: dict[str, dict[str, Action]] = {}
    for action in TABLE:
        by_path.setdefault(action.path, {})[action.method] = action
    show = partial(_problem, console)
    served: dict[str, ASGIApp] = {
        path: Endpoint(partial(serve, console, actions), "console", None, show) for path, actions in by_path.items()
    }
    served[f"{PREFIX}/{{name}}"] = Endpoint(partial(_static, console), "console_static", ("GET", "HEAD"), show)
    return Branch(ROOT, served, Endpoint(partial(unknown, console), "console_unknown", None, show))


async def _static(console: Console, request: ApiRequest) -> ApiResponse:
    return console.static.answer(request, SECURITY_HEADERS)


def _problem(console: Console, request: ApiRequest, problem: OstiaryError) -> ApiResponse:
    """What broke, as a page that knows nobody: who is signed in may be what could not be looked up."""
    page = problem_page(problem, request.trace_id)
    values = {"title": page.title, "sandbox": console.is_sandbox, **page.values}
    language = language_of(console, request)
    body = console.rendering.html(page.template, {**OF_NOBODY, **values}, language)
    headers = [*SECURITY_HEADERS, *language_headers(language), *headers_of(problem)]
    return ApiResponse(status_of(problem), body, headers, b"text/html; charset=utf-8")
