"""One request and its answer: trace id, errors as answers, one log line, one measurement."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from starlette.types import Receive, Scope, Send

from ostiary.domain.errors import Broken, MethodNotAllowed, OstiaryError
from ostiary.http import metrics
from ostiary.http.bytes_in import Body, Disconnected
from ostiary.http.errors import body_of, headers_of, status_of
from ostiary.http.tracing import trace_id_of

if TYPE_CHECKING:
    from starlette.types import Message

LINGER_BYTES = 64 << 20
LINGER_S = 5.0
"""After refusing a body unread: how much and how long is still taken in and forgotten, so that callers who send all of
it before they read get to see the refusal. More than three times the usual limit; who sends yet more is cut off."""
_log = structlog.get_logger("ostiary.http")


@dataclass(slots=True)
class Reply:
    """An answer: status, body (JSON), further headers."""

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    media_type: bytes = b"application/json"


class Exchange:
    """What happens once per request, whatever it asks."""

    __slots__ = ("body", "company_id", "enablement_id", "headers", "operation", "receive", "scope", "send", "trace_id")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        if len(self.headers) < len(scope["headers"]):
            self.headers = _joined(scope["headers"])
        self.trace_id = trace_id_of(self.headers.get(b"traceparent", b""))
        self.operation = "none"
        self.company_id = ""
        self.enablement_id = ""
        self.body: Body | None = None

    async def answer(self, serve: Callable[[Exchange], Awaitable[Reply]]) -> None:
        """Serves, and tells of it. Nothing that happens inside gets out unanswered."""
        began = time.perf_counter()
        try:
            reply = await serve(self)
        except Disconnected:
            metrics.served(self.operation, 499, time.perf_counter() - began)
            return
        except OstiaryError as problem:
            reply = self._refused(problem)
        except Exception as problem:
            reply = self._refused(Broken())
            _log.error("failed", trace_id=self.trace_id, operation=self.operation, error=type(problem).__name__,
                       place=_place(problem))  # fmt: skip
        await self._send(reply)
        took = time.perf_counter() - began
        metrics.served(self.operation, reply.status, took)
        _log.info(
            "served", trace_id=self.trace_id, company_id=self.company_id, enablement_id=self.enablement_id,
            operation=self.operation, status=reply.status, ms=round(took * 1000, 2),
        )  # fmt: skip

    def _refused(self, problem: OstiaryError) -> Reply:
        if status_of(problem) >= 500:
            _log.warning("refused", trace_id=self.trace_id, operation=self.operation, error=type(problem).__name__,
                         cause=type(problem.__cause__).__name__, place=_place(problem))  # fmt: skip
        return Reply(status_of(problem), body_of(problem, self.trace_id), headers_of(problem))

    async def _send(self, reply: Reply) -> None:
        headers = [
            *([(b"content-length", str(len(reply.body)).encode())] if reply.status != 204 else []),  # RFC 9110 8.6
            (b"x-trace-id", self.trace_id.encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            *reply.headers,
        ]
        if reply.body:
            headers.append((b"content-type", reply.media_type))
        start: Message = {"type": "http.response.start", "status": reply.status, "headers": headers}
        await self.send(start)
        unread = self.body is not None and not self.body.is_read and reply.status >= 400
        await self.send({"type": "http.response.body", "body": reply.body, "more_body": unread})
        if self.body is not None and unread:
            await self.body.linger(LINGER_BYTES, LINGER_S)
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Repeated headers are one list (RFC 9110 5.2)."""
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return {name: b",".join(all_of_it) for name, all_of_it in values.items()}


def method_refused(exchange: Exchange, answered: Iterable[str]) -> Reply:
    """405, with the methods that the address answers (RFC 9110 15.5.6)."""
    names = ", ".join(answered)
    problem = MethodNotAllowed(f"This address answers: {names}.")
    return Reply(status_of(problem), body_of(problem, exchange.trace_id), [(b"allow", names.encode())])


def _place(problem: BaseException) -> str:
    """Where it went wrong, as file and line: never the message, which may repeat what a client sent."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
