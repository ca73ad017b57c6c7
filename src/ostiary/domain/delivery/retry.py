"""When a delivery that failed is tried again, and when it is given up."""

from __future__ import annotations

SCHEDULE_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""The documented waits: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (the schedule of Standard Webhooks)."""
JITTER = 0.1
"""Each wait is stretched by up to a tenth, so that what failed together does not return together."""


def next_wait_s(attempts: int, chance: float, first_s: float = SCHEDULE_S[0]) -> float | None:
    """Seconds to wait after that many failed attempts (from 1); None: give up. `chance` is random in [0, 1).

    `first_s` is the first wait, which an operator may choose.
    """
    if attempts > len(SCHEDULE_S):
        return None
    wait_s = first_s if attempts == 1 else SCHEDULE_S[attempts - 1]
    return wait_s * (1 + JITTER * chance)
