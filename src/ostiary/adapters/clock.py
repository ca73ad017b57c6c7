"""The clock and the source of ids and chance: the only places that read time and randomness."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ostiary.adapters.crypto.randomness import random_bytes
from ostiary.domain.ids import RANDOM_BITS, encode

RANDOM_BYTES = -(-RANDOM_BITS // 8)
STEP_BITS = 110
"""Two ids of one millisecond differ by so many random bits: nobody guesses one from the other."""


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


class Ids:
    """Fresh ids by a clock. It remembers the last one: lists that are newest first rest on the order of ids."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms, self._time_ms, self._random = now_ms, 0, 0
        self._lock = threading.Lock()

    def new(self) -> str:
        """One made now; each sorts after those made here before it, also within one millisecond."""
        fresh = int.from_bytes(random_bytes(RANDOM_BYTES)) >> (8 * RANDOM_BYTES - RANDOM_BITS)
        with self._lock:
            now = self._now_ms()
            if now > self._time_ms:
                self._time_ms, self._random = now, fresh >> 1  # the half that is left is room to count up in
            else:
                self._random += fresh >> (RANDOM_BITS - STEP_BITS)
            return encode(self._time_ms, self._random)


new_id = Ids(lambda: now_ms()).new
"""By this machine's clock."""


def chance() -> float:
    """A number in [0, 1), for jitter."""
    return int.from_bytes(random_bytes(4)) / (1 << 32)
