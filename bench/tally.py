"""Counting answers: how many, how fast, how many of which went wrong."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from bench.wire import Answer


class Timing(msgspec.Struct):
    """Answers of one kind: how many, and their times in milliseconds."""

    requests: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


class Report(msgspec.Struct):
    """What one run of the load saw.

    `seconds` is wall time, `per_second` successful requests, `errors` counts by kind (status or what happened),
    `retried` counts answers 503 that were asked again, `load_cpu_s` is what the load itself cost.
    """

    seconds: float
    requests: int
    per_second: float
    errors: dict[str, int]
    retried: int
    load_cpu_s: float
    all: Timing
    each: dict[str, Timing]


class Tally:
    """Collects while the load runs; the clock starts with it."""

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.retried = 0
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def good(self, kind: str, answer: Answer) -> None:
        self._seconds[kind].append(answer.seconds)

    def bad(self, kind: str, what: object) -> None:
        self.errors[f"{kind}: {what}"] += 1

    def report(self) -> Report:
        seconds = time.perf_counter() - self._began
        everything = [one for times in self._seconds.values() for one in times]
        return Report(
            seconds=seconds,
            requests=len(everything),
            per_second=len(everything) / seconds,
            errors=dict(self.errors),
            retried=self.retried,
            load_cpu_s=time.process_time() - self._cpu,
            all=timing(everything),
            each={kind: timing(times) for kind, times in self._seconds.items()},
        )


def timing(seconds: Sequence[float]) -> Timing:
    ordered = sorted(seconds)
    return Timing(len(ordered), *(_percentile_ms(ordered, share) for share in (0.50, 0.95, 0.99)))


def _percentile_ms(ordered: Sequence[float], share: float) -> float:
    """The nearest rank; 0 when nothing was measured."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0
