"""Searching for clients from the console: by what is known exactly, and by name."""

from __future__ import annotations

import pytest

from ostiary.domain.operators.operator import Role
from tests.console.cases import waiting
from tests.console.desk import Desk, text_of


@pytest.mark.parametrize("what", ["id", "client_id"])
async def test_searching_finds_exactly_and_leaves_nothing_in_an_address(desk: Desk, what: str) -> None:
    company = await desk.company(f"Acme of search by {what}")
    request = await waiting(desk, company, email=f"find.{what}@example.com", reference=f"CRM-{what}")
    ana = await desk.signed_in(f"Ana of search by {what}", Role.VIEWER, company.id)
    for words in (getattr(request, what), f"find.{what}@example.com", f"CRM-{what}"):
        page = await ana.post("/console/search", {"words": words})
        assert request.place in page.text
    page = await ana.post("/console/search", {"words": "barber  MARIA"})
    assert request.place in page.text
    assert "Nothing like that was found" in text_of(await ana.post("/console/search", {"words": "Barber Mariana"}))
    assert request.place not in (await ana.post("/console/search", {"words": "\u200b\u2060"})).text
    page = await ana.post("/console/search", {"words": "nobody@example.com"})
    assert "Nothing like that was found" in text_of(page)
    assert (await ana.get(f"/console/search?words={request.id}")).status_code == 405
