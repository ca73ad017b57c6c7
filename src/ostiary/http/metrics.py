"""Measurements for Prometheus: by operation and status only, so that nothing personal can get in."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

REGISTRY = CollectorRegistry()
_SECONDS = Histogram(
    "ostiary_request_seconds", "Time from a request's head to its answer.", ("operation",), registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
_REQUESTS = Counter("ostiary_requests", "Requests answered.", ("operation", "status"), registry=REGISTRY)
_MESSAGES = Counter("ostiary_messages", "Messages handled.", ("topic", "outcome"), registry=REGISTRY)
_SCREENED = Counter("ostiary_clients_screened", "Active clients screened again.", ("answer",), registry=REGISTRY)
_children: dict[str, Histogram] = {}
_counters: dict[tuple[str, int], Counter] = {}
_shared = False


class _Waiting:
    """Messages that wait, as the database has them: the same for every process, so it is never added up."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "ostiary_messages_waiting", "Messages not delivered, by state.", labels=("topic", "state")
        )
        for labels, count in self.counts.items():
            family.add_metric(labels, count)
        yield family


_WAITING = _Waiting()
REGISTRY.register(_WAITING)


def share(process: int) -> None:
    """Counts in files of the folder that PROMETHEUS_MULTIPROC_DIR names, where every process of the service finds
    them. `process` is no other living one's number: whoever has it next goes on counting where this one ended.

    Before anything was counted.
    """
    global _shared
    _shared = True
    values.ValueClass = values.MultiProcessValue(lambda: process)  # type: ignore[no-untyped-call]


def served(operation: str, status: int, seconds: float) -> None:
    """Counts one answered request."""
    known = _children.get(operation)
    if known is None:
        known = _children[operation] = _SECONDS.labels(operation)
    known.observe(seconds)
    counter = _counters.get((operation, status))
    if counter is None:
        counter = _counters[operation, status] = _REQUESTS.labels(operation, str(status))
    counter.inc()


def handled(topic: str, outcome: str) -> None:
    """Counts one handled message."""
    _MESSAGES.labels(topic, outcome).inc()


def screened(answer: str) -> None:
    """Counts one active client that was screened again."""
    _SCREENED.labels(answer).inc()


def exposition(waiting: dict[tuple[str, str], int]) -> bytes:
    """Everything, in Prometheus' text format; of all processes together where they share what they count."""
    _WAITING.counts = waiting
    if not _shared:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_WAITING)
    return generate_latest(registry)
