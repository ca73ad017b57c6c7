"""Events that a webhook receives: whether they are genuine, and what they say."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from ostiary_client.errors import WebhookRefused
from ostiary_client.extras import Value
from ostiary_client.generated.events import ErasureEvent, OnboardingEvent, RenewalEvent, StatusChanged
from ostiary_client.generated.words import ErasureEventType, OnboardingEventType, RenewalEventType

TOLERANCE_S = 300
"""How old, or how far ahead, an event may be: Standard Webhooks' own five minutes. Each try has a time of its own."""
SECRET_PREFIX, SIGNATURE_PREFIX = "whsec_", "v1,"
SIGNATURES_MOST = 10
"""In a header: the service sends two at most, while a secret is replaced."""


class WebhookTest(Value, kw_only=True, frozen=True):
    """An event of `webhook.send_test`: it tells of nobody."""

    event_type: str
    operation_id: str
    data: dict[str, Any]


class UnknownEvent(Value, kw_only=True, frozen=True):
    """An event of a type that this version does not know: answer 2xx all the same."""

    event_type: str
    operation_id: str
    data: dict[str, Any]


Event = StatusChanged | OnboardingEvent | RenewalEvent | ErasureEvent | WebhookTest | UnknownEvent
"""What `Webhook.parse` gives."""


class _Kind(msgspec.Struct):
    event_type: str


_TYPES: dict[str, type[Event]] = {
    "product_enablement_status_changed": StatusChanged,
    "webhook_test": WebhookTest,
    **dict.fromkeys(map(str, OnboardingEventType), OnboardingEvent),
    **dict.fromkeys(map(str, RenewalEventType), RenewalEvent),
    **dict.fromkeys(map(str, ErasureEventType), ErasureEvent),
}


class Webhook:
    """Verifies and reads deliveries.

        webhook = Webhook("whsec_...")
        event = webhook.parse(request.headers, request.body)

    While a secret is replaced give both, `Webhook("whsec_new...", "whsec_old...")`: an event signed with either is
    genuine. An event may come more than once: `operation_id` tells.
    """

    def __init__(self, *secrets: str, tolerance_s: float = TOLERANCE_S, now: Callable[[], float] = time.time) -> None:
        if not secrets:
            raise ValueError("a webhook needs a signing secret: webhook.signing_secret() reads it")
        self._keys = tuple(_key(secret) for secret in secrets)
        self._tolerance_s = tolerance_s
        self._now = now

    def parse(self, headers: Mapping[str, str], body: bytes) -> Event:
        """The event of a delivery. `body` are the bytes as they came. Raises WebhookRefused."""
        if not isinstance(body, bytes | bytearray | memoryview):
            raise TypeError(
                "body must be the bytes as they came: what was parsed and written again has another signature"
            )
        content = bytes(body)
        self._verify({name.lower(): value for name, value in headers.items()}, content)
        return _read(content)

    def _verify(self, headers: Mapping[str, str], body: bytes) -> None:
        message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        signatures = headers.get("webhook-signature", "").split()
        if not message_id or not timestamp or not signatures:
            raise WebhookRefused("the headers webhook-id, webhook-timestamp and webhook-signature must be there")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("18446744073709551615")):
            raise WebhookRefused("webhook-timestamp is no number of seconds")
        signed = f"{message_id}.{timestamp}.".encode("utf-8", "replace") + body
        if not self._is_signed(signed, signatures[:SIGNATURES_MOST]):
            raise WebhookRefused("no signature fits: is the secret that of this company, and the body as it came?")
        if abs(self._now() - int(timestamp)) > self._tolerance_s:
            raise WebhookRefused(f"it was sent more than {self._tolerance_s:g} s ago or ahead: is the clock right?")

    def _is_signed(self, signed: bytes, signatures: Sequence[str]) -> bool:
        """Every signature is held against every key, in the same time whichever fits."""
        fits = False
        for key in self._keys:
            digest = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
            for signature in signatures:
                expected = SIGNATURE_PREFIX.encode() + digest
                fits |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
        return fits


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key or not secret.startswith(SECRET_PREFIX):
        raise ValueError(f"a signing secret is {SECRET_PREFIX} and base64; the key of X-Webhook-Key is another thing")
    return key


def _read(body: bytes) -> Event:
    try:
        kind: type[Event] = _TYPES.get(msgspec.json.decode(body, type=_Kind).event_type, UnknownEvent)
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise WebhookRefused(f"it is signed, but no event as this version knows them: {problem}") from None
