"""Who works on a case: a claim that ends by itself, so that nobody's holiday keeps a client waiting."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.value import value_type

LEASE_MS = 15 * 60_000
"""From the last sign of use. Longer than a case takes to read, and short enough that what somebody left open is free
again before the next coffee."""
HANDED_OVER_MS = 8 * 3_600_000
"""A working day: the colleague who gets a case may be in a meeting."""


@value_type
class Claim:
    """A case that an operator works on, from when and until when it is his without a sign of use."""

    company_id: str
    enablement_id: str
    client_id: str
    operator_id: str
    claimed_at_ms: int
    until_ms: int

    def is_of(self, operator_id: str) -> bool:
        return self.operator_id == operator_id


@value_type
class ReviewDraft:
    """A note that an operator is writing about a case, kept between two visits."""

    enablement_id: str
    operator_id: str
    at_ms: int
    text: str = field(repr=False)
