"""Whether a call is tried again, and when: decided from what came back, without waiting here."""

from __future__ import annotations

import random

import httpx
import msgspec

from ostiary_client.calls import Answer, Call, retry_after_s
from ostiary_client.errors import ConnectionFailed, TimedOut
from ostiary_client.options import Retries

AGAIN = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same call may do better."""
CONFLICT, TOO_MANY = 409, 429
IN_USE = "IDEMPOTENCY_KEY_IN_USE"
SPREAD = 0.25
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before anything was sent."""


class Attempts:
    """The tries of one call."""

    def __init__(self, call: Call, retries: Retries) -> None:
        self._call = call
        self._retries = retries
        self._failed = 0
        self._in_use_s = 0.0

    def wait_after(self, answer: Answer) -> float | None:
        """The seconds until the next try. None: this answer counts."""
        if _is_in_use(answer):
            return self._wait_for_key_s()
        if answer.status not in AGAIN:
            return None
        if self._call.is_guarded and answer.status != TOO_MANY:
            return None  # it may have been done
        return self._wait_s(retry_after_s(answer))

    def wait_without(self, problem: httpx.RequestError) -> float | None:
        """The same, when no answer came."""
        if self._call.is_guarded and not isinstance(problem, NOT_SENT):
            return None
        return self._wait_s(None)

    def _wait_for_key_s(self) -> float | None:
        """Not counted with the others: the first call is being done, or its key is free again soon."""
        retries = self._retries
        if retries.most < 1 or self._in_use_s >= retries.in_use_s:
            return None
        wait_s = min(retries.longest_wait_s, retries.first_wait_s + self._in_use_s)
        self._in_use_s += wait_s
        return wait_s

    def _wait_s(self, asked_s: float | None) -> float | None:
        retries = self._retries
        self._failed += 1
        if self._failed > retries.most or (asked_s or 0) > retries.longest_retry_after_s:
            return None
        usual_s: float = min(retries.longest_wait_s, retries.first_wait_s * 2 ** (self._failed - 1))
        stretched_s = usual_s * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - spread, not secrecy
        return stretched_s if asked_s is None else asked_s + stretched_s - usual_s * (1 - SPREAD)


def _is_in_use(answer: Answer) -> bool:
    if answer.status != CONFLICT:
        return False
    try:
        return msgspec.json.decode(answer.content, type=dict[str, object]).get("code") == IN_USE
    except msgspec.DecodeError:
        return False


def failure_of(problem: httpx.RequestError) -> ConnectionFailed:
    """The error that is raised when no answer came."""
    kind = TimedOut if isinstance(problem, httpx.TimeoutException) else ConnectionFailed
    return kind(f"no answer: {str(problem) or type(problem).__name__}")
