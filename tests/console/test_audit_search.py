"""The page on which audit trails are searched: filters in the address without names, files, and what is refused."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import threading
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest

from ostiary.console.pages.house import audit, audit_search
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.operators.operator import Role
from ostiary.domain.times import day_of
from ostiary.usecases.audit.search_trails import search_trails
from tests.console.cases import waiting
from tests.console.desk import Desk, text_of

ROWS = re.compile(r"<tr data-row>(.*?)</tr>", re.DOTALL)


async def test_who_did_what_is_found_by_id_and_given_as_files(desk: Desk) -> None:
    company = await desk.company("Acme of searching")
    request = await waiting(desk, company)
    ana = await desk.signed_in("Ana =of= searching", Role.APPROVER, company.id)
    assert ana.operator is not None
    await ana.get(request.place)
    query = f"who={ana.operator.id}&action=review+looked"
    page = await ana.get(f"/console/audit?{query}")
    [row] = ROWS.findall(page.text)
    assert "review looked" in row
    assert "operator:Ana =of= searching" in unescape(row)
    assert f"/console/companies/{company.id}/audit?client={request.client_id}" in row
    [entry] = (await ana.get(f"/console/audit.json?{query}")).json()
    assert (entry["company"], entry["chain"], entry["action"]) == (company.id, request.client_id, "review_looked")
    as_csv = await ana.get(f"/console/audit.csv?{query}")
    assert as_csv.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    [line] = csv.DictReader(io.StringIO(as_csv.text))
    assert (line["company"], line["chain"], line["position"]) == (company.id, request.client_id, str(entry["position"]))
    about = text_of(await ana.get(f"/console/audit?about={request.id}&company={company.id}"))
    assert "product submitted" in about
    assert "company created" not in about


async def test_pages_lead_to_older_entries_and_periods_bound_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await desk.company("Acme of older entries")
    await waiting(desk, company)
    ana = await desk.signed_in("Ana of older entries", Role.APPROVER, company.id)
    every = len((await ana.get("/console/audit.json")).json())
    monkeypatch.setattr("ostiary.console.pages.house.audit_search.PAGE_ENTRIES", 2)
    address, shown = "/console/audit", 0
    while True:
        page = await ana.get(address)
        shown += len(ROWS.findall(page.text))
        links = re.findall(r'rel="next" href="([^"]+)"', page.text)
        if not links:
            break
        address = unescape(links[0])
    assert shown == every > 4
    today = day_of(desk.console.context.now_ms()).isoformat()
    assert len((await ana.get(f"/console/audit.json?since={today}&until={today}")).json()) == every
    assert (await ana.get("/console/audit.json?until=2020-01-01")).json() == []
    assert "Nothing fits." in text_of(await ana.get("/console/audit?until=2020-01-01"))


async def test_a_file_that_would_not_hold_all_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await desk.company("Acme of large files")
    await waiting(desk, company)
    ana = await desk.signed_in("Ana of large files", Role.APPROVER, company.id)
    monkeypatch.setattr("ostiary.console.pages.house.audit_search.MOST_EXPORTED", 2)
    for kind in ("csv", "json"):
        refused = await ana.get(f"/console/audit.{kind}")
        assert (refused.status_code, "choose a shorter period" in text_of(refused)) == (412, True)


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("of", ["of many", "of one"])
async def test_a_file_is_written_while_others_are_served(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, of: str
) -> None:
    company = await desk.company(f"Acme writes {kind} {of}")
    is_written, others_are_served = threading.Event(), threading.Event()
    ana = await desk.signed_in(f"Ana writes {kind} {of}", Role.APPROVER, company.id)
    write = {"csv": audit.csv_of, "json": audit.json_of}[kind]

    def waits(entries: Sequence[AuditEntry], *, of_many: bool) -> bytes:
        is_written.set()
        assert others_are_served.wait(30)
        return write(entries, of_many=of_many)

    monkeypatch.setattr(audit, f"{kind}_of", waits)
    address = "/console/audit" if of == "of many" else f"/console/companies/{company.id}/audit"
    file = asyncio.ensure_future(ana.get(f"{address}.{kind}"))
    assert await asyncio.to_thread(is_written.wait, 30)
    assert (await ana.get("/console/session")).status_code == 200
    others_are_served.set()
    answer = await file
    assert (answer.status_code, "company_created" in answer.text) == (200, True)


async def test_files_of_all_trails_are_written_one_after_another(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes some 100 MB, however many are asked for at once."""
    at_work = list[str]()
    ana = await desk.signed_in("Ana of many files", Role.APPROVER)

    async def alone(*arguments: Any, **options: Any) -> Any:
        at_work.append("search")
        assert len(at_work) == 1
        return await search_trails(*arguments, **options)

    def written(*_: object, **__: object) -> bytes:
        at_work.clear()
        return b""

    monkeypatch.setattr(audit_search, "search_trails", alone)
    for kind in ("csv", "json"):
        monkeypatch.setattr(audit, f"{kind}_of", written)
    files = await asyncio.gather(*(ana.get(f"/console/audit.{kind}") for kind in ("csv", "json", "csv", "json")))
    assert [file.status_code for file in files] == [200] * 4


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("who=operator:Ana", "who must be"),
        ("who=nobody%20like%20that", "who must be"),
        ("action=%3Cb%3E", "action must be"),
        ("about=x", "about must be"),
        ("since=yesterday", "since must be a day"),
        ("until=2026-02-30", "until must be a day"),
        ("after=x", "after must be"),
    ],
)
async def test_what_cannot_be_asked_is_said(desk: Desk, query: str, words: str) -> None:
    ana = await desk.signed_in(f"Ana asks {query}", Role.APPROVER)
    refused = await ana.get(f"/console/audit?{query}")
    assert (refused.status_code, words in text_of(refused)) == (412, True)


async def test_machines_are_found_by_what_they_are_called(desk: Desk) -> None:
    ana = await desk.signed_in("Ana of machines", Role.APPROVER)
    assert (await ana.get(f"/console/audit?who=key:{'0' * 32}")).status_code == 200
    assert (await ana.get("/console/audit?who=ostiary")).status_code == 200
