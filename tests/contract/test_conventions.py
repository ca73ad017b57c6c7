"""Conventions: ids, timestamps, keys in headers, exactly the documented fields, expand wherever a request answers."""

from __future__ import annotations

import re

import pytest

from ostiary.domain.ids import is_id, time_ms
from tests.contract.partner import (
    CARDS,
    CATALOGUE,
    CLIENTS,
    MARIA,
    PRODUCT_FIELDS,
    WEBHOOK,
    Json,
    Partner,
    document,
    faults,
)
from tests.material import NOW_MS

MOMENT = "2026-04-15T10:30:00"


async def test_ids_are_32_letters_and_digits_and_tell_when_they_were_made(partner: Partner) -> None:
    client = await partner.client()
    at = await partner.request(client)
    later = await partner.send(at)
    for identifier in (client["id"], later["product"]["id"]):
        assert is_id(identifier)
        assert time_ms(identifier) == NOW_MS


async def test_ids_sort_by_the_time_they_were_made(partner: Partner) -> None:
    ids = []
    for _ in range(4):
        ids.append((await partner.client())["id"])
        partner.clock.now_ms += 1
    assert ids == sorted(ids)


async def test_timestamps_are_utc_in_whole_seconds_without_a_zone(partner: Partner) -> None:
    partner.clock.now_ms += 999
    at = await partner.request(await partner.client())
    product = await partner.read(at)
    assert product["created_at"] == product["updated_at"] == MOMENT


@pytest.mark.parametrize(
    ("waited_ms", "shown"),
    [(1, MOMENT), (1_000, "2026-04-15T10:30:01"), (48_600_000, "2026-04-16T00:00:00"),
     (86_400_000 * 261, "2027-01-01T10:30:00")],
)  # fmt: skip
async def test_updated_at_moves_with_what_happens_and_created_at_does_not(
    partner: Partner, waited_ms: int, shown: str
) -> None:
    at = await partner.request(await partner.client())
    partner.clock.now_ms += waited_ms
    product = (await partner.send(at))["product"]
    assert (product["created_at"], product["updated_at"]) == (MOMENT, shown)


@pytest.mark.parametrize("header", ["x-api-key", "X-API-Key", "X-Api-Key", "x-API-kEY"])
async def test_the_key_travels_in_a_header_of_any_case(partner: Partner, header: str) -> None:
    answer = await partner.http.get(CATALOGUE, headers={header: partner.key})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"authorization": "Bearer {}"}, {"authorization": "Basic {}"}, {"x-apikey": "{}"}, {"api-key": "{}"},
     {"cookie": "x-api-key={}"}],
)  # fmt: skip
async def test_there_is_no_other_way_in(partner: Partner, headers: dict[str, str]) -> None:
    sent = {name: value.format(partner.key) for name, value in headers.items()}
    assert (await partner.http.get(CATALOGUE, headers=sent)).status_code == 401
    assert (await partner.http.get(CATALOGUE, params={"x-api-key": partner.key})).status_code == 401


async def test_bodies_are_json_in_utf_8_whatever_script(partner: Partner) -> None:
    client = await partner.client(first_name="Žofie-Łucja", last_name="Ōtani 王", second_name="Ñusta")
    answer = await partner.call("GET", f"{CLIENTS}/{client['id']}")
    assert answer.headers["content-type"] == "application/json"
    assert "Žofie-Łucja".encode() in answer.content
    assert [answer.json()[name] for name in ("first_name", "last_name")] == ["Žofie-Łucja", "Ōtani 王"]


@pytest.mark.parametrize("content_type", [None, "application/json", "application/json; charset=utf-8",
                                          "APPLICATION/JSON", " application/json ;charset=UTF-8"])  # fmt: skip
async def test_a_body_is_json_with_or_without_saying_so(partner: Partner, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await partner.call("POST", CLIENTS, content=b'{"email": 5}', headers=headers)
    assert answer.status_code == 400
    assert ("email", "FIELD_TYPE") in faults(answer)


async def test_answers_are_for_nobody_to_keep(partner: Partner) -> None:
    answer = await partner.call("GET", CLIENTS)
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("path", [CLIENTS, WEBHOOK, CATALOGUE, "/health/live", "/nowhere", "/management/nowhere"])
async def test_a_trace_goes_on_through_every_answer(partner: Partner, path: str) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await partner.call("GET", path, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.headers["x-trace-id"] == trace


async def test_the_answer_of_a_client_begins_with_who_it_is_and_repeats_what_was_sent(partner: Partner) -> None:
    answer = await partner.ok("POST", CLIENTS, MARIA, 201)
    assert list(answer)[:3] == ["id", "type", "status"]
    assert answer == {"id": answer["id"], "type": "individual", "status": "pending", **MARIA}


# ---- expand ---------------------------------------------------------------------------------------------------------

EXPANSIONS = ("next_action", "explain", "rejected_items")
ASKED = [((), set()), *(((name,), {name}) for name in EXPANSIONS), (EXPANSIONS[:2], set(EXPANSIONS[:2])),
         (EXPANSIONS, set(EXPANSIONS))]  # fmt: skip
OPERATIONS = ("request", "list", "read", "documentation", "submit", "withdraw")


async def ask(partner: Partner, operation: str, query: str) -> tuple[int, Json]:
    """Status and the request that an operation answers with (or the refusal)."""
    client = await partner.client()
    if operation == "request":
        answer = await partner.call("POST", f"{CLIENTS}/{client['id']}/products{query}", {"subproduct": CARDS})
        return answer.status_code, answer.json()
    at = await partner.request(client)
    if operation in ("list", "read"):
        answer = await partner.call("GET", (at if operation == "read" else at.rpartition("/")[0]) + query)
        return answer.status_code, answer.json()[0] if isinstance(answer.json(), list) else answer.json()
    body = {"document": document()} if operation == "documentation" else None
    answer = await partner.call("POST", f"{at}/{operation}{query}", body)
    inside = operation in ("documentation", "submit") and answer.is_success
    return answer.status_code, answer.json()["product"] if inside else answer.json()


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_every_operation_on_requests_tells_more_only_when_asked(partner: Partner, operation: str) -> None:
    ended = {"rejection_description"} if operation == "withdraw" else set()
    for names, more in ASKED:
        status, product = await ask(partner, operation, f"?expand={','.join(names)}" if names else "")
        assert status == (201 if operation == "request" else 200)
        assert product.keys() == PRODUCT_FIELDS | more | ended


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("query", ["nothing", "next_action,nothing", "Explain", "", "next_action,"])
async def test_an_unknown_expansion_is_refused_with_those_there_are(
    partner: Partner, operation: str, query: str
) -> None:
    status, body = await ask(partner, operation, f"?expand={query}")
    assert (status, body["code"]) == (400, "INVALID_REQUEST")
    (fault,) = body["details"]
    assert fault["field"] == "expand"
    assert all(name in fault["message"] for name in EXPANSIONS)


async def test_blanks_between_expansions_do_not_matter(partner: Partner) -> None:
    status, product = await ask(partner, "read", "?expand=explain,%20next_action")
    assert (status, product.keys() - PRODUCT_FIELDS) == (200, {"explain", "next_action"})


@pytest.mark.parametrize(
    "query",
    [
        "expand=explain&expand=next_action", "expand[]=explain&expand[]=next_action",
        "expand%5B%5D=explain&expand%5B%5D=next_action", "expand[0]=explain&expand[1]=next_action",
        "expand=explain&expand[]=next_action", "expand=explain,next_action&expand=explain",
        "expand[]=explain,next_action",
        "expand=explain%2Cnext_action",
    ],
)  # fmt: skip
async def test_a_list_may_be_sent_in_any_form_that_generated_clients_use(partner: Partner, query: str) -> None:
    status, product = await ask(partner, "read", f"?{query}")
    assert status == 200
    assert {"explain", "next_action"} <= product.keys()
    assert "rejected_items" not in product


@pytest.mark.parametrize("path", [WEBHOOK, CATALOGUE])
async def test_what_is_no_request_has_nothing_to_expand(partner: Partner, path: str) -> None:
    answer = await partner.call("GET", f"{path}?expand=next_action")
    assert (answer.status_code, faults(answer)) == (400, {("expand", "QUERY_UNKNOWN")})


async def test_messages_are_sentences_for_people(partner: Partner) -> None:
    for method, path in (("GET", "/nowhere"), ("PATCH", CLIENTS), ("GET", f"{CLIENTS}/x"), ("POST", CLIENTS)):
        message = (await partner.call(method, path)).json()["message"]
        assert re.fullmatch(r"[A-Z].*\.", message), message
