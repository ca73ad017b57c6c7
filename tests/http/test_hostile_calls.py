"""Calls that no honest code makes: answered calmly, and never with a 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import Begin
from tests.http.running import CLIENTS, MARIA, Running, details

KEYED = {"idempotency-key": "one"}


async def product_of(app: Running, key: str) -> str:
    client_id = (await app.call("POST", CLIENTS, key, json=MARIA)).json()["id"]
    path = f"{CLIENTS}/{client_id}/products"
    asked = await app.call("POST", path, key, json={"subproduct": "cards_individuals"})
    return f"{path}/{asked.json()['id']}"


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [10**25, -(10**25), 2**64, 2**63, 10**400, True, nested(60), {"a": {"b": 10**25}}],
                         ids=lambda value: repr(value)[:20])  # fmt: skip
@pytest.mark.parametrize("headers", [{}, KEYED], ids=["plain", "keyed"])
async def test_metadata_of_any_kind_is_a_rejected_item(app: Running, value: Any, headers: dict[str, str]) -> None:
    key = await app.key()
    path = f"{await product_of(app, key)}/documentation"
    body = {"document": {"document_type": "passport", "image_front": "AAAA", "metadata": {"number": value}}}
    answer = await app.call("POST", path, key, json=body, headers=headers)
    assert answer.status_code == 200
    assert "metadata_invalid" in {item["code"] for item in answer.json()["rejected_items"]}


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("annual_salary", 10**25, 201), ("annual_salary", 10**400, 412), ("annual_salary", 2**64, 201),
        ("annual_salary", "NaN", 412), ("annual_salary", [1], 400),
        ("phone_number", 10**30, 412), ("phone_country_code", -1, 412), ("occupation", "\x00", 412),
        ("occupation", "x" * 100_000, 412), ("email", "a" * 5000 + "@example.com", 412),
        ("birth_date", "9" * 5000, 412), ("first_name", "\u202e" * 300, 412),
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
@pytest.mark.parametrize("headers", [{}, KEYED], ids=["plain", "keyed"])
async def test_values_beyond_every_bound_have_an_answer(
    app: Running, field: str, value: Any, status: int, headers: dict[str, str]
) -> None:
    body = MARIA | {"phone_country_code": 54, "phone_number": 1168860622} | {field: value}
    key = await app.key()
    answer = await app.call("POST", CLIENTS, key, json=body, headers=headers)
    assert answer.status_code == status
    if status == 201:
        read = await app.call("GET", f"{CLIENTS}/{answer.json()['id']}", key)
        assert read.json() == answer.json()
        assert float(read.json()[field]) == float(value)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("expand=nothing", ("expand", "QUERY_INVALID")), ("expand=,", ("expand", "QUERY_INVALID")),
        ("expand=", ("expand", "QUERY_INVALID")), ("exand=explain", ("exand", "QUERY_UNKNOWN")),
        ("x" * 300 + "=1", ("x" * 100, "QUERY_UNKNOWN")), ("=", ("", "QUERY_UNKNOWN")),
    ],
)  # fmt: skip
async def test_queries_are_known_or_refused(app: Running, query: str, fault: tuple[str, str]) -> None:
    key = await app.key()
    answer = await app.call("GET", f"{await product_of(app, key)}?{query}", key)
    assert (answer.status_code, details(answer)) == (400, {fault})


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=-1", "limit"), ("limit=1.0", "limit"), ("limit=", "limit"),
     ("limit=" + "9" * 500, "limit"), ("limit=%C2%B2", "limit"), ("cursor=x", "cursor"), ("status=open", "status")],
)  # fmt: skip
async def test_impossible_values_of_queries_are_named(app: Running, query: str, field: str) -> None:
    answer = await app.call("GET", f"{CLIENTS}?{query}", await app.key())
    assert (answer.status_code, details(answer)) == (400, {(field, "QUERY_INVALID")})


async def test_an_endless_query_is_refused(app: Running) -> None:
    assert (await app.call("GET", f"{CLIENTS}?email={'x' * 5000}", await app.key())).status_code == 400


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("application/json", b"{}", 412), (None, b"{}", 412), ("Application/JSON; charset=utf-8", b"{}", 412),
        ("text/plain", b"{}", 415), ("application/x-www-form-urlencoded", b"a=b", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415), ("application/json", b"[]", 400),
        ("application/json", b'{"a":1}', 400), ("text/plain", b"", 412),
    ],
)  # fmt: skip
async def test_submit_takes_nothing_or_an_empty_object(
    app: Running, content_type: str | None, content: bytes, status: int
) -> None:
    key = await app.key()
    product = await product_of(app, key)
    await app.call("POST", f"{product}/withdraw", key)
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await app.call("POST", f"{product}/submit", key, content=content, headers=headers)
    assert answer.status_code == status


async def test_a_body_over_the_limit_is_refused_and_the_connection_closed(app_with: Begin) -> None:
    async with app_with(OSTIARY_MAX_BODY_MB="1") as app:
        answer = await app.call("POST", CLIENTS, await app.key(), content=b"x" * (1 << 21))
        assert (answer.status_code, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")
        assert answer.headers["connection"] == "close"


async def test_pages_lead_to_each_other_newest_first(app: Running) -> None:
    key, ids = await app.key(), []
    for number in range(5):
        answer = await app.call("POST", CLIENTS, key, json=MARIA | {"email": f"m{number}@example.com"})
        ids.append(answer.json()["id"])
    path, listed = f"{CLIENTS}?limit=2&status=pending", []
    while path:
        answer = await app.call("GET", path, key)
        listed += [client["id"] for client in answer.json()]
        path = answer.headers.get("link", "").partition("<")[2].partition(">")[0]
    assert listed == list(reversed(ids))
