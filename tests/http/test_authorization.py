"""Who may call what, for every operation of the table."""

from __future__ import annotations

import pytest

from ostiary.api.operations import TABLE, Operation
from ostiary.domain.ids import encode
from tests.http.conftest import Begin
from tests.http.running import CLIENTS, MARIA, Running
from tests.terms import body as terms_body

NOWHERE = encode(1_776_249_000_000, 7)
BELOW = [(operation, level) for operation in TABLE for level in range(1, operation.level)]


def address(operation: Operation, client_id: str = NOWHERE, request_id: str = NOWHERE) -> str:
    of_client = operation.path.replace("{clientId}", client_id).replace("{productRequestId}", request_id)
    return of_client.replace("{linkId}", NOWHERE).replace("{acceptanceId}", NOWHERE)


def body(operation: Operation) -> dict[str, object]:
    """Something that every operation would read without a fault."""
    bodies: dict[str, dict[str, object]] = {
        "update_client": MARIA,
        "request_product": {"subproduct": "cards_individuals"},
        "complete_documentation": {"document": {"document_type": "passport"}},
        "simulate_verdict": {"outcome": "enabled"},
        "move_clock": {"advance": "P1D"},
        "accept_terms": terms_body(),
    }
    return {} if operation.takes is None else {"json": bodies.get(operation.name, {})}


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.name)
async def test_no_operation_answers_without_a_key(app: Running, operation: Operation) -> None:
    for key in (None, "", "osk_", "osk_" + NOWHERE + "_" + "0" * 64, "x" * 5000):
        answer = await app.call(operation.method, address(operation), key, **body(operation))
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(("operation", "level"), BELOW, ids=lambda part: getattr(part, "name", part))
async def test_every_level_below_is_denied(app: Running, operation: Operation, level: int) -> None:
    answer = await app.call(operation.method, address(operation), await app.key(level), **body(operation))
    assert (answer.status_code, answer.json()["code"]) == (401, "ACCESS_DENIED")


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.name)
async def test_the_level_itself_is_enough(app: Running, operation: Operation) -> None:
    answer = await app.call(operation.method, address(operation), await app.key(operation.level), **body(operation))
    assert answer.status_code != 401


@pytest.mark.parametrize(
    "operation", [operation for operation in TABLE if "{" in operation.path], ids=lambda operation: operation.name
)
async def test_another_companys_client_is_indistinguishable_from_none(app: Running, operation: Operation) -> None:
    own, other = await app.key(), await app.key(5, "Other")
    client_id = (await app.call("POST", CLIENTS, own, json=MARIA)).json()["id"]
    asked = await app.call("POST", f"{CLIENTS}/{client_id}/products", own, json={"subproduct": "cards_individuals"})
    foreign = await app.call(
        operation.method, address(operation, client_id, asked.json()["id"]), other, **body(operation)
    )
    nobody = await app.call(operation.method, address(operation), other, **body(operation))
    assert foreign.status_code == nobody.status_code == 404
    assert {**foreign.json(), "trace_id": ""} == {**nobody.json(), "trace_id": ""}


async def test_an_address_outside_the_allowlist_is_not_let_in(app: Running) -> None:
    assert (await app.call("GET", CLIENTS, await app.key(1, allowed=("203.0.113.0/24",)))).status_code == 401
    assert (await app.call("GET", CLIENTS, await app.key(1, allowed=("127.0.0.0/8",)))).status_code == 200


@pytest.mark.parametrize("path", ["/management", "/management/nothing", "/management/clients"])
async def test_addresses_that_are_none_tell_nothing_without_a_key(app: Running, path: str) -> None:
    assert (await app.call("GET", path, None)).status_code == 401
    assert (await app.call("GET", path, await app.key(1))).status_code == 404


async def test_a_method_that_is_not_answered_names_those_that_are(app: Running) -> None:
    for path, allowed in ((CLIENTS, "POST, GET"), ("/health/live", "GET, HEAD"), ("/health/ready", "GET, HEAD")):
        answer = await app.call("PATCH", path, None)
        assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (
            405,
            "METHOD_NOT_ALLOWED",
            allowed,
        )


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        ("203.0.113.7:51234", 200), ('"203.0.113.7:51234"', 200), ("203.0.113.7", 200), ("[::ffff:203.0.113.7]:9", 200),
        ("198.51.100.7:51234", 401), ("203.0.113.7, 198.51.100.7:1", 401), ("unknown", 400),
        ("203.0.113.7, rubbish", 400),
    ],
)  # fmt: skip
async def test_the_allowlist_is_held_against_the_address_behind_the_proxy_however_it_is_written(
    app_with: Begin, forwarded: str, status: int
) -> None:
    async with app_with(OSTIARY_TRUSTED_PROXIES="127.0.0.0/8") as app:
        key = await app.key(1, allowed=("203.0.113.0/24",))
        answer = await app.call("GET", CLIENTS, key, headers={"x-forwarded-for": forwarded})
    assert answer.status_code == status
    assert status != 400 or "X-Forwarded-For" in answer.json()["message"]
