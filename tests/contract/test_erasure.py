"""Erasing a client by the API: refused with the date, taken, and then not there."""

from __future__ import annotations

from ostiary.background.erasures import carry_out_due
from ostiary.domain.privacy.erasure import receipt_mark
from ostiary.domain.times import format_timestamp
from tests.contract.partner import CLIENTS, MARIA, WEBHOOK, Partner, document, refusal


async def key_4(partner: Partner) -> dict[str, str]:
    return {"x-api-key": await partner.key_of(4)}


async def test_a_client_that_never_submitted_is_erased_and_then_not_found(partner: Partner) -> None:
    client, headers = await partner.client(), await key_4(partner)
    at = f"{CLIENTS}/{client['id']}"
    answer = await partner.call("DELETE", at, headers=headers)
    assert answer.status_code == 202
    shown = answer.json()
    assert (shown["client_id"], shown["status"]) == (client["id"], "waiting")
    assert shown["requested_at"] == format_timestamp(partner.clock())
    again = await partner.call("DELETE", at, headers=headers)
    assert (again.status_code, again.json()["id"]) == (202, shown["id"])
    await carry_out_due(partner.context)
    for method, path in (("DELETE", at), ("GET", at), ("GET", f"{at}/products"), ("GET", f"{at}/terms")):
        assert refusal(await partner.call(method, path, headers=headers)) == (404, "NOT_FOUND")
    assert await partner.ok("GET", CLIENTS) == []
    await partner.client(email=client["email"])


async def test_inside_its_period_the_answer_has_the_date(partner: Partner) -> None:
    client = await partner.client()
    at = await partner.request(client)
    await partner.call("POST", f"{at}/documentation", {"document": document()})
    await partner.call("POST", f"{at}/submit")
    headers = await key_4(partner)
    refused = await partner.call("DELETE", f"{CLIENTS}/{client['id']}", headers=headers)
    assert refusal(refused) == (412, "KEPT_BY_LAW")
    assert "details" not in refused.json(), "as long as it is a client there is no date"
    await partner.call("POST", f"{at}/withdraw")
    refused = await partner.call("DELETE", f"{CLIENTS}/{client['id']}", headers=headers)
    [detail] = refused.json()["details"]
    assert (detail["field"], detail["code"], len(detail["message"])) == ("kept_until", "KEPT_BY_LAW", 10)
    assert detail["message"] in refused.json()["message"]


async def test_a_company_that_wants_to_hears_of_the_end_once_and_may_ask_for_it_again(partner: Partner) -> None:
    wish = {"url": "https://partner.example/hooks", "webhook_key": "k", "event_types": ["client_erased"]}
    assert (await partner.ok("POST", f"{WEBHOOK}/subscribe", wish))["event_types"] == ["client_erased"]
    client, headers = await partner.client(), await key_4(partner)
    asked = await partner.call("DELETE", f"{CLIENTS}/{client['id']}", headers=headers)
    requested = partner.clock()
    await carry_out_due(partner.context)
    assert await partner.ok("GET", f"{WEBHOOK}/deliveries") == [], "pictures may be left, and word of providers"
    partner.clock.now_ms += 2 * partner.context.timing.lease_ms
    await carry_out_due(partner.context)
    await partner.rounds()
    [body] = partner.endpoint.bodies()
    company = (await partner.operator()).company
    [erasure] = await partner.context.storage.erasures.of_client(company, client["id"])
    assert erasure.receipt is not None
    assert body == {
        "product": "company_activity",
        "event_type": "client_erased",
        "operation_id": body["operation_id"],
        "status": "success",
        "data": {
            "client_id": client["id"],
            "erasure_id": asked.json()["id"],
            "cause": "request",
            "requested_at": format_timestamp(requested),
            "erased_at": format_timestamp(requested),
            "receipt_sha256": receipt_mark(erasure.receipt),
            "occurred_at": format_timestamp(partner.clock()),
        },
    }
    [delivery] = await partner.ok("GET", f"{WEBHOOK}/deliveries")
    assert (delivery["state"], delivery["client_id"]) == ("delivered", client["id"])
    assert not {"product_request_id", "link_id", "sequence"} & set(delivery)
    again = await partner.call("POST", f"{WEBHOOK}/deliveries/{delivery['id']}/redeliver")
    assert again.status_code == 200
    await partner.rounds()
    assert partner.endpoint.bodies() == [body, body]


async def test_a_stored_answer_is_not_given_again_after_it(partner: Partner) -> None:
    """A repeated call is a new one: about whom there was it finds nobody, and a client that is sent again is new."""
    created = await partner.call("POST", CLIENTS, MARIA, headers={"idempotency-key": "k-1"})
    client_id = created.json()["id"]
    at = f"{CLIENTS}/{client_id}/products"
    asked = await partner.call("POST", at, {"subproduct": "cards_individuals"}, headers={"idempotency-key": "k-2"})
    assert asked.status_code == 201
    await partner.call("DELETE", f"{CLIENTS}/{client_id}", headers=await key_4(partner))
    await carry_out_due(partner.context)
    again = await partner.call("POST", at, {"subproduct": "cards_individuals"}, headers={"idempotency-key": "k-2"})
    assert refusal(again) == (404, "NOT_FOUND")
    anew = await partner.call("POST", CLIENTS, MARIA, headers={"idempotency-key": "k-1"})
    assert (anew.status_code, anew.json()["id"] != client_id) == (201, True)
