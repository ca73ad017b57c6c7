"""Audit trails: of a company, of a client, of operators; verified in words, and as files."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Sequence

import msgspec

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import NotFound
from ostiary.domain.ids import is_id
from ostiary.html.answers import Download, Page
from ostiary.usecases.audit.read_trail import AuditTrail, read_trail
from ostiary.wire.review import chain_entry_shape

PAGE = 200
"""Entries on a page, newest first; a file has all."""
_FORMULA = re.compile(r"(^|[;\t])(?=\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
"""Where spreadsheets would take what follows for a formula (OWASP, CSV injection): where a cell begins, and where one
begins in other countries, of whatever width the sign is."""
COLUMNS = ("position", "at", "action", "actor", "subject", "codes", "hash")


async def of_company(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """A company's, or with `client` in the address one of its clients'."""
    caller = request.caller
    return _page(request, await _trail(console, request), f"/console/companies/{caller.company.id}/audit", caller)


async def of_operators(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Who signed in and out, failed to, and whose rights were changed."""
    trail = await read_trail(console.context, request.as_operator, console.audit_mark)
    return _page(request, trail, "/console/operators-trail", None)


async def as_csv(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """All entries as CSV (RFC 4180)."""
    return await csv_file((await _trail(console, request)).entries)


async def as_json(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """All entries as JSON, in the form of `ostiary audit show --json`."""
    return await json_file((await _trail(console, request)).entries)


async def csv_file(entries: Sequence[AuditEntry], *, of_many: bool = False) -> Download:
    """Of however many entries: written beside everything else, since 50,000 take more than a second."""
    return Download(await asyncio.to_thread(csv_of, entries, of_many=of_many), "text/csv; charset=utf-8", "audit.csv")


async def json_file(entries: Sequence[AuditEntry], *, of_many: bool = False) -> Download:
    """The same as JSON."""
    return Download(await asyncio.to_thread(json_of, entries, of_many=of_many), "application/json", "audit.json")


async def _trail(console: Console, request: ConsoleRequest) -> AuditTrail:
    client_id = request.query.text("client")
    if client_id and not is_id(client_id):
        raise NotFound
    return await read_trail(console.context, request.caller, console.audit_mark, client_id)


def _page(request: ConsoleRequest, trail: AuditTrail, place: str, caller: Caller | None) -> Page:
    before = request.query.text("before")
    end = int(before) - 1 if before.isascii() and before.isdigit() and len(before) < 10 else len(trail.entries)
    end = max(0, min(end, len(trail.entries)))
    values = {
        "company": None if caller is None else caller.company,
        "client_id": "" if caller is None else request.query.text("client"),
        "entries": trail.entries[max(0, end - PAGE) : end][::-1],
        "count": len(trail.entries),
        "fault": trail.fault,
        "place": place,
        "before": end - PAGE + 1 if end > PAGE else None,
    }
    return Page(template="audit.html", title="Audit trail", values=values)


def csv_of(entries: Sequence[AuditEntry], *, of_many: bool = False) -> bytes:
    """A line each, and one that names the columns. What a spreadsheet would compute is led by an apostrophe. `of_many`:
    entries of many chains, each with its company and whose chain it is."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("company", "chain", *COLUMNS) if of_many else COLUMNS)
    for entry in entries:
        row = chain_entry_shape(entry)
        cells = [entry.company_id, entry.owner] if of_many else []
        cells += [*(str(row[column]) for column in COLUMNS[:5]), " ".join(entry.codes), entry.hash.hex()]
        writer.writerow([_FORMULA.sub(r"\1'", cell) for cell in cells])
    return text.getvalue().encode()


def json_of(entries: Sequence[AuditEntry], *, of_many: bool = False) -> bytes:
    """A list of objects. `of_many` as of `csv_of`."""
    rows = [
        ({"company": entry.company_id, "chain": entry.owner} if of_many else {}) | chain_entry_shape(entry)
        for entry in entries
    ]
    return msgspec.json.encode(rows)
