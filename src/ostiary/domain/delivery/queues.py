"""Queues: what waits for one receiver of one company, and how many messages of which queues are sent at once.

All outgoing messages share the worker's slots, so slots are shared out by how a receiver behaved: those that took their
last message have most of them, and those that are new or failing have some of their own. However many receivers are
dead, they wait for each other and hold up nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

WEBHOOK_QUEUE, BUILTIN_QUEUE = "webhook", "provider"


class Lane(IntEnum):
    """Whose slots a queue's messages take."""

    PROVEN = 0
    UNTRIED = 1
    FAILING = 2
    BUILTIN = 3
    PROVIDER = 4
    PROVIDER_FAILING = 5


@dataclass(frozen=True, slots=True)
class Slots:
    """How many messages of a lane are under way at once, in all and of each queue."""

    total: int
    each: int


PLACES: dict[Lane, Slots] = {
    Lane.PROVEN: Slots(128, 16),
    Lane.UNTRIED: Slots(64, 1),
    Lane.FAILING: Slots(64, 1),
    Lane.BUILTIN: Slots(16, 4),
    Lane.PROVIDER: Slots(32, 4),
    Lane.PROVIDER_FAILING: Slots(8, 1),
}
"""A place costs a connection and some 20 kB. 16 at once keep an endpoint 50 ms away busy with 300 a second; one that is
new or failing is asked one thing at a time until it answers. The documents of a submission are read one at a time for
all, so that more places for the built-in provider would only wait."""
EVERY_LANE = tuple(Lane)
OF_PROVIDERS = (Lane.PROVIDER, Lane.PROVIDER_FAILING)
OF_FAILING = (Lane.FAILING, Lane.PROVIDER_FAILING)
EVERYTHING = {lane: Slots(1 << 20, 1 << 20) for lane in Lane}
"""For who takes all that is due."""


def queue_of(topic: str, provider: str) -> str:
    """The name of a queue: `webhook`, `provider` (the built-in one) or `provider/<name>`."""
    return f"{topic}/{provider}" if provider else topic


@dataclass(frozen=True, slots=True)
class Health:
    """How a receiver behaved. `failing_since_ms` is its first failure since its last success."""

    failing_since_ms: int | None = None
    succeeded_at_ms: int | None = None
    disabled_at_ms: int | None = None
    disabled_because: str | None = None

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at_ms is not None

    @property
    def state(self) -> str:
        """In one word: untried, working, failing or disabled."""
        if self.is_disabled:
            return "disabled"
        if self.failing_since_ms is not None:
            return "failing"
        return "untried" if self.succeeded_at_ms is None else "working"


NEW = Health()


def lane_of(queue: str, health: Health) -> Lane:
    """Whose slots a queue takes next."""
    if queue == BUILTIN_QUEUE:
        return Lane.BUILTIN
    failing = health.failing_since_ms is not None or health.is_disabled
    if queue != WEBHOOK_QUEUE:
        return Lane.PROVIDER_FAILING if failing else Lane.PROVIDER
    if failing:
        return Lane.FAILING
    return Lane.UNTRIED if health.succeeded_at_ms is None else Lane.PROVEN


@dataclass(slots=True)
class Capacity:
    """The places that are taken: in all of a lane, and of a queue (company and name)."""

    places: Mapping[Lane, Slots] = field(default_factory=lambda: PLACES)
    in_lane: Counter[Lane] = field(default_factory=Counter)
    in_queue: Counter[tuple[str, str]] = field(default_factory=Counter)

    def copy(self) -> Capacity:
        return Capacity(self.places, self.in_lane.copy(), self.in_queue.copy())

    def open_lanes(self) -> Iterable[tuple[Lane, int]]:
        """Lanes with a free place, and how many of their queues must be looked at to find one that may use it."""
        busy = len(self.in_queue)
        for lane, places in self.places.items():
            free = places.total - self.in_lane[lane]
            if free > 0:
                yield lane, free + busy

    def free(self, lane: Lane, company_id: str, queue: str) -> int:
        """How many more messages of a queue may be begun."""
        places = self.places[lane]
        return max(0, min(places.total - self.in_lane[lane], places.each - self.in_queue[company_id, queue]))

    def take(self, lane: Lane, company_id: str, queue: str, count: int = 1) -> None:
        self.in_lane[lane] += count
        self.in_queue[company_id, queue] += count

    def give_back(self, lane: Lane, company_id: str, queue: str) -> None:
        self.in_lane[lane] -= 1
        self.in_queue[company_id, queue] -= 1
        if not self.in_queue[company_id, queue]:
            del self.in_queue[company_id, queue]
