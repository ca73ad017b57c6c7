"""A tool's call becomes a call of the API, and its answer a text of bounded length.

What the service refuses is told with its faults by field, so that the next try can be right. Answers hold what the API
key may see, but for secrets.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from yarl import URL

from ostiary import __version__
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request, Response
from ostiary.mcp.messages import Json
from ostiary.mcp.tools import Tool

CALL_S = 60.0
"""A call with its answer: more than the slowest, a sandbox clock on its way, takes by far."""
MOST_READ_BYTES = 4_000_000
"""Of an answer of the service: 200 clients, the most of a page, with every attribute."""
MOST_SHOWN_CHARACTERS = 40_000
"""Of an answer that is handed on: some 10,000 tokens, so that one call does not fill what a model can hold."""
USUAL_PAGE = 20
"""Of a list that no `limit` is given for: models read, and pay for, all of it."""
HIDDEN_FIELDS = frozenset({"webhook_key", "signing_secret"})
HIDDEN = "(hidden)"
"""In place of what proves who calls: it serves no one who reads, and what a model reads may be repeated anywhere."""
_NEXT = re.compile(r'<([^<>]+)>; *rel="next"')


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a call gives to read."""

    text: str
    is_error: bool = False


class ServiceCalls:
    """A service, called with one key; `close` it."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        headers = {"x-api-key": key, "user-agent": f"ostiary-mcp/{__version__}"}
        self._outgoing = Outgoing(headers, timeout_s=CALL_S)

    async def close(self) -> None:
        await self._outgoing.close()

    async def read(self, path: str) -> Response:
        """Raises CallFailed."""
        return await self._outgoing.call(Request("GET", self.url + path, MOST_READ_BYTES, {}))

    async def call(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolAnswer:
        """The answer to a call of a tool, or why there is none."""
        if faults := argument_faults(tool, arguments):
            return _refusal("INVALID_REQUEST", "The arguments are not those of the tool.", faults=faults)
        request = self._request(tool, arguments)
        try:
            answer = await self._outgoing.call(request)
        except CallFailed as problem:
            return _unanswered(problem, request)
        return shown_error(answer) if answer.status >= 300 else shown_answer(tool, answer)

    def _request(self, tool: Tool, arguments: Mapping[str, Any]) -> Request:
        path, query, body = tool.path, dict[str, str](), None
        headers = {"idempotency-key": uuid.uuid4().hex} if tool.method == "POST" else {}
        if tool.is_paged and "limit" not in arguments:
            query["limit"] = str(USUAL_PAGE)
        for name, value in arguments.items():
            place, called = tool.places[name]
            match place:
                case "path":
                    path = path.replace(f"{{{called}}}", quote(value, safe=""))
                case "query":
                    query[called] = _text(value)
                case "header":
                    headers[called.lower()] = _text(value)
                case _:
                    headers["content-type"] = tool.body_type
                    body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        address = self.url + path + (f"?{urlencode(query)}" if query else "")
        return Request(tool.method, URL(address, encoded=True), MOST_READ_BYTES, headers, body=body)


def _text(value: Any) -> str:
    """A value as the query of an address has it."""
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def argument_faults(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, list[str]]:
    """What keeps a call from being put together; everything else is judged by the service."""
    faults = dict[str, list[str]]()
    for name in tool.needed:
        if name not in arguments:
            faults[name] = ["is required"]
    for name, value in arguments.items():
        if name not in tool.places:
            faults[name] = [f"is not known; known: {', '.join(tool.places) or 'none'}"]
        elif problem := _misplaced(tool.places[name][0], value, is_text=isinstance(value, str)):
            faults[name] = [problem]
    return faults


def _misplaced(place: str, value: Any, *, is_text: bool) -> str:
    """Why a value cannot stand where it belongs, if so."""
    if place == "path" and (not is_text or not value or not value.isprintable() or value in (".", "..")):
        return "must be a text that is not empty"
    if place == "header" and not (is_text and value and value.isascii() and value.isprintable()):
        return "must be a text of visible characters of ASCII"
    if place == "query" and not isinstance(value, str | int | float | list):
        return "must be a text or a number"
    return ""


def shown_answer(tool: Tool, answer: Response) -> ToolAnswer:
    """What the service answered, as text of at most so many characters."""
    if answer.is_cut:
        return _refusal(
            "ANSWER_TOO_LARGE", "The answer is too large to be read: ask for less, with `limit` if it has it."
        )
    if not answer.body:
        return ToolAnswer(f"Done ({answer.status}).")
    try:
        value = json.loads(answer.body)
    except ValueError:
        return ToolAnswer(_cut(answer.body.decode("utf-8", "replace")))
    value = _without_secrets(value)
    if isinstance(value, list):
        return ToolAnswer(_list(value, answer.links))
    return ToolAnswer(_cut(_written(value)))


def _list(items: list[Any], links: str) -> str:
    """As many as there is room for; then, by which cursor the rest comes."""
    following = _NEXT.search(links)
    cursor = URL(following[1], encoded=True).query.get("cursor") if following else None
    whole = _written({"items": items, "next_cursor": cursor} if cursor else {"items": items})
    if len(whole) <= MOST_SHOWN_CHARACTERS:
        return whole
    shown, room = list[Any](), MOST_SHOWN_CHARACTERS
    for item in items:
        room -= len(_written(item)) + 1
        if room < 0:
            break
        shown.append(item)
    note = f"{len(shown)} of {len(items)} fit here; ask again with limit={max(len(shown), 1)} to go on from there"
    return _written({"items": shown, "left_off": len(items) - len(shown), "note": note})


def _cut(text: str) -> str:
    if len(text) <= MOST_SHOWN_CHARACTERS:
        return text
    return f"{text[:MOST_SHOWN_CHARACTERS]}\n... cut here: the answer has {len(text)} characters"


def shown_error(answer: Response) -> ToolAnswer:
    """What the service refused, with its faults by field."""
    try:
        body = json.loads(answer.body)
        code, message = str(body["code"]), str(body["message"])
        details = [(str(each["field"]), str(each["message"])) for each in body.get("details", [])]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _refusal("UNEXPECTED_ANSWER", f"The address answered {answer.status}, and not as Ostiary does.")
    faults = dict[str, list[str]]()
    for field, fault in details:
        faults.setdefault(field, []).append(fault)
    trace = {"trace_id": body["trace_id"]} if "trace_id" in body else {}
    waits = {"retry_after_s": answer.retry_after_s} if answer.retry_after_s is not None else {}
    return _refusal(code, message, faults=faults, status=answer.status, **waits, **trace)


def _unanswered(problem: CallFailed, request: Request) -> ToolAnswer:
    """A change that may have been done is safe to repeat under its key."""
    key = request.headers.get("idempotency-key")
    repeated: Json = {"idempotency_key": key} if key else {}
    return _refusal("NO_ANSWER", f"The service gave no answer: {problem.problem}. Try again shortly.", **repeated)


def _refusal(code: str, message: str, *, faults: Mapping[str, list[str]] | None = None, **more: Any) -> ToolAnswer:
    by_field = {"faults": faults} if faults else {}
    return ToolAnswer(_cut(_written({"error": code, "message": message, **by_field, **more})), is_error=True)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: HIDDEN if name in HIDDEN_FIELDS else _without_secrets(each) for name, each in value.items()}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
