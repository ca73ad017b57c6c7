"""The clock and the source of ids and chance: the only places that read time and randomness."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from ostiary.adapters.randomness import random_bytes
from ostiary.domain.ids import RANDOM_BITS, encode

RANDOM_BYTES = -(-RANDOM_BITS // 8)
STEP_BITS = 110
"""Two ids of one millisecond differ by so many random bits: nobody guesses one from the other."""


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A fresh id, made now; each sorts after those this process made before it, also within one millisecond."""
    fresh = int.from_bytes(random_bytes(RANDOM_BYTES)) >> (8 * RANDOM_BYTES - RANDOM_BITS)
    with _last.lock:
        now = now_ms()
        if now > _last.time_ms:
            _last.time_ms, _last.random = now, fresh >> 1  # the half that is left is room to count up in
        else:
            _last.random += fresh >> (RANDOM_BITS - STEP_BITS)
        return encode(_last.time_ms, _last.random)


@dataclass(slots=True)
class _Last:
    """The id made last: lists that are newest first rest on the order of ids."""

    time_ms: int = 0
    random: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_last = _Last()


def chance() -> float:
    """A number in [0, 1), for jitter."""
    return int.from_bytes(random_bytes(4)) / (1 << 32)
