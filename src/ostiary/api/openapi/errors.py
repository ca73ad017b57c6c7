"""The refusals of the OpenAPI document: which statuses and codes an operation can give, from the table."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ostiary.api.openapi.answers import Schema
from ostiary.api.openapi.examples import CLIENT_ID, REQUEST_ID
from ostiary.api.operations import Operation
from ostiary.domain import errors
from ostiary.domain.errors import OstiaryError
from ostiary.web.errors import STATUSES
from ostiary.wire.answer import component, schemas
from ostiary.wire.problems import FaultAnswer, ProblemAnswer

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
_EVERY_CALL = (errors.InvalidRequest, errors.Unauthorized, errors.TooManyRequests, errors.Broken, errors.Unavailable)
_BODY = (errors.PayloadTooLarge, errors.UnsupportedMediaType)
_KEYED = (errors.IdempotencyKeyInUse, errors.IdempotencyKeyReused)


def error_codes() -> dict[str, tuple[int, str]]:
    """Every code with its status and what it means."""
    meanings: dict[str, tuple[int, str]] = {}
    for kind, status in STATUSES.items():
        if kind not in (errors.OstiaryError, errors.Refused):
            meanings.setdefault(kind.code, (status, message_of(kind)))
    meanings[errors.Broken.code] = (500, message_of(errors.Broken))
    return meanings


def message_of(kind: type[OstiaryError]) -> str:
    return (kind.__doc__ or "").partition("\n")[0]


def errors_of(operation: Operation) -> dict[int, tuple[type[OstiaryError], ...]]:
    """Every error an operation can give, by status."""
    kinds: list[type[OstiaryError]] = [*_EVERY_CALL, *operation.refuses]
    kinds += [errors.AccessDenied] if operation.level > 1 else []
    kinds += _BODY if operation.takes is not None else ()
    kinds += _KEYED if operation.method == "POST" else ()
    by_status: defaultdict[int, list[type[OstiaryError]]] = defaultdict(list)
    for kind in kinds:
        by_status[STATUSES[kind]].append(kind)
    return {status: tuple(classes) for status, classes in sorted(by_status.items())}


def error_schemas() -> dict[str, Schema]:
    """Refusals, with every code that there is."""
    shapes = schemas(ProblemAnswer, FaultAnswer)
    shapes[component(ProblemAnswer)]["properties"]["code"]["enum"] = list(error_codes())
    return shapes


def response_name(kinds: tuple[type[OstiaryError], ...], headers: dict[str, Any]) -> str:
    """What a refusal's response is called among the components: its codes, and that it may be a repeated answer."""
    codes = dict.fromkeys(kind.code for kind in kinds)
    name = "Or".join("".join(word.capitalize() for word in code.split("_")) for code in codes)
    return f"{name}Replayable" if "Idempotency-Replayed" in headers else name


def error_response(kinds: tuple[type[OstiaryError], ...], headers: dict[str, Any]) -> dict[str, Any]:
    """The response for one status, with an example for each code."""
    schema = {"$ref": "#/components/schemas/Problem"}
    examples = {kind.code: {"summary": message_of(kind), "value": _example(kind)} for kind in kinds}
    described = " ".join(f"`{kind.code}`: {message_of(kind)}" for kind in kinds)
    return {
        "description": described,
        "headers": headers,
        "content": {"application/json": {"schema": schema, "examples": examples}},
    }


def _example(kind: type[OstiaryError]) -> dict[str, Any]:
    body: dict[str, Any] = {"code": kind.code, "message": message_of(kind), "trace_id": TRACE_ID}
    if kind is errors.TooManyRequests:
        body["error_code"] = kind.code
    if kind in _FAULTS:
        field, code, message = _FAULTS[kind]
        body["details"] = [{"field": field, "code": code, "message": message, **_NAMED.get(kind, {})}]
    return body


_NAMED: dict[type[OstiaryError], dict[str, str]] = {
    errors.DuplicateClient: {"client_id": CLIENT_ID},
    errors.ProductAlreadyRequested: {"client_id": CLIENT_ID, "product_request_id": REQUEST_ID},
}
"""For examples: the ids of what is in the way."""
_FAULTS = {
    errors.KeptByLaw: ("kept_until", "KEPT_BY_LAW", "2031-12-02"),
    errors.InvalidRequest: ("first_nam", "FIELD_UNKNOWN", "first_nam is not known; did you mean first_name?"),
    errors.ValidationFailed: ("address.state", "VALUE_INVALID", "address.state must be a subdivision of ARG, as ARG-B"),
    errors.DuplicateClient: ("email", "DUPLICATE_CLIENT", "another client has this e-mail"),
    errors.ProductUnknown: ("subproduct", "PRODUCT_UNKNOWN", "must be one of: cards_individuals"),
    errors.ProductAlreadyRequested: (
        "subproduct", "PRODUCT_ALREADY_REQUESTED", "the live request is 2VvyMx6rNLRB1W9euCyJGe46qyoiVPzh",
    ),
    errors.DocumentNotRequired: (
        "document.document_type", "DOCUMENT_NOT_REQUIRED", "must be one of: passport, national_id, drivers_license",
    ),
}  # fmt: skip
