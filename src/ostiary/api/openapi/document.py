"""The OpenAPI 3.1 document, derived from the table of operations."""

from __future__ import annotations

import re
from typing import Any

from ostiary import __version__
from ostiary.api.openapi.answers import answer_schemas, ref
from ostiary.api.openapi.delivery import DELIVERY_SCHEMAS, DELIVERY_STATES, WEBHOOKS
from ostiary.api.openapi.errors import error_response, error_schemas, errors_of, response_name
from ostiary.api.openapi.examples import ANSWERS, EXAMPLES, PARTS, REQUESTS
from ostiary.api.openapi.explicit import explicit
from ostiary.api.openapi.monitoring import MONITORING_PATHS
from ostiary.api.openapi.requests import request_schemas
from ostiary.api.openapi.texts import ABOUT, IDS, QUERY, TAGS, TEXTS
from ostiary.api.operations import ONE_CLIENT, TABLE, Operation
from ostiary.api.reading.import_files import CSV, IMPORT_FILE
from ostiary.api.reading.parsing import NO_BODY, BodyParser
from ostiary.api.services import ApiServices
from ostiary.api.speaking import SPOKEN
from ostiary.domain.errors import Broken
from ostiary.languages.choosing import ENGLISH, OFFERED
from ostiary.wire.answer import ID_PATTERN

Json = dict[str, Any]
_VARIABLE = re.compile(r"\{(\w+)\}")
_TEXT = {"type": "string"}
NAMES = {"termsId": "^[a-z][a-z0-9_]{0,63}$"}
"""Variables of paths that are names of the catalogue's author, with their form; all others are ids."""
PICTURE_TYPES = "image/jpeg, image/png, image/webp, image/bmp"


def document(service: ApiServices) -> Json:
    """The whole description of this installation, its catalogue's attributes included."""
    paths: dict[str, Json] = {}
    for operation in TABLE:
        paths.setdefault(operation.path, _path(operation))[operation.method.lower()] = _operation(operation)
    described: Json = explicit(_document(service, paths))
    return described


def _document(service: ApiServices, paths: Json) -> Json:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ostiary",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
            "contact": {
                "name": "Whoever runs this service",
                **({"url": service.public_url} if service.public_url else {}),
            },
        },
        "servers": [{"url": service.public_url or "/"}],
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
            "responses": _refusal_responses(),
            "securitySchemes": {
                "ApiKey": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "A company's key."}
            },
        },
    }


def _path(operation: Operation) -> Json:
    """What all operations of a path share."""
    named = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": IDS[name],
            "schema": {"type": "string", "pattern": NAMES.get(name, ID_PATTERN)},
            "example": EXAMPLES[name],
        }
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
    parameters = [_query(operation, name) for name in operation.query]
    if operation.gives in SPOKEN:
        parameters.append({"$ref": "#/components/parameters/AcceptLanguage"})
    if operation.method == "POST":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if operation.method == "PUT" and operation.gives == ONE_CLIENT:
        parameters.append({"$ref": "#/components/parameters/IfMatch"})
    if parameters:
        described["parameters"] = parameters
    if operation.takes is not None:
        described["requestBody"] = _request(operation, operation.takes)
    return described


def _query(operation: Operation, name: str) -> Json:
    about, schema = QUERY.get(f"{operation.name} {name}") or QUERY[name]
    parameter: Json = {"name": name, "in": "query", "description": about, "schema": schema}
    return parameter | {"style": "form", "explode": False} if schema["type"] == "array" else parameter


def _request(operation: Operation, takes: BodyParser) -> Json:
    media: Json = {"schema": ref(takes.schema)}
    if operation.name in REQUESTS:
        media["examples"] = {"documented": {"value": REQUESTS[operation.name]}}
    content = {takes.media_type: media}
    if takes.has_pictures:
        content["multipart/form-data"] = {
            "schema": ref("DocumentationParts"),
            "encoding": {
                "document": {"contentType": "application/json"},
                "image_front": {"contentType": PICTURE_TYPES},
                "image_back": {"contentType": PICTURE_TYPES},
            },
            "examples": {"documented": {"summary": "The document part; pictures are bytes.", "value": PARTS}},
        }
    return {"required": takes is not NO_BODY, "content": content}


def _success(operation: Operation) -> Json:
    answer: Json = {"description": TEXTS[operation.name].success, "headers": _headers(operation, operation.status)}
    if operation.gives != "Nothing":
        examples = {name: {"value": value} for name, value in ANSWERS[operation.name].items()}
        kind = CSV if operation.gives == IMPORT_FILE.schema else "application/json"
        answer["content"] = {kind: {"schema": ref(operation.gives), "examples": examples}}
    if operation.name in _LINKS:
        answer["links"] = {
            to: {"operationId": to, "parameters": _LINKS[operation.name]} for to in _FOLLOWERS[operation.name]
        }
    return answer


def _refusals(operation: Operation) -> Json:
    return {
        str(status): {"$ref": f"#/components/responses/{response_name(kinds, _headers(operation, status))}"}
        for status, kinds in errors_of(operation).items()
    }


def _refusal_responses() -> Json:
    """Every refusal that some operation can give, once."""
    responses = {response_name((Broken,), _headers(TABLE[0], 500)): error_response((Broken,), _headers(TABLE[0], 500))}
    for operation in TABLE:
        for status, kinds in errors_of(operation).items():
            headers = _headers(operation, status)
            responses.setdefault(response_name(kinds, headers), error_response(kinds, headers))
    return responses


def _headers(operation: Operation, status: int) -> Json:
    names = ["X-Trace-Id", "RateLimit-Policy", "RateLimit"]
    if status in (429, 503):
        names.append("Retry-After")
    if operation.method == "POST" and status not in (401, 409, 422, 429, 500, 503):
        names.append("Idempotency-Replayed")
    if operation.gives == ONE_CLIENT and status == operation.status:
        names.append("ETag")
    if operation.gives in SPOKEN and status == operation.status:
        names += ["Content-Language", "Vary"]
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
    "AcceptLanguage": {
        "name": "Accept-Language", "in": "header", "schema": _TEXT, "example": "es-MX, es;q=0.9, en;q=0.5",
        "description": "Names, reasons, next steps in English, Spanish (`es`) or Portuguese (`pt`): RFC 9110 12.5.4.",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "description": "Makes a repeated call safe: the same key and content within 24 h gives the first answer again.",
        "example": "9d3c8a40-5b1e-4d0c-b6f8-5f0f0c6f2a11",
    },
    "IfMatch": {
        "name": "If-Match", "in": "header", "schema": _TEXT,
        "description": "Change the client only if it is still at this ETag (RFC 9110); else 412 `INVALID_STATE`.",
        "example": '"3"',
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
    "RateLimit-Policy": {
        "schema": _TEXT, "example": '"address";q=15;w=1, "company";q=15;w=1',
        "description": "The limits: `q` requests in `w` seconds, per source address and per company.",
    },
    "RateLimit": {
        "schema": _TEXT, "example": '"address";r=14;t=1, "company";r=9;t=1',
        "description": "What is left of them: `r` requests; in `t` seconds all may come again.",
    },
    "Idempotency-Replayed": {
        "schema": {"type": "string", "enum": ["true"]}, "description": "There when this answer was given before.",
    },
    "Content-Language": {
        "schema": {"type": "string", "enum": [tag for tag in OFFERED if tag != ENGLISH]},
        "description": "In which language it is, where that is not English.",
    },
    "Vary": {"schema": _TEXT, "description": "There with Content-Language: which header it follows."},
    "ETag": {"schema": _TEXT, "description": "The version of the client, for If-Match: every change moves it."},
    "Link": {"schema": _TEXT, "description": 'The next page (RFC 8288): `<...>; rel="next"`. Absent on the last.'},
}  # fmt: skip
_CLIENT, _ID = "$request.path.clientId", "$response.body#/id"
_LINKS: dict[str, Json] = {
    "create_client": {"clientId": _ID},
    "request_product": {"clientId": _CLIENT, "productRequestId": _ID},
    "create_onboarding_link": {"clientId": _CLIENT, "linkId": _ID},
    "accept_terms": {"clientId": _CLIENT, "acceptanceId": _ID},
}
_FOLLOWERS = {
    "accept_terms": ("read_acceptance",),
    "create_client": ("read_client", "update_client", "request_product", "list_products"),
    "create_onboarding_link": ("read_onboarding_link", "revoke_onboarding_link"),
    "request_product": (
        "read_product",
        "complete_documentation",
        "make_chip_challenge",
        "submit_product",
        "withdraw_product",
    ),
}
