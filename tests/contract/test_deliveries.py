"""Deliveries as a company sees them: listed, looked at, sent again, tried out."""

from __future__ import annotations

import pytest

from ostiary.domain.delivery.messages import MOST_PENDING_TESTS
from ostiary.domain.delivery.retry import SCHEDULE_S
from ostiary.domain.ids import is_id
from tests.contract.partner import WEBHOOK, Partner, faults, refusal

DELIVERIES = f"{WEBHOOK}/deliveries"
ELSEWHERE = "0" * 32


async def delivered(partner: Partner, *answers: int) -> str:
    """A client in review, told to an endpoint that answers like that; the path of its request."""
    await partner.subscribe()
    partner.endpoint.answers = list(answers)
    _, at = await partner.submitted("REVIEW01")
    await partner.rounds()
    return at


async def test_a_delivery_that_was_taken(partner: Partner) -> None:
    at = await delivered(partner)
    [delivery] = await partner.ok("GET", DELIVERIES)
    client_id, request_id = at.split("/")[-3], at.split("/")[-1]
    assert is_id(delivery["id"])
    assert delivery == {
        "id": delivery["id"],
        "event_type": "product_enablement_status_changed",
        "state": "delivered",
        "tries": 1,
        "client_id": client_id,
        "product_request_id": request_id,
        "sequence": 2,
        "created_at": "2026-04-15T10:30:00",
        "ended_at": "2026-04-15T10:30:00",
    }
    whole = await partner.ok("GET", f"{DELIVERIES}/{delivery['id']}")
    assert whole == {
        **delivery,
        "payload": partner.endpoint.bodies()[0],
        "attempts": [{"at": "2026-04-15T10:30:00", "ms": 0, "status": 200}],
    }


async def test_a_delivery_that_is_tried_again(partner: Partner) -> None:
    at = await delivered(partner, 500)
    await partner.call("POST", f"{at}/withdraw")
    later, first = await partner.ok("GET", DELIVERIES)
    assert (first["state"], first["tries"], first["next_try_at"]) == ("pending", 1, "2026-04-15T10:30:05")
    assert (later["state"], later["tries"], later["waits_for_earlier"]) == ("pending", 0, True)
    assert "next_try_at" not in later
    assert (await partner.ok("GET", f"{WEBHOOK}/health"))["state"] == "failing"
    partner.clock.now_ms += 5_000
    await partner.rounds()
    assert [delivery["state"] for delivery in await partner.ok("GET", DELIVERIES)] == ["delivered", "delivered"]
    tried = (await partner.ok("GET", f"{DELIVERIES}/{first['id']}"))["attempts"]
    assert [attempt["status"] for attempt in tried] == [500, 200]
    assert (await partner.ok("GET", f"{WEBHOOK}/health"))["state"] == "working"


async def test_what_was_given_up_is_sent_again_under_its_id(partner: Partner) -> None:
    await delivered(partner, *[500] * 10)
    for wait_s in SCHEDULE_S:
        partner.clock.now_ms += int(wait_s * 1_100)
        await partner.rounds()
    [failed] = await partner.ok("GET", DELIVERIES + "?state=failed")
    again = await partner.ok("POST", f"{DELIVERIES}/{failed['id']}/redeliver")
    assert (again["state"], again["tries"], "ended_at" in again) == ("pending", 0, False)
    assert await partner.rounds() == ["delivered"]
    assert partner.endpoint.came[-1].id == failed["id"]
    assert len((await partner.ok("GET", f"{DELIVERIES}/{failed['id']}"))["attempts"]) == 11


async def test_also_what_was_taken_is_sent_again(partner: Partner) -> None:
    await delivered(partner)
    [delivery] = await partner.ok("GET", DELIVERIES)
    await partner.ok("POST", f"{DELIVERIES}/{delivery['id']}/redeliver")
    await partner.rounds()
    assert [each.id for each in partner.endpoint.came] == [delivery["id"]] * 2


async def test_one_that_waits_for_an_earlier_is_not_sent_before_it(partner: Partner) -> None:
    at = await delivered(partner, 500)
    await partner.call("POST", f"{at}/withdraw")
    later = (await partner.ok("GET", DELIVERIES))[0]
    answer = await partner.call("POST", f"{DELIVERIES}/{later['id']}/redeliver")
    assert refusal(answer) == (412, "INVALID_STATE")


async def test_one_that_is_under_way_is_not_sent_twice(partner: Partner) -> None:
    await delivered(partner, 500)
    [delivery] = await partner.ok("GET", DELIVERIES)
    partner.clock.now_ms += 5_000
    now = partner.clock.now_ms
    assert await partner.context.storage.outbox.claim("lease", now, now + 1_000, 10)
    answer = await partner.call("POST", f"{DELIVERIES}/{delivery['id']}/redeliver")
    assert refusal(answer) == (412, "INVALID_STATE")


async def test_a_test_event_goes_the_way_of_every_other(partner: Partner) -> None:
    await partner.subscribe()
    sent = await partner.ok("POST", f"{WEBHOOK}/test")
    assert (sent["event_type"], sent["state"], sent["tries"]) == ("webhook_test", "pending", 0)
    assert await partner.rounds() == ["delivered"]
    [body] = partner.endpoint.bodies()
    assert (body["event_type"], body["operation_id"], body["status"]) == ("webhook_test", sent["id"], "success")
    [listed] = await partner.ok("GET", DELIVERIES)
    assert (listed["id"], listed["state"]) == (sent["id"], "delivered")
    assert not {"client_id", "product_request_id", "sequence"} & listed.keys()


@pytest.mark.parametrize("path", ["test", f"deliveries/{ELSEWHERE}/redeliver"])
async def test_without_a_subscription_nothing_is_sent(partner: Partner, path: str) -> None:
    status, code = refusal(await partner.call("POST", f"{WEBHOOK}/{path}"))
    assert (status, code) == ((412, "INVALID_STATE") if path == "test" else (404, "NOT_FOUND"))


@pytest.mark.parametrize(("count", "pages"), [(4, 2), (5, 3)])
async def test_a_list_comes_in_pages_of_which_the_last_is_not_empty(partner: Partner, count: int, pages: int) -> None:
    await partner.subscribe()
    ids = [(await partner.ok("POST", f"{WEBHOOK}/test"))["id"] for _ in range(count)]
    came: list[str] = []
    path, number = f"{DELIVERIES}?limit=2", 0
    while path:
        answer, number = await partner.call("GET", path), number + 1
        came += [delivery["id"] for delivery in answer.json()]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert (came, number) == (ids[::-1], pages)


async def test_a_list_may_be_of_one_request_or_one_state(partner: Partner) -> None:
    first = await delivered(partner)
    _, second = await partner.submitted("REVIEW02", email="other@example.com")
    request = first.split("/")[-1]
    assert len(await partner.ok("GET", DELIVERIES)) == 2
    assert len(await partner.ok("GET", f"{DELIVERIES}?product_request_id={request}")) == 1
    assert await partner.ok("GET", f"{DELIVERIES}?product_request_id={request}&state=pending") == []
    [waiting] = await partner.ok("GET", f"{DELIVERIES}?state=pending")
    assert waiting["product_request_id"] == second.split("/")[-1]
    assert len(await partner.ok("GET", f"{DELIVERIES}?state=delivered")) == 1


async def test_a_state_is_found_among_a_requests_deliveries_however_small_the_page(partner: Partner) -> None:
    at = await delivered(partner)
    await partner.call("POST", f"{at}/withdraw")
    query = f"?product_request_id={at.split('/')[-1]}&limit=1&state="
    assert [delivery["sequence"] for delivery in await partner.ok("GET", f"{DELIVERIES}{query}delivered")] == [2]
    assert [delivery["sequence"] for delivery in await partner.ok("GET", f"{DELIVERIES}{query}pending")] == [3]


@pytest.mark.parametrize("query", ["state=lost", "cursor=x", "product_request_id=x", "limit=0"])
async def test_a_query_that_makes_no_sense_says_so(partner: Partner, query: str) -> None:
    answer = await partner.call("GET", f"{DELIVERIES}?{query}")
    assert faults(answer) == {(query.partition("=")[0], "QUERY_INVALID")}


async def test_another_companys_deliveries_are_not_there(partner: Partner) -> None:
    await delivered(partner)
    [delivery] = await partner.ok("GET", DELIVERIES)
    other = await partner.another()
    assert await other.ok("GET", DELIVERIES) == []
    for method, path in (("GET", delivery["id"]), ("POST", f"{delivery['id']}/redeliver")):
        assert refusal(await other.call(method, f"{DELIVERIES}/{path}")) == (404, "NOT_FOUND")


async def test_an_endpoint_that_is_gone_is_disabled_and_says_so(partner: Partner) -> None:
    assert await partner.ok("GET", f"{WEBHOOK}/health") == {"state": "untried"}
    await delivered(partner, 410)
    moment = "2026-04-15T10:30:00"
    assert await partner.ok("GET", f"{WEBHOOK}/health") == {
        "state": "disabled",
        "failing_since": moment,
        "disabled_at": moment,
        "disabled_because": "gone",
    }
    await partner.subscribe()
    assert await partner.ok("GET", f"{WEBHOOK}/health") == {"state": "untried"}
    assert await partner.rounds() == ["delivered"]


async def test_a_hundred_test_events_wait_and_no_more(partner: Partner) -> None:
    """Sent or sent again: one that waits already, and other events, need no room."""
    await partner.subscribe()
    first = (await partner.ok("POST", f"{WEBHOOK}/test"))["id"]
    await partner.rounds()
    waiting = [(await partner.ok("POST", f"{WEBHOOK}/test"))["id"] for _ in range(MOST_PENDING_TESTS)]
    for path in (f"{WEBHOOK}/test", f"{DELIVERIES}/{first}/redeliver"):
        answer = await partner.call("POST", path)
        assert refusal(answer) == (412, "INVALID_STATE")
        assert f"{MOST_PENDING_TESTS} test events wait" in answer.json()["message"]
    assert (await partner.ok("POST", f"{DELIVERIES}/{waiting[0]}/redeliver"))["state"] == "pending"
    assert (await partner.ok("GET", f"{DELIVERIES}/{first}"))["state"] == "delivered"
    await partner.submitted("REVIEW01")
    await partner.rounds()
    assert (await partner.ok("POST", f"{WEBHOOK}/test"))["state"] == "pending"
    assert (await partner.ok("POST", f"{DELIVERIES}/{first}/redeliver"))["state"] == "pending"
