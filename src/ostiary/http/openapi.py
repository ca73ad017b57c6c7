"""The OpenAPI 3.1 document, derived from the table of operations."""

from __future__ import annotations

import re
from typing import Any

from ostiary import __version__
from ostiary.http.bodies import NoBody
from ostiary.http.calls import Service
from ostiary.http.openapi_answers import ID, answer_schemas, ref
from ostiary.http.openapi_delivery import DELIVERY_SCHEMAS, DELIVERY_STATES, WEBHOOKS
from ostiary.http.openapi_errors import error_response, error_schemas, errors_of
from ostiary.http.openapi_examples import ANSWERS, PARTS, REQUESTS
from ostiary.http.openapi_monitoring import MONITORING_PATHS
from ostiary.http.openapi_requests import body_name, request_schemas
from ostiary.http.openapi_texts import ABOUT, IDS, QUERY, TAGS, TEXTS
from ostiary.http.operations import TABLE, Operation

Json = dict[str, Any]
_VARIABLE = re.compile(r"\{(\w+)\}")
_TEXT = {"type": "string"}
PICTURE_TYPES = "image/jpeg, image/png, image/webp"


def document(service: Service) -> Json:
    """The whole description of this installation, its catalogue's attributes included."""
    paths: dict[str, Json] = {}
    for operation in TABLE:
        paths.setdefault(operation.path, _path(operation))[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ostiary", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": about} for name, about in TAGS.items()],
        "security": [{"ApiKey": []}],
        "paths": paths | MONITORING_PATHS,
        "webhooks": WEBHOOKS,
        "components": {
            "schemas": request_schemas(service)
            | answer_schemas(service)
            | error_schemas()
            | DELIVERY_SCHEMAS
            | DELIVERY_STATES,
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "securitySchemes": {
                "ApiKey": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "A company's key."}
            },
        },
    }


def _path(operation: Operation) -> Json:
    """What all operations of a path share."""
    named = [
        {"name": name, "in": "path", "required": True, "description": IDS[name], "schema": ID}
        for name in _VARIABLE.findall(operation.path)
    ]
    return {"parameters": [*named, {"$ref": "#/components/parameters/traceparent"}]}


def _operation(operation: Operation) -> Json:
    text = TEXTS[operation.name]
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"{text.about}\n\nRequires an API key with access level {operation.level} or higher.",
        "tags": [text.tag],
        "x-access-level": operation.level,
        "responses": {str(operation.status): _success(operation)} | _refusals(operation),
    }
    parameters = [_query(name) for name in operation.query]
    if operation.method == "POST":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if parameters:
        described["parameters"] = parameters
    if operation.takes is not None:
        described["requestBody"] = _request(operation, operation.takes)
    return described


def _query(name: str) -> Json:
    about, schema = QUERY[name]
    parameter: Json = {"name": name, "in": "query", "description": about, "schema": schema}
    return parameter | {"style": "form", "explode": False} if schema["type"] == "array" else parameter


def _request(operation: Operation, takes: type | str) -> Json:
    media: Json = {"schema": ref(body_name(takes))}
    if operation.name in REQUESTS:
        media["examples"] = {"documented": {"value": REQUESTS[operation.name]}}
    content = {"application/json": media}
    if operation.multipart:
        content["multipart/form-data"] = {
            "schema": ref("DocumentationParts"),
            "encoding": {
                "document": {"contentType": "application/json"},
                "image_front": {"contentType": PICTURE_TYPES},
                "image_back": {"contentType": PICTURE_TYPES},
            },
            "examples": {"documented": {"summary": "The document part; pictures are bytes.", "value": PARTS}},
        }
    return {"required": takes is not NoBody, "content": content}


def _success(operation: Operation) -> Json:
    answer: Json = {"description": TEXTS[operation.name].success, "headers": _headers(operation, operation.status)}
    if operation.gives != "Nothing":
        examples = {name: {"value": value} for name, value in ANSWERS[operation.name].items()}
        answer["content"] = {"application/json": {"schema": ref(operation.gives), "examples": examples}}
    if operation.name in _LINKS:
        answer["links"] = {to: {"operationId": to, "parameters": _LINKS[operation.name]}
                           for to in _FOLLOWERS[operation.name]}  # fmt: skip
    return answer


def _refusals(operation: Operation) -> Json:
    return {
        str(status): error_response(status, kinds, _headers(operation, status))
        for status, kinds in errors_of(operation).items()
    }


def _headers(operation: Operation, status: int) -> Json:
    names = ["X-Trace-Id"]
    if status in (429, 503):
        names.append("Retry-After")
    if operation.method == "POST" and status not in (401, 409, 422, 429, 500, 503):
        names.append("Idempotency-Replayed")
    if "cursor" in operation.query and status == operation.status:
        names.append("Link")
    shown: Json = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return shown | ({"Retry-After": {**_HEADERS["Retry-After"], "required": False}} if status == 409 else {})


_PARAMETERS: Json = {
    "traceparent": {
        "name": "traceparent", "in": "header", "schema": _TEXT,
        "description": "W3C trace context to continue; one that is malformed is ignored.",
        "example": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "description": "Makes a repeated call safe: the same key and content within 24 h gives the first answer again.",
        "example": "9d3c8a40-5b1e-4d0c-b6f8-5f0f0c6f2a11",
    },
}  # fmt: skip
_HEADERS: Json = {
    "X-Trace-Id": {
        "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "description": "Quote it to support. Every answer has one.",
    },
    "Retry-After": {
        "required": True, "schema": {"type": "integer", "minimum": 1}, "description": "Seconds to wait.",
    },
    "Idempotency-Replayed": {
        "schema": {"type": "string", "enum": ["true"]}, "description": "There when this answer was given before.",
    },
    "Link": {"schema": _TEXT, "description": 'The next page (RFC 8288): `<...>; rel="next"`. Absent on the last.'},
}  # fmt: skip
_CLIENT, _ID = "$request.path.clientId", "$response.body#/id"
_LINKS: dict[str, Json] = {
    "create_client": {"clientId": _ID},
    "request_product": {"clientId": _CLIENT, "productRequestId": _ID},
}
_FOLLOWERS = {
    "create_client": ("read_client", "update_client", "request_product", "list_products"),
    "request_product": ("read_product", "complete_documentation", "submit_product", "withdraw_product"),
}
