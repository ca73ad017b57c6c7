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
PLAYED = Slots(64, 32)
"""Of submissions that scenarios decide, which takes no time: many are claimed and decided together, so that few commits
are the worker's while calls wait for theirs."""
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
    """The places that are taken: in all of a lane, and of a queue (company and name). `sandboxes` are companies known
    to be such, whose submissions to the built-in provider have places of their own: `played` of them are taken."""

    places: Mapping[Lane, Slots] = field(default_factory=lambda: PLACES)
    in_lane: Counter[Lane] = field(default_factory=Counter)
    in_queue: Counter[tuple[str, str]] = field(default_factory=Counter)
    played: int = 0
    sandboxes: set[str] = field(default_factory=set)

    def copy(self) -> Capacity:
        return Capacity(
            places=self.places,
            in_lane=self.in_lane.copy(),
            in_queue=self.in_queue.copy(),
            played=self.played,
            sandboxes=self.sandboxes,
        )

    def open_lanes(self) -> Iterable[tuple[Lane, int]]:
        """Lanes with a free place, and how many of their queues must be looked at to find one that may use it."""
        busy = len(self.in_queue)
        for lane, places in self.places.items():
            free = places.total - self.in_lane[lane]
            if lane is Lane.BUILTIN and self.sandboxes:
                free = max(0, free) + max(0, PLAYED.total - self.played)
            if free > 0:
                yield lane, free + busy

    def free(self, lane: Lane, company_id: str, queue: str) -> int:
        """How many more messages of a queue may be begun."""
        if self._is_played(lane, company_id):
            places, taken = PLAYED, self.played
        else:
            places, taken = self.places[lane], self.in_lane[lane]
        return max(0, min(places.total - taken, places.each - self.in_queue[company_id, queue]))

    def take(self, lane: Lane, company_id: str, queue: str, count: int = 1) -> None:
        if self._is_played(lane, company_id):
            self.played += count
        else:
            self.in_lane[lane] += count
        self.in_queue[company_id, queue] += count

    def give_back(self, lane: Lane, company_id: str, queue: str) -> None:
        self.take(lane, company_id, queue, -1)
        if not self.in_queue[company_id, queue]:
            del self.in_queue[company_id, queue]

    def _is_played(self, lane: Lane, company_id: str) -> bool:
        return lane is Lane.BUILTIN and company_id in self.sandboxes
