"""An answer in one piece is on the line what one in two messages is, to the byte, whatever is asked and answered."""

from __future__ import annotations

import asyncio
import gc
import re
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from ostiary.domain import errors
from ostiary.telemetry import tracing
from ostiary.web import head_limits
from ostiary.web.asgi import ApiRequest, ApiResponse, Endpoint
from ostiary.web.body import Body
from ostiary.web.errors import CLOSE
from ostiary.web.upload_budget import UploadBudget
from tests.http.wired import Caller, listening

TRACE = b"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
LARGE_BYTES = 4_000_000
END = b"connection: close"
_DATE = re.compile(rb"date: [^\r]*\r\n")


def refusing(problem: Exception) -> Callable[[ApiRequest], Any]:
    def answer(_: ApiRequest) -> ApiResponse:
        raise problem

    return answer


def counted(request: ApiRequest) -> ApiResponse:
    request.limit = 30
    request.quotas.append(("address", 7, 1))
    request.quotas.append(("company", 0, 9))
    return ApiResponse(200, b"{}")


ANSWERS: dict[str, Callable[[ApiRequest], Any]] = {
    "plain": lambda _: ApiResponse(200, b'{"a":1}'),
    "created": lambda _: ApiResponse(201, b"{}", [(b"etag", b'"3"'), (b"link", b'</a?cursor=b>; rel="next"')]),
    "nothing": lambda _: ApiResponse(204, b""),
    "led": lambda _: ApiResponse(307, b"", [(b"location", b"docs")]),
    "page": lambda _: ApiResponse(200, b"<p>", media_type=b"text/html; charset=utf-8"),
    "counted": counted,
    "closing": lambda _: ApiResponse(200, b"{}", [CLOSE]),
    "large": lambda _: ApiResponse(200, b"x" * LARGE_BYTES),
    "split": lambda _: ApiResponse(200, b"{}", [(b"location", b"a\r\nset-cookie: b")]),
    "broken": refusing(ZeroDivisionError()),
    **{
        kind.__name__: refusing(kind())
        for kind in (
            errors.InvalidRequest, errors.Unauthorized, errors.NotFound, errors.UnsupportedMediaType, errors.Refused,
            errors.PayloadTooLarge, errors.IdempotencyKeyInUse, errors.TooManyRequests, errors.Unavailable,
        )
    },
}  # fmt: skip


async def serve(request: ApiRequest) -> ApiResponse:
    """By the first name of the path; those below `/read` read the body."""
    _, name, *reads = request.scope["path"].split("/")
    if reads:
        request.source = Body(request.receive, request.headers, UploadBudget(1 << 20).share("a"), 1 << 20)
    if "whole" in reads and request.source is not None:
        await request.source.read()
    answer: ApiResponse = ANSWERS[name](request)
    return answer


def call(target: str, method: str = "GET", *fields: bytes, version: str = "1.1", body: bytes = b"") -> bytes:
    head = [f"{method} /{target} HTTP/{version}".encode(), b"host: x", TRACE, *fields]
    if body:
        head.append(b"content-length: %d" % len(body))
    return b"\r\n".join([*head, b"", b""]) + body


CALLS = {
    **{name: [call(name), call(name, "GET", END)] for name in ANSWERS if name != "split"},
    **{f"{name}, head": [call(name, "HEAD"), call(name, "HEAD", END)] for name in ("plain", "nothing", "NotFound")},
    **{f"{name}, read": [call(f"{name}/whole", "POST", END, body=b"{}")] for name in ("plain", "NotFound", "broken")},
    **{f"{name}, unread": [call(f"{name}/left", "POST", END, body=b"{}")] for name in ("plain", "Unauthorized")},
    "old": [call("plain", version="1.0")],
    "old, kept": [call("plain", "GET", b"connection: keep-alive", version="1.0")],
    "ahead": [call("plain") + call("nothing") + call("NotFound") + call("plain", "GET", END)],
    "large ahead": [call("large") + call("large") + call("plain", "GET", END)],
    "continue": [call("plain/whole", "POST", b"expect: 100-continue", END, body=b"{}")],
    "not asked to continue": [call("Unauthorized/left", "POST", b"expect: 100-continue", END, body=b"{}")],
    **{
        f"{name}, not asked to continue": [call(name, "POST", b"expect: 100-continue", b"content-length: 9")]
        for name in ("plain", "NotFound", "broken")
    },  # the connection ends with the answer: what comes next may be the body or not
    "malformed after": [call("plain") + b"nonsense\r\n\r\n"],
}


async def answered(calls: list[bytes]) -> bytes:
    """Everything that comes back on one connection, but for the time of day; made-up trace ids are the same ones."""
    tracing._random.seed(1)
    async with listening(Endpoint(serve)) as (port, _):
        caller = await Caller.at(port)
        for request in calls[:-1]:
            await caller.send(request)
            await asyncio.sleep(0.01)
        await caller.send(calls[-1])
        return _DATE.sub(b"", await caller.rest(30.0))


@pytest.mark.parametrize("calls", CALLS.values(), ids=CALLS)
async def test_the_same_bytes_come_back_either_way(calls: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    in_one_piece = await answered(calls)
    monkeypatch.setattr(head_limits, "offer", lambda *_: None)
    assert in_one_piece == await answered(calls)
    assert in_one_piece.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("is_offered", [True, False])
async def test_a_header_that_would_end_early_is_sent_to_nobody(
    monkeypatch: pytest.MonkeyPatch, is_offered: bool
) -> None:
    if not is_offered:
        monkeypatch.setattr(head_limits, "offer", lambda *_: None)
    assert await answered([call("split")]) == b""


async def test_an_answer_known_whole_needs_no_messages() -> None:
    """Else the comparison above would compare nothing."""
    sent: list[Message] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def watched_send(message: Message) -> None:
            sent.append(message)
            await send(message)

        await Endpoint(serve)(scope, receive, watched_send)

    async with listening(watched) as (port, _):
        caller = await (await Caller.at(port)).send(call("plain") + call("NotFound") + call("nothing", "GET", END))
        assert (await caller.rest()).count(b"HTTP/1.1 ") == 3
    assert sent == []


async def test_a_request_is_gone_with_its_answer_and_not_with_the_garbage() -> None:
    left: list[weakref.ref[ApiRequest]] = []

    class Remembered(ApiRequest):
        __slots__ = ("__weakref__",)

        def __init__(self, scope: Scope, receive: Receive) -> None:
            super().__init__(scope, receive)
            left.append(weakref.ref(self))

    async def remember(request: ApiRequest) -> ApiResponse:
        return ApiResponse(200, b"{}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ostiary.web.asgi.ApiRequest", Remembered)
        async with listening(Endpoint(remember)) as (port, _):
            gc.disable()
            try:
                caller = await (await Caller.at(port)).send(call("plain"))
                await caller.answer()
                await asyncio.sleep(0.01)
                assert [reference() for reference in left] == [None]
            finally:
                gc.enable()
