"""Imports over HTTP: a file is checked, started, and its faults come back as a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from ostiary.api.composition import application
from ostiary.background import imports as background
from ostiary.background.imports import Imports, forget_imports
from ostiary.domain.errors import LeaseLost, Unavailable
from ostiary.domain.imports.bulk import KEPT_MS
from ostiary.usecases.companies.companies import create_key
from ostiary.usecases.imports.carry_out import work_at
from tests.house import House, open_house
from tests.importing import cells_of, clients, csv_of, row
from tests.material import id_at

IMPORTS = "/management/imports"


@dataclass
class Importer:
    """A company that calls, beside a worker."""

    house: House
    http: httpx.AsyncClient
    secret: str

    async def call(self, method: str, path: str = "", **options: Any) -> httpx.Response:
        headers = {"x-api-key": self.secret, **options.pop("headers", {})}
        return await self.http.request(method, IMPORTS + path, headers=headers, **options)

    async def send(self, content: bytes, kind: str = "text/csv") -> httpx.Response:
        return await self.call("POST", content=content, headers={"content-type": kind})

    async def until(self, import_id: str, status: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                shown: dict[str, Any] = (await self.call("GET", f"/{import_id}")).json()
                if shown["status"] == status:
                    return shown
                await asyncio.sleep(0.2)


@pytest.fixture
async def importer(tmp_path: Path) -> AsyncIterator[Importer]:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        transport = httpx.ASGITransport(application(replace(house.parts, context=house.context), lambda: None))
        secret = (await house.do(create_key, 3, ())).secret
        running = asyncio.create_task(Imports(house.context).run())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield Importer(house, http, secret)
        running.cancel()
        await asyncio.wait([running])


async def test_a_file_is_checked_then_carried_out_and_its_faults_come_back(importer: Importer) -> None:
    sent = await importer.send(csv_of([row(1), row(2, email="x"), row(3)]))
    assert sent.status_code == 201
    begun = sent.json()
    assert begun["status"] == "checking"
    assert begun["rows"] == {"total": 3, "waiting": 3, "good": 0, "faulty": 0, "done": 0, "repeated": 0}
    path = f"/{begun['id']}"
    checked = await importer.until(begun["id"], "checked")
    assert checked["rows"] == {"total": 3, "waiting": 0, "good": 2, "faulty": 1, "done": 0, "repeated": 0}
    assert clients(importer.house) == 0
    assert (await importer.call("POST", f"{path}/start")).json()["status"] == "running"
    done = await importer.until(begun["id"], "done")
    assert done["rows"] == {"total": 3, "waiting": 0, "good": 0, "faulty": 1, "done": 2, "repeated": 0}
    assert done["ended_at"] >= done["created_at"]
    faults = await importer.call("GET", f"{path}/faults")
    assert faults.headers["content-type"] == "text/csv; charset=utf-8"
    assert [cells["import_row"] for cells in cells_of(faults.content)] == ["2"]
    assert (await importer.call("GET")).json() == [done]
    again = await importer.call("POST", f"{path}/start")
    assert (again.status_code, again.json()["code"]) == (412, "INVALID_STATE")


async def test_the_template_is_a_file_that_can_be_filled_in(importer: Importer) -> None:
    template = await importer.call("GET", "/template")
    assert template.headers["content-type"] == "text/csv; charset=utf-8"
    columns = template.content.decode("utf-8-sig").strip().split(",")
    assert {"row_key", "email", "address.country", "product"} <= set(columns)
    filled = row(1)
    content = template.content + ",".join(filled.get(column, "") for column in columns).encode()
    sent = await importer.send(content, "text/csv; charset=utf-8")
    assert (await importer.until(sent.json()["id"], "checked"))["rows"]["good"] == 1


async def test_an_import_is_cancelled(importer: Importer) -> None:
    import_id = (await importer.send(csv_of([row(1)]))).json()["id"]
    await importer.until(import_id, "checked")
    cancelled = (await importer.call("POST", f"/{import_id}/cancel")).json()
    assert (cancelled["status"], cancelled["rows"]["good"]) == ("cancelled", 1)
    refused = await importer.call("POST", f"/{import_id}/start")
    assert refused.json()["message"] == "This import is cancelled: only one that is checked can be started."


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{}", "application/json", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"a,b\n1,2\n", "text/csv", 400, "INVALID_REQUEST"),
        (b"", "text/csv", 400, "INVALID_REQUEST"),
        (b"x" * ((16 << 20) + 1), "text/csv", 413, "PAYLOAD_TOO_LARGE"),
    ],
)
async def test_a_file_that_is_none_is_refused(
    importer: Importer, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = await importer.send(content, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_imports_of_nobody_are_not_found(importer: Importer) -> None:
    for method, path in (("GET", ""), ("GET", "/faults"), ("POST", "/start"), ("POST", "/cancel")):
        assert (await importer.call(method, f"/{id_at(1)}{path}")).status_code == 404
    assert (await importer.call("GET", "?limit=0")).status_code == 400


async def test_the_same_key_makes_one_import(importer: Importer) -> None:
    headers = {"content-type": "text/csv", "idempotency-key": "once"}
    first, again = [await importer.call("POST", content=csv_of([row(1)]), headers=headers) for _ in range(2)]
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await importer.call("GET")).json()) == 1


@pytest.mark.parametrize("problem", [LeaseLost, Unavailable, ZeroDivisionError])
async def test_an_import_that_cannot_be_worked_at_is_come_back_to(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    real, tries = work_at, list[str]()

    async def fail(*arguments: Any, **named: Any) -> bool:
        tries.append("")
        if len(tries) == 1:
            raise problem
        return await real(*arguments, **named)

    monkeypatch.setattr(background, "work_at", fail)
    import_id = (await importer.send(csv_of([row(1)]))).json()["id"]
    await importer.until(import_id, "checked")
    assert len(tries) > 1


async def test_a_database_that_is_away_ends_no_worker(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        async def due(self, now_ms: int) -> list[tuple[str, str]]:
            raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(importer.house.parts.store, "imports", Away())
        await asyncio.sleep(0.6)
    import_id = (await importer.send(csv_of([row(1)]))).json()["id"]
    await importer.until(import_id, "checked")


async def test_imports_are_forgotten_after_a_month(importer: Importer) -> None:
    import_id = (await importer.send(csv_of([row(1)]))).json()["id"]
    await importer.until(import_id, "checked")
    now = importer.house.clock.now_ms
    await forget_imports(importer.house.parts.store, now + KEPT_MS - 1)
    assert (await importer.call("GET", f"/{import_id}")).status_code == 200
    await forget_imports(importer.house.parts.store, now + KEPT_MS + 1_000)
    assert (await importer.call("GET", f"/{import_id}")).status_code == 404


async def test_our_own_fault_is_logged_without_the_row(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import_id = (await importer.send(csv_of([row(1)]))).json()["id"]
    await importer.until(import_id, "checked")

    async def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ostiary.usecases.imports.carry_out.create_client", fail)
    await importer.call("POST", f"/{import_id}/start")
    assert (await importer.until(import_id, "done"))["rows"]["faulty"] == 1
    out = "".join(capfd.readouterr())
    assert "row_not_carried_out" in out
    assert "c1@example.com" not in out
