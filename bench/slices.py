"""Short slices of time with an abuse and without, by turns, and what honest callers saw in each.

On a machine that others use too, two long runs would measure the others. Short ones by turns share its mood: what
differs between the pooled samples of the ones and of the others is the abuse.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.processes import rss_mb
from bench.tally import Timing, timing

SETTLING_S = 1.0
"""After each turn of the switch: what began before it is not counted."""
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """One honest call: its kind, when it was due (seconds since 1970), how long it took, and what went wrong."""

    kind: str
    due: float
    seconds: float
    problem: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of time that is measured."""

    begins: float
    ends: float
    is_abused: bool

    def has(self, moment: float) -> bool:
        return self.begins <= moment < self.ends


@dataclass(slots=True)
class Memory:
    """Resident memory of a process and its descendants, looked at all the time."""

    pid: int
    seen: list[tuple[float, float]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self.seen.append((time.time(), rss_mb(self.pid)))

    def end(self) -> None:
        self._over.set()

    def most(self, slices: list[Slice]) -> float:
        return max((mb for moment, mb in self.seen if any(one.has(moment) for one in slices)), default=0.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What honest callers of one sort saw, without an abuse and with it. Times in milliseconds."""

    without: Timing
    beside: Timing
    errors: dict[str, int]

    @property
    def p50_ratio(self) -> float:
        return self.beside.p50_ms / self.without.p50_ms if self.without.p50_ms else 0.0

    @property
    def p99_ratio(self) -> float:
        return self.beside.p99_ms / self.without.p99_ms if self.without.p99_ms else 0.0


def by_turns(rounds: int, seconds: float, switch: Callable[[bool], None], tell: Callable[[str], None]) -> list[Slice]:
    """Two slices a round, in an order that changes, so that what grows with time falls on both alike."""
    slices = []
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for is_abused in (False, True) if number % 2 == 0 else (True, False):
            switch(is_abused)
            time.sleep(SETTLING_S)
            begins = time.time()
            time.sleep(seconds)
            slices.append(Slice(begins, time.time(), is_abused))
    switch(False)
    return slices


def seen(samples: list[Sample], kinds: tuple[str, ...], slices: list[Slice]) -> Seen:
    """Pools the samples of these kinds. A call that failed counts as an error and in the times, with what it took."""
    chosen = [one for one in samples if one.kind in kinds]
    errors: dict[str, int] = {}
    for one in _within(chosen, [each for each in slices if each.is_abused]):
        if one.problem:
            errors[one.problem] = errors.get(one.problem, 0) + 1
    times = {
        is_abused: [one.seconds for one in _within(chosen, [each for each in slices if each.is_abused is is_abused])]
        for is_abused in (False, True)
    }
    return Seen(timing(times[False]), timing(times[True]), errors)


def slowest_ms(samples: list[Sample], kind: str, slices: list[Slice]) -> float:
    return max((one.seconds for one in _within(samples, slices) if one.kind == kind), default=0.0) * 1000


def _within(samples: list[Sample], slices: list[Slice]) -> Iterator[Sample]:
    return (one for one in samples if any(each.has(one.due) for each in slices))
