"""Trace ids: every answer has one; an incoming W3C traceparent is continued (Trace Context level 1, 3.2)."""

from __future__ import annotations

import random
import re

_random = random.Random()  # noqa: S311 (a trace id identifies, it protects nothing)
_TRACEPARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?\Z")


def trace_id_of(traceparent: bytes) -> str:
    """The trace id sent (32 hex, not all zero), or a fresh one."""
    match = _TRACEPARENT.match(traceparent)
    if match and match[1].strip(b"0") and match[2].strip(b"0"):
        return match[1].decode()
    return f"{_random.getrandbits(128):032x}"
