"""Calls and answers as values: nothing here speaks to a network, so both clients share it."""

from __future__ import annotations

import os
import platform
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlencode

import msgspec

from ostiary_client.errors import ApiError, UnexpectedAnswer
from ostiary_client.generated.problems import Fault
from ostiary_client.generated.refusals import BY_CODE, BY_STATUS
from ostiary_client.options import Options

VERSION = "0.1.0"
USER_AGENT = f"ostiary-client/{VERSION} python/{platform.python_version()}"
MESSAGE_CHARACTERS = 200
"""Of an answer that has no message of ours, as a proxy's page: enough to know it by."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str

    def at(self, **ids: str) -> str:
        """The path with these ids in it. Raises ValueError for what can be no id."""
        if empty := [name for name, value in ids.items() if not value]:
            raise ValueError(f"{', '.join(empty)}: must not be empty")
        # Both would be taken for steps to another folder on the way, however they are written (RFC 3986, 5.2.4).
        if steps := [name for name, value in ids.items() if value in (".", "..")]:
            raise ValueError(f"{', '.join(steps)}: {ids[steps[0]]} is no id")
        return self.path.format(**{name: quote(value, safe="") for name, value in ids.items()})


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent: the same at every try, its idempotency key included."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)

    @property
    def is_guarded(self) -> bool:
        """It counts for one version of a client: once done, it would be refused when it is repeated."""
        return "if-match" in self.headers


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` have names in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes with a call: a body as JSON, or `content` of another type; the query; more headers."""

    body: object = None
    content: bytes | None = None
    content_type: str = "application/json"
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


NOTHING = Sent()


def call_of(method: str, path: str, sent: Sent, options: Options) -> Call:
    """The call with its headers. A POST gets an idempotency key of its own unless the options bring one."""
    headers = {"accept": "application/json", "user-agent": USER_AGENT, **sent.headers}
    content = sent.content if sent.body is None else msgspec.json.encode(sent.body)
    if content is not None:
        headers["content-type"] = sent.content_type
    if method == "POST":
        headers["idempotency-key"] = options.idempotency_key or str(uuid.uuid4())
    elif options.idempotency_key:
        raise ValueError("an idempotency key goes with a POST alone; other calls may be repeated as they are")
    if options.language:
        headers["accept-language"] = options.language
    headers["traceparent"] = options.traceparent or f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"
    if odd := [name for name, value in headers.items() if not is_sendable(value)]:
        raise ValueError(f"{', '.join(odd)}: visible ASCII characters alone can be sent in a header")
    query = {name: _text(value) for name, value in sent.query.items() if value not in (None, (), [])}
    return Call(method, f"{path}?{urlencode(query)}" if query else path, headers, content)


def is_sendable(value: str) -> bool:
    """Whether a header can hold it. Looked at here, since what the network says of it repeats the value, a key too."""
    return value.isascii() and value.isprintable() and value == value.strip()


def demand_place(base_url: str, api_key: str) -> None:
    """Raises ValueError for what can be no address or key, without naming the key."""
    if not base_url.startswith(("https://", "http://")):
        raise ValueError(f"the service's address begins with https:// (or http:// on one machine): {base_url!r}")
    if not api_key or not is_sendable(api_key) or " " in api_key:
        raise ValueError("an API key has visible ASCII characters alone: a blank or an end of line came with it?")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return ",".join(cast(Sequence[str], value)) if isinstance(value, list | tuple) else str(value)


def decoded(answer: Answer, kind: type[T]) -> T:
    """The body as a value. Raises UnexpectedAnswer."""
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise UnexpectedAnswer(f"the answer with status {answer.status} is not as expected: {problem}") from None


class _Problem(msgspec.Struct):
    message: str
    code: str = ""
    trace_id: str = ""
    details: msgspec.Raw = msgspec.Raw(b"[]")


def error_of(answer: Answer) -> ApiError:
    """The error that an answer of 400 or more is."""
    trace_id = answer.headers.get("x-trace-id", "")
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = answer.content.decode("utf-8", "replace").strip()[:MESSAGE_CHARACTERS]
        problem = _Problem(message=text or f"status {answer.status}")
    kind = BY_CODE.get(problem.code) or BY_STATUS.get(answer.status, ApiError)
    return kind(
        problem.message,
        status=answer.status,
        code=problem.code,
        trace_id=problem.trace_id or trace_id,
        faults=_faults(problem.details),
        retry_after_s=retry_after_s(answer),
    )


def _faults(details: msgspec.Raw) -> tuple[Fault, ...]:
    """None where they are in a form that this version does not know: the code counts all the same."""
    try:
        return msgspec.json.decode(details, type=tuple[Fault, ...])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ()


def retry_after_s(answer: Answer) -> float | None:
    """The seconds that `Retry-After` asks for. None without one, or where it is a date: ours never is."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None


def next_path(answer: Answer) -> str | None:
    """The path of the following page. None: this was the last."""
    for link in answer.headers.get("link", "").split(","):
        target, _, about = link.partition(";")
        if 'rel="next"' in about:
            return target.strip().removeprefix("<").removesuffix(">")
    return None
