"""The clock and the source of ids and chance: the only places that read time and randomness."""

from __future__ import annotations

import time

from ostiary.adapters.randomness import random_bytes
from ostiary.domain.ids import RANDOM_BITS, encode

RANDOM_BYTES = -(-RANDOM_BITS // 8)


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A fresh id, made now."""
    return encode(now_ms(), int.from_bytes(random_bytes(RANDOM_BYTES)))


def chance() -> float:
    """A number in [0, 1), for jitter."""
    return int.from_bytes(random_bytes(4)) / (1 << 32)
