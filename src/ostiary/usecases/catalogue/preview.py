"""What a catalogue would ask of the clients there are, if their requests were judged by it.

It is asked of very many, most of whom are alike in all that decides what is missing. So that is worked out once for
those who are (`domain.catalogue_changes.likeness`), and remembered up to a bound.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from ostiary.domain.catalogue.catalogue import Catalogue, Condition
from ostiary.domain.catalogue_changes.effects import MoveEffect, MoveOutcome, missing_of, move_effect
from ostiary.domain.catalogue_changes.likeness import ProductReads, decided, likeness, reads_of
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement
from ostiary.domain.times import day_of
from ostiary.domain.value import replace

MOST_REMEMBERED = 20_000
"""Answers of each kind that one process remembers, some 20 MB in all: far more than there are kinds of clients, where
conditions do not read what is everybody's own. Where they do, all are forgotten once so many are there."""
K = TypeVar("K")
V = TypeVar("V")
_NEW = object()
_Part = tuple[str, str, date, int]
"""A version, a product of it, a day, and how many of the days on which it changes had come when it was asked for."""


class CataloguePreview:
    """What requests would miss by a catalogue, compared with those that they are pinned to."""

    def __init__(self, catalogues: Mapping[str, Catalogue], target: Catalogue, most: int = MOST_REMEMBERED) -> None:
        self._target, self._most = target, most
        self._by_version = {**catalogues, target.version: target}
        self._reads: dict[_Part, ProductReads] = {}
        self._missing: dict[Hashable, tuple[str, ...]] = {}
        self._decisions: dict[tuple[int, str], Hashable] = {}
        """By a condition, which lives as long as its catalogue, and the values that it reads, as they are written: 1,
        1.0 and true are three."""

    def effects(self, dossier: Dossier, today: date) -> Iterator[MoveEffect]:
        """Of each live request: open ones as if moved, the others as if renewed under the target. `dossier` is without
        deadlines: what a renewal asks on top does not count."""
        for enablement in dossier.enablements:
            if not enablement.is_live:
                continue
            if enablement.catalogue_version == self._target.version:
                yield MoveEffect(enablement, MoveOutcome.THERE_ALREADY)
            elif enablement.product not in self._target.products:
                yield MoveEffect(enablement, MoveOutcome.NOT_OFFERED)
            else:
                was = self._missing_by(enablement.catalogue_version, dossier, enablement, today)
                becomes = self._missing_by(self._target.version, dossier, enablement, today)
                effect = move_effect(enablement, was, becomes, ())
                is_open = enablement.status in OPEN_TO_DOCUMENTS
                yield effect if is_open else replace(effect, outcome=MoveOutcome.NOT_OPEN)

    def _missing_by(self, version: str, dossier: Dossier, enablement: Enablement, today: date) -> tuple[str, ...]:
        requested_on, changes_on = day_of(enablement.created_at_ms), self._changes_on(version, enablement.product)
        started = sum(day <= requested_on for day in changes_on) if changes_on else 0
        part = (version, enablement.product, today, started)
        reads = self._reads.get(part)
        if reads is None:
            reads = reads_of(self._by_version[version], enablement.product, today, requested_on)
            self._remember(self._reads, part, reads)
        key = (part, likeness(reads, dossier, enablement, self._by_version, self._decide))
        missing = self._missing.get(key)
        if missing is None:
            pinned = replace(enablement, catalogue_version=version)
            missing = missing_of(dossier.assess(pinned, self._by_version, today))
            self._remember(self._missing, key, missing)
        return missing

    def _changes_on(self, version: str, product: str) -> tuple[date, ...]:
        return self._by_version[version].products[product].changes_on

    def _decide(self, condition: Condition, values: Mapping[str, object]) -> Hashable:
        key = (id(condition), repr([values.get(name) for name in condition.attributes]))
        decision = self._decisions.get(key, _NEW)
        if decision is _NEW:
            decision = decided(condition, values)
            self._remember(self._decisions, key, decision)
        return decision

    def _remember(self, answers: dict[K, V], key: K, answer: V) -> None:
        if len(answers) >= self._most:
            answers.clear()
        answers[key] = answer
