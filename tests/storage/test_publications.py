"""Publications, on every engine: written with their sources, changed, and told of by the audit trail."""

from __future__ import annotations

from ostiary.domain.catalogue_changes.publications import (
    AddPublication,
    ChangePublication,
    Publication,
    PublicationState,
)
from ostiary.domain.value import replace
from ostiary.storage.tables.publications import every_publication
from tests.material import NOW_MS
from tests.storage.values import NOTE, Trade

PUBLICATION = Publication(
    "p" * 32, "0" * 32, PublicationState.PROPOSED, NOW_MS + 5, NOW_MS, "operator:ana", "Why not", None
)


async def test_a_publication_is_kept_with_its_source_and_changed(trade: Trade) -> None:
    store = trade.store
    added = trade.unit(owner=trade.company, changes=(AddPublication(PUBLICATION, "products: {}"),), notes=(NOTE,))
    assert await store.commit(added) is None
    assert await store.publications.every(trade.company.id) == [PUBLICATION]
    assert store.installation.catalogue_source(PUBLICATION.version) == "products: {}"
    company = await store.companies.find(trade.company.id)
    assert company is not None
    done = replace(PUBLICATION, state=PublicationState.PUBLISHED, approver="operator:ben", from_ms=NOW_MS + 9)
    changed = trade.unit(owner=company, changes=(ChangePublication(done),), notes=(NOTE,))
    assert await store.commit(changed) is None
    assert await store.publications.every(trade.company.id) == [done]
    with store.engine.blocking() as aside:
        assert every_publication(aside, trade.company.id) == [done]
    assert await store.publications.every("another") == []
