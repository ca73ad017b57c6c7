"""A provider over HTTP: any vendor or in-house service that speaks the small protocol of docs/providers.md.

Both directions are signed by Standard Webhooks with one shared secret. The address is the operator's own choice, so
it may lie in a private network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from standardwebhooks import Webhook as Signer
from standardwebhooks.webhooks import WebhookVerificationError

from ostiary.adapters.clock import new_id, now_ms
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request, Response
from ostiary.adapters.http_client.signatures import signed_headers
from ostiary.adapters.providers.http_messages import VerdictMessage, submission_json, verdict_of
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S
from ostiary.domain.providers.provider import (
    Links,
    ProviderRefused,
    ProviderSubmission,
    ProviderUnavailable,
    ProviderVerdict,
    SignatureInvalid,
)

MOST_ANSWER_BYTES = 65_536
MOST_EXTERNAL_ID = 200
REFUSING = (400, 413, 422)
"""The answers that mean "never": everything else may be a fault that somebody mends, and is tried again."""
ERASED = "erased"
_decode = msgspec.json.Decoder(VerdictMessage).decode


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where the provider is, and the secrets (`whsec_...`) that sign: the first signs, each is accepted.

    `timeout_s` is how long one request with its answer may take.
    """

    name: str
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    verdict_url: str = ""
    timeout_s: float = ENDPOINT_TIMEOUT_S


class HttpProvider:
    """One such provider. Opens its connections on first use; `close` it."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings, self._outgoing = settings, Outgoing(timeout_s=settings.timeout_s, is_sent_again=True)

    @property
    def name(self) -> str:
        return self._settings.name

    async def notify(self, submission: ProviderSubmission, links: Links) -> str:
        """Posts the submission; the provider's own id, if its answer names one."""
        body = submission_json(submission, links, self._settings.verdict_url)
        answer = _json((await self._post(submission.message_id, body)).body)
        external = answer.get("external_id") if isinstance(answer, dict) else None
        return external[:MOST_EXTERNAL_ID] if isinstance(external, str) else ""

    async def fetch_verdict(self, reference: str, external_id: str) -> ProviderVerdict | None:
        """Posts an enquiry; the verdict in the answer, if it is there."""
        body = {"type": "enquiry", "reference": reference, "external_id": external_id}
        answer = _json((await self._post(new_id(), body)).body)
        if not isinstance(answer, dict) or not answer:
            return None
        try:
            verdict = verdict_of(msgspec.convert(answer, VerdictMessage))
        except (msgspec.ValidationError, ValueError, RecursionError):
            raise ProviderUnavailable("the answer is no verdict") from None
        return verdict if verdict.reference == reference else None

    async def forget(self, reference: str) -> str:
        """Posts that a client is to be forgotten; its word, once the answer says that it is."""
        answer = _json((await self._post(new_id(), {"type": "erasure", "reference": reference})).body)
        return ERASED if isinstance(answer, dict) and answer.get("erased") is True else ""

    def parse_webhook(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> ProviderVerdict | None:
        """A verdict that was posted to us. Messages older or newer than five minutes count as not signed."""
        for secret in self._settings.secrets:
            try:
                Signer(secret).verify(body.decode(), dict(headers))
            except (json.JSONDecodeError, RecursionError):  # which is read once the signature has proven true
                raise ValueError("the body is not JSON, or nested too deeply") from None
            except (WebhookVerificationError, ValueError, KeyError):
                continue
            return _understood(body)
        raise SignatureInvalid

    async def close(self) -> None:
        await self._outgoing.close()

    async def _post(self, message_id: str, body: Mapping[str, object]) -> Response:
        text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
        head = signed_headers(message_id, text, self._settings.secrets[:1], now_ms())
        try:
            answer = await self._outgoing.call(
                Request(
                    method="POST",
                    url=self._settings.url,
                    most_bytes=MOST_ANSWER_BYTES,
                    headers=head,
                    body=text.encode(),
                )
            )
        except CallFailed as failed:
            raise ProviderUnavailable(failed.problem) from None
        if answer.status in REFUSING:
            raise ProviderRefused(f"{self.name} answers {answer.status}")
        if not 200 <= answer.status < 300:
            raise ProviderUnavailable(f"{self.name} answers {answer.status}", answer.status, answer.retry_after_s)
        return answer


def _understood(body: bytes) -> ProviderVerdict:
    """Raises ValueError, naming the field."""
    try:
        return verdict_of(_decode(body))
    except (msgspec.DecodeError, RecursionError) as problem:
        raise ValueError(str(problem)) from None


def _json(body: bytes) -> Any:
    """An answer that is no JSON says nothing, and takes the submission all the same."""
    try:
        return json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        return None
