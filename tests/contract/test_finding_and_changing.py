"""Finding requests and clients again, and changing only what one has seen."""

from __future__ import annotations

import pytest

from tests.contract.partner import ACCOUNTS, CARDS, CLIENTS, MARIA, Partner, faults, refusal

REQUESTS = "/management/products/requests"


async def test_what_is_in_the_way_is_named_by_its_id(partner: Partner) -> None:
    client = await partner.client()
    answer = await partner.call("POST", CLIENTS, MARIA | {"email": client["email"]})
    [fault] = answer.json()["details"]
    assert (fault["field"], fault["client_id"], "product_request_id" in fault) == ("email", client["id"], False)
    at = f"{CLIENTS}/{client['id']}/products"
    live = await partner.ok("POST", at, {"subproduct": CARDS}, 201)
    [fault] = (await partner.call("POST", at, {"subproduct": CARDS})).json()["details"]
    assert (fault["client_id"], fault["product_request_id"]) == (client["id"], live["id"])


async def test_another_company_s_client_is_never_named(partner: Partner) -> None:
    await partner.client()
    other = await partner.another()
    assert (await other.call("POST", CLIENTS, MARIA)).status_code == 201


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "list"])
async def test_times_of_a_client_come_when_asked_for(partner: Partner, method: str) -> None:
    client = await partner.client()
    assert not {"created_at", "updated_at"} & client.keys()
    path = CLIENTS if method in ("POST", "list") else f"{CLIENTS}/{client['id']}"
    body = None if method in ("GET", "list") else MARIA | {"email": "other@example.com"}
    verb = "GET" if method == "list" else method
    answer = (await partner.call(verb, f"{path}?expand=timestamps", body)).json()
    shown = answer[0] if method == "list" else answer
    assert (shown["created_at"], shown["updated_at"]) == ("2026-04-15T10:30:00", "2026-04-15T10:30:00")


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "list"])
@pytest.mark.parametrize(
    ("sent", "text"), [(30_000, "30000"), (30_000.5, "30000.5"), ("30000.50", "30000.50"), (1e6, "1000000")]
)
async def test_decimals_come_as_texts_when_asked_for(
    partner: Partner, method: str, sent: float | str, text: str
) -> None:
    amounts = {"annual_salary": sent, "expected_monthly_volume": sent}
    client = await partner.client(**amounts)
    assert {name: client[name] for name in amounts} == amounts, "unasked it is what was sent"
    path = CLIENTS if method in ("POST", "list") else f"{CLIENTS}/{client['id']}"
    body = None if method in ("GET", "list") else MARIA | {"email": "other@example.com", **amounts}
    verb = "GET" if method == "list" else method
    answer = (await partner.call(verb, f"{path}?expand=decimals,timestamps", body)).json()
    shown = answer[0] if method == "list" else answer
    assert {name: shown[name] for name in amounts} == dict.fromkeys(amounts, text)
    assert "created_at" in shown
    again = await partner.call("PUT", f"{CLIENTS}/{shown['id']}", shown)
    assert again.json()["annual_salary"] == text, "it may be sent back as it is"


@pytest.mark.parametrize(("path", "wrong"), [(CLIENTS, "explain"), (REQUESTS, "timestamps")])
async def test_each_answer_knows_its_own_expansions(partner: Partner, path: str, wrong: str) -> None:
    answer = await partner.call("GET", f"{path}?expand={wrong}")
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert faults(answer) == {("expand", "QUERY_INVALID")}


async def test_a_client_is_changed_only_as_it_was_seen(partner: Partner) -> None:
    created = await partner.call("POST", CLIENTS, MARIA)
    path = f"{CLIENTS}/{created.json()['id']}"
    assert created.headers["etag"] == (await partner.call("GET", path)).headers["etag"] == '"1"'
    changed = await partner.call("PUT", path, MARIA | {"last_name": "One"}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (await partner.call("GET", path)).headers["etag"] == '"2"'
    late = await partner.call("PUT", path, MARIA | {"last_name": "Two"}, headers={"if-match": '"1"'})
    assert (refusal(late), faults(late)) == ((412, "INVALID_STATE"), {("If-Match", "CLIENT_CHANGED")})
    assert (await partner.ok("GET", path))["last_name"] == "One"
    await partner.ok("POST", f"{path}/products", {"subproduct": CARDS}, 201)
    assert (await partner.call("GET", path)).headers["etag"] == '"3"', "a request is a change of the client too"


@pytest.mark.parametrize(
    ("tag", "status"),
    [("*", 200), ('"1"', 200), ('"7", "1"', 200), (' "1" ', 200), ('W/"1"', 412), ('"7"', 412), ('""', 412), ("1", 400),
     ('"1', 400), ("", 400), (",", 400), ("W/1", 400), ('"a"b"', 400)],
)  # fmt: skip
async def test_the_forms_of_if_match(partner: Partner, tag: str, status: int) -> None:
    client = await partner.client()
    answer = await partner.call("PUT", f"{CLIENTS}/{client['id']}", MARIA, headers={"if-match": tag})
    assert answer.status_code == status
    assert status != 400 or faults(answer) == {("If-Match", "HEADER_INVALID")}


async def test_requests_of_all_clients_newest_first_in_pages_and_by_status_and_product(partner: Partner) -> None:
    requests = []
    for number in range(5):
        client = await partner.client(email=f"{number}@example.com")
        requests.append(await partner.request(client, CARDS if number % 2 else ACCOUNTS))
    ids = [at.rpartition("/")[2] for at in reversed(requests)]
    whole = await partner.ok("GET", REQUESTS)
    assert [request["id"] for request in whole] == ids
    assert whole[0] == await partner.ok("GET", requests[-1])
    listed, path = [], f"{REQUESTS}?limit=2"
    while path:
        page = await partner.call("GET", path)
        listed += [request["id"] for request in page.json()]
        path = page.headers.get("link", "").partition(">")[0].removeprefix("<")
    assert listed == ids
    assert [request["id"] for request in await partner.ok("GET", f"{REQUESTS}?product={CARDS}")] == [ids[1], ids[3]]
    await partner.ok("POST", f"{requests[0]}/withdraw")
    assert [request["id"] for request in await partner.ok("GET", f"{REQUESTS}?status=rejected")] == [ids[-1]]
    assert await partner.ok("GET", f"{REQUESTS}?status=rejected&product={CARDS}") == []
    assert {"next_action"} <= (await partner.ok("GET", f"{REQUESTS}?expand=next_action"))[0].keys()
    assert await (await partner.another()).ok("GET", REQUESTS) == []


@pytest.mark.parametrize("query", ["status=active", "status=", "limit=0", "limit=201", "cursor=x", "email=a@b.co"])
async def test_wrong_filters_are_refused(partner: Partner, query: str) -> None:
    assert refusal(await partner.call("GET", f"{REQUESTS}?{query}")) == (400, "INVALID_REQUEST")


async def test_forms_get_what_checks_a_value_before_it_is_sent(partner: Partner) -> None:
    at = await partner.request(await partner.client(), ACCOUNTS)
    plain = (await partner.ok("GET", at))["missing_requirements"]
    asked = (await partner.ok("GET", f"{at}?expand=forms"))["missing_requirements"]
    published = {
        attribute["id"]: attribute for attribute in (await partner.ok("GET", "/management/products"))["attributes"]
    }
    for group, full in zip(plain["data"], asked["data"], strict=True):
        for field, rich in zip(group["fields"], full["fields"], strict=True):
            assert rich.items() >= field.items()
            assert {"key": rich["key"], **published[rich["key"]]} == {**rich, "id": rich["key"]}
    number = asked["documents"][0]["valid_documents"][0]["metadata"][0]
    assert plain["documents"][0]["valid_documents"][0]["metadata"][0].items() <= number.items()
    assert {"min_length", "max_length", "pattern"} & number.keys()
