"""Sending deliveries: signed, timed, without redirects or proxies, and never into a private network.

The address is checked where the socket is made, after the name was resolved and before a packet leaves, so a name
that resolves differently the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook as Signer

from ostiary.adapters.addresses import may_reach
from ostiary.adapters.clock import now_ms
from ostiary.domain.companies import Company, IpNetwork
from ostiary.domain.messages import Message, Sent

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S = 15
"""From connecting to the answer's head, as documented; Standard Webhooks recommends 15 to 30 s."""
MOST_CONNECTIONS = 64
ANSWER_BYTES = 2_048
"""The most that is read of an answer; enough for a message, too little to hurt."""


class ForbiddenAddress(OSError):
    """The address lies in a private network that this installation does not open."""


class WebhookSender:
    """Posts messages to companies' endpoints. One per process; `close` it."""

    def __init__(self, allowed: tuple[IpNetwork, ...]) -> None:
        self._allowed = allowed
        self._session: aiohttp.ClientSession | None = None

    async def send(self, company: Company, message: Message) -> Sent:
        """One try. What goes wrong is in the answer: a status, or a problem that names no personal data."""
        import aiohttp  # imported on the first delivery: it costs 70 ms and 7 MB that many processes never need

        url = company.webhook.url
        if url is None:
            return Sent(None, "no address")
        body = json.dumps(message.body, separators=(",", ":"), ensure_ascii=False)
        session = self._opened()
        try:
            async with session.post(
                url, data=body.encode(), headers=headers(company, message.id, body), allow_redirects=False
            ) as answer:
                await answer.content.read(ANSWER_BYTES)
                return Sent(answer.status)
        except ForbiddenAddress:
            return Sent(None, "forbidden address")
        except aiohttp.ClientConnectorError as problem:
            forbidden = isinstance(problem.os_error, ForbiddenAddress)
            return Sent(None, "forbidden address" if forbidden else "no connection")
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
                limit=MOST_CONNECTIONS, socket_factory=self._socket, force_close=True, use_dns_cache=False
            )
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=TIMEOUT_S), trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
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


def headers(company: Company, message_id: str, body: str) -> dict[str, str]:
    """The documented headers, and those of Standard Webhooks (signed text `id.timestamp.body`)."""
    moment = datetime.fromtimestamp(now_ms() / 1000, UTC)
    return {
        "content-type": "application/json",
        "user-agent": "Ostiary",
        "x-webhook-key": company.webhook.key or "",
        "x-request-timestamp": str(int(moment.timestamp() * 1000)),
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Signer(company.signing_secret).sign(message_id, moment, body),
    }
