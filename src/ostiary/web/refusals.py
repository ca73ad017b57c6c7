"""Requests that are refused for how they are sent: no operation sees them, but they are answered and logged as any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ostiary.telemetry.logs import get_logger
from ostiary.web.asgi import ApiRequest, ApiResponse, Endpoint
from ostiary.web.errors import CLOSE
from ostiary.web.whole_answer import offered
from ostiary.wire.problems import ProblemAnswer

NO_SCOPE: Any = {
    "type": "http", "http_version": "1.1", "method": "GET", "path": "", "raw_path": b"", "query_string": b"",
    "headers": [], "client": None, "server": None,
}  # fmt: skip
"""Of a request whose head was not read to its end."""
_log = get_logger("ostiary.http")


@dataclass(frozen=True, slots=True)
class HeadRefused:
    """A refusal, as an application. `cause` is for the log; `message` says what would be right."""

    status: int
    code: str
    cause: str
    message: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Endpoint(self._serve)(scope, receive, send)

    async def _serve(self, request: ApiRequest) -> ApiResponse:
        _log.info("not_taken", trace_id=request.trace_id, status=self.status, cause=self.cause)
        answer = ProblemAnswer(code=self.code, message=self.message, trace_id=request.trace_id)
        retry = [(b"retry-after", b"1")] if self.status == 503 else []
        return ApiResponse(self.status, msgspec.json.encode(answer), [CLOSE, *retry])


_INVALID = "INVALID_REQUEST"
MALFORMED = HeadRefused(400, _INVALID, "malformed", "What was sent is not HTTP/1.1.")
HOST = HeadRefused(400, _INVALID, "host", "A request has exactly one Host header: a name or address, and a port.")
CONNECT = HeadRefused(400, _INVALID, "connect", "CONNECT asks a proxy for a tunnel; this service is none.")
TOO_LARGE = HeadRefused(431, _INVALID, "head_too_large", "The head of a request has at most 100 fields and 64 kB.")
TRANSFER_CODING = HeadRefused(
    501, _INVALID, "transfer_coding", "Transfer-Encoding knows: chunked. Send a body as it is, without compressing it."
)
FULL = HeadRefused(503, "UNAVAILABLE", "connections_full", "Too many connections at once; try again shortly.")


def asked_first(app: ASGIApp) -> ASGIApp:
    """For a caller that waits for `100 Continue`: refused before, it may send the body or not, so that what comes next
    cannot be told apart (RFC 9110 10.1.1). The connection ends with the answer."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = False

        async def ask() -> Message:
            nonlocal is_asked
            is_asked = True
            return await receive()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_asked:
                message["headers"] = [*message["headers"], CLOSE]
            await send(message)

        offered(scope)  # an answer in one piece would not come by here
        await app(scope, ask, answer)

    return serve
