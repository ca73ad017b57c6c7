"""Who calls, and how often: every request is counted by its address first, then by its company."""

from __future__ import annotations

from ostiary.api.services import ApiServices
from ostiary.domain.companies.company import Caller, counted_as, source_address
from ostiary.domain.companies.rate_limit import WINDOW_MS
from ostiary.domain.errors import TooManyRequests, Unauthorized
from ostiary.usecases.companies.companies import authenticate
from ostiary.web.asgi import ApiRequest
from ostiary.web.rate_limiter import steady_ms

WINDOW_S = WINDOW_MS // 1_000


def count_address(services: ApiServices, request: ApiRequest) -> str:
    """Counts the call against its source address before anything else is looked at, and gives that address. Raises
    TooManyRequests."""
    address = address_of(services, request)
    _count(services, request, "address", counted_as(address))
    return address


def address_of(services: ApiServices, request: ApiRequest) -> str:
    """The source address of a call: of the connection, or as a trusted proxy names it."""
    peer = request.scope["client"][0] if request.scope.get("client") else ""
    if not services.trusted_proxies:
        return str(peer)
    return source_address(peer, request.header(b"x-forwarded-for") or "", services.trusted_proxies)


async def authenticated(services: ApiServices, request: ApiRequest, address: str) -> Caller:
    """The caller whose API key this is; the request keeps it. Raises Unauthorized, TooManyRequests."""
    presented = request.header(b"x-api-key") or ""
    if not presented and b"authorization" in request.headers:
        raise Unauthorized("The API key goes into the header x-api-key; Authorization is not read.")
    caller = await authenticate(services.context, presented, address)
    _count(services, request, "company", caller.company.id)
    request.caller = caller
    return caller


def _count(services: ApiServices, request: ApiRequest, kind: str, who: str) -> None:
    limiter = services.limiter
    if not limiter.per_second:
        return
    request.limit = limiter.per_second
    try:
        left = limiter.count(f"{kind} {who}", steady_ms())
    except TooManyRequests as refused:
        request.quotas.append((kind, 0, refused.retry_after_s or WINDOW_S))
        raise
    request.quotas.append((kind, left, WINDOW_S))
