"""Calling out: the one way in which this service asks another, be it a company's endpoint, a provider or a list.

No redirects, no proxies of the environment, no cookies; one time-out over all of it, a bound on what is read before
the answer and of the answer. Where addresses are not the operator's own choice they are checked as the socket is made,
after the name was resolved and before a packet leaves: a name that resolves differently the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from ostiary.adapters.clock import now_ms
from ostiary.adapters.http_client.addresses import may_reach
from ostiary.adapters.http_client.resolver import FairResolver, NotTried
from ostiary.adapters.http_client.retry_after import retry_after_s
from ostiary.domain.companies.company import IpNetwork
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import AbstractResolver
    from yarl import URL

KEPT_OPEN_S = 2.0
"""An unused connection is closed before common servers do (5 s), or a request could meet one that is just closing."""


class ForbiddenAddress(OSError):
    """The address lies in a private network that this installation does not open."""


FORBIDDEN = "forbidden address"


class CallFailed(Exception):
    """There is no answer. `problem` says why, in words that name no personal data and no address.

    `is_tried` is false when the other side was never asked: it says nothing of it.
    """

    def __init__(self, problem: str, *, is_tried: bool = True) -> None:
        super().__init__(problem)
        self.problem, self.is_tried = problem, is_tried


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `url` as text is quoted where it must be; as URL it is sent as it is.

    At most `most_bytes` of the answer are kept. With `first_bytes_s`, what has come so long after its status is enough.
    """

    method: str
    url: str | URL
    most_bytes: int
    headers: Mapping[str, str]
    body: bytes | None = None
    first_bytes_s: float | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered: at most as many bytes as were asked for, and whether there were more.

    `retry_after_s` is what its Retry-After asks for, in seconds; `links` its Link, as it came.
    """

    status: int
    body: bytes
    is_cut: bool
    retry_after_s: float | None
    links: str = ""


class Outgoing:
    """The connections of one adapter, opened on first use; `close` them.

    `timeout_s` is how long one request with its answer may take. `reach` are the private networks that may be reached;
    None: any address, where the operator configured it. `is_sent_again`: a request over a connection that had been kept
    open and is found closed is sent once more, which its receiver must bear to see twice.
    """

    def __init__(
        self,
        headers: Mapping[str, str] | None = None,
        *,
        timeout_s: float = ENDPOINT_TIMEOUT_S,
        reach: tuple[IpNetwork, ...] | None = None,
        is_sent_again: bool = False,
    ) -> None:
        self._headers, self._timeout_s, self._reach = dict(headers or {}), timeout_s, reach
        self._is_sent_again, self._is_closed = is_sent_again, False
        self._session: aiohttp.ClientSession | None = None

    async def call(self, request: Request) -> Response:
        """The answer, whatever its status. Raises CallFailed."""
        if self._is_closed:
            raise CallFailed("not tried", is_tried=False)
        try:
            async with asyncio.timeout(self._timeout_s):  # also of both tries together: the lease counts on it
                try:
                    return await self._try(request, _Reused())
                except _Closed:
                    return await self._try(request, None)
        except TimeoutError:
            raise CallFailed("TimeoutError") from None

    async def close(self) -> None:
        self._is_closed = True
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)  # lets transports close

    async def _try(self, request: Request, reused: _Reused | None) -> Response:
        import aiohttp  # on the first call: 70 ms and 7 MB that many processes never need

        try:
            async with self._opened().request(
                request.method,
                request.url,
                data=request.body or None,
                headers=request.headers,
                allow_redirects=False,
                trace_request_ctx=reused,
            ) as answer:
                waits = retry_after_s(answer.headers.get("retry-after"), now_ms())
                body = await _read(answer.content, request)
                wanted, is_cut = body[: request.most_bytes], len(body) > request.most_bytes
                links = answer.headers.get("link", "")
                return Response(answer.status, wanted, is_cut=is_cut, retry_after_s=waits, links=links)
        except aiohttp.ClientConnectorError as problem:
            raise CallFailed(_why_not(problem), is_tried=not isinstance(problem.os_error, NotTried)) from None
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as problem:
            if self._is_sent_again and reused is not None and reused.was:
                raise _Closed from None
            raise CallFailed(type(problem).__name__) from None
        except ForbiddenAddress:
            raise CallFailed(FORBIDDEN) from None
        except Exception as problem:  # whatever reading an answer raises, the try was made
            raise CallFailed(type(problem).__name__) from None

    def _opened(self) -> aiohttp.ClientSession:
        import aiohttp

        from ostiary.adapters.http_client.capped_head import cap

        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0, keepalive_timeout=KEPT_OPEN_S, use_dns_cache=False,
                resolver=cast("AbstractResolver", FairResolver()),
                socket_factory=None if self._reach is None else partial(_socket, self._reach),
            )  # fmt: skip # whoever calls decides how many go at once
            cap(connector)
            tracing = aiohttp.TraceConfig()
            tracing.on_connection_reuseconn.append(_note_reuse)
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=self._timeout_s),
                trust_env=False,
                headers={"accept-encoding": "identity", **self._headers},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trace_configs=[tracing],
            )
        return self._session


@dataclass(slots=True)
class _Reused:
    """Whether a request went over a connection that was kept open."""

    was: bool = False


class _Closed(Exception):
    """A connection kept open from before was closed by the other side."""


async def _note_reuse(_: Any, context: Any, __: Any) -> None:
    if context.trace_request_ctx is not None:
        context.trace_request_ctx.was = True


def _socket(reach: tuple[IpNetwork, ...], address: Any) -> socket.socket:
    """Makes the socket for a resolved address, unless it must not be reached."""
    family, kind, protocol, _, where = address
    if not may_reach(str(where[0]), reach):
        raise ForbiddenAddress(f"{where[0]} is not a public address")
    opened = socket.socket(family, kind, protocol)
    opened.setblocking(False)
    return opened


def _why_not(problem: aiohttp.ClientConnectorError) -> str:
    """In words for whoever runs the other side: each is mended in another place."""
    import aiohttp

    if isinstance(problem, aiohttp.ClientConnectorCertificateError):
        return "certificate refused"
    if isinstance(problem, aiohttp.ClientSSLError):
        return "no TLS connection"
    if isinstance(problem, aiohttp.ClientConnectorDNSError):
        return "not tried" if isinstance(problem.os_error, NotTried) else "name not found"
    return FORBIDDEN if isinstance(problem.os_error, ForbiddenAddress) else "no connection"


async def _read(body: aiohttp.StreamReader, request: Request) -> bytes:
    """A body in however many pieces it comes; of one that is longer than asked for, a byte more than that."""
    import aiohttp

    content = bytearray()

    async def read() -> None:
        while len(content) <= request.most_bytes and (more := await body.read(request.most_bytes + 1 - len(content))):
            content.extend(more)

    if request.first_bytes_s is None:
        await read()
    else:  # its status counts however the rest comes, so that this waits only a moment
        with suppress(TimeoutError, aiohttp.ClientError):
            async with asyncio.timeout(request.first_bytes_s):
                await read()
    return bytes(content)
