"""What can be chosen: for a client, and for a single call."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_TIMEOUT_S = 30.0
"""An upload that waits its turn is answered within 20 s, everything else much sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a call is repeated that may be: no answer, or 429, 500, 502, 503, 504, or a key still in use.

    Repeating is safe, since a repeated POST has the same idempotency key.
    """

    most: int = 6
    """Besides the first try; 0: never. Six take 24 s in all: longer than a service needs to start again."""
    first_wait_s: float = 0.5
    """Twice as long each time, stretched or shortened by up to a quarter, so that callers do not come in step."""
    longest_wait_s: float = 8.0
    """The longest wait of its own choice."""
    in_use_s: float = 75.0
    """How long a key that is in use is waited for, however many tries that takes: a service that was stopped in the
    middle of a call holds its key for 60 s at most."""
    longest_retry_after_s: float = 60.0
    """Where the service asks for a longer wait than this, the call fails at once and says so."""


USUAL_RETRIES = Retries()
NO_RETRIES = Retries(most=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one call shall do in another way than the client does it. None: as the client does."""

    timeout_s: float | None = None
    """Of each try: for a connection, and for each part of the answer."""
    retries: Retries | None = None
    idempotency_key: str | None = None
    """Of a POST: yours, where you keep one over restarts of your program. 1 to 255 visible ASCII characters."""
    language: str | None = None
    """Of texts for people: `es`, `pt`, `en`, or a whole `Accept-Language`."""
    traceparent: str | None = None
    """W3C trace context: the call becomes part of your trace."""

    def over(self, usual: Options) -> Options:
        """These, and for what they leave open the client's."""
        return Options(
            timeout_s=usual.timeout_s if self.timeout_s is None else self.timeout_s,
            retries=self.retries or usual.retries,
            idempotency_key=self.idempotency_key,
            language=self.language or usual.language,
            traceparent=self.traceparent,
        )
