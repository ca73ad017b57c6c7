"""Sending deliveries to companies' endpoints: signed, bounded, and never into a private network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from ostiary.adapters.clock import now_ms
from ostiary.adapters.http_client.resolver import holder
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request
from ostiary.adapters.http_client.signatures import signed_headers
from ostiary.domain.companies.company import Company, IpNetwork, signing_secrets
from ostiary.domain.delivery.messages import Message, SendResult
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S

ANSWER_WAIT_S = 1.0
"""How long an answer's body is waited for once the status is there."""
ANSWER_BYTES = 2_048
"""The most that is read and kept of an answer; enough for a message, too little to hurt."""


class WebhookSender:
    """Posts messages to companies' endpoints. One per process; `close` it."""

    def __init__(
        self,
        allowed: tuple[IpNetwork, ...],
        stored_time: Callable[[], int] = now_ms,
        timeout_s: float = ENDPOINT_TIMEOUT_S,
        sandbox_allowed: tuple[IpNetwork, ...] = (),
    ) -> None:
        """`stored_time`: the clock, in ms, that times in the database are by. `timeout_s` is of one try. Private
        networks in `allowed` are open to every company, in `sandbox_allowed` to sandbox companies besides."""
        self._stored_time = stored_time
        # Of its own for each that may reach the same: a connection that is kept open is shared by them only.
        self._usual = Outgoing(timeout_s=timeout_s, reach=allowed, is_sent_again=True)
        self._in_sandbox = Outgoing(timeout_s=timeout_s, reach=(*allowed, *sandbox_allowed), is_sent_again=True)

    async def send(self, company: Company, message: Message) -> SendResult:
        """One try. What goes wrong is in the answer: a status, or a problem that names no personal data."""
        url = company.webhook.url
        if url is None:
            return SendResult(None, "no address")
        body = json.dumps(message.body, separators=(",", ":"), ensure_ascii=False)
        holder.set(company.id)
        head = headers(company, message.id, body, self._stored_time())
        return await self.post(url, body.encode(), head, in_sandbox=company.is_sandbox)

    async def post(self, url: str, body: bytes, head: dict[str, str], *, in_sandbox: bool = False) -> SendResult:
        """One try anywhere that may be reached. A connection that was used before and is found closed is no failure."""
        began = perf_counter()
        request = Request(
            method="POST", url=url, most_bytes=ANSWER_BYTES, headers=head, body=body, first_bytes_s=ANSWER_WAIT_S
        )
        try:
            answer = await (self._in_sandbox if in_sandbox else self._usual).call(request)
        except CallFailed as failed:
            sent = SendResult(None, failed.problem, is_tried=failed.is_tried)
        else:
            sent = SendResult(answer.status, answer=answer.body, retry_after_s=answer.retry_after_s)
        return replace(sent, ms=round((perf_counter() - began) * 1000))

    async def close(self) -> None:
        await asyncio.gather(self._usual.close(), self._in_sandbox.close())


def headers(company: Company, message_id: str, body: str, stored_ms: int) -> dict[str, str]:
    """The documented headers, and those of Standard Webhooks.

    While a secret is being replaced there is a signature by each, separated by a blank: until when is judged by
    `stored_ms`, now by the clock that wrote it. Receivers compare the timestamp with their own, as we do with ours.
    """
    at_ms = now_ms()
    return {
        **signed_headers(message_id, body, signing_secrets(company, stored_ms), at_ms),
        "x-webhook-key": company.webhook.key or "",
        "x-request-timestamp": str(at_ms),
    }
