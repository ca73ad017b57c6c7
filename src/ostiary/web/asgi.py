"""One request and its response: trace id, errors as answers, one log line, one measurement."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Broken, MethodNotAllowed, OstiaryError
from ostiary.domain.sentences import sentence
from ostiary.telemetry import metrics
from ostiary.telemetry.logs import get_logger
from ostiary.telemetry.tracing import trace_id_of
from ostiary.web.body import Body, Disconnected
from ostiary.web.errors import body_of, headers_of, speech_of, spoken_headers, status_of
from ostiary.web.whole_answer import offered

if TYPE_CHECKING:
    from starlette.types import Message

LINGER_BYTES = 64 << 20
LINGER_S = 5.0
"""After refusing a body unread: how much and how long is still taken in and forgotten, so that callers who send all of
it before they read get to see the refusal. More than three times the usual limit; who sends yet more is cut off."""
_log = get_logger("ostiary.http")


Headers = list[tuple[bytes, bytes]]
NO_STORE = b"no-store"
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")


@dataclass(slots=True)
class ApiResponse:
    """Status, body (JSON unless `media_type` says otherwise), further headers, and who may keep it for how long."""

    status: int
    body: bytes
    headers: Headers = field(default_factory=list)
    media_type: bytes = b"application/json"
    cached: bytes = NO_STORE


class ApiRequest:
    """One request on its way, from its head to the line in the log.

    `caller` is there once it is authenticated; `path` has the parameters of the address, `query` what follows it,
    `body` what was sent, each once it was read. `operation`, `company_id` and `enablement_id` are for log and metrics.
    """

    __slots__ = (
        "body",
        "caller",
        "company_id",
        "enablement_id",
        "headers",
        "limit",
        "operation",
        "path",
        "query",
        "quotas",
        "receive",
        "scope",
        "source",
        "trace_id",
    )

    caller: Caller

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope, self.receive = scope, receive
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        if len(self.headers) < len(scope["headers"]):
            self.headers = _joined(scope["headers"])
        self.trace_id = trace_id_of(self.headers.get(b"traceparent", b""))
        self.operation = "none"
        self.company_id = ""
        self.enablement_id = ""
        self.path: Mapping[str, str] = scope.get("path_params", {})
        self.query: Mapping[str, str] = {}
        self.body: Any = None
        self.source: Body | None = None
        """Where the body comes from, once it is asked for."""
        self.limit = 0
        self.quotas: list[tuple[str, int, int]] = []
        """For whom requests are counted, how many more may come, and in how many seconds all may again."""

    @property
    def method(self) -> str:
        """As it was sent."""
        return str(self.scope["method"])

    def header(self, name: bytes) -> str | None:
        """A header's text, by its name in small letters."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


Serve = Callable[[ApiRequest], Awaitable[ApiResponse]]
ShowProblem = Callable[[ApiRequest, OstiaryError], ApiResponse]


def problem_answer(request: ApiRequest, problem: OstiaryError) -> ApiResponse:
    """A problem in the documented form."""
    speech = speech_of(request.headers)
    headers = [*headers_of(problem), *spoken_headers(speech)]
    return ApiResponse(status_of(problem), body_of(problem, request.trace_id, speech), headers)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address, as an ASGI application. `operation` is its name in metrics, if `serve` has no better one; `methods`
    those it answers, if `serve` does not say so itself; `show_problem` makes an answer of what went wrong."""

    serve: Serve
    operation: str = "none"
    methods: Collection[str] | None = None
    show_problem: ShowProblem = problem_answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves, and tells of it. Nothing that happens inside gets out unanswered."""
        if scope["type"] != "http":
            return
        request, began, whole = ApiRequest(scope, receive), time.perf_counter(), offered(scope)
        request.operation = self.operation
        try:
            response = await self._response(request)
        except Disconnected:
            metrics.served(request.operation, 499, time.perf_counter() - began)
            return
        except OstiaryError as problem:
            response = self._refused(request, problem)
        except Exception as problem:
            response = self._refused(request, Broken())
            _log.error(
                "failed",
                trace_id=request.trace_id,
                operation=request.operation,
                error=type(problem).__name__,
                place=_place(problem),
            )
        headers = _headers(request, response)
        if whole is None or _is_unread(request, response) or not whole(response.status, headers, response.body):
            await _send(request, response, headers, send)
        took = time.perf_counter() - began
        metrics.served(request.operation, response.status, took)
        _log.info(
            "served",
            trace_id=request.trace_id,
            company_id=request.company_id,
            enablement_id=request.enablement_id,
            operation=request.operation,
            status=response.status,
            ms=round(took * 1000, 2),
        )

    async def _response(self, request: ApiRequest) -> ApiResponse:
        if self.methods is not None and request.method not in self.methods:
            return method_refused(request, self.methods)
        return await self.serve(request)

    def _refused(self, request: ApiRequest, problem: OstiaryError) -> ApiResponse:
        if status_of(problem) >= 500:
            _log.warning(
                "refused",
                trace_id=request.trace_id,
                operation=request.operation,
                error=type(problem).__name__,
                cause=type(problem.__cause__).__name__,
                place=_place(problem),
            )
        return self.show_problem(request, problem)


def _headers(request: ApiRequest, response: ApiResponse) -> Headers:
    length = () if response.status == 204 else ((b"content-length", b"%d" % len(response.body)),)  # RFC 9110 8.6
    headers = [
        *length,
        (b"x-trace-id", request.trace_id.encode()),
        (b"cache-control", response.cached),
        _NO_SNIFFING,
        *response.headers,
    ]
    if request.quotas:
        headers += limits_told(request.limit, request.quotas)
    if response.body:
        headers.append((b"content-type", response.media_type))
    return headers


def _is_unread(request: ApiRequest, response: ApiResponse) -> bool:
    """Whether a refused body is still coming."""
    return request.source is not None and not request.source.is_read and response.status >= 400


async def _send(request: ApiRequest, response: ApiResponse, headers: Headers, send: Send) -> None:
    """The usual way."""
    start: Message = {"type": "http.response.start", "status": response.status, "headers": headers}
    await send(start)
    unread = _is_unread(request, response)
    await send({"type": "http.response.body", "body": response.body, "more_body": unread})
    if request.source is not None and unread:
        await request.source.linger(LINGER_BYTES, LINGER_S)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def limits_told(limit: int, quotas: Sequence[tuple[str, int, int]]) -> list[tuple[bytes, bytes]]:
    """What is left of the rate limit, as draft-ietf-httpapi-ratelimit-headers-10 has it: two structured lists."""
    policy = ", ".join(f'"{kind}";q={limit};w=1' for kind, _, _ in quotas)
    left = ", ".join(f'"{kind}";r={remaining};t={reset_s}' for kind, remaining, reset_s in quotas)
    return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Repeated headers are one list (RFC 9110 5.2)."""
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return {name: b",".join(all_of_it) for name, all_of_it in values.items()}


def method_refused(request: ApiRequest, answered: Iterable[str]) -> ApiResponse:
    """405, with the methods that the address answers (RFC 9110 15.5.6)."""
    names = ", ".join(answered)
    problem = MethodNotAllowed(sentence("This address answers: %(possible)s.", possible=names))
    answer = problem_answer(request, problem)
    answer.headers += [(b"allow", names.encode())]
    return answer


def _place(problem: BaseException) -> str:
    """Where it went wrong, as file and line: never the message, which may repeat what a client sent."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
