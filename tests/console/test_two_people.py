"""Four eyes on pages: a decision waits, its maker is refused, a second person confirms it or sends it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.catalogue.catalogue import Eyes, Override
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Role
from ostiary.domain.screening.subject import Hit
from ostiary.domain.unit import AddHit, Unit
from tests.console.cases import WaitingRequest, actions, state, waiting
from tests.console.desk import Desk, Visitor, text_of
from tests.console.test_cases import opened
from tests.reviewing import Stricter

FOR_APPROVERS = "/console/queue?holding=approval"


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """Approving and rejecting take two people."""
    catalogues = Stricter(desk.parts.context.catalogues, (Eyes.APPROVE, Eyes.REJECT_CLIENT))
    context = replace(desk.console.context, catalogues=catalogues)
    object.__setattr__(desk.console, "context", context)
    return desk


async def place_of(desk: Desk, request: WaitingRequest) -> str:
    """Where what waits of a case is decided."""
    client = await desk.parts.context.storage.clients.find(request.company.id, request.client_id)
    assert client is not None
    [approval] = await desk.parts.context.storage.approvals.of_client(client)
    return f"{request.place}/approvals/{approval.id}"


async def staged(desk: Desk, name: str) -> tuple[WaitingRequest, Visitor, str]:
    """A case that somebody approved, whose decision waits; who, and where it is confirmed."""
    company = await desk.company(f"Acme {name}")
    request = await waiting(desk, company)
    maker = await desk.signed_in(f"Ana {name}", Role.APPROVER, company.id)
    fields = await opened(maker, request)
    answer = await maker.post(f"{request.place}/decide/approve", {**fields, "note": "Seen <b>well</b>."})
    assert answer.headers["location"] == "/console/queue?notice=decision_staged"
    return request, maker, await place_of(desk, request)


async def test_what_takes_two_people_waits_and_a_second_one_confirms_it(strict: Desk) -> None:
    request, ana, place = await staged(strict, "of two")
    assert (await state(strict, request)).status is Status.IN_KYC
    own = await ana.get(request.place)
    assert "Your decision waits for a second person" in text_of(own)
    assert f'action="{place}/confirm"' not in own.text
    assert "/decide/" not in own.text, "nothing else is offered meanwhile"
    bea = await strict.signed_in("Bea of two", Role.APPROVER, request.company.id)
    queue = await bea.get(FOR_APPROVERS)
    assert request.place in queue.text
    assert "Ana of two: approve" in text_of(queue)
    cleo = await strict.signed_in("Cleo of two", Role.REVIEWER, request.company.id)
    assert "works on this case" not in text_of(await cleo.get(request.place)), "who made it looked, and has it not"
    fields = await opened(bea, request)
    page = await bea.get(request.place)
    assert "Seen &lt;b&gt;well&lt;/b&gt;." in page.text
    assert 'data-act="a"' in page.text, "the key that approves confirms"
    done = await bea.post(f"{place}/confirm", {**fields, "note": "So it is."})
    assert done.headers["location"] == f"{FOR_APPROVERS}&notice=decision_confirmed"
    assert (await state(strict, request)).status is Status.ENABLED
    assert (await actions(strict, request.client_id, request.company))[-2:] == ["verdict_approve", "decision_confirmed"]
    assert "Confirmed a decision, as the second person" in text_of(await bea.get(request.place))
    assert request.place not in (await bea.get(FOR_APPROVERS)).text
    assert "No such decision waits any more" in text_of(await bea.post(f"{place}/confirm", fields))


async def test_its_maker_is_refused_and_may_withdraw(strict: Desk) -> None:
    request, ana, place = await staged(strict, "of himself")
    fields = await opened(ana, request)
    for what, more in (("confirm", {}), ("send-back", {"note": "No."})):
        answer = await ana.post(f"{place}/{what}", {**fields, **more})
        assert answer.status_code == 403
        assert "it takes a second person" in text_of(answer)
    assert (await state(strict, request)).status is Status.IN_KYC
    bea = await strict.signed_in("Bea of himself", Role.APPROVER, request.company.id)
    refused = await bea.post(f"{place}/withdraw")
    assert (refused.status_code, "made this decision" in text_of(refused)) == (412, True)
    done = await ana.post(f"{place}/withdraw", fields)
    assert done.headers["location"] == f"{request.place}?notice=decision_withdrawn"
    assert "/decide/approve" in (await ana.get(request.place)).text
    assert "Seen &lt;b&gt;well&lt;/b&gt;." in (await ana.get(request.place)).text, "a draft again"


async def test_what_is_sent_back_is_its_makers_again(strict: Desk) -> None:
    request, ana, place = await staged(strict, "sent back")
    rob = await strict.signed_in("Rob sent back", Role.REVIEWER, request.company.id)
    assert "An approver confirms it" in text_of(await rob.get(request.place))
    await rob.post(f"{request.place}/let-go")
    bea = await strict.signed_in("Bea sent back", Role.APPROVER, request.company.id)
    fields = await opened(bea, request)
    empty = await bea.post(f"{place}/send-back", {**fields, "note": ""})
    assert empty.status_code == 412
    done = await bea.post(f"{place}/send-back", {**fields, "note": "See the back."})
    assert done.headers["location"] == f"{FOR_APPROVERS}&notice=decision_sent_back"
    assert request.place in (await ana.get("/console/queue?holding=mine")).text
    assert "See the back." in text_of(await ana.get(request.place))


async def test_a_case_that_changed_says_so_and_withdraws_the_decision(strict: Desk) -> None:
    request, ana, place = await staged(strict, "of changes")
    await ana.post(f"{request.place}/let-go")
    cora = await strict.signed_in("Cora of changes", Role.APPROVER, request.company.id)
    before = await opened(cora, request)
    document = request.place + "/numbers/" + await _document(strict, request)
    refused = await cora.post(f"{document}/release", {**before, "note": "Typed wrongly."})
    assert "waits for a second person" in text_of(refused), "nothing is decided beside it"
    await _changed(strict, request)
    page = await cora.get(request.place)
    assert "The case changed since: client_updated" in text_of(page)
    fields = await opened(cora, request)
    answer = await cora.post(f"{place}/confirm", fields)
    assert answer.status_code == 412
    assert "The decision has no effect and is withdrawn" in text_of(answer)
    assert (await state(strict, request)).status is Status.IN_KYC
    assert "/decide/approve" in (await cora.get(request.place)).text


async def _document(desk: Desk, request: WaitingRequest) -> str:
    dossier = await desk.parts.context.storage.dossier(request.company.id, request.client_id)
    assert dossier is not None
    return dossier.documents[0].id


async def _changed(desk: Desk, request: WaitingRequest) -> None:
    from ostiary.usecases.clients.individuals import update_client
    from tests.console.cases import caller_of
    from tests.material import profile

    caller, context = await caller_of(desk, request.company), desk.parts.context
    outcome = await update_client(context, caller, request.client_id, profile(email="changed@example.com"))
    await desk.commit(caller, outcome)


async def test_a_preview_shows_what_the_company_gets_although_it_takes_two(strict: Desk) -> None:
    company = await strict.company("Acme of previews by two")
    request = await waiting(strict, company)
    ana = await strict.signed_in("Ana of previews by two", Role.APPROVER, company.id)
    fields = await opened(ana, request)
    shown = await ana.post(f"{request.place}/preview", {**fields, "form": "reject_client", "reason": "Forged."})
    assert "&#34;status&#34;: &#34;rejected&#34;" in shown.text


async def test_an_approver_sets_a_confirmed_hit_aside_where_the_catalogue_allows_it(desk: Desk) -> None:
    company = await desk.company("Acme of overrides")
    request = await waiting(desk, company)
    dossier = await desk.parts.context.storage.dossier(company.id, request.client_id)
    assert dossier is not None
    hit = Hit("own", "1", "NK-1", "Maria Barber", 0.9, 0.8)
    added = Unit(company.id, desk.clock.now_ms(), dossier.client, (AddHit(hit),))
    assert await desk.parts.context.storage.commit(added) is None
    [stored] = await desk.parts.context.storage.screening.hits(dossier.client)
    catalogues = Stricter(desk.parts.context.catalogues, override=Override, is_pinned=True)
    object.__setattr__(desk.console, "context", replace(desk.console.context, catalogues=catalogues))
    bea = await desk.signed_in("Bea of overrides", Role.APPROVER, company.id)
    form, note = f"{request.place}/decide/override", {"note": "Known to the board."}
    assert form not in (await bea.get(request.place)).text, "as long as the hit is open"
    fields = await opened(bea, request)
    confirmed = {**fields, "state": "confirmed", "note": "It is her."}
    assert (await bea.post(f"{request.place}/hits/{stored.key[:8]}", confirmed)).status_code == 303
    rob = await desk.signed_in("Rob of overrides", Role.REVIEWER, company.id)
    await bea.post(f"{request.place}/let-go")
    assert form not in (await rob.get(request.place)).text
    refused = await rob.post(form, {**await opened(rob, request), **note})
    assert "Rob of overrides has to be an operator of this company with the role approver" in text_of(refused)
    await rob.post(f"{request.place}/let-go")
    assert form in (await bea.get(request.place)).text
    fields = await opened(bea, request)
    assert (await bea.post(form, {**fields, "note": ""})).status_code == 412
    assert (await bea.post(form, {**fields, **note})).headers["location"] == "/console/queue?notice=case_approved"
    assert (await state(desk, request)).status is Status.ENABLED
    assert "override" in text_of(await bea.get(request.place))
