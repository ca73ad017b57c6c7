"""The OpenAPI document and the answers: what is really said has the status and fields that it names."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from importlib import import_module
from typing import Any

import httpx
import pytest

from tests.http.running import CLIENTS, MARIA, Running
from tests.material import picture

JSON = {"content-type": "application/json"}
PICTURE = b64encode(picture()).decode()
_jsonschema: Any = import_module("jsonschema")  # has no types


async def document(app: Running) -> dict[str, Any]:
    parsed: dict[str, Any] = (await app.http.get("/openapi.json")).json()
    return parsed


def fault_of(whole: dict[str, Any], method: str, answer: httpx.Response) -> str | None:
    """What an answer says otherwise than its operation documents for that status; None: nothing."""
    path = answer.request.url.path
    for template, operations in whole["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in operations:
            described = operations[method.lower()]["responses"].get(str(answer.status_code))
            if described is None:
                return f"{method} {template} may not answer {answer.status_code}"
            described = whole["components"]["responses"].get(described.get("$ref", "").rpartition("/")[2], described)
            if "content" not in described:
                return f"{method} {template} has no content" if answer.content else None
            schema = {**described["content"]["application/json"]["schema"], "components": whole["components"]}
            errors = sorted(_jsonschema.Draft202012Validator(schema).iter_errors(answer.json()), key=str)
            return f"{method} {template} {answer.status_code}: {errors[0].message}" if errors else None
    return f"{path} is not documented"


class Recorded:
    """Calls that are held against the document as they are made."""

    def __init__(self, app: Running, whole: dict[str, Any], key: str) -> None:
        self._app, self._whole, self._key = app, whole, key
        self.seen: set[tuple[str, int]] = set()

    async def call(self, method: str, path: str, status: int, **options: Any) -> Any:
        answer = await self._app.call(method, path, options.pop("key", self._key), **options)
        assert answer.status_code == status, answer.text[:300]
        assert fault_of(self._whole, method, answer) is None
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-trace-id"])
        self.seen.add((method, status))
        return answer.json() if answer.content else None


async def test_a_whole_onboarding_says_what_is_documented_at_every_step(app: Running) -> None:
    calls = Recorded(app, await document(app), await app.key())
    everything = "?expand=next_action,explain,rejected_items"
    client = await calls.call("POST", CLIENTS, 201, json=MARIA)
    path = f"{CLIENTS}/{client['id']}"
    await calls.call("POST", CLIENTS, 412, json=MARIA)
    await calls.call("POST", CLIENTS, 412, json={**MARIA, "email": "nobody"})
    await calls.call("POST", CLIENTS, 400, json={**MARIA, "shoe_size": 43})
    await calls.call("POST", CLIENTS, 415, content=b"x", headers={"content-type": "text/plain"})
    await calls.call("GET", path, 200)
    await calls.call("GET", CLIENTS, 200)
    await calls.call("PUT", path, 200, json={**MARIA, "phone_country_code": 54, "phone_number": 1168860622})
    await calls.call("POST", f"{path}/products", 412, json={"subproduct": "gold"})
    product = await calls.call("POST", f"{path}/products", 201, json={"subproduct": "cards_individuals"})
    request = f"{path}/products/{product['id']}"
    await calls.call("POST", f"{path}/products", 412, json={"subproduct": "cards_individuals"})
    await calls.call("GET", f"{path}/products", 200)
    await calls.call("GET", request + everything, 200)
    sent = {"document_type": "passport", "metadata": {"number": "AB1234567"}, "image_front": PICTURE}
    await calls.call("POST", f"{request}/documentation", 200, json={"document": {**sent, "image_front": "AAAA"}})
    await calls.call("POST", f"{request}/submit", 200)
    await calls.call("POST", f"{request}/documentation", 200, json={"document": sent})
    await calls.call("GET", request + everything, 200)
    await calls.call("POST", f"{request}/submit", 200)
    await calls.call("POST", f"{request}/submit", 200)
    await calls.call("POST", f"{request}/documentation", 412, json={"document": sent})
    await calls.call("POST", f"{request}/simulate", 200, json={"outcome": "enabled"})
    await calls.call("GET", request + everything, 200)
    await calls.call("GET", "/management/products", 200)
    await calls.call("GET", "/management/sandbox/scenarios", 200)
    await calls.call("GET", "/management/sandbox/clock", 200)
    await calls.call("POST", "/management/sandbox/clock", 200, json={"advance": "P90D"})
    await calls.call("POST", "/management/sandbox/clock", 412, json={"advance": "tomorrow"})
    assert {status for _, status in calls.seen} == {200, 201, 400, 412, 415}


@pytest.mark.parametrize(
    ("method", "path", "with_key", "body", "status"),
    [
        ("GET", CLIENTS, False, None, 401),
        ("POST", CLIENTS, False, b"{}", 401),
        ("GET", f"{CLIENTS}/{'0' * 32}", True, None, 404),
        ("PUT", f"{CLIENTS}/{'0' * 32}", False, b"{}", 401),
        ("GET", f"{CLIENTS}/{'0' * 32}/products", True, None, 404),
        ("GET", f"{CLIENTS}/{'0' * 32}/products/{'0' * 32}", True, None, 404),
        ("POST", f"{CLIENTS}/{'0' * 32}/products/{'0' * 32}/submit", True, None, 404),
        ("GET", f"{CLIENTS}?limit=0", True, None, 400),
        ("POST", CLIENTS, True, b"{", 400),
        ("POST", CLIENTS, True, b"[]", 400),
        ("GET", "/management/companies/webhook", False, None, 401),
        ("GET", f"/management/companies/webhook/deliveries/{'0' * 32}", True, None, 404),
    ],
)
async def test_a_refusal_has_the_documented_form(
    app: Running, method: str, path: str, with_key: bool, body: bytes | None, status: int
) -> None:
    calls = Recorded(app, await document(app), "")
    key = await app.key() if with_key else None
    problem = await calls.call(method, path, status, key=key, content=body, headers=JSON if body is not None else {})
    assert set(problem) <= {"code", "message", "trace_id", "details"}


async def test_what_is_created_is_read_listed_and_replaced_in_one_form(app: Running) -> None:
    key = await app.key()
    created = await app.call("POST", CLIENTS, key, json=MARIA)
    path = f"{CLIENTS}/{created.json()['id']}"
    read, listed = await app.call("GET", path, key), await app.call("GET", CLIENTS, key)
    replaced = await app.call("PUT", path, key, json=read.json())  # what was read may be sent back as it is
    assert (created.status_code, read.status_code, listed.status_code, replaced.status_code) == (201, 200, 200, 200)
    assert read.json() == created.json() == listed.json()[0]
    assert {**replaced.json(), "updated_at": ""} == {**read.json(), "updated_at": ""}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201), ("application/json; charset=utf-8", 201), ("APPLICATION/JSON", 201),
        ("application/json;charset=UTF-8", 201), (" application/json ", 201), ("text/json", 415), ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415), ("application", 415), ("json", 415), ("*/*", 415), ("application/xml", 415),
    ],
)  # fmt: skip
async def test_which_types_of_content_a_client_may_be_sent_as(app: Running, content_type: str, status: int) -> None:
    headers = {"content-type": content_type}
    answer = await app.call("POST", CLIENTS, await app.key(), content=json.dumps(MARIA).encode(), headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_a_method_that_a_path_does_not_have_is_told_with_those_it_has(app: Running, method: str) -> None:
    answer = await app.call(method, CLIENTS, await app.key())
    assert answer.status_code == 405
    assert {"GET", "POST"} <= {word.strip() for word in answer.headers["allow"].split(",")}


@pytest.mark.parametrize("key", ["", "x", "ok_", " ", "a" * 5_000, "é".encode().decode("latin-1")])
async def test_a_key_that_is_none_is_told_no_more_than_that(app: Running, key: str) -> None:
    headers = [(b"x-api-key", key.encode("latin-1"))]
    answer = await app.http.request("GET", CLIENTS, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")
    assert not key.strip() or len(key) < 4 or key not in answer.text


@pytest.mark.parametrize(("length", "status"), [(1, 201), (255, 201), (256, 400), (0, 400)])
async def test_an_idempotency_key_has_1_to_255_characters(app: Running, length: int, status: int) -> None:
    headers = {"idempotency-key": "k" * length}
    assert (await app.call("POST", CLIENTS, await app.key(), json=MARIA, headers=headers)).status_code == status


@pytest.mark.parametrize("sign", [chr(code) for code in (0x20, 0x7F, 0xE9)], ids=repr)
async def test_an_idempotency_key_is_of_visible_ascii(app: Running, sign: str) -> None:
    headers = [(b"x-api-key", (await app.key()).encode()), (b"idempotency-key", f"a{sign}b".encode("latin-1"))]
    answer = await app.http.request("POST", CLIENTS, headers=headers, json=MARIA)
    assert answer.status_code == 400
    assert [detail["field"] for detail in answer.json()["details"]] == ["Idempotency-Key"]


@pytest.mark.parametrize(("more", "status"), [(-1, 201), (0, 201), (1, 413)])
async def test_a_body_without_pictures_has_256_kib_at_most(app: Running, more: int, status: int) -> None:
    body = json.dumps(MARIA).encode().ljust((1 << 18) + more)
    answer = await app.call("POST", CLIENTS, await app.key(), content=body, headers=JSON)
    assert answer.status_code == status
    assert status == 201 or "0.25 MB" in answer.json()["message"]
