"""Serves every operation in one order: admission, reading, deciding, answering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from ostiary.api.admission import authenticated, count_address
from ostiary.api.operations import MANY_CLIENTS, ONE_CLIENT, Operation
from ostiary.api.queries import expansions, query_of
from ostiary.api.services import ApiServices, in_pool
from ostiary.api.speaking import language_headers, speech_of
from ostiary.domain.errors import InvalidRequest, OstiaryError, UnsupportedMediaType
from ostiary.domain.ids import is_id
from ostiary.domain.unit import StoredResponse, Unit
from ostiary.usecases.companies.companies import demand_level
from ostiary.usecases.transaction import execute
from ostiary.web import idempotency
from ostiary.web.asgi import ApiRequest, ApiResponse, method_refused
from ostiary.web.body import Body
from ostiary.web.errors import body_of, status_of
from ostiary.wire.clients import CLIENT_EXPANSIONS
from ostiary.wire.products import EXPANSIONS

LARGEST_PLAIN_BODY_BYTES = 262_144
"""Bodies without pictures, decoded on the event loop: a client with every text at its longest is some 20 kB."""


async def serve(services: ApiServices, operations: Mapping[str, Operation], request: ApiRequest) -> ApiResponse:
    """Serves the operations of one path, by method."""
    address = count_address(services, request)
    operation = operations.get(request.method)
    if operation is None:
        return method_refused(request, operations)
    request.operation = operation.name
    caller = await authenticated(services, request, address)
    request.company_id = caller.company.id
    demand_level(caller, operation.level)
    request.query = query_of(request.scope.get("query_string", b""), operation.query)
    expand = _expand(operation, request)
    key = request.header(b"idempotency-key") if operation.method == "POST" else None
    if key is not None:
        idempotency.check_key(key)
    if operation.takes is None:
        return await _decide(services, operation, request)
    if request.headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
        raise UnsupportedMediaType("Send the body as it is: compressed ones (Content-Encoding) are not taken.")
    plain = operation.takes.most_bytes or LARGEST_PLAIN_BODY_BYTES
    most = services.max_body_bytes if operation.takes.has_pictures else plain
    share = services.uploads.share(caller.company.id)
    request.source = Body(request.receive, request.headers, share, most)
    try:
        raw = await request.source.read()
        if key is None:
            request.body = await operation.takes.parse(services, request, raw)
            del raw
            return await _decide(services, operation, request)
        return await _under_key(services, operation, request, raw, (key, expand))
    finally:
        request.body = None  # a call that is over, and still held, holds no picture: nobody counts that any more
        request.source.release()


async def _under_key(
    services: ApiServices,
    operation: Operation,
    request: ApiRequest,
    raw: bytes | bytearray,
    named: tuple[str, tuple[str, ...]],
) -> ApiResponse:
    """Serves a call with an idempotency key: the stored answer, or a new one that is stored. `named` is the key, and
    what `expand` asks for."""
    (key, expand), problem = named, None
    assert operation.takes is not None  # noqa: S101 (a key counts for what takes a body)
    try:
        request.body = await operation.takes.parse(services, request, raw)
    except InvalidRequest as refused:
        problem = refused
    content = await _content(services, request.body, raw, expand)
    scope = (operation.method, request.scope["path"], key)
    lease = await idempotency.begin(services.context, services.answers, request.caller, scope, content)
    if isinstance(lease, idempotency.Replay):
        return ApiResponse(lease.status, lease.body, [(b"idempotency-replayed", b"true")])
    try:
        if problem is not None:
            raise problem
        return await _decide(services, operation, request, lease)
    except OstiaryError as refused:
        await _keep_refusal(services, request, lease, refused)
        raise
    except BaseException:
        await _give_back(services, request, lease)
        raise


async def _content(services: ApiServices, body: object, raw: bytes | bytearray, expand: tuple[str, ...]) -> bytes:
    """Hashing pictures takes milliseconds, small bodies must not wait behind them."""
    if len(raw) > LARGEST_PLAIN_BODY_BYTES:
        return bytes(await in_pool(services, idempotency.content_of, body, raw, expand))
    return idempotency.content_of(body, raw, expand)


async def _keep_refusal(
    services: ApiServices, request: ApiRequest, lease: idempotency.Lease, refused: OstiaryError
) -> None:
    """Stores a refusal as the answer under its key, unless the same call may succeed later."""
    status = status_of(refused)
    if status in (401, 429) or status >= 500:
        await _give_back(services, request, lease)
        return
    stored = lease.answered(
        status, body_of(refused, request.trace_id, speech_of(request)), request.path.get("clientId", "")
    )
    unit = Unit(request.caller.company.id, services.context.now_ms(), changes=(stored,))
    await services.context.storage.commit(unit, request.caller.company)


async def _give_back(services: ApiServices, request: ApiRequest, lease: idempotency.Lease) -> None:
    await idempotency.give_back(services.answers, request.caller.company.id, lease)


async def _decide(
    services: ApiServices, operation: Operation, request: ApiRequest, lease: idempotency.Lease | None = None
) -> ApiResponse:
    """Runs the use case until its changes are committed. Under a key the stored bytes are the bytes sent: encoded
    once."""
    named = request.path.get("productRequestId", "")
    request.enablement_id = named if is_id(named) else ""  # logged, so never what somebody made up
    response: ApiResponse | None = None

    def seal(answer: Any) -> StoredResponse:
        nonlocal response
        assert lease is not None  # noqa: S101 (only used with one)
        response = _shown(services, operation, request, answer)
        return lease.answered(response.status, response.body, request.path.get("clientId", ""))

    answer = await execute(
        services.context, request.caller, lambda: operation.decide(services, request), None if lease is None else seal
    )
    return response or _shown(services, operation, request, answer)


def _shown(services: ApiServices, operation: Operation, request: ApiRequest, answer: Any) -> ApiResponse:
    shown = operation.show(services, request, answer)
    headers = language_headers(request, operation.gives)
    if shown.next_cursor is not None:  # RFC 8288
        query = urlencode({**request.query, "cursor": shown.next_cursor})
        headers.append((b"link", f'<{request.scope["path"]}?{query}>; rel="next"'.encode()))
    if shown.etag is not None:
        headers.append((b"etag", shown.etag.encode()))
    if shown.media_type is not None and isinstance(shown.body, bytes):
        return ApiResponse(operation.status, shown.body, headers, shown.media_type)
    body = b"" if shown.body is None else msgspec.json.encode(shown.body)
    return ApiResponse(operation.status, body, headers)


def _expand(operation: Operation, request: ApiRequest) -> tuple[str, ...]:
    """What the caller asks to see in addition. Raises InvalidRequest for unknown names."""
    is_client = operation.gives in (ONE_CLIENT, MANY_CLIENTS)
    return expansions(request.query, CLIENT_EXPANSIONS if is_client else EXPANSIONS)
