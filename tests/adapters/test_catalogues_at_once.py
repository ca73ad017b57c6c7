"""Catalogues are followed in a thread while requests are served, which read versions meanwhile."""

from __future__ import annotations

from threading import Thread

import pytest

from ostiary.adapters.config import pinned_catalogues
from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue.in_force import catalogue_with_later
from ostiary.domain.catalogue_changes.publications import Publication, PublicationState

CURRENT = parse(default_source(), "current")
NEXT, OTHER = (parse(default_source().replace("en: Cards", f"en: {name}"), name) for name in ("Next", "Other"))
PUBLISHED = Publication("one", NEXT.version, PublicationState.PUBLISHED, 0, 0, "operator:ana", "A new law")


def test_a_version_that_is_read_while_another_comes_into_force_disturbs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = {each.version: each.source for each in (NEXT, OTHER)}
    catalogues = PinnedCatalogues(CURRENT, [NEXT.version], sources.get)
    readers: list[Thread] = []

    def meeting(pinned: Catalogue, current: Catalogue) -> Catalogue:
        if not readers:
            readers.append(Thread(target=catalogues.__getitem__, args=(OTHER.version,)))
            readers[0].start()
            readers[0].join(0.5)
        return catalogue_with_later(pinned, current)

    monkeypatch.setattr(pinned_catalogues, "catalogue_with_later", meeting)
    catalogues.follow((PUBLISHED,))
    readers[0].join()
    assert catalogues.current.version == NEXT.version
    assert set(catalogues) == {CURRENT.version, NEXT.version, OTHER.version}
