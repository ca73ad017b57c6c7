"""Waiting for a status: how long until the next look, and when no look will help."""

from __future__ import annotations

import time
from collections.abc import Callable

from ostiary_client.clients import RequestRef
from ostiary_client.errors import EndedOtherwise, WaitedTooLong
from ostiary_client.generated.products import Product
from ostiary_client.generated.words import Status

USUAL_WAIT_S = 60.0
FIRST_PAUSE_S, GROWTH, LONGEST_PAUSE_S = 0.25, 1.5, 5.0
"""Soon at first, as a machine decides within a second; then seldom, since a company has 15 calls a second for all."""
ENDS = (Status.ENABLED, Status.REJECTED)


class Pauses:
    """The pauses between looks, until the time is up: soon at first, then seldom."""

    def __init__(self, timeout_s: float, now: Callable[[], float]) -> None:
        self._now, self._ends_at, self._pause_s = now, now() + timeout_s, FIRST_PAUSE_S

    def next_s(self) -> float | None:
        """The seconds until the next look, which is no later than the end. None: the time is up."""
        left_s = self._ends_at - self._now()
        if left_s <= 0:
            return None
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * GROWTH, LONGEST_PAUSE_S)
        return min(pause_s, left_s)


class Watch:
    """One waiting for a status."""

    def __init__(
        self,
        request: RequestRef,
        statuses: tuple[str, ...],
        timeout_s: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        unknown = [status for status in statuses if status not in list(Status)]
        if unknown or not statuses:
            raise ValueError(f"wait for one of: {', '.join(Status)}; not for {', '.join(unknown) or 'nothing'}")
        self._statuses = statuses
        self._timeout_s, self._pauses = timeout_s, Pauses(timeout_s, now)
        self._was_in_review = isinstance(request, Product) and request.status == Status.IN_KYC

    def wait_after(self, product: Product) -> float | None:
        """The seconds until the next look. None: it is there. Raises EndedOtherwise and WaitedTooLong."""
        status = product.status
        if status in self._statuses:
            return None
        is_in_review = status == Status.IN_KYC
        if status in ENDS or (self._was_in_review and not is_in_review):
            raise EndedOtherwise(product)
        self._was_in_review |= is_in_review
        pause_s = self._pauses.next_s()
        if pause_s is None:
            raise WaitedTooLong(product, self._timeout_s)
        return pause_s
