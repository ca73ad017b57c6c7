"""The same pages on PostgreSQL: what they read and write is what both engines know."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pyotp
import pytest

from tests.console.desk import Desk, desk_of, text_of
from tests.http.running import installation
from tests.servers.postgresql import shared as shared_cluster

PASSWORD = "the cat sleeps in the shed"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    cluster = shared_cluster()
    database = cluster.create()
    with installation(tmp_path, OSTIARY_DATABASE_URL=cluster.url(database)) as parts:
        async with desk_of(parts) as opened_desk:
            yield opened_desk
        await parts.store.release()
    cluster.drop([database])


@pytest.mark.heavy
async def test_somebody_is_let_in_and_finds_everything(desk: Desk) -> None:
    admin, company = await desk.signed_in("Ada"), await desk.company()
    page = await admin.post("/console/operators", {"name": "Lea", "role": "admin", "reach": "all"})
    [link] = re.findall(r"http://ostiary(/console/link/[0-9A-Za-z_]+)", unescape(page.text))
    lea = desk.visitor()
    form = await lea.get(link)
    secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", form.text)[0].replace(" ", "")
    fields = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).now()}
    done = await lea.post(link, {"form_token": await lea.form_token(link), **fields})
    assert done.status_code == 303
    place = f"/console/companies/{company.id}"
    assert "osk_" in (await lea.post(f"{place}/keys", {"level": "3"})).text
    for path in ("/console/companies", place, f"{place}/deliveries", "/console/queue", "/console/sessions"):
        assert (await lea.get(path)).status_code == 200, path
    assert "each is as it was written" in text_of(await lea.get(f"{place}/audit"))
    assert "each is as it was written" in text_of(await lea.get("/console/operators-trail"))
    assert "PostgreSQL" in text_of(await lea.get("/console/about"))
    await lea.post("/console/sign-out")
    assert (await lea.get("/console/about")).status_code == 303
