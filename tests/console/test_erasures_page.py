"""The end of data in the console: asked for, confirmed by a second person, held, and seen."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

from ostiary.background.erasures import carry_out_due
from ostiary.domain.operators.operator import Role
from ostiary.domain.privacy.erasure import ChangeErasure, ErasureState
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from tests.console.cases import waiting
from tests.console.desk import Desk, text_of


async def test_a_client_is_erased_early_by_the_word_of_two(desk: Desk) -> None:
    company = await desk.company("Acme ends")
    case = await waiting(desk, company)
    place = f"/console/companies/{company.id}/erasures"
    bea = await desk.signed_in("Bea ends", Role.APPROVER, company.id)
    eva = await desk.signed_in("Eva ends", Role.APPROVER, company.id)
    refused = await bea.post(place, {"client_id": case.client_id})
    assert (refused.status_code, "end that first" in text_of(refused)) == (412, True)
    answer = await bea.post(place, {"client_id": case.client_id, "early": "yes", "reason": "A court."})
    assert answer.headers["location"].endswith("notice=erasure_staged")
    page = await eva.get(place)
    assert "waits for a second person" in text_of(page)
    [erasure] = await desk.parts.context.storage.erasures.of_client(company, case.client_id)
    own = await bea.post(f"{place}/{erasure.id}/confirm", {})
    assert (own.status_code, "your own" in text_of(own)) == (412, True)
    answer = await eva.post(f"{place}/{erasure.id}/confirm", {})
    assert answer.headers["location"].endswith("notice=erasure_confirmed")
    await carry_out_due(desk.parts.context)
    assert "erased here, not yet elsewhere" in text_of(await eva.get(place))
    gone = await bea.post(place, {"client_id": case.client_id})
    assert (gone.status_code, "There is no such client." in text_of(gone)) == (404, True)
    assert (await bea.get(f"{place}?client={case.client_id}")).status_code == 200


async def test_two_people_end_an_erasure_without_a_provider_s_word(desk: Desk) -> None:
    company = await desk.company("Acme waives")
    case = await waiting(desk, company)
    place = f"/console/companies/{company.id}/erasures"
    bea = await desk.signed_in("Bea waives", Role.APPROVER, company.id)
    eva = await desk.signed_in("Eva waives", Role.APPROVER, company.id)
    await bea.post(place, {"client_id": case.client_id, "early": "yes", "reason": "A court."})
    storage = desk.parts.context.storage
    [erasure] = await storage.erasures.of_client(company, case.client_id)
    kept_open = replace(
        erasure, state=ErasureState.ERASED, problem="provider_silent acme", providers=(("acme", "r"), ("zeta", "r"))
    )
    unit = Unit(company.id, desk.parts.context.now_ms(), changes=(ChangeErasure(kept_open),))
    assert await storage.commit(unit, company) is None
    page = text_of(await bea.get(place))
    assert "End it without the provider's word" in page
    assert "Not confirmed by: acme, zeta" in page
    at = f"{place}/{erasure.id}"
    refused = await bea.post(f"{at}/waive", {"reason": "because", "note": "Insolvent."})
    assert (refused.status_code, "reason must be one of" in text_of(refused)) == (412, True)
    answer = await bea.post(f"{at}/waive", {"reason": "provider_gone", "note": "Insolvent."})
    assert answer.headers["location"].endswith("notice=word_waived")
    assert "the provider, or the contract with it, is no more" in text_of(await eva.get(place))
    own = await bea.post(f"{at}/confirm", {})
    assert (own.status_code, "your own" in text_of(own)) == (412, True)
    answer = await eva.post(f"{at}/confirm", {})
    assert answer.headers["location"].endswith("notice=erasure_confirmed")


async def test_a_client_is_held_and_let_go_of(desk: Desk) -> None:
    company = await desk.company("Acme holds")
    case = await waiting(desk, company)
    place = f"/console/companies/{company.id}"
    bea = await desk.signed_in("Bea holds", Role.APPROVER, company.id)
    wrong = await bea.post(f"{place}/holds", {"client_id": case.client_id, "reason": "x", "until": "2001-01-01"})
    assert (wrong.status_code, "must not lie in the past" in text_of(wrong)) == (412, True)
    given = {"client_id": case.client_id, "reason": "An order of the court.", "until": "2099-12-31"}
    answer = await bea.post(f"{place}/holds", given)
    page = text_of(await bea.get(answer.headers["location"]))
    assert "An order of the court." in page
    early = {"client_id": case.client_id, "early": "yes", "reason": "A wish."}
    assert "whoever asks" in text_of(await bea.post(f"{place}/erasures", early))
    client = await desk.parts.context.storage.clients.find(company.id, case.client_id)
    assert client is not None
    [hold] = await desk.parts.context.storage.holds.of_client(client)
    released = {"client_id": case.client_id, "reason": "Settled."}
    answer = await bea.post(f"{place}/holds/{hold.id}/release", released)
    assert answer.headers["location"].endswith("notice=hold_released")
    staged = await bea.post(f"{place}/erasures", early)
    assert staged.status_code == 303
    [erasure] = await desk.parts.context.storage.erasures.of_client(company, case.client_id)
    answer = await bea.post(f"{place}/erasures/{erasure.id}/withdraw", {})
    assert answer.headers["location"].endswith("notice=erasure_withdrawn")


async def test_a_client_whose_period_is_over_is_erased_by_one(desk: Desk) -> None:
    company = await desk.company("Acme over")
    case = await waiting(desk, company)
    place = f"/console/companies/{company.id}/erasures"
    bea = await desk.signed_in("Bea over", Role.APPROVER, company.id)
    text = "UPDATE enablements SET status = 'rejected', updated_at_ms = 1 WHERE client_id = ?1"
    await desk.parts.store.engine.write(text, case.client_id)
    answer = await bea.post(place, {"client_id": case.client_id})
    assert answer.headers["location"].endswith(f"client={case.client_id}&notice=erasure_asked")
    assert "will be carried out" in text_of(await bea.get(place))


async def test_what_is_known_of_a_client_is_taken_out_by_an_approver(desk: Desk) -> None:
    company = await desk.company("Acme gives")
    case = await waiting(desk, company)
    place = f"/console/companies/{company.id}/export"
    bea = await desk.signed_in("Bea gives", Role.APPROVER, company.id)
    answer = await bea.post(place, {"client_id": case.client_id})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with ZipFile(BytesIO(answer.content)) as archive:
        assert {"data.json", "index.html"} <= set(archive.namelist())
        assert json.loads(archive.read("data.json"))["client"]["id"] == case.client_id
    nobody = await bea.post(place, {"client_id": "nobody"})
    assert (nobody.status_code, "There is no such client." in text_of(nobody)) == (404, True)
