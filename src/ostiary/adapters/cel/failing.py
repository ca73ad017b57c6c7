"""Telling the operator of conditions that fail for a client: counted each time, logged once in a while each.

A log line says the condition, which is the operator's own, and never what the client gave.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ostiary.telemetry.logs import get_logger

AGAIN_S = 60.0
"""A condition that fails does so at every read of every request it concerns: one line a minute is enough."""
_log = get_logger("ostiary.catalogue")


class FailingConditions:
    """What a process knows of them. `count` is called at every failure."""

    def __init__(self, count: Callable[[], None], steady_s: Callable[[], float] = time.monotonic) -> None:
        self._count, self._steady_s = count, steady_s
        self._reported_s: dict[str, float] = {}

    def report(self, text: str) -> None:
        """`text` is the condition's."""
        self._count()
        now = self._steady_s()
        if now - self._reported_s.get(text, -AGAIN_S) >= AGAIN_S:
            self._reported_s[text] = now
            _log.error("condition_failed", problem=text)
