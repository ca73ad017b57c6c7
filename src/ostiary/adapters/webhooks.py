"""Sending deliveries: signed, timed, without redirects or proxies, and never into a private network.

The address is checked where the socket is made, after the name was resolved and before a packet leaves, so a name
that resolves differently the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook as Signer

from ostiary.adapters.addresses import may_reach
from ostiary.adapters.clock import now_ms
from ostiary.domain.companies import Company, IpNetwork, signing_secrets
from ostiary.domain.messages import Message, Sent

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S = 15
"""From connecting to the answer's head, as documented; Standard Webhooks recommends 15 to 30 s."""
KEPT_OPEN_S = 2.0
"""An unused connection is closed before common servers do (5 s), or a message could meet one that is just closing."""
ANSWER_WAIT_S = 1.0
"""How long those bytes are waited for once the status is there."""
ANSWER_BYTES = 2_048
"""The most that is read and kept of an answer; enough for a message, too little to hurt."""


MOST_DIGITS = 9
"""Of a Retry-After: thirty years of seconds."""


class ForbiddenAddress(OSError):
    """The address lies in a private network that this installation does not open."""


class _Closed(Exception):
    """A connection kept open from before was closed by the other side."""


@dataclass(slots=True)
class Reused:
    """Whether a request went over a connection that was kept open."""

    was: bool = False


class WebhookSender:
    """Posts messages to companies' endpoints. One per process; `close` it."""

    def __init__(self, allowed: tuple[IpNetwork, ...], stored_time: Callable[[], int] = now_ms) -> None:
        """`stored_time`: the clock, in ms, that times in the database are by."""
        self._allowed, self._stored_time = allowed, stored_time
        self._session: aiohttp.ClientSession | None = None

    async def send(self, company: Company, message: Message) -> Sent:
        """One try. What goes wrong is in the answer: a status, or a problem that names no personal data."""
        url = company.webhook.url
        if url is None:
            return Sent(None, "no address")
        body = json.dumps(message.body, separators=(",", ":"), ensure_ascii=False)
        return await self.post(url, body.encode(), headers(company, message.id, body, self._stored_time()))

    async def post(self, url: str, body: bytes, head: dict[str, str]) -> Sent:
        """One try anywhere that may be reached. A connection that was used before and is found closed is no failure."""
        began, reused = perf_counter(), Reused()
        try:
            sent = await self._try(url, body, head, reused)
        except _Closed:
            sent = await self._try(url, body, head, None)
        return replace(sent, ms=round((perf_counter() - began) * 1000))

    async def _try(self, url: str, body: bytes, head: dict[str, str], reused: Reused | None) -> Sent:
        import aiohttp  # imported on the first delivery: it costs 70 ms and 7 MB that many processes never need

        try:
            async with self._opened().post(
                url, data=body, headers=head, allow_redirects=False, trace_request_ctx=reused
            ) as answer:
                said = await _first_bytes(answer.content)
                waits = retry_after_s(answer.headers.get("retry-after"), now_ms())
                return Sent(answer.status, answer=said, retry_after_s=waits)
        except aiohttp.ClientConnectorError as problem:
            forbidden = isinstance(problem.os_error, ForbiddenAddress)
            return Sent(None, "forbidden address" if forbidden else "no connection")
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as problem:
            if reused is not None and reused.was:
                raise _Closed from None
            return Sent(None, type(problem).__name__)
        except ForbiddenAddress:
            return Sent(None, "forbidden address")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            return Sent(None, type(problem).__name__)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)  # lets transports close

    def _opened(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0, socket_factory=self._socket, keepalive_timeout=KEPT_OPEN_S, use_dns_cache=False
            )  # the worker's places are the limit
            tracing = aiohttp.TraceConfig()
            tracing.on_connection_reuseconn.append(_note_reuse)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=TIMEOUT_S), trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trace_configs=[tracing],
            )  # fmt: skip
        return self._session

    def _socket(self, address: Any) -> socket.socket:
        """Makes the socket for a resolved address, unless it must not be reached."""
        family, kind, protocol, _, where = address
        if not may_reach(str(where[0]), self._allowed):
            raise ForbiddenAddress(f"{where[0]} is not a public address")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


async def _first_bytes(body: aiohttp.StreamReader) -> bytes:
    """What an answer begins with. Its status counts however the rest comes, so that this waits only a moment."""
    import aiohttp

    said = b""
    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(ANSWER_WAIT_S):
            while len(said) < ANSWER_BYTES and (more := await body.read(ANSWER_BYTES - len(said))):
                said += more
    return said


async def _note_reuse(_: Any, context: Any, __: Any) -> None:
    if context.trace_request_ctx is not None:
        context.trace_request_ctx.was = True


def headers(company: Company, message_id: str, body: str, stored_ms: int) -> dict[str, str]:
    """The documented headers, and those of Standard Webhooks (signed text `id.timestamp.body`).

    While a secret is being replaced there is a signature by each, separated by a blank: until when is judged by
    `stored_ms`, now by the clock that wrote it. Receivers compare the timestamp with their own, as we do with ours.
    """
    at_ms = now_ms()
    return {
        **signed_headers(message_id, body, signing_secrets(company, stored_ms), at_ms),
        "x-webhook-key": company.webhook.key or "",
        "x-request-timestamp": str(at_ms),
    }


def signed_headers(message_id: str, body: str, secrets: Sequence[str], at_ms: int) -> dict[str, str]:
    """The headers of a JSON body signed as Standard Webhooks says, by each secret."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return {
        "content-type": "application/json",
        "user-agent": "Ostiary",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Signer(one).sign(message_id, moment, body) for one in secrets),
    }


def retry_after_s(text: str | None, at_ms: int) -> float | None:
    """The seconds that a Retry-After header asks for: a number of seconds or a date (RFC 9110 10.2.3)."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:MOST_DIGITS])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - at_ms / 1000)
