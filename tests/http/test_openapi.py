"""The OpenAPI document: valid, whole, and true to the table, with examples that keep their own schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from ostiary.api.operations import TABLE, Operation
from ostiary.app import Installation
from ostiary.web.errors import STATUSES
from tests.http.conftest import Begin
from tests.http.running import CLIENTS, MARIA, Running, running

Json = dict[str, Any]


@pytest.fixture
async def document(shared: Installation) -> Json:
    async with running(shared) as app:
        answer = await app.call("GET", "/openapi.json", None)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        return dict(answer.json())


def described(document: Json, operation: Operation) -> Json:
    return dict(document["paths"][operation.path][operation.method.lower()])


def faults(document: Json, schema: Json, value: object) -> list[str]:
    """What of a value breaks a schema of the document."""
    whole = {**schema, "components": document["components"]}
    return [str(fault) for fault in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(value)]


def test_it_is_valid(document: Json) -> None:
    validate(document)


def properties(part: object, name: str) -> Iterator[Json]:
    """What every schema in a part says of a property of this name."""
    if isinstance(part, list):
        for each in part:
            yield from properties(each, name)
    elif isinstance(part, dict):
        named = part.get("properties")
        if isinstance(named, dict) and name in named:
            yield named[name]
        for each in part.values():
            yield from properties(each, name)


def test_what_is_a_truth_value_or_a_word_says_both(document: Json) -> None:
    """Of one list of values of two types generators make what does not compile, or leave it out."""
    found_schemas = list(properties(document, "applies"))
    assert found_schemas
    for schema in found_schemas:
        kinds = [each["type"] for each in schema["oneOf"]]
        assert kinds == ["boolean", "string"]
        assert schema["oneOf"][1]["enum"] == ["undecided"]


def lists_of_values(part: object) -> Iterator[list[Any]]:
    """Every enumeration in a part."""
    if isinstance(part, list):
        for each in part:
            yield from lists_of_values(each)
    elif isinstance(part, dict):
        if isinstance(part.get("enum"), list):
            yield part["enum"]
        for each in part.values():
            yield from lists_of_values(each)


def test_what_may_be_null_says_so_beside_its_values(document: Json) -> None:
    """Many generators take a list of values for one of texts alone."""
    lists = list(lists_of_values(document))
    assert lists
    assert not [values for values in lists if None in values]


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.name)
def test_every_operation_is_told_with_its_level_and_every_refusal(document: Json, operation: Operation) -> None:
    shown = described(document, operation)
    assert (shown["operationId"], shown["x-access-level"]) == (operation.name, operation.level)
    assert f"access level {operation.level}" in shown["description"]
    statuses = {str(STATUSES[error]) for error in operation.refuses}
    expected = {str(operation.status), "400", "401", "429", "500", "503"} | statuses
    expected |= {"413", "415"} if operation.takes is not None else set()
    expected |= {"409", "422"} if operation.method == "POST" else set()
    assert set(shown["responses"]) == expected
    for kind in operation.refuses:
        refusal = shown["responses"][str(STATUSES[kind])]["$ref"].rpartition("/")[2]
        assert kind.code in document["components"]["responses"][refusal]["content"]["application/json"]["examples"]
    assert [parameter["name"] for parameter in shown.get("parameters", []) if parameter.get("in") == "query"] == list(
        operation.query
    )


def test_nothing_else_is_told_but_health_and_metrics(document: Json) -> None:
    paths = {operation.path for operation in TABLE} | {"/health/live", "/health/ready", "/metrics"}
    assert set(document["paths"]) == paths


def media(document: Json) -> Iterator[tuple[str, Json]]:
    """Everything with a schema and examples, by where it is."""
    for path, operations in [*document["paths"].items(), *document["webhooks"].items()]:
        for method, operation in operations.items():
            if method == "parameters":
                continue
            bodies = {"body": operation["requestBody"]} if "requestBody" in operation else {}
            answers = {**operation["responses"], **document["components"]["responses"]}
            for name, value in {**bodies, **answers}.items():
                for kind, content in value.get("content", {}).items():
                    yield f"{method} {path} {name} {kind}", content


def test_every_body_and_answer_has_an_example_that_keeps_its_schema(document: Json) -> None:
    wrong, bare = {}, []
    for place, content in media(document):
        if not content.get("examples") and not content["schema"].get("$ref", "").endswith("/NoBody"):
            bare.append(place)
        for name, example in content.get("examples", {}).items():
            if problems := faults(document, content["schema"], example["value"]):
                wrong[f"{place} {name}"] = problems
    assert not wrong
    assert not bare


def test_every_component_is_used(document: Json) -> None:
    text = str({name: value for name, value in document.items() if name != "components"}) + str(document["components"])
    components = [(kind, name) for kind, named in document["components"].items() for name in named]
    references = [f"#/components/{kind}/{name}" for kind, name in components if kind != "securitySchemes"]
    assert not [reference for reference in references if f"'{reference}'" not in text]


def test_answers_that_are_one_client_are_known_by_a_tag(document: Json) -> None:
    tagged = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if "operationId" in operation
        for answer in operation["responses"].values()
        if "ETag" in answer.get("headers", {})
    }
    assert tagged == {"create_client", "read_client", "update_client"}


async def test_answers_keep_their_schemas(app: Running, document: Json) -> None:
    """The way of one client, with everything that can be asked for."""
    key, expand = await app.key(), "?expand=next_action,explain,rejected_items"
    schemas = document["components"]["schemas"]
    client = (await app.call("POST", CLIENTS, key, json=MARIA | {"occupation": "Teacher", "annual_salary": 5})).json()
    with_more = (await app.call("GET", f"{CLIENTS}/{client['id']}?expand=timestamps,decimals", key)).json()
    path = f"{CLIENTS}/{client['id']}/products"
    asked = (await app.call("POST", path + expand, key, json={"subproduct": "cards_individuals"})).json()
    body = {"document": {"document_type": "passport", "image_front": "AAAA", "metadata": {"nmber": "AB123"}}}
    refused = (await app.call("POST", f"{path}/{asked['id']}/documentation{expand}", key, json=body)).json()
    withdrawn = (await app.call("POST", f"{path}/{asked['id']}/withdraw", key)).json()
    catalogue = (await app.call("GET", "/management/products", key)).json()
    assert with_more.keys() - client.keys() == {"created_at", "updated_at"}
    for name, value in (
        ("IndividualClient", client),
        ("IndividualClient", with_more),
        ("Product", asked),
        ("Judged", refused),
        ("Product", withdrawn),
        ("Catalogue", catalogue),
    ):
        assert not faults(document, schemas[name], value)
    assert refused["rejected_items"]
    assert withdrawn["rejection_description"]


async def test_unknown_fields_are_in_no_schema(document: Json) -> None:
    for name in ("Product", "Judged", "Problem", "Webhook", "RejectedItem"):
        assert document["components"]["schemas"][name]["additionalProperties"] is False
    assert document["components"]["schemas"]["IndividualClient"]["additionalProperties"] is True


# ---- what generators of clients need ---------------------------------------------------------------------------------


def schemas_in(part: Any) -> Iterator[Json]:
    """Every schema, at any depth."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str | list):
            yield part
        for name, value in part.items():
            if name not in ("example", "examples", "enum"):
                yield from schemas_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from schemas_in(value)


def test_nothing_is_left_for_a_generator_to_guess(document: Json) -> None:
    schemas = list(schemas_in(document))
    assert len(schemas) > 200
    for schema in schemas:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert "integer" not in kinds or "format" in schema, schema
        assert "array" not in kinds or "items" in schema, schema
        assert "object" not in kinds or "properties" in schema or schema["additionalProperties"] is True, schema
        assert len({type(value) for value in schema.get("enum", [""]) if value is not None}) == 1, schema


def test_names_do_not_meet_those_of_languages_and_tools(document: Json) -> None:
    taken = {"client", "error", "request", "response", "object", "model", "api", "exception", "type", "file"}
    assert not {name.lower() for name in document["components"]["schemas"]} & taken
    names = [operation["operationId"] for _, operation in operations_of(document)]
    assert not [name for name in names if name.startswith("test_")]
    assert len({name.replace("_", "").lower() for name in names}) == len(names)


def operations_of(document: Json) -> Iterator[tuple[str, Json]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                yield path, operation


def test_refusals_are_components_and_paths_have_examples(document: Json) -> None:
    for path, operation in operations_of(document):
        for status, answer in operation["responses"].items():
            assert status < "400" or "$ref" in answer or path.startswith("/health"), (path, status)
    for path, operations in document["paths"].items():
        for parameter in operations.get("parameters", []):
            assert "$ref" in parameter or re.fullmatch(parameter["schema"]["pattern"], parameter["example"]), path


async def test_it_says_where_the_service_is_and_whose_terms_it_has(app_with: Begin) -> None:
    async with app_with(OSTIARY_PUBLIC_URL="https://kyc.example.com/") as app:
        parsed = (await app.http.get("/openapi.json")).json()
    assert parsed["servers"] == [{"url": "https://kyc.example.com"}]
    assert parsed["info"]["license"]["identifier"] == "Apache-2.0"
    assert parsed["info"]["contact"]["url"] == "https://kyc.example.com"
