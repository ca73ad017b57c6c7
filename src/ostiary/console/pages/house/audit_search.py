"""All audit trails that somebody may read, searched together. Addresses name people by ids alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.house.audit import csv_file, json_file
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.audit.search import MOST_EXPORTED, NEWEST, PAGE_ENTRIES, TrailPlace, TrailQuery, trail_place
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.errors import value_refused
from ostiary.domain.ids import is_id
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import works_for
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.times import DAY_MS, END_MS, day_starts_ms, iso_date
from ostiary.html.answers import Page
from ostiary.usecases.audit.search_trails import search_trails
from ostiary.usecases.companies.overview import companies_for
from ostiary.usecases.operators.directory import list_operators

PATH = "/console/audit"
NAMES = ("company", "who", "action", "since", "until", "about")
_MACHINE = re.compile(r"(?!operator:)[a-z_]{1,30}(:[A-Za-z0-9_.-]{1,64})?")
"""Who is no person: `key:ID`, `provider:NAME`, `ostiary`."""
_ACTION = re.compile(r"[a-z][a-z_]{0,60}")


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """A page of what was found, newest first; of everything where nothing is asked."""
    asked = {name: request.query.text(name) for name in NAMES}
    colleagues = await _colleagues(console, request)
    after = trail_place(request.query.text("after"))
    query = _query(asked, colleagues)
    page = await search_trails(console.context, request.operator, query, asked["company"], after, PAGE_ENTRIES)
    values = {
        "asked": asked,
        "entries": page.entries,
        "companies": page.companies,
        "names": {each.id: each.name for each in page.companies},
        "colleagues": colleagues,
        "is_first": after == NEWEST,
        "next": None if page.after is None else _address(PATH, asked, page.after),
        "as_csv": _address(f"{PATH}.csv", asked),
        "as_json": _address(f"{PATH}.json", asked),
        "most": MOST_EXPORTED,
    }
    return Page(template="audit_search.html", title="Audit search", values=values)


async def as_csv(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """All that was found as CSV (RFC 4180). Who comes meanwhile waits."""
    async with console.exporting:
        return await csv_file(await _every(console, request), of_many=True)


async def as_json(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The same as JSON."""
    async with console.exporting:
        return await json_file(await _every(console, request), of_many=True)


async def _every(console: Console, request: ConsoleRequest) -> tuple[AuditEntry, ...]:
    """Raises ValidationFailed where a file would not hold all: part of a trail must not look like the whole."""
    asked = {name: request.query.text(name) for name in NAMES}
    query = _query(asked, await _colleagues(console, request))
    page = await search_trails(console.context, request.operator, query, asked["company"], most=MOST_EXPORTED)
    if page.after is not None:
        problem = sentence("more than %(most)s entries fit: choose a shorter period", most=MOST_EXPORTED)
        raise value_refused("since", problem)
    return page.entries


async def _colleagues(console: Console, request: ConsoleRequest) -> list[Operator]:
    """Operators who work for any company of whoever asks: his entries may be theirs."""
    own = {each.id for each in await companies_for(console.context, request.operator)}
    every = await list_operators(console.context)
    return [each for each in every if not each.companies or any(works_for(each, company) for company in own)]


def _query(asked: Mapping[str, str], colleagues: list[Operator]) -> TrailQuery:
    """Raises ValidationFailed."""
    action = asked["action"].lower().replace(" ", "_")
    if action and not _ACTION.fullmatch(action):
        raise value_refused("action", N_("action must be a code such as review_looked"))
    if asked["about"] and not is_id(asked["about"]):
        raise value_refused("about", N_("about must be the id of a client, a request or a company"))
    since, until = (_day_ms(asked, name) for name in ("since", "until"))
    return TrailQuery(
        actor=_actor(asked["who"], colleagues),
        action=action,
        owner=asked["about"],
        since_ms=since or 0,
        until_ms=END_MS if until is None else until + DAY_MS,
    )


def _actor(who: str, colleagues: list[Operator]) -> str:
    if not who:
        return ""
    names = [f"operator:{each.name}" for each in colleagues if each.id == who]
    if names:
        return names[0]
    if not _MACHINE.fullmatch(who) or is_id(who):
        raise value_refused("who", N_("who must be an operator of the list, or as key:ID, provider:NAME or ostiary"))
    return who


def _day_ms(asked: Mapping[str, str], name: str) -> int | None:
    """The beginning of a day in UTC."""
    if not asked[name]:
        return None
    day = iso_date(asked[name])
    if day is None:
        raise value_refused(name, sentence("%(field)s must be a day such as 2026-04-15", field=name))
    return day_starts_ms(day)


def _address(path: str, asked: Mapping[str, str], after: TrailPlace | None = None) -> str:
    values = {**asked, "after": "" if after is None else after.text()}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path
