"""Signatures of what is sent, as Standard Webhooks has them (https://www.standardwebhooks.com)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer


def signed_headers(message_id: str, body: str, secrets: Sequence[str], at_ms: int) -> dict[str, str]:
    """The headers of a JSON body signed as Standard Webhooks says (signed text `id.timestamp.body`), by each secret."""
    sent_at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return {
        "content-type": "application/json",
        "user-agent": "Ostiary",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(Signer(secret).sign(message_id, sent_at, body) for secret in secrets),
    }
