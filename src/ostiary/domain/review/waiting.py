"""The order in which cases wait for a person, over many companies, and what is asked for of them.

Hits on clients who are enabled come first, since such a client acts meanwhile; then the oldest.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from ostiary.domain.errors import value_refused
from ostiary.domain.ids import is_id
from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.claims import Claim
from ostiary.domain.review.risk import Risk
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.times import is_whole_number
from ostiary.domain.value import value_type

MOST_COUNTED = 1_000
"""Whoever has more than these before him does not plan by the exact number; `1,000+` is said instead."""
PAGE_CASES = 50
"""Two screens: what is further down is reached by deciding what is above."""
URGENT, ORDINARY = 0, 1


class Holding(StrEnum):
    """Whose claims are asked for."""

    ANY = ""
    MINE = "mine"
    FREE = "unassigned"
    APPROVAL = "approval"
    """What waits for an approver, whoever has it."""


@value_type
class QueuePlace:
    """Where in the queue a case stands; ids are unique, so no two stand in the same place."""

    rank: int
    since_ms: int
    enablement_id: str

    @property
    def key(self) -> tuple[int, int, str]:
        return self.rank, self.since_ms, self.enablement_id

    def text(self) -> str:
        """As it stands in an address."""
        return f"{self.rank}.{self.since_ms}.{self.enablement_id}"


START = QueuePlace(URGENT, -1, "")
"""Before all."""


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What is asked for; empty: everything. `country`: where clients live (ISO 3166-1 alpha-3), which is sealed with
    them: whoever asks for one has clients opened."""

    company_id: str = ""
    product: str = ""
    kind: str = ""
    reason: str = ""
    risk: str = ""
    holding: Holding = Holding.ANY
    country: str = ""


@value_type
class WaitingStep:
    """What waits for an approver: of which kinds, whose, and since when."""

    kinds: tuple[str, ...]
    operator_id: str
    since_ms: int


@value_type
class WaitingCase:
    """A request that waits for a person. `hits` stand against its client; `claim` says who works on it, `step` what of
    it waits for an approver. Such a one need not be under review."""

    company_id: str
    enablement_id: str
    client_id: str
    product: str
    review: Review | None
    since_ms: int
    reasons: tuple[str, ...] = ()
    hits: int = 0
    claim: Claim | None = None
    step: WaitingStep | None = None

    @property
    def place(self) -> QueuePlace:
        return place_at(self.review, self.since_ms, self.enablement_id)


def place_at(review: Review | None, since_ms: int, enablement_id: str) -> QueuePlace:
    """Where what waits since then stands."""
    return QueuePlace(URGENT if review is Review.SCREENING else ORDINARY, since_ms, enablement_id)


def place_of(text: str) -> QueuePlace:
    """The place that stands in an address; none is the start. Raises ValidationFailed."""
    if not text:
        return START
    rank, _, rest = text.partition(".")
    since, _, enablement_id = rest.partition(".")
    if rank not in (str(URGENT), str(ORDINARY)) or not is_whole_number(since) or not is_id(enablement_id):
        raise value_refused("after", N_("after must be the place that a page of the queue ends with"))
    return QueuePlace(int(rank), int(since), enablement_id)


def demand_filters(filters: QueueFilters) -> None:
    """Raises ValidationFailed for a kind, reason or risk that there is not, naming those there are."""
    if filters.kind and filters.kind not in set(Review):
        raise value_refused("kind", sentence("kind must be one of %(possible)s", possible=", ".join(Review)))
    if filters.reason and filters.reason not in set(ReviewReason):
        raise value_refused("reason", sentence("reason must be one of %(possible)s", possible=", ".join(ReviewReason)))
    if filters.risk and filters.risk not in set(Risk):
        raise value_refused("risk", sentence("risk must be one of %(possible)s", possible=", ".join(Risk)))


def merged(pages: Iterable[Sequence[WaitingCase]], most: int) -> tuple[WaitingCase, ...]:
    """The first of several companies' cases, each in its order."""
    return tuple(islice(heapq.merge(*pages, key=lambda case: case.place.key), most))
