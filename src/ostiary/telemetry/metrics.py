"""Measurements for Prometheus: by operation and status only, so that nothing personal can get in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from ostiary import __version__
from ostiary.domain.delivery.messages import MessageOutcome, Topic
from ostiary.domain.onboarding.enablement import Review

disable_created_metrics()  # type: ignore[no-untyped-call]  # a series beside each, which tells nobody anything
REGISTRY = CollectorRegistry()
_SECONDS = Histogram(
    "ostiary_request_seconds",
    "Time from a request's head to its answer.",
    ("operation",),
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
_REQUESTS = Counter("ostiary_requests", "Requests answered.", ("operation", "status"), registry=REGISTRY)
_MESSAGES = Counter("ostiary_messages", "Messages handled.", ("topic", "outcome"), registry=REGISTRY)
_SCREENED = Counter("ostiary_clients_screened", "Active clients screened again.", ("answer",), registry=REGISTRY)
_PROVIDED = Counter(
    "ostiary_provider_messages",
    "Submissions and enquiries handled, by provider.",
    ("provider", "outcome"),
    registry=REGISTRY,
)
_FAILED = Counter("ostiary_conditions_failed", "Conditions that failed for a client's values.", registry=REGISTRY)
_PROVIDERS_MISSING = Gauge(
    "ostiary_catalogue_providers_missing",
    "Products of the catalogue in force whose provider a process does not know.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
BUILTIN = "builtin"
SCREENING_ANSWERS = ("clear", "hit", "known")
_LIST_READABLE = Gauge(
    "ostiary_screening_list_readable",
    "Whether a list to screen against answers from what lies there now.",
    ("list",),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_LIST_LINE = Gauge(
    "ostiary_screening_list_fault_line",
    "The line of a list's file that cannot be read; 0 for none.",
    ("list",),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_LIST_AGE = Gauge(
    "ostiary_screening_list_age_seconds",
    "How old a list to screen against is.",
    ("list",),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_LIST_PERSONS = Gauge(
    "ostiary_screening_list_persons",
    "Persons on a list kept here.",
    ("list",),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_TRUST_READABLE = Gauge(
    "ostiary_trust_readable",
    "Whether the trust store can be read.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_TRUST_ANCHORS = Gauge(
    "ostiary_trust_anchors",
    "Countries' certificates in the trust store.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_TRUST_LIST_AGE = Gauge(
    "ostiary_trust_list_age_seconds",
    "How long ago the newest list in the trust store was signed.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_TRUST_OVERDUE = Gauge(
    "ostiary_trust_revocations_overdue",
    "Revocation lists in the trust store whose next edition is due.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
_children: dict[str, Histogram] = {}
_counters: dict[tuple[str, int], Counter] = {}
_of_messages: dict[tuple[str, str, str], list[Counter]] = {}
_shared = False


WATCHED_STATES = (MessageOutcome.PENDING, MessageOutcome.FAILED)
FAULT_STATUSES = (500, 503)
"""What alarms look for, in every operation."""


@dataclass(frozen=True, slots=True)
class StandingCounts:
    """How things stand in the database, the same for every process. `waiting`: messages by topic and state; `reviews`:
    by kind how many are open, and the seconds since the oldest of them was opened. `stored_bytes`: what the pictures of
    all companies take; `quota_share`: how much of its quota the company uses that is nearest to it, 1 for all."""

    waiting: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reviews: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    stored_bytes: int = 0
    quota_share: float = 0.0


class _Standing:
    """Gauges that are not counted but looked up, and so never added up. What there is none of is 0, not absent."""

    def __init__(self) -> None:
        self.now = StandingCounts()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        build = GaugeMetricFamily("ostiary_build_info", "1; the label says which version runs.", labels=("version",))
        build.add_metric((__version__,), 1)
        waiting = GaugeMetricFamily(
            "ostiary_messages_waiting", "Messages not delivered, by state.", labels=("topic", "state")
        )
        usual = {(topic.value, state.value): 0 for topic in Topic for state in WATCHED_STATES}
        for labels, count in (usual | dict(self.now.waiting)).items():
            waiting.add_metric(labels, count)
        opened = GaugeMetricFamily("ostiary_reviews_open", "Requests that wait for a person.", labels=("kind",))
        oldest = GaugeMetricFamily(
            "ostiary_reviews_oldest_seconds", "Since when the oldest of them waits; 0: none does.", labels=("kind",)
        )
        for kind, (count, seconds) in ({kind.value: (0, 0.0) for kind in Review} | dict(self.now.reviews)).items():
            opened.add_metric((kind,), count)
            oldest.add_metric((kind,), seconds)
        stored = GaugeMetricFamily(
            "ostiary_stored_bytes", "What the pictures of documents take.", self.now.stored_bytes
        )
        share = GaugeMetricFamily(
            "ostiary_quota_share_highest", "What the fullest company uses of its quota.", self.now.quota_share
        )
        yield from (build, waiting, opened, oldest, stored, share)


_STANDING = _Standing()
REGISTRY.register(_STANDING)


def begin(operations: Iterable[tuple[str, int]], providers: Iterable[str]) -> None:
    """Makes the series that alarms look at, with 0: a rate over one that is not there yet is no number.

    `operations` are names with the status of success. After `share`, where counts are shared.
    """
    for operation, success in operations:
        for status in (success, *FAULT_STATUSES):
            _counters.setdefault((operation, status), _REQUESTS.labels(operation, str(status)))
    for topic in Topic:
        for outcome in (*WATCHED_STATES, "error"):
            _MESSAGES.labels(topic, outcome)
    for answer in SCREENING_ANSWERS:
        _SCREENED.labels(answer)
    for provider in providers:
        for outcome in (MessageOutcome.PENDING, MessageOutcome.DELIVERED, MessageOutcome.FAILED):
            _PROVIDED.labels(provider, outcome)


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
    child = _children.get(operation)
    if child is None:
        child = _children[operation] = _SECONDS.labels(operation)
    child.observe(seconds)
    counter = _counters.get((operation, status))
    if counter is None:
        counter = _counters[operation, status] = _REQUESTS.labels(operation, str(status))
    counter.inc()


def handled(topic: str, outcome: str, provider: str = "") -> None:
    """Counts one handled message. `provider` is whose it is, of a submission or enquiry; empty: the built-in one."""
    counters = _of_messages.get((topic, outcome, provider))
    if counters is None:
        counters = [_MESSAGES.labels(topic, outcome)]
        if topic != Topic.WEBHOOK:
            counters.append(_PROVIDED.labels(provider or BUILTIN, outcome))
        _of_messages[topic, outcome, provider] = counters
    for counter in counters:
        counter.inc()


def screened(answer: str) -> None:
    """Counts one active client that was screened again."""
    _SCREENED.labels(answer).inc()


def list_looked_at(name: str, *, is_readable: bool, line: int, age_s: float | None, persons: int | None) -> None:
    """How a list to screen against is."""
    _LIST_READABLE.labels(name).set(is_readable)
    _LIST_LINE.labels(name).set(line)
    if age_s is not None:
        _LIST_AGE.labels(name).set(age_s)
    if persons is not None:
        _LIST_PERSONS.labels(name).set(persons)


def trust_looked_at(*, is_readable: bool, anchors: int, list_age_s: float | None, overdue: int) -> None:
    """How the trust store is. One that cannot be read leaves the other figures as they were."""
    _TRUST_READABLE.set(is_readable)
    if is_readable:
        _TRUST_ANCHORS.set(anchors)
        _TRUST_OVERDUE.set(overdue)
    if list_age_s is not None:
        _TRUST_LIST_AGE.set(list_age_s)


def condition_failed() -> None:
    """Counts one condition of the catalogue that could not be evaluated for a client."""
    _FAILED.inc()


def providers_missing(count: int) -> None:
    """How many products of the catalogue in force name a provider that this process does not know."""
    _PROVIDERS_MISSING.set(count)


def exposition(standing: StandingCounts) -> bytes:
    """Everything, in Prometheus' text format; of all processes together where they share what they count."""
    _STANDING.now = standing
    if not _shared:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_STANDING)
    return generate_latest(registry)
