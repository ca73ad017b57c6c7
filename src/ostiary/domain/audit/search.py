"""What is asked of all audit trails together, and the order in which entries answer: the newest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import islice

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.errors import value_refused
from ostiary.domain.ids import is_id
from ostiary.domain.sentences import N_
from ostiary.domain.times import END_MS, is_whole_number
from ostiary.domain.value import value_type

MOST_EXPORTED = 50_000
"""Entries in a file: some 15 MB, and what a spreadsheet still opens."""
PAGE_ENTRIES = 200


@value_type(kw_only=True)
class TrailQuery:
    """What is asked for; empty: everything. `owner` is the client or the company whose chain it is; `since_ms` is in
    the period, `until_ms` behind it."""

    actor: str = ""
    action: str = ""
    owner: str = ""
    since_ms: int = 0
    until_ms: int = END_MS


@value_type
class TrailPlace:
    """Where among all entries one stands: of the same moment, by chain and position."""

    at_ms: int
    owner: str
    position: int

    def text(self) -> str:
        """As it stands in an address."""
        return f"{self.at_ms}.{self.owner}.{self.position}"


NEWEST = TrailPlace(END_MS, "", 0)
"""Before all: nothing is newer."""


def place_of_entry(entry: AuditEntry) -> TrailPlace:
    """Where an entry stands."""
    return TrailPlace(entry.at_ms, entry.owner, entry.position)


def trail_place(text: str) -> TrailPlace:
    """The place that stands in an address; none is before all. Raises ValidationFailed."""
    if not text:
        return NEWEST
    at_ms, _, rest = text.partition(".")
    owner, _, position = rest.partition(".")
    if not (is_whole_number(at_ms) and is_id(owner) and is_whole_number(position)):
        raise value_refused("after", N_("after must be the place that a page of the search ends with"))
    return TrailPlace(int(at_ms), owner, int(position))


def newest_first(trails: Iterable[Sequence[AuditEntry]], most: int) -> tuple[AuditEntry, ...]:
    """The first of several companies' entries, each newest first."""
    return tuple(islice(heapq.merge(*trails, key=_age), most))


def _age(entry: AuditEntry) -> tuple[int, str, int]:
    """Ascending: the newest is the smallest; of one moment chain by chain, in each the last one first."""
    return -entry.at_ms, entry.owner, -entry.position
