"""The part of a preview that computes: run in processes, since opening what is sealed keeps one core busy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ostiary.adapters.config.catalogue_file import parse
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.adapters.crypto import master_key
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.settings import Settings
from ostiary.storage.live_clients import LiveClient, dossier_of
from ostiary.usecases.catalogue.preview import previewed


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
    """`outcomes` by product, status and outcome, `more` by product, status and what is asked more. `concerned` are the
    requests of which something is asked more or less, or whose product is gone."""

    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    more: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    concerned: list[dict[str, str]] = field(default_factory=list)

    def add(self, other: PreviewCounts) -> None:
        self.outcomes += other.outcomes
        self.more += other.more
        self.concerned += other.concerned


@dataclass(frozen=True)
class _Ground:
    cipher: Keyring
    catalogues: PinnedCatalogues
    target: Catalogue
    days: Mapping[str, date]


_ground: _Ground


def begin(task: PreviewTask) -> None:
    """Once in each process."""
    global _ground
    masters = master_key.read_masters(
        task.settings.master_key, task.settings.master_key_file, task.settings.data_dir, may_make=False
    )
    current = parse(task.sources[task.current], task.current, is_kept=True)
    catalogues = PinnedCatalogues(current, list(task.sources), task.sources.get)
    target = parse(task.target, "target", is_kept=True)
    _ground = _Ground(Keyring(masters), catalogues, target, task.days)


def previewed_together(clients: Sequence[LiveClient]) -> PreviewCounts:
    """Of some clients."""
    counts = PreviewCounts()
    for live in clients:
        dossier = dossier_of(_ground.cipher, live)
        today = _ground.days[dossier.client.company_id]
        for effect in previewed(dossier, _ground.catalogues, _ground.target, today):
            request = effect.enablement
            counts.outcomes[request.product, request.status.value, effect.outcome.value] += 1
            for each in effect.more:
                counts.more[request.product, request.status.value, each] += 1
            if effect.more or effect.less or effect.outcome.value == "not_offered":
                counts.concerned.append(
                    {
                        "company_id": request.company_id,
                        "client_id": request.client_id,
                        "request_id": request.id,
                        "product": request.product,
                        "status": request.status.value,
                        "version": request.catalogue_version,
                        "outcome": effect.outcome.value,
                        "more": " ".join(effect.more),
                        "less": " ".join(effect.less),
                    }
                )
    return counts
