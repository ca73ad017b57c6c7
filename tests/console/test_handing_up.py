"""Handing a case up, and back, on pages."""

from __future__ import annotations

from ostiary.domain.operators.operator import Role
from tests.console.cases import waiting
from tests.console.desk import Desk, text_of
from tests.console.test_cases import opened


async def test_a_case_goes_up_to_the_approvers_and_back(desk: Desk) -> None:
    company = await desk.company("Acme of handing up")
    request = await waiting(desk, company)
    ana = await desk.signed_in("Ana who hands up", Role.REVIEWER, company.id)
    bea = await desk.signed_in("Bea above", Role.APPROVER, company.id)
    fields = await opened(ana, request)
    assert (await ana.post(f"{request.place}/escalate", {**fields, "note": " "})).status_code == 412
    done = await ana.post(f"{request.place}/escalate", {**fields, "note": "My <i>cousin</i>."})
    assert done.headers["location"] == "/console/queue?notice=case_escalated"
    assert "Ana who hands up: escalation" in text_of(await bea.get("/console/queue?holding=approval"))
    page = await ana.get(request.place)
    assert "My &lt;i&gt;cousin&lt;/i&gt;." in page.text
    assert "/decide/" not in page.text
    await ana.post(f"{request.place}/let-go")
    fields = await opened(bea, request)
    assert "/decide/approve" in (await bea.get(request.place)).text
    assert (await bea.post(f"{request.place}/give-back", {**fields, "note": ""})).status_code == 412
    done = await bea.post(f"{request.place}/give-back", {**fields, "note": "Decide it."})
    assert done.headers["location"] == "/console/queue?holding=approval&notice=case_given_back"
    assert request.place in (await ana.get("/console/queue?holding=mine")).text
