"""Webhooks: the settings, and what is sent for each change of a request's status."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from ostiary.adapters.webhooks.sender import headers
from ostiary.domain.companies.company import Environment, signing_secrets
from ostiary.domain.ids import is_id
from ostiary.domain.rejections import Code
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import format_timestamp
from tests.contract.partner import CARDS, CLIENTS, ITEM_FIELDS, WEBHOOK, Json, Partner, document, faults, refusal

URL = "https://partner.example/hooks?for=ostiary"
SCHEDULE_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)


async def test_settings_are_told_without_what_is_absent(partner: Partner) -> None:
    own = {"name": "Acme", "email": "ops@acme.example"}
    assert await partner.ok("GET", WEBHOOK) == own
    settings = own | {"webhook_url": URL, "webhook_key": "one"}
    assert await partner.ok("POST", f"{WEBHOOK}/subscribe", {"url": URL, "webhook_key": "one"}) == settings
    assert await partner.ok("GET", WEBHOOK) == settings
    settings["webhook_key"] = "two"
    assert await partner.ok("POST", f"{WEBHOOK}/key", {"key": "two"}) == settings
    ended = await partner.call("DELETE", WEBHOOK)
    assert (ended.status_code, ended.content) == (204, b"")
    assert await partner.ok("GET", WEBHOOK) == own
    assert (await partner.call("DELETE", WEBHOOK)).status_code == 204


async def test_a_rotated_secret_signs_beside_the_one_before(partner: Partner) -> None:
    first = (await partner.ok("GET", f"{WEBHOOK}/signing-secret"))["signing_secret"]
    rotated = await partner.ok("POST", f"{WEBHOOK}/signing-secret/rotate", {"overlap_hours": 2})
    assert rotated["signing_secret"] != first
    company = await partner.context.storage.companies.find(partner.company_id)
    assert company is not None
    until = company.previous_until_ms
    assert rotated["previous_until"] == format_timestamp(until)
    assert signing_secrets(company, until - 1) == (rotated["signing_secret"], first)
    assert signing_secrets(company, until) == (rotated["signing_secret"],)
    assert await partner.ok("GET", f"{WEBHOOK}/signing-secret") == {"signing_secret": rotated["signing_secret"]}


@pytest.mark.parametrize("hours", [-1, 169])
async def test_an_overlap_that_makes_no_sense_changes_nothing(partner: Partner, hours: int) -> None:
    first = await partner.ok("GET", f"{WEBHOOK}/signing-secret")
    answer = await partner.call("POST", f"{WEBHOOK}/signing-secret/rotate", {"overlap_hours": hours})
    assert faults(answer) == {("overlap_hours", "VALUE_INVALID")}
    assert await partner.ok("GET", f"{WEBHOOK}/signing-secret") == first


async def test_subscribing_again_replaces_address_and_key(partner: Partner) -> None:
    await partner.subscribe()
    settings = await partner.ok("POST", f"{WEBHOOK}/subscribe", {"url": URL, "webhook_key": "new"})
    assert (settings["webhook_url"], settings["webhook_key"]) == (URL, "new")


async def test_the_signing_secret_is_its_own_and_stays(partner: Partner) -> None:
    first = await partner.ok("GET", f"{WEBHOOK}/signing-secret")
    assert first.keys() == {"signing_secret"}
    assert first["signing_secret"].startswith("whsec_")
    await partner.subscribe()
    await partner.ok("POST", f"{WEBHOOK}/key", {"key": "two"})
    assert await partner.ok("GET", f"{WEBHOOK}/signing-secret") == first
    assert await (await partner.another()).ok("GET", f"{WEBHOOK}/signing-secret") != first


@pytest.mark.parametrize(
    "url",
    ["", " ", "partner.example", "ftp://partner.example", "https://", "javascript:alert(1)", "https://a b.example",
     "https://user:secret@partner.example", "https://localhost/x", "https://127.0.0.1", "https://10.0.0.1",
     "https://192.168.1.1:8443/x", "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://2130706433",
     "https://[::ffff:127.0.0.1]", "https://0x7f.1", "https://db.internal", "https://partner.example:0",
     "https://partner.example:99999", "https://partner.example/" + "x" * 2_000, "https://pärtner.example"],
)  # fmt: skip
async def test_addresses_that_nothing_is_sent_to(partner: Partner, url: str) -> None:
    answer = await partner.call("POST", f"{WEBHOOK}/subscribe", {"url": url, "webhook_key": "k"})
    assert (refusal(answer), faults(answer)) == ((412, "VALIDATION_FAILED"), {("url", "VALUE_INVALID")})
    assert "webhook_url" not in await partner.ok("GET", WEBHOOK)


@pytest.mark.parametrize("key", ["", " ", "a\nb", "é", "x" * 256, " padded "])
async def test_keys_that_no_header_carries(partner: Partner, key: str) -> None:
    answer = await partner.call("POST", f"{WEBHOOK}/key", {"key": key})
    assert (refusal(answer), faults(answer)) == ((412, "VALIDATION_FAILED"), {("key", "VALUE_INVALID")})
    answer = await partner.call("POST", f"{WEBHOOK}/subscribe", {"url": "ftp://x", "webhook_key": key})
    assert faults(answer) == {("url", "VALUE_INVALID"), ("webhook_key", "VALUE_INVALID")}


@pytest.mark.parametrize(("environment", "status"), [(Environment.SANDBOX, 200), (Environment.PRODUCTION, 412)])
async def test_plain_http_is_for_sandboxes(partner: Partner, environment: Environment, status: int) -> None:
    company = await partner.another(environment)
    body = {"url": "http://partner.example/hooks", "webhook_key": "k"}
    assert (await company.call("POST", f"{WEBHOOK}/subscribe", body)).status_code == status


# ---- one delivery for each change -----------------------------------------------------------------------------------


async def submitted(partner: Partner) -> str:
    return (await partner.submitted("REVIEW01"))[1]


async def gone_back(partner: Partner) -> str:
    """A complete request that became incomplete before it was submitted."""
    client = await partner.client()
    first = await partner.request(client)
    await partner.send(first, document(expiration_date="2026-04-15"))
    await partner.ok("POST", f"{first}/withdraw")
    at = await partner.request(client)
    partner.clock.noon_of("2026-04-16")
    await partner.submit(at)
    return at


async def withdrawn(partner: Partner) -> str:
    at = await partner.request(await partner.client())
    await partner.ok("POST", f"{at}/withdraw")
    return at


async def enabled(partner: Partner) -> str:
    return (await partner.enabled())[1]


async def rejected(partner: Partner) -> str:
    at = await submitted(partner)
    await partner.judge(at, Decision.REJECT, because="Not convincing.")
    return at


async def returned(partner: Partner) -> str:
    at = await submitted(partner)
    await partner.send_back(at, "passport", Code.IMAGE_BLURRED)
    return at


async def off_boarded(partner: Partner) -> str:
    at = await enabled(partner)
    await partner.judge(at, Decision.REJECT, because="Closed.")
    return at


async def client_rejected(partner: Partner) -> str:
    at = await enabled(partner)
    await partner.judge(at, Decision.REJECT_CLIENT, because="Not wanted.")
    return at


Reach = Callable[[Partner], Awaitable[str]]
CHANGES: list[tuple[Reach, int, str, str, str, list[str], str | None]] = [
    # the last change, how many there were, from, to, the envelope's status, codes of rejected_items, description
    (submitted, 2, "pending_documentation", "in_kyc", "pending", [], None),
    (gone_back, 1, "requested", "pending_documentation", "pending", ["document_expired"], None),
    (withdrawn, 2, "pending_documentation", "rejected", "failed", [], "withdrawn by the company"),
    (enabled, 3, "in_kyc", "enabled", "success", [], None),
    (rejected, 3, "in_kyc", "rejected", "failed", [], "Not convincing."),
    (returned, 3, "in_kyc", "pending_documentation", "pending", ["image_blurred"], None),
    (off_boarded, 4, "enabled", "rejected", "failed", [], "Closed."),
    (client_rejected, 4, "enabled", "rejected", "failed", [], "Not wanted."),
]


@pytest.mark.parametrize(
    ("reach", "sequence", "before", "after", "envelope", "items", "because"),
    CHANGES,
    ids=[row[0].__name__ for row in CHANGES],
)
async def test_each_change_as_it_is_told(
    partner: Partner,
    reach: Reach,
    sequence: int,
    before: str,
    after: str,
    envelope: str,
    items: list[str],
    because: str | None,
) -> None:
    await partner.subscribe()
    at = await reach(partner)
    await partner.rounds()
    assert partner.endpoint.came[-1].sequence == sequence
    client_id, _, request_id = at.removeprefix(f"{CLIENTS}/").split("/")
    body = next(body for body in partner.endpoint.bodies()[::-1] if body["data"]["product_request_id"] == request_id)
    data = body.pop("data")
    assert is_id(body.pop("operation_id"))
    assert body == {
        "product": "company_activity",
        "event_type": "product_enablement_status_changed",
        "status": envelope,
    }
    rejected = data.pop("rejected_items")
    assert [item["code"] for item in rejected] == items
    assert all(item.keys() == ITEM_FIELDS for item in rejected)
    moment = "2026-04-16T12:00:00" if reach is gone_back else "2026-04-15T10:30:00"
    expected: Json = {
        "client_id": client_id,
        "product_request_id": request_id,
        "product": CARDS,
        "status": after,
        "previous_status": before,
        "occurred_at": moment,
    }
    assert data == expected | ({} if because is None else {"rejection_description": because})


async def test_who_asks_for_it_is_told_the_sequence(partner: Partner) -> None:
    wanted = {"url": URL, "webhook_key": "k", "include_sequence": True}
    assert await partner.ok("POST", f"{WEBHOOK}/subscribe", wanted) == {
        "name": "Acme",
        "email": "ops@acme.example",
        "webhook_url": URL,
        "webhook_key": "k",
    }
    await partner.enabled()
    assert [body["data"]["sequence"] for body in partner.endpoint.bodies()] == [2, 3]


async def test_the_whole_way_is_told_in_order_and_creation_is_not(partner: Partner) -> None:
    await partner.subscribe()
    _, at = await partner.submitted("RETRY001")
    await partner.rounds()
    await partner.send(at, document(seed=1))
    await partner.submit(at)
    await partner.rounds()
    ways = [(body["data"]["previous_status"], body["data"]["status"]) for body in partner.endpoint.bodies()]
    assert ways == [
        ("pending_documentation", "in_kyc"),
        ("in_kyc", "pending_documentation"),
        ("pending_documentation", "in_kyc"),
        ("in_kyc", "enabled"),
    ]
    ids = [body["operation_id"] for body in partner.endpoint.bodies()]
    assert len(set(ids)) == len(ids)


async def test_nothing_is_told_to_nobody(partner: Partner) -> None:
    await partner.enabled()
    assert partner.endpoint.came == []
    await partner.subscribe()
    await partner.rounds()
    assert partner.endpoint.came == []


async def test_what_did_not_move_is_not_told(partner: Partner) -> None:
    await partner.subscribe()
    at = await partner.request(await partner.client())
    await partner.submit(at)
    await partner.send(at)
    await partner.submit(at)
    await partner.submit(at)
    await partner.rounds()
    assert [body["data"]["status"] for body in partner.endpoint.bodies()] == ["in_kyc", "enabled"]


async def test_a_failed_delivery_is_repeated_on_schedule_under_its_id(partner: Partner) -> None:
    await partner.subscribe()
    partner.endpoint.answers = [500, 302, 404, 429, 199, 301, 400, 503, 418, 500]
    await withdrawn(partner)
    assert await partner.rounds() == ["pending"]
    for wait_s in SCHEDULE_S:
        partner.clock.now_ms += wait_s * 1_000 - 1
        assert await partner.rounds() == []
        partner.clock.now_ms += 1
        assert len(await partner.rounds()) == 1
    partner.clock.now_ms += 10**9
    assert await partner.rounds() == []
    assert len({message.id for message in partner.endpoint.came}) == 1
    assert len(partner.endpoint.came) == 1 + len(SCHEDULE_S)
    assert all(body == partner.endpoint.bodies()[0] for body in partner.endpoint.bodies())


@pytest.mark.parametrize(("status", "repeated"), [(200, 0), (201, 0), (204, 0), (299, 0), (300, 1), (308, 1), (400, 1)])
async def test_only_2xx_is_success(partner: Partner, status: int, repeated: int) -> None:
    await partner.subscribe()
    partner.endpoint.answers = [status]
    await withdrawn(partner)
    await partner.rounds()
    partner.clock.now_ms += 5_000
    assert len(await partner.rounds()) == repeated


async def test_a_success_makes_what_waits_due_at_once(partner: Partner) -> None:
    await partner.subscribe()
    partner.endpoint.answers = [500, 500]
    for _ in range(2):
        await withdrawn(partner)
        await partner.rounds()
    await withdrawn(partner)
    await partner.rounds()
    assert len(partner.endpoint.came) == 5


async def test_after_the_end_nothing_more_is_delivered(partner: Partner) -> None:
    await partner.subscribe()
    await withdrawn(partner)
    await partner.call("DELETE", WEBHOOK)
    assert await partner.rounds() == ["dropped"]
    assert partner.endpoint.came == []


async def test_a_delivery_carries_key_moment_and_signature(partner: Partner) -> None:
    await partner.subscribe()
    await withdrawn(partner)
    await partner.rounds()
    await partner.ok("POST", f"{WEBHOOK}/key", {"key": "changed"})
    (message,) = partner.endpoint.came
    company = (await partner.operator()).company
    sent = headers(company, message.id, "{}", partner.context.now_ms())
    assert (sent["content-type"], sent["x-webhook-key"]) == ("application/json", "changed")
    assert sent["webhook-id"] == partner.endpoint.bodies()[0]["operation_id"]
    assert sent["x-request-timestamp"].startswith(sent["webhook-timestamp"])
    assert sent["webhook-signature"].startswith("v1,")
