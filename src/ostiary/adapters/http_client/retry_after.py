"""When another service asks to be left alone: the Retry-After of its answers (RFC 9110 10.2.3)."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

MOST_DIGITS = 9
"""Of a number of seconds: thirty years."""


def retry_after_s(text: str | None, at_ms: int) -> float | None:
    """The seconds that a Retry-After header asks for: a number of seconds or a date (RFC 9110 10.2.3).

    What is neither is passed over, as if it had not been sent.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:MOST_DIGITS])
    try:
        retry_at = parsedate_to_datetime(text)
        if retry_at.tzinfo is None:
            retry_at = retry_at.replace(tzinfo=UTC)
        return max(0.0, retry_at.timestamp() - at_ms / 1000)
    except (ValueError, ArithmeticError, TypeError, LookupError):  # numbers of any length get as far as C's integers
        return None
