"""JSON-RPC 2.0 as the Model Context Protocol speaks it over standard streams: each message is a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

NOT_JSON, NO_REQUEST, NO_METHOD, BAD_PARAMS, OUR_FAULT = -32700, -32600, -32601, -32602, -32603
"""Codes of JSON-RPC 2.0, 5.1."""
NO_SUCH_VERSION = -32022
"""Of the protocol: the version that a request names is not spoken here."""
Json: TypeAlias = dict[str, Any]
RequestId: TypeAlias = str | int


class RpcRefused(Exception):
    """A request that is answered with an error of the protocol."""

    def __init__(self, code: int, message: str, data: Json | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


@dataclass(frozen=True, slots=True)
class RpcMessage:
    """A request, or a notification: that has no id, and gets no answer."""

    method: str
    params: Mapping[str, Any]
    id: RequestId | None = None


class _Twice(ValueError):
    """An object has a member more than once."""


def _single(members: list[tuple[str, Any]]) -> Json:
    """An object. Of two members of one name, who asks a person for consent may show another than is carried out."""
    value = dict(members)
    if len(value) < len(members):
        raise _Twice
    return value


def read_message(line: bytes) -> RpcMessage | None:
    """What a line says; None for an answer, since nothing was asked. Raises RpcRefused."""
    try:
        value = json.loads(line, object_pairs_hook=_single)
        if b"\\u" in line:  # half of a surrogate pair is no text: nothing of it can be sent on
            json.dumps(value, ensure_ascii=False).encode()
    except _Twice:
        raise RpcRefused(NO_REQUEST, "an object must not have two members of one name") from None
    except (ValueError, RecursionError):
        raise RpcRefused(NOT_JSON, "each line must be one message in JSON, in UTF-8, of whole characters") from None
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0":
        raise RpcRefused(NO_REQUEST, "each line must be one object with jsonrpc 2.0; batches are not taken")
    if "method" not in value:
        return None
    method, params, number = value["method"], value.get("params", {}), value.get("id")
    if not isinstance(method, str) or not isinstance(params, dict):
        raise RpcRefused(NO_REQUEST, "method must be a text and params an object")
    if "id" in value and (isinstance(number, bool) or not isinstance(number, str | int)):
        raise RpcRefused(NO_REQUEST, "id must be a text or a whole number")
    return RpcMessage(method, params, number)


def id_in(line: bytes) -> RequestId | None:
    """By what a line that is no good request may be answered, if it says."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    number = value.get("id") if isinstance(value, dict) else None
    return number if isinstance(number, str | int) and not isinstance(number, bool) else None


def result_line(number: RequestId, result: Mapping[str, Any]) -> bytes:
    return _line({"jsonrpc": "2.0", "id": number, "result": result})


def error_line(number: RequestId | None, problem: RpcRefused) -> bytes:
    error: Json = {"code": problem.code, "message": problem.message}
    return _line({"jsonrpc": "2.0", "id": number, "error": error | ({"data": problem.data} if problem.data else {})})


def _line(message: Json) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
