"""Links to the page on which a client onboards himself, and what a company hears of them if it asks."""

from __future__ import annotations

import pytest

from ostiary.domain.hosted.links import LinkStatus
from ostiary.domain.ids import is_id
from ostiary.domain.times import format_timestamp
from ostiary.usecases.hosted.arrival import NewHostedSession
from ostiary.usecases.hosted.lapse import end_due_link
from ostiary.usecases.hosted.sessions import exchange, session_of
from tests.contract.partner import CARDS, CLIENTS, WEBHOOK, Json, Partner, faults, refusal

HOURS_MS = 3_600_000
HOOK = "https://partner.example/hooks"
EVENTS = ["onboarding_opened", "onboarding_step_completed", "onboarding_finished", "onboarding_expired"]
STATUS_CHANGED = "product_enablement_status_changed"
WISH: Json = {
    "return_url": "https://partner.example/done",
    "refresh_url": "https://partner.example/again",
    "state": "order=1138&x=~",
    "language": "pt",
}


async def asked(partner: Partner) -> tuple[str, str]:
    """Where a client's links are, and the id of the client's one request."""
    client = await partner.client()
    request = await partner.request(client)
    return f"{CLIENTS}/{client['id']}/onboarding-links", request.rpartition("/")[2]


async def arrived(partner: Partner, link: Json) -> NewHostedSession:
    begun = await exchange(partner.context, link["url"].rpartition("/")[2])
    assert isinstance(begun, NewHostedSession)
    return begun


async def test_a_link_is_made_with_what_was_asked_for(partner: Partner) -> None:
    at, request = await asked(partner)
    answer = await partner.call("POST", at, WISH | {"expires_in_minutes": 90})
    link = answer.json()
    assert answer.status_code == 201
    assert is_id(link.pop("id"))
    assert link.pop("url").startswith("http://")
    assert link == {
        "client_id": at.split("/")[-2],
        "status": "active",
        "product_request_ids": [request],
        "created_at": format_timestamp(partner.clock()),
        "expires_at": format_timestamp(partner.clock() + 90 * 60_000),
        **WISH,
    }


async def test_an_empty_wish_is_an_hour_for_every_live_request(partner: Partner) -> None:
    at, request = await asked(partner)
    link = await partner.ok("POST", at, {}, status=201)
    assert set(link) == {"id", "client_id", "url", "status", "product_request_ids", "created_at", "expires_at"}
    assert link["expires_at"] == format_timestamp(partner.clock() + HOURS_MS)
    assert link["product_request_ids"] == [request]


async def test_the_address_is_told_once(partner: Partner) -> None:
    at, _ = await asked(partner)
    link = await partner.ok("POST", at, WISH, status=201)
    url = link.pop("url")
    assert await partner.ok("GET", f"{at}/{link['id']}") == link
    assert await partner.ok("GET", at) == [link]
    token = url.rpartition("/onboarding/")[2]
    assert len(token) == 64
    for each in (link["id"], link["client_id"], partner.company_id):
        assert each not in url


async def test_a_link_is_opened_and_revoked(partner: Partner) -> None:
    at, _ = await asked(partner)
    link = await partner.ok("POST", at, {}, status=201)
    begun = await arrived(partner, link)
    opened = await partner.ok("GET", f"{at}/{link['id']}")
    assert (opened["status"], opened["opened_at"]) == ("opened", format_timestamp(partner.clock()))
    for _ in range(2):
        answer = await partner.call("DELETE", f"{at}/{link['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
    revoked = await partner.ok("GET", f"{at}/{link['id']}")
    assert (revoked["status"], revoked["ended_at"]) == ("revoked", format_timestamp(partner.clock()))
    assert await session_of(partner.context, begun.token) is None


async def test_two_answers_under_one_key_are_one_link(partner: Partner) -> None:
    at, _ = await asked(partner)
    answers = [await partner.call("POST", at, WISH, headers={"idempotency-key": "once"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(await partner.ok("GET", at)) == 1


WRONG: list[tuple[Json, str, int]] = [
    ({"return_url": "http://partner.example/"}, "return_url", 201),
    ({"return_url": "ftp://partner.example"}, "return_url", 412),
    ({"refresh_url": "https://partner.example/" + "a" * 2_048}, "refresh_url", 412),
    ({"state": "a" * 1_025}, "state", 412),
    ({"state": "ñ"}, "state", 412),
    ({"language": "fr"}, "language", 412),
    ({"language": ""}, "language", 412),
    ({"refresh_url": ""}, "refresh_url", 412),
    ({"expires_in_minutes": 0}, "expires_in_minutes", 412),
    ({"expires_in_minutes": 10_081}, "expires_in_minutes", 412),
    ({"product_request_ids": ["0" * 32]}, "product_request_ids", 412),
    ({"expires_in_minutes": "60"}, "expires_in_minutes", 400),
    ({"product_request_ids": "all"}, "product_request_ids", 400),
    ({"returnurl": "https://partner.example"}, "returnurl", 400),
]


@pytest.mark.parametrize(
    ("wish", "field", "status"), WRONG, ids=[f"{row[1]} {number}" for number, row in enumerate(WRONG)]
)
async def test_a_wish_that_cannot_be_is_refused_by_name(partner: Partner, wish: Json, field: str, status: int) -> None:
    at, _ = await asked(partner)
    answer = await partner.call("POST", at, wish)
    assert answer.status_code == status, "a sandbox may use plain http"
    if status != 201:
        assert {name for name, _ in faults(answer)} == {field}
        assert await partner.ok("GET", at) == []


async def test_a_client_who_asks_for_nothing_gets_no_link(partner: Partner) -> None:
    client = await partner.client()
    answer = await partner.call("POST", f"{CLIENTS}/{client['id']}/onboarding-links", {})
    assert refusal(answer) == (412, "INVALID_STATE")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_link_that_there_is_not_is_not_there(partner: Partner, method: str) -> None:
    at, _ = await asked(partner)
    assert refusal(await partner.call(method, f"{at}/{'0' * 32}")) == (404, "NOT_FOUND")


# ---- what is told ----


async def listening(partner: Partner, *events: str) -> Json:
    body = {"url": HOOK, "webhook_key": "k", "event_types": list(events)}
    settings: Json = await partner.ok("POST", f"{WEBHOOK}/subscribe", body)
    return settings


async def test_who_asked_for_nothing_more_hears_nothing_more(partner: Partner) -> None:
    await partner.ok("POST", f"{WEBHOOK}/subscribe", {"url": HOOK, "webhook_key": "k"})
    at, _ = await asked(partner)
    await arrived(partner, await partner.ok("POST", at, {}, status=201))
    await partner.rounds()
    assert partner.endpoint.came == []


async def test_an_event_is_told_in_the_envelope_of_all(partner: Partner) -> None:
    assert (await listening(partner, "onboarding_opened"))["event_types"] == ["onboarding_opened"]
    at, request = await asked(partner)
    link = await partner.ok("POST", at, {}, status=201)
    await arrived(partner, link)
    await partner.rounds()
    [message] = partner.endpoint.came
    assert message.body == {
        "product": "company_activity",
        "event_type": "onboarding_opened",
        "operation_id": message.id,
        "status": "pending",
        "data": {
            "client_id": link["client_id"],
            "link_id": link["id"],
            "product_request_ids": [request],
            "occurred_at": format_timestamp(partner.clock()),
        },
    }
    [delivery] = await partner.ok("GET", f"{WEBHOOK}/deliveries")
    assert (delivery["link_id"], delivery["event_type"]) == (link["id"], "onboarding_opened")
    assert "product_request_id" not in delivery


async def test_a_link_that_nobody_used_is_told_of_once(partner: Partner) -> None:
    await listening(partner, *EVENTS)
    at, _ = await asked(partner)
    link = await partner.ok("POST", at, {"expires_in_minutes": 1}, status=201)
    partner.clock.now_ms += 60_000
    for _ in range(2):
        for each in await partner.context.storage.onboarding_links.due(partner.clock()):
            await end_due_link(partner.context, *each)
    await partner.rounds()
    events = [(message.body["event_type"], message.body["status"]) for message in partner.endpoint.came]
    assert events == [("onboarding_expired", "failed")]
    assert (await partner.ok("GET", f"{at}/{link['id']}"))["status"] == LinkStatus.EXPIRED


async def test_who_hears_of_the_page_alone_hears_of_no_status(partner: Partner) -> None:
    await listening(partner, *EVENTS)
    client = await partner.client()
    at = await partner.request(client, CARDS)
    await partner.ok("POST", f"{at}/withdraw")
    await partner.rounds()
    assert partner.endpoint.came == []
    await listening(partner, STATUS_CHANGED, *EVENTS)
    at = await partner.request(client, CARDS)
    await partner.ok("POST", f"{at}/withdraw")
    await partner.rounds()
    assert [message.body["event_type"] for message in partner.endpoint.came] == [STATUS_CHANGED]


async def test_events_that_there_are_not_are_refused(partner: Partner) -> None:
    body = {"url": HOOK, "webhook_key": "k", "event_types": ["onboarding_started"]}
    assert faults(await partner.call("POST", f"{WEBHOOK}/subscribe", body)) == {("event_types", "VALUE_INVALID")}


@pytest.mark.parametrize("listed", [[], [STATUS_CHANGED]])
async def test_the_usual_subscription_is_shown_as_it_always_was(partner: Partner, listed: list[str]) -> None:
    assert set(await listening(partner, *listed)) == {"name", "email", "webhook_url", "webhook_key"}
