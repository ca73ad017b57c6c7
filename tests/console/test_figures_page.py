"""The page of figures: what happened is there as a drawing and as a table, for whom it is his."""

from __future__ import annotations

import pytest

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.operators.operator import Role
from ostiary.domain.unit import Unit
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.onboarding.products import request_product
from tests.console.desk import Desk, text_of
from tests.material import profile

NOTES = ("product_submitted", "verdict_return")


async def returned(desk: Desk, name: str) -> Caller:
    """A company of which a submission was returned."""
    context = desk.parts.context
    caller = await operator_for(context, (await desk.company(name)).id, "setup")
    client = await desk.commit(caller, await create_client(context, caller, profile()))
    state = await desk.commit(caller, await request_product(context, caller, client.id, "cards_individuals"))
    dossier = await context.storage.dossier(caller.company.id, client.id)
    assert dossier is not None
    for action in NOTES:
        notes = (Note(action, "operator:ana", state.enablement.id, ("image_blurred", "attempt_1", "staged_4")),)
        unit = Unit(caller.company.id, context.now_ms(), owner=dossier.client, notes=notes)
        assert await context.storage.commit(unit) is None
        dossier = await context.storage.dossier(caller.company.id, client.id)
        assert dossier is not None
    return caller


async def test_what_happened_is_drawn_and_in_a_table(desk: Desk) -> None:
    caller = await returned(desk, "Acme of figures")
    visitor = await desk.signed_in("reader of figures", Role.VIEWER, caller.company.id)
    page = await visitor.get("/console/figures")
    text = text_of(page)
    assert "Submitted 1" in text
    assert "By a machine or provider 0%" in text
    assert "Within a day 100%" in text
    assert "image blurred 1" in text
    assert "By two people 1" in text
    assert "A rule set aside 0" in text
    assert "attempt" not in text
    assert "staged" not in text
    assert 'rect class="is-returned"' in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize("query", ["", "?company=nobody", "?company=%3Cb%3E&product=%3Cb%3E", "?product=loans"])
async def test_without_anything_it_says_what_begins_them(desk: Desk, query: str) -> None:
    company = await desk.company("Idle of figures")
    visitor = await desk.signed_in(f"idle reader of {query or 'all'}", Role.VIEWER, company.id)
    page = await visitor.get(f"/console/figures{query}")
    assert page.status_code == 200
    assert "Figures begin with the first submission" in text_of(page)
    assert "<b>" not in page.text


async def test_of_other_companies_nobody_is_told(desk: Desk) -> None:
    caller = await returned(desk, "Secretive of figures")
    own = await desk.company("Own of figures")
    visitor = await desk.signed_in("reader elsewhere", Role.ADMIN, own.id)
    page = await visitor.get(f"/console/figures?company={caller.company.id}")
    assert "Secretive" not in page.text
    assert "Submitted 0" in text_of(page)
