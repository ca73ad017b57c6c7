"""The OpenAPI document: valid, whole, and true to the table, with examples that keep their own schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from ostiary.app import Opened
from ostiary.http.errors import STATUSES
from ostiary.http.operations import TABLE, Operation
from tests.http.running import CLIENTS, MARIA, Running, running

Json = dict[str, Any]


@pytest.fixture
async def document(shared: Opened) -> Json:
    async with running(shared) as app:
        answer = await app.call("GET", "/openapi.json", None)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        return dict(answer.json())


def described(document: Json, operation: Operation) -> Json:
    return dict(document["paths"][operation.path][operation.method.lower()])


def faults(document: Json, schema: Json, value: object) -> list[str]:
    """What of a value breaks a schema of the document."""
    whole = {**schema, "components": document["components"]}
    return [str(one) for one in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(value)]


def test_it_is_valid(document: Json) -> None:
    validate(document)


@pytest.mark.parametrize("operation", TABLE, ids=lambda one: one.name)
def test_every_operation_is_told_with_its_level_and_every_refusal(document: Json, operation: Operation) -> None:
    told = described(document, operation)
    assert (told["operationId"], told["x-access-level"]) == (operation.name, operation.level)
    assert f"access level {operation.level}" in told["description"]
    statuses = {str(STATUSES[one]) for one in operation.refuses}
    expected = {str(operation.status), "400", "401", "429", "500", "503"} | statuses
    expected |= {"413", "415"} if operation.takes is not None else set()
    expected |= {"409", "422"} if operation.method == "POST" else set()
    assert set(told["responses"]) == expected
    for kind in operation.refuses:
        assert kind.code in told["responses"][str(STATUSES[kind])]["content"]["application/json"]["examples"]
    assert [one["name"] for one in told.get("parameters", []) if one.get("in") == "query"] == list(operation.query)


def test_nothing_else_is_told_but_health_and_metrics(document: Json) -> None:
    paths = {one.path for one in TABLE} | {"/health/live", "/health/ready", "/metrics"}
    assert set(document["paths"]) == paths


def media(document: Json) -> Iterator[tuple[str, Json]]:
    """Everything with a schema and examples, by where it is."""
    for path, operations in [*document["paths"].items(), *document["webhooks"].items()]:
        for method, operation in operations.items():
            if method == "parameters":
                continue
            bodies = {"body": operation["requestBody"]} if "requestBody" in operation else {}
            for name, one in {**bodies, **operation["responses"]}.items():
                for kind, content in one.get("content", {}).items():
                    yield f"{method} {path} {name} {kind}", content


def test_every_body_and_answer_has_an_example_that_keeps_its_schema(document: Json) -> None:
    wrong, bare = {}, []
    for place, content in media(document):
        if not content.get("examples") and not content["schema"].get("$ref", "").endswith("/NoBody"):
            bare.append(place)
        for name, example in content.get("examples", {}).items():
            if found := faults(document, content["schema"], example["value"]):
                wrong[f"{place} {name}"] = found
    assert not wrong
    assert not bare


def test_every_component_is_used(document: Json) -> None:
    text = str({name: one for name, one in document.items() if name != "components"}) + str(document["components"])
    unused = [name for name in document["components"]["schemas"] if f"'#/components/schemas/{name}'" not in text]
    assert not unused


async def test_answers_keep_their_schemas(app: Running, document: Json) -> None:
    """The way of one client, with everything that can be asked for."""
    key, expand = await app.key(), "?expand=next_action,explain,rejected_items"
    schemas = document["components"]["schemas"]
    client = (await app.call("POST", CLIENTS, key, json=MARIA | {"occupation": "Teacher", "annual_salary": 5})).json()
    path = f"{CLIENTS}/{client['id']}/products"
    asked = (await app.call("POST", path + expand, key, json={"subproduct": "cards_individuals"})).json()
    body = {"document": {"document_type": "passport", "image_front": "AAAA", "metadata": {"nmber": "AB123"}}}
    refused = (await app.call("POST", f"{path}/{asked['id']}/documentation{expand}", key, json=body)).json()
    withdrawn = (await app.call("POST", f"{path}/{asked['id']}/withdraw", key)).json()
    catalogue = (await app.call("GET", "/management/products", key)).json()
    for name, value in (("Client", client), ("Product", asked), ("Judged", refused), ("Product", withdrawn),
                        ("Catalogue", catalogue)):  # fmt: skip
        assert not faults(document, schemas[name], value)
    assert refused["rejected_items"]
    assert withdrawn["rejection_description"]


async def test_unknown_fields_are_in_no_schema(document: Json) -> None:
    for name in ("Product", "Judged", "Error", "Webhook", "RejectedItem"):
        assert document["components"]["schemas"][name]["additionalProperties"] is False
    more = document["components"]["schemas"]["Client"]["additionalProperties"]
    assert more["type"] == ["string", "number", "boolean"]
