"""Measurements for Prometheus: by operation and status only, so that nothing personal can get in."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
_SECONDS = Histogram(
    "ostiary_request_seconds", "Time from a request's head to its answer.", ("operation",), registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
_REQUESTS = Counter("ostiary_requests", "Requests answered.", ("operation", "status"), registry=REGISTRY)
_MESSAGES = Counter("ostiary_messages", "Messages handled.", ("topic", "outcome"), registry=REGISTRY)
_WAITING = Gauge("ostiary_messages_waiting", "Messages not delivered, by state.", ("topic", "state"), registry=REGISTRY)
_SCREENED = Counter("ostiary_clients_screened", "Active clients screened again.", ("answer",), registry=REGISTRY)
_children: dict[str, Histogram] = {}
_counters: dict[tuple[str, int], Counter] = {}


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
    """Everything, in Prometheus' text format."""
    _WAITING.clear()
    for (topic, state), count in waiting.items():
        _WAITING.labels(topic, state).set(count)
    return generate_latest(REGISTRY)
