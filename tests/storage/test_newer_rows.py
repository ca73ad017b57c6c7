"""Rows that a newer version sealed in a form of its own: refused in words, and nothing else waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from ostiary.cli.doctor.database import _companies
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.errors import StoredByNewer
from ostiary.settings import read_settings
from ostiary.storage.stored.forms import FORM
from ostiary.storage.unit_context import client_box, company_box
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NEWER = msgspec.msgpack.encode({"form": FORM + 1, "first_names": ["Maria"]})


def seal_newer(engine: Shelf, company: Company) -> None:
    sealed = company_box(engine.cipher, company).seal(f"companies/{company.id}/settings", NEWER)
    engine.spoil("UPDATE companies SET settings = ? WHERE company_id = ?", sealed, company.id)


async def test_a_client_of_a_newer_form_is_refused_and_says_nothing_of_himself(engine: Shelf, trade: Trade) -> None:
    client: Client = await trade.remembered()
    sealed = client_box(engine.cipher, client).seal(f"clients/{client.id}/details/{client.version}", NEWER)
    engine.spoil("UPDATE clients SET details = ? WHERE client_id = ?", sealed, client.id)
    with pytest.raises(StoredByNewer, match="a newer version wrote") as refused:
        await engine.open().dossier(trade.company.id, client.id)
    assert refused.value.__suppress_context__
    assert "Maria" not in str(refused.value)


@sqlite_only
async def test_messages_of_a_company_of_a_newer_form_wait_for_that_version(engine: Shelf, trade: Trade) -> None:
    other = await found_company(trade.store, engine.cipher, 2)
    await trade.posted(NOW_MS)
    [wanted] = await other.posted(NOW_MS)
    seal_newer(engine, trade.company)
    claimed = await engine.open().outbox.claim("lease", NOW_MS, NOW_MS + 1_000, 9)
    assert [message.id for message, _ in claimed] == [wanted.id]
    rows: Sequence[tuple[str, int]] = engine.rows(
        "SELECT state, due_at_ms FROM messages WHERE company_id = ?", trade.company.id
    )
    assert [(state, due > NOW_MS) for state, due in rows] == [(MessageOutcome.PENDING.value, True)]


@sqlite_only
async def test_doctor_says_that_a_newer_version_was_here(engine: Shelf, trade: Trade, tmp_path: Path) -> None:
    seal_newer(engine, trade.company)
    settings = read_settings({"OSTIARY_DATA_DIR": str(tmp_path)})
    store = engine.open()
    with store.engine.blocking() as look:
        finding = await asyncio.to_thread(next, _companies(settings, look, engine.cipher, is_current=True))
    assert finding.check == "company"
    assert f"{trade.company.id} cannot be opened: A stored value has form {FORM + 1}" in finding.found
    assert "that version" in finding.advice
