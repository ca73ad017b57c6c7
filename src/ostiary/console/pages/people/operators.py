"""Operators, for admins: letting somebody in, changing rights, shutting out, letting in anew, and their sessions."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.people.account import mark_of
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.console.words import ROLE_WORDS
from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.operators.operator import Role
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.companies.overview import companies_for
from ostiary.usecases.operators.directory import (
    NewLink,
    change_operator,
    create_operator,
    disable_operator,
    enable_operator,
    find_operator,
    list_operators,
    reset_operator,
)
from ostiary.usecases.operators.passkeys import ways_of_all
from ostiary.usecases.operators.sessions import end_all, end_session, sessions_of

PLACE = "/console/operators"


@dataclass(frozen=True, slots=True)
class Rights:
    """Role and companies as a form says them; `all_companies` is said, not left out."""

    role: Role
    all_companies: bool
    companies: tuple[str, ...]


async def every(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """All of them, and a form for a new one."""
    return await _list(console, request, {})


async def create(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Lets somebody in; the link is shown once."""
    try:
        rights = _rights(request)
        new = await committed(
            console, request.as_operator, create_operator, request.form.text("name"), rights.role, rights.companies
        )
    except ValidationFailed as refused:
        return await _list(console, request, {fault.field: fault.message for fault in refused.faults})
    return _link_page(new, request)


async def details(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """One operator."""
    return await _details(console, request, {})


async def change(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """What an operator may do, and for whom."""
    try:
        rights = _rights(request)
        operator_id = request.path["operatorId"]
        await committed(console, request.as_operator, change_operator, operator_id, rights.role, rights.companies)
    except ValidationFailed as refused:
        return await _details(console, request, {fault.field: fault.message for fault in refused.faults})
    return Redirect(_place(request), "operator_changed")


async def disable(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Shuts an operator out."""
    await committed(console, request.as_operator, disable_operator, request.path["operatorId"])
    return Redirect(_place(request), "operator_disabled")


async def enable(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Lets an operator in again."""
    await committed(console, request.as_operator, enable_operator, request.path["operatorId"])
    return Redirect(_place(request), "operator_enabled")


async def reset(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """A new link; password, authenticator and passkeys end."""
    new = await committed(console, request.as_operator, reset_operator, request.path["operatorId"])
    return _link_page(new, request)


async def end_sessions(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Ends one session of an operator, or all where none is named."""
    operator, mark = await find_operator(console.context, request.path["operatorId"]), request.form.text("session")
    if mark:
        await committed(console, request.as_operator, end_session, operator.id, mark_of(mark))
    else:
        await committed(console, request.as_operator, end_all, operator.id)
    return Redirect(_place(request), "session_ended" if mark else "sessions_ended")


def _place(request: ConsoleRequest) -> str:
    return f"{PLACE}/{request.path['operatorId']}"


def _rights(request: ConsoleRequest) -> Rights:
    """Raises ValidationFailed for a role that is none, and where neither all companies nor any are chosen."""
    form = request.form
    if form.text("role") not in list(Role):
        raise ValidationFailed(faults=(Fault("role", "VALUE_INVALID", "choose a role"),))
    role, companies = Role(form.text("role")), form.every("companies")
    if form.text("reach") == "all":
        return Rights(role, True, ())
    if not companies:
        raise ValidationFailed(faults=(Fault("companies", "VALUE_INVALID", "choose all companies, or at least one"),))
    return Rights(role, False, companies)


async def _list(console: Console, request: ConsoleRequest, faults: dict[str, str]) -> Page:
    companies = await companies_for(console.context, request.operator)
    values = {
        "operators": await list_operators(console.context),
        "ways": await ways_of_all(console.context),
        "companies": companies,
        "names": {company.id: company.name for company in companies},
        "roles": ROLE_WORDS,
        "faults": faults,
        "name": request.form.text("name"),
        "rights": _typed(request),
    }
    return Page(template="operators.html", title="Operators", values=values, status=400 if faults else 200)


async def _details(console: Console, request: ConsoleRequest, faults: dict[str, str]) -> Page:
    operator = await find_operator(console.context, request.path["operatorId"])
    rights = Rights(operator.role, not operator.companies, operator.companies)
    assert request.signed_in is not None  # noqa: S101 (not a public page)
    values = {
        "shown": operator,
        "ways": (await ways_of_all(console.context)).get(operator.id, ()),
        "companies": await companies_for(console.context, request.operator),
        "roles": ROLE_WORDS,
        "faults": faults,
        "rights": _typed(request) if faults else rights,
        "sessions": (await sessions_of(console.context, operator.id))[::-1],
        "current": request.signed_in.session.mark,
    }
    return Page(template="operator.html", title="Operator", values=values, status=400 if faults else 200)


def _typed(request: ConsoleRequest) -> Rights:
    """What was chosen in a form that is shown again; a viewer of all companies in a new one."""
    role, reach = request.form.text("role"), request.form.text("reach", "all")
    return Rights(Role(role) if role in list(Role) else Role.VIEWER, reach == "all", request.form.every("companies"))


def _link_page(new: NewLink, request: ConsoleRequest) -> Page:
    """The only time that the link is shown."""
    values = {"shown": new.operator, "link": f"/console/link/{new.token}", "origin": origin_of(request)}
    return Page(template="operator_link.html", title="Link for an operator", values=values)


def origin_of(request: ConsoleRequest) -> str:
    """Scheme and host that the admin's browser has, which it said with the form."""
    return request.api.header(b"origin") or ""
