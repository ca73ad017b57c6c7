"""The clock and the source of ids and chance: the only places that read time and randomness."""

from __future__ import annotations

import secrets
import time

from ostiary.domain.ids import RANDOM_BITS, encode


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A fresh id, made now."""
    return encode(now_ms(), secrets.randbits(RANDOM_BITS))


def chance() -> float:
    """A number in [0, 1), for jitter."""
    return secrets.randbelow(1 << 30) / (1 << 30)
