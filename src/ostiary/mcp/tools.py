"""Which tools there are: the operations of the API, as the service that is called describes them in its OpenAPI
document. Nothing of them is written here again: names, words and schemas are those of the table of operations, with the
catalogue of that installation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ostiary.mcp.messages import Json

LEFT_OUT = frozenset({"read_signing_secret", "rotate_signing_secret"})
"""Their answers are secrets and nothing else: what a model reads may be repeated anywhere."""
NEVER_GIVEN = frozenset({"traceparent"})
"""Parameters that say nothing to who chooses a call."""
MOST_DEPTH = 20
"""Of a schema within schemas: no body is deeper, and one that contains itself ends here."""
BODY = "body"
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """An operation that may be called. `places` says of each argument where it goes (`path`, `query`, `header`, `body`)
    and how it is called there."""

    name: str
    title: str
    description: str
    method: str
    path: str
    schema: Json
    places: Mapping[str, tuple[str, str]]
    body_type: str = JSON_TYPE
    is_creating: bool = False
    is_paged: bool = False

    @property
    def is_read_only(self) -> bool:
        return self.method == "GET"

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(self.schema["required"])

    def shown(self) -> Json:
        """As the protocol lists it."""
        hints: Json = {"title": self.title, "readOnlyHint": self.is_read_only, "openWorldHint": False}
        if not self.is_read_only:
            hints |= {"destructiveHint": not self.is_creating, "idempotentHint": self.method in ("PUT", "DELETE")}
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.schema,
            "annotations": hints,
        }


def tools_of(document: Json, *, may_write: bool) -> dict[str, Tool]:
    """The tools of a service by name, in the order of its table; without `may_write` only what reads."""
    return {tool.name: tool for tool in _tools(document) if may_write or tool.is_read_only}


def _tools(document: Json) -> Iterator[Tool]:
    for path, operations in document["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method == "parameters" or "x-access-level" not in operation:
                continue  # the latter are probes, which need no key
            if operation["operationId"] not in LEFT_OUT:
                yield _tool(
                    document, path, method, operation | {"parameters": shared + operation.get("parameters", [])}
                )


def _tool(document: Json, path: str, method: str, operation: Json) -> Tool:
    properties, places, needed = dict[str, Any](), dict[str, tuple[str, str]](), list[str]()
    for parameter in (_followed(document, each) for each in operation["parameters"]):
        if parameter["name"] in NEVER_GIVEN:
            continue
        argument = _argument(parameter)
        about = {"description": parameter["description"]} if "description" in parameter else {}
        properties[argument] = _inlined(document, parameter["schema"]) | about
        places[argument] = (parameter["in"], parameter["name"])
        needed += [argument] if parameter.get("required") else []
    body_type, body = _body(document, operation)
    if body is not None:
        properties[BODY], places[BODY] = body, (BODY, BODY)
        needed += [BODY] if operation["requestBody"]["required"] else []
    schema = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
    return Tool(
        name=operation["operationId"],
        title=operation["summary"],
        method=method.upper(),
        path=path,
        places=places,
        description=f"{operation['summary']}. {operation['description']}",
        schema=schema,
        body_type=body_type,
        is_creating="201" in operation["responses"],
        is_paged="cursor" in properties,
    )


def _argument(parameter: Json) -> str:
    """Headers are called as arguments usually are."""
    return str(parameter["name"]).lower().replace("-", "_") if parameter["in"] == "header" else str(parameter["name"])


def _body(document: Json, operation: Json) -> tuple[str, Json | None]:
    """Its media type and its schema; None where the body says nothing. JSON before parts, which a model cannot send."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return JSON_TYPE, None
    kind = JSON_TYPE if JSON_TYPE in content else next(iter(content))
    schema = _inlined(document, content[kind]["schema"])
    if kind != JSON_TYPE:
        return kind, {"type": "string", "description": schema.get("description", f"The body, as {kind}.")}
    return kind, schema if schema.get("properties") else None


def _followed(document: Json, part: Json) -> Json:
    """What a reference leads to, or the part itself."""
    if "$ref" not in part:
        return part
    target: Any = document
    for name in part["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return dict(target)


def _inlined(document: Json, schema: Any, depth: int = 0) -> Any:
    """A schema that refers to nothing outside of itself: many programs follow no references."""
    if depth > MOST_DEPTH:
        return {}
    if isinstance(schema, list):
        return [_inlined(document, each, depth + 1) for each in schema]
    if not isinstance(schema, dict):
        return schema
    whole = _followed(document, schema)
    return {name: _inlined(document, value, depth + 1) for name, value in whole.items()}
