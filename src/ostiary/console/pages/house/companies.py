"""Companies: which there are, how each stands, and its keys."""

from __future__ import annotations

from datetime import date

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.sentences import N_
from ostiary.domain.times import DAY_MS, day_of, day_starts_ms, iso_date
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.companies.companies import create_key as make_key
from ostiary.usecases.companies.companies import revoke_key
from ostiary.usecases.companies.overview import companies_for, company_overview, find_key
from ostiary.usecases.delivery.webhook import EVENT_TYPES
from ostiary.usecases.sandbox.agenda import CALENDAR
from ostiary.usecases.sandbox.clock import ClockState, read_clock

LEVEL_WORDS = {
    1: N_("creates and reads clients"),
    2: N_("no more than 1, yet"),
    3: N_("everything a partner can do"),
    4: N_("no more than 3, yet"),
    5: N_("no more than 3, yet"),
}
OFFERED = (1, 3)
"""Those that differ: no operation asks for another (`api/operations.py`)."""

TYPED = ("level", "allow", "until", "url", "webhook_key", "include_sequence", "overlap_hours", "gb", "count", "unit")
"""Fields of the page's forms that are shown again."""
CLOCK_UNITS = {"D": N_("days"), "W": N_("weeks"), "M": N_("months"), "Y": N_("years")}
"""As ISO 8601 writes them."""
SHOWN_RIGHTS = (
    Permission.SEE_QUEUE,
    Permission.MANAGE_KEYS,
    Permission.SET_WEBHOOK,
    Permission.SET_QUOTA,
    Permission.MOVE_CLOCK,
    Permission.SET_BRAND,
    Permission.ERASE,
    Permission.SEE_DELIVERIES,
    Permission.SEE_AUDIT,
)


async def every(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Those that the operator works for."""
    return await list_page(console, request, {})


async def details(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """One company."""
    return await company_page(console, request, {})


async def create_key(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Makes a key; its secret is shown once."""
    try:
        new = await committed(console, request.caller, make_key, *_key_form(console, request))
    except ValidationFailed as refused:
        return await company_page(console, request, {fault.field: fault.message for fault in refused.faults}, "key")
    values = {"company": request.caller.company, "key": new.key, "secret_text": new.secret}
    return Page(template="key_made.html", title="New key", values=values)


async def end_key(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Revokes a key."""
    key = await find_key(console.context, request.caller, request.path["keyId"])
    await committed(console, request.caller, revoke_key, key)
    return Redirect(f"/console/companies/{request.caller.company.id}", "key_revoked")


def _key_form(console: Console, request: ConsoleRequest) -> tuple[int, tuple[str, ...], int | None]:
    """Level, networks, and the end in milliseconds. Raises ValidationFailed."""
    form, faults = request.form, []
    level = int(form.text("level")) if form.text("level") in [str(level) for level in OFFERED] else 0
    networks = tuple(form.text("allow").replace(",", " ").split())
    until = form.text("until")
    day = iso_date(until) if until else None
    if not level:
        faults.append(Fault("level", "VALUE_INVALID", "choose a level"))
    if until and (
        day is None or not day_of(console.context.now_ms()) <= day < date.max
    ):  # nothing can be shown after that
        faults.append(Fault("until", "VALUE_INVALID", "a day from today on, as 2027-01-31, or nothing"))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    return level, networks, None if day is None else day_starts_ms(day) + DAY_MS


async def list_page(console: Console, request: ConsoleRequest, faults: dict[str, str]) -> Page:
    """Those that the operator works for, with what is wrong with the form of a new one."""
    values = {
        "companies": await companies_for(console.context, request.operator),
        "may_create": may(request.operator, Permission.CREATE_COMPANY),
        "faults": faults,
        "typed": {name: request.form.text(name) for name in ("name", "environment", "email")},
    }
    return Page(template="companies.html", title="Companies", values=values, status=400 if faults else 200)


async def company_page(console: Console, request: ConsoleRequest, faults: dict[str, str], form_name: str = "") -> Page:
    """One company, with what is wrong with one of its forms."""
    form, company_id = request.form, request.caller.company.id
    heard = form.every("event_types") if form_name == "webhook" else request.caller.company.webhook.event_types
    rights = {permission.name: may(request.operator, permission, company_id) for permission in SHOWN_RIGHTS}
    values = {
        "overview": await company_overview(console.context, request.caller),
        "rights": rights,
        "clock": await _clock(console, request),
        "clock_units": CLOCK_UNITS,
        "levels": LEVEL_WORDS,
        "offered": OFFERED,
        "usual_quota_bytes": console.usual_quota_bytes,
        "faults": faults,
        "event_types": [(each, each in heard) for each in EVENT_TYPES],
        "faulty": form_name,
        "typed": {name: form.text(name) for name in TYPED},
    }
    return Page(template="company.html", title="Company", values=values, status=400 if faults else 200)


async def _clock(console: Console, request: ConsoleRequest) -> ClockState | None:
    """A company in production has none."""
    if not request.caller.company.is_sandbox:
        return None
    return await read_clock(console.context, request.caller, CALENDAR)
