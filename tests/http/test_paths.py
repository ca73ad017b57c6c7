"""Addresses are what they are written as, and ids of any form are not found, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ostiary.app import Installation
from tests.http.running import CLIENTS, MARIA, Running, details, installation, running
from tests.servers.postgresql import shared as shared_cluster

ENGINES = ("sqlite", "postgres")
ODD = ("%00", "x%00", "%00" * 32, "a%2Fb", "%2e%2e", "%20", "%F0%9F%98%80", "%ff", "%", "%zz", "0" * 33, "'", "%27--")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    settings: dict[str, str] = {}
    if request.param == "postgres":
        cluster = shared_cluster()
        database = cluster.create()
        settings["OSTIARY_DATABASE_URL"] = cluster.url(database)
    with installation(folder, **settings) as parts:
        yield parts
    if settings:
        cluster.drop([database])


@pytest.fixture
async def on_both(engine: Installation) -> AsyncIterator[Running]:
    async with running(engine) as application:
        yield application
        await engine.store.release()


@pytest.mark.parametrize("odd", ODD)
async def test_ids_of_any_form_are_not_found(on_both: Running, odd: str) -> None:
    key = await on_both.key()
    mine = (await on_both.call("POST", CLIENTS, key, json=MARIA)).json()["id"]
    hooks = "/management/companies/webhook/deliveries"
    for method, path in (
        ("GET", f"{CLIENTS}/{odd}"),
        ("GET", f"{CLIENTS}/{odd}/products"),
        ("GET", f"{CLIENTS}/{mine}/products/{odd}"),
        ("POST", f"{CLIENTS}/{mine}/products/{odd}/submit"),
        ("POST", f"{CLIENTS}/{mine}/products/{odd}/withdraw"),
        ("GET", f"{hooks}/{odd}"),
        ("POST", f"{hooks}/{odd}/redeliver"),
        ("GET", f"/providers/{odd}/documents/{odd}"),
        ("POST", f"/providers/{odd}/verdicts"),
    ):
        answer = await on_both.call(method, path, key)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), path
    put = await on_both.call("PUT", f"{CLIENTS}/{odd}", key, json=MARIA)
    assert put.status_code == 404


@pytest.mark.parametrize(("query", "field"), [("cursor", "cursor"), ("limit", "limit"), ("status", "status")])
async def test_odd_queries_are_refused(on_both: Running, query: str, field: str) -> None:
    answer = await on_both.call("GET", f"{CLIENTS}?{query}=%00", await on_both.key())
    assert answer.status_code == 400
    assert {name for name, _ in details(answer)} == {field}


async def test_odd_values_that_name_something_name_nothing(on_both: Running) -> None:
    key = await on_both.key()
    assert (await on_both.call("GET", f"{CLIENTS}?email=%00", key)).json() == []
    hooks = "/management/companies/webhook/deliveries?product_request_id=%00"
    assert (await on_both.call("GET", hooks, key)).status_code == 400
    client = (await on_both.call("POST", CLIENTS, key, json=MARIA | {"email": "odd@example.com"})).json()["id"]
    asked = await on_both.call("POST", f"{CLIENTS}/{client}/products", key, json={"subproduct": "\x00"})
    assert (asked.status_code, asked.json()["code"]) == (412, "PRODUCT_UNKNOWN")


@pytest.mark.parametrize(
    "path",
    [
        "/management/clients%2Findividuals", "/%6Danagement/clients/individuals", "/management/clients/%69ndividuals",
        "/management%2fclients/individuals", "/health%2Flive", "/%68ealth/live", "/docs%2F", "/management//clients",
        "//management/clients/individuals", "/management/clients/individuals/",
        "/management/clients/individuals%3Flimit=1", "/management/clients/individuals%00", "/MANAGEMENT/clients",
        "/management/clients/individuals;a=b",
    ],
)  # fmt: skip
async def test_an_address_with_escapes_is_another_address(app: Running, path: str) -> None:
    key = await app.key()
    answer = await app.call("GET", "http://ostiary" + path, key)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_an_escaped_id_is_not_the_plain_one(app: Running) -> None:
    key = await app.key()
    mine = (await app.call("POST", CLIENTS, key, json=MARIA)).json()["id"]
    assert (await app.call("GET", f"{CLIENTS}/{mine}", key)).status_code == 200
    assert (await app.call("GET", f"{CLIENTS}/%{ord(mine[0]):02X}{mine[1:]}", key)).status_code == 404
