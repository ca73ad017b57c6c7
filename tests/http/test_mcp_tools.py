"""The tools of `ostiary mcp`: every operation of the table, as the OpenAPI document says it, and nothing else."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from ostiary.api.openapi.examples import REQUESTS
from ostiary.api.operations import TABLE, Operation
from ostiary.api.reading.parsing import NO_BODY
from ostiary.app import Installation
from ostiary.mcp.tools import BODY, LEFT_OUT, Tool, tools_of
from tests.http.running import running

Json = dict[str, Any]


@pytest.fixture
async def document(shared: Installation) -> Json:
    async with running(shared) as app:
        return dict((await app.call("GET", "/openapi.json", None)).json())


@pytest.fixture
def tools(document: Json) -> dict[str, Tool]:
    return tools_of(document, may_write=True)


def test_every_operation_is_a_tool_but_those_whose_answers_are_secrets(document: Json, tools: dict[str, Tool]) -> None:
    every = {operation.name for operation in TABLE}
    assert tools.keys() == every - LEFT_OUT
    assert every > LEFT_OUT
    secret = {
        operation.name
        for operation in TABLE
        if "signing_secret" in document["components"]["schemas"].get(operation.gives, {}).get("properties", {})
    }
    assert secret == LEFT_OUT
    assert tools_of(document, may_write=False).keys() == {name for name, tool in tools.items() if tool.method == "GET"}


@pytest.mark.parametrize("operation", [op for op in TABLE if op.name not in LEFT_OUT], ids=lambda op: op.name)
def test_a_tool_takes_what_its_operation_takes(tools: dict[str, Tool], operation: Operation) -> None:
    tool, shown = tools[operation.name], tools[operation.name].shown()
    assert (tool.method, tool.path) == (operation.method, operation.path)
    jsonschema_rs.meta.validate(tool.schema)
    assert "$ref" not in str(tool.schema)
    arguments = {name: place for name, (place, _) in tool.places.items()}
    assert arguments.keys() == tool.schema["properties"].keys()
    assert {name for name, place in arguments.items() if place == "query"} == set(operation.query)
    assert {name for name, place in arguments.items() if place == "path"} <= set(tool.needed)
    assert (BODY in arguments) == (operation.takes is not None and operation.takes is not NO_BODY)
    assert ("idempotency_key" in arguments) == (operation.method == "POST")
    assert shown["annotations"]["readOnlyHint"] == (operation.method == "GET")
    assert f"access level {operation.level}" in shown["description"]
    if operation.name in REQUESTS:
        assert jsonschema_rs.Draft202012Validator(tool.schema["properties"][BODY]).is_valid(REQUESTS[operation.name])


def test_a_schema_that_contains_itself_ends() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    operation = {
        "operationId": "make_node",
        "summary": "Make",
        "description": "Makes.",
        "x-access-level": 1,
        "responses": {"201": {}},
        "requestBody": {"required": True, "content": {"application/json": {"schema": node}}},
    }
    document = {"paths": {"/nodes": {"post": operation}}, "components": {"schemas": {"Node": node}}}
    tool = tools_of(document, may_write=True)["make_node"]
    assert "$ref" not in str(tool.schema)
    assert tool.needed == (BODY,)
    assert not tool.shown()["annotations"]["destructiveHint"]
