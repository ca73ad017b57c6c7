"""What companies' pictures take is summed up in the commit of each document: the sums are what the rows say."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ostiary.api.composition import probes_of
from ostiary.background.maintenance import ORPHAN_AGE_MS, SWEEP_EVERY_MS
from ostiary.domain.unit import AddDocument, Guard
from ostiary.storage.counting import count
from ostiary.storage.tables.stored_bytes import NOTHING, StoredBytes
from ostiary.storage.tables.unsized import FROM_THE_START, SIZED_TOGETHER, Unsized
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.test_chores import chores, debris
from tests.storage.values import Trade, found_company


def really(engine: Shelf, company_id: str) -> StoredBytes:
    """What the documents' own rows say."""
    text = "SELECT coalesce(sum(bytes), 0), count(bytes) FROM documents WHERE company_id = ?"
    taken, documents = engine.rows(text, company_id)[0]
    return StoredBytes(int(taken), int(documents))


async def sized(unsized: Unsized, company_id: str) -> None:
    """As the worker does it."""
    after: tuple[str, str] | None = FROM_THE_START
    while after is not None:
        after = await unsized.size(company_id, after)


async def test_every_document_counts_from_its_commit_on(engine: Shelf, trade: Trade) -> None:
    other = await found_company(trade.store, engine.cipher, 2)
    assert await trade.store.sums.of(trade.company.id) == NOTHING
    client = trade.client()
    unit = trade.adding(
        client,
        changes=(
            AddDocument(trade.document(client)),
            AddDocument(trade.document(client)),
        ),
    )
    assert await trade.store.commit(unit, trade.company) is None
    stored = await engine.open().sums.of(trade.company.id)
    assert stored == really(engine, trade.company.id)
    assert stored.documents == 2
    assert stored.bytes > 0
    assert await trade.store.sums.of(other.company.id) == NOTHING
    await trade.store.sums.gather()
    assert await trade.store.sums.of(trade.company.id) == stored
    assert count(trade.store.engine).stored == {trade.company.id: stored}


async def test_a_unit_that_is_undone_counts_nothing(engine: Shelf, trade: Trade) -> None:
    client = await trade.remembered()
    assert await trade.store.commit(trade.touching(client), trade.company) is None
    late = trade.touching(client, changes=(AddDocument(trade.document(client)),))
    assert await trade.store.commit(late, trade.company) is Guard.CLIENT
    assert await trade.store.sums.of(trade.company.id) == NOTHING


async def test_many_at_once_on_two_connections_beside_who_sums_up_lose_none(engine: Shelf, trade: Trade) -> None:
    stores = [trade.store, engine.open()]
    clients = [trade.client() for _ in range(24)]
    units = [trade.adding(client, changes=(AddDocument(trade.document(client)),)) for client in clients]
    commits = [stores[at % 2].commit(unit, trade.company) for at, unit in enumerate(units)]
    gathers = [store.sums.gather() for store in stores for _ in range(3)]
    ended = await asyncio.gather(*commits, *gathers)
    assert set(ended) == {None}
    for store in stores:
        await store.sums.gather()
    stored = await trade.store.sums.of(trade.company.id)
    assert stored == really(engine, trade.company.id)
    assert stored.documents == len(clients)
    assert engine.rows("SELECT bytes, documents FROM stored_bytes") == [(stored.bytes, stored.documents)]


async def test_documents_of_a_version_that_kept_no_sizes_are_looked_up_once(engine: Shelf, trade: Trade) -> None:
    """Also beside another worker that does the same, and beside documents that count already."""
    client = trade.client()
    documents = tuple(trade.document(client) for _ in range(SIZED_TOGETHER + 3))
    assert (
        await trade.store.commit(trade.adding(client, changes=(*map(AddDocument, documents),)), trade.company) is None
    )
    whole = await trade.store.sums.of(trade.company.id)
    for table in ("stored_bytes", *(("stored_changes",) if trade.store.engine.is_shared else ())):
        engine.spoil_schema(f"DELETE FROM {table}")  # noqa: S608
    engine.spoil("UPDATE documents SET bytes = NULL")
    newer = await trade.remembered(trade.client())
    unit = trade.touching(newer, changes=(AddDocument(trade.document(newer)),))
    assert await trade.store.commit(unit, trade.company) is None
    await asyncio.gather(*(sized(store.unsized, trade.company.id) for store in (trade.store, engine.open())))
    stored = await trade.store.sums.of(trade.company.id)
    assert stored == really(engine, trade.company.id)
    assert stored.documents == whole.documents + 1
    assert engine.rows("SELECT count(*) FROM documents WHERE bytes IS NULL") == [(0,)]


async def test_what_cannot_be_opened_is_passed_over_and_holds_up_nothing(engine: Shelf, trade: Trade) -> None:
    broken, lost, good = (trade.client() for _ in range(3))
    for client in (broken, lost, good):
        unit = trade.adding(client, changes=(AddDocument(trade.document(client)),))
        assert await trade.store.commit(unit, trade.company) is None
    engine.spoil("UPDATE documents SET bytes = NULL")
    engine.spoil("UPDATE documents SET facts = x'0102' WHERE client_id = ?", broken.id)
    engine.spoil("UPDATE clients SET details = x'0102' WHERE client_id = ?", lost.id)
    await sized(trade.store.unsized, trade.company.id)
    left = engine.rows("SELECT client_id FROM documents WHERE bytes IS NULL")
    assert {row[0] for row in left} == {broken.id, lost.id}


# ---- the whole house ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


async def test_a_picture_without_a_document_never_counts_and_its_removal_takes_nothing_off(folder: Path) -> None:
    with open_house(folder) as house:
        house.caller = await house.found_company()
        await house.submitted()
        before = await house.parts.store.sums.of(house.caller.company.id)
        left_over = debris(house, NOW_MS - ORPHAN_AGE_MS)
        await chores(house).do()
        assert not left_over.exists()
        assert await house.parts.store.sums.of(house.caller.company.id) == before


async def test_the_worker_looks_sizes_up_after_an_upgrade_and_now_and_then(folder: Path) -> None:
    """Now and then: while a version that keeps none still runs beside it."""
    with open_house(folder) as house:
        house.caller = await house.found_company()
        await house.submitted()
        sum_of = house.parts.store.sums.of
        whole, house_keeping = await sum_of(house.caller.company.id), chores(house)
        for _ in range(2):
            await forgotten(house)
            assert await sum_of(house.caller.company.id) == NOTHING
            await house_keeping.do()
            assert await sum_of(house.caller.company.id) == whole
            house.clock.now_ms += SWEEP_EVERY_MS


async def forgotten(house: House) -> None:
    for text in ("DELETE FROM stored_bytes", "UPDATE documents SET bytes = NULL"):
        await house.parts.store.engine.write(f"{text} WHERE company_id = ?1", house.caller.company.id)


async def test_monitors_are_told_what_is_kept_and_how_near_a_quota_is(folder: Path) -> None:
    with open_house(folder, OSTIARY_COMPANY_QUOTA_GB="0") as house:
        house.caller = await house.found_company()
        await house.submitted()
        stored = await house.parts.store.sums.of(house.caller.company.id)
        standing = await probes_of(house.parts).standing()
        assert (standing.stored_bytes, standing.quota_share) == (stored.bytes, 0.0)


async def test_the_share_is_of_the_company_that_is_nearest_to_its_quota(folder: Path) -> None:
    with open_house(folder, OSTIARY_COMPANY_QUOTA_GB="1") as house:
        house.caller = await house.found_company()
        await house.submitted()
        stored = await house.parts.store.sums.of(house.caller.company.id)
        standing = await probes_of(house.parts).standing()
        assert standing.quota_share == pytest.approx(stored.bytes / 10**9)
