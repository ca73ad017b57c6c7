"""The part of a preview that computes: run in processes, since opening what is sealed keeps one core busy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ostiary.adapters.config.catalogue_file import parse
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.adapters.crypto import master_key
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.app import key_source
from ostiary.domain.catalogue_changes.effects import MoveEffect, MoveOutcome
from ostiary.settings import Settings
from ostiary.storage.live_clients import dossiers_of
from ostiary.usecases.catalogue.preview import CataloguePreview

COLUMNS = ("company_id", "client_id", "request_id", "product", "status", "version", "outcome", "more", "less")


@dataclass(frozen=True)
class PreviewTask:
    """What every process needs: catalogues by their sources, which one is in force, and the day of each company."""

    settings: Settings
    sources: Mapping[str, str]
    current: str
    target: str
    days: Mapping[str, date]


@dataclass
class PreviewCounts:
    """`outcomes` by product, status and outcome, `more` by product, status and what is asked more, `listed` how many
    requests there are of which something is asked more or less, or whose product is gone."""

    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    more: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    listed: int = 0

    def add(self, other: PreviewCounts) -> None:
        self.outcomes += other.outcomes
        self.more += other.more
        self.listed += other.listed


@dataclass(frozen=True)
class PreviewedBatch:
    """Counts of some clients, and their requests that are listed, each as `COLUMNS` say."""

    counts: PreviewCounts
    concerned: list[tuple[str, ...]]


@dataclass(frozen=True)
class _Ground:
    cipher: Keyring
    preview: CataloguePreview
    days: Mapping[str, date]


_ground: _Ground


def begin(task: PreviewTask) -> None:
    """Once in each process."""
    global _ground
    masters = master_key.read_masters(key_source(task.settings))
    current = parse(task.sources[task.current], task.current, is_kept=True)
    catalogues = PinnedCatalogues(current, list(task.sources), task.sources.get)
    target = parse(task.target, "target", is_kept=True)
    _ground = _Ground(Keyring(masters, boxes_kept=1), CataloguePreview(catalogues, target), task.days)


def previewed_together(packed: bytes) -> PreviewedBatch:
    """Of some clients, as `live_clients` packs them."""
    counts, concerned = PreviewCounts(), list[tuple[str, ...]]()
    for dossier in dossiers_of(_ground.cipher, packed):
        for effect in _ground.preview.effects(dossier, _ground.days[dossier.client.company_id]):
            request, outcome = effect.enablement, effect.outcome
            counts.outcomes[request.product, request.status, outcome] += 1
            for each in effect.more:
                counts.more[request.product, request.status, each] += 1
            if effect.more or effect.less or outcome is MoveOutcome.NOT_OFFERED:
                concerned.append(_listed(effect))
    counts.listed = len(concerned)
    return PreviewedBatch(counts, concerned)


def _listed(effect: MoveEffect) -> tuple[str, ...]:
    request = effect.enablement
    place = (request.company_id, request.client_id, request.id, request.product, request.status.value)
    return (*place, request.catalogue_version, effect.outcome.value, " ".join(effect.more), " ".join(effect.less))
