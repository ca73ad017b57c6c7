"""How long a message is held, and how soon it is tried again: what an operator may set, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.delivery.retry import SCHEDULE_S

ENDPOINT_TIMEOUT_S = 15
"""For one request to an endpoint, a provider or a screening service, with its answer: an upload of some megabytes takes
a few. Standard Webhooks recommends 15 to 30."""
LEASE_MS = 30_000
"""Longer than an endpoint may take; a worker that dies holds a message up no longer than this."""


@dataclass(frozen=True, slots=True)
class Timing:
    """`lease_ms`: how long a worker may keep a message that it claimed.

    `first_retry_s`: the first wait of the schedule, in seconds; the waits after it are fixed.
    """

    lease_ms: int = LEASE_MS
    first_retry_s: float = SCHEDULE_S[0]


USUAL = Timing()
