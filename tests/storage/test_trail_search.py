"""Audit trails searched together, on every engine: what fits, newest first, page by page, of the companies named."""

from __future__ import annotations

from ostiary.domain.audit.search import NEWEST, TrailPlace, TrailQuery, place_of_entry
from ostiary.domain.audit.trail import AuditEntry, Note
from ostiary.domain.clients.client import Client
from ostiary.domain.value import replace
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

FIRST_MS = 1_800_000_000_000


async def noted(trade: Trade, client: Client, at_ms: int, *notes: tuple[str, str]) -> None:
    """Entries of one moment on the client's chain: action and actor of each."""
    unit = trade.touching(await trade.current(client.id))
    entries = tuple(Note(action, actor, client.id) for action, actor in notes)
    assert await trade.store.commit(replace(unit, at_ms=FIRST_MS + at_ms, notes=entries), trade.company) is None


async def searched(
    trade: Trade, query: TrailQuery, after: TrailPlace = NEWEST, most: int = 50
) -> list[tuple[str, str, int]]:
    entries = await trade.store.audit.searched([(trade.company.id, query)], after, most)
    return [(entry.action, entry.actor, entry.at_ms - FIRST_MS) for entry in entries if entry.at_ms >= FIRST_MS]


async def filled(trade: Trade) -> tuple[Client, Client]:
    first, second = trade.client(), trade.client()
    for client in (first, second):
        await trade.remembered(client)
    await noted(trade, first, 10, ("looked", "operator:ana"), ("decided", "operator:ana"))
    await noted(trade, second, 10, ("looked", "operator:bob"))
    await noted(trade, second, 30, ("decided", "key:1"))
    await noted(trade, first, 20, ("looked", "operator:bob"))
    return first, second


async def test_what_fits_comes_newest_first_and_of_a_moment_the_last_first(trade: Trade) -> None:
    first, second = await filled(trade)
    everything = await searched(trade, TrailQuery())
    assert [at_ms for _, _, at_ms in everything] == [30, 20, 10, 10, 10]
    assert await searched(trade, TrailQuery(owner=first.id)) == [
        ("looked", "operator:bob", 20),
        ("decided", "operator:ana", 10),
        ("looked", "operator:ana", 10),
    ]
    assert await searched(trade, TrailQuery(actor="operator:bob")) == [
        ("looked", "operator:bob", 20),
        ("looked", "operator:bob", 10),
    ]
    assert await searched(trade, TrailQuery(action="decided", owner=second.id)) == [("decided", "key:1", 30)]
    period = TrailQuery(since_ms=FIRST_MS + 11, until_ms=FIRST_MS + 30)
    assert await searched(trade, period) == [("looked", "operator:bob", 20)]
    assert await searched(trade, replace(period, owner=second.id)) == []
    assert await searched(trade, TrailQuery(actor="nobody")) == []


async def test_pages_follow_each_other_without_a_gap(trade: Trade) -> None:
    first, _ = await filled(trade)
    for query in (TrailQuery(), TrailQuery(owner=first.id)):
        whole = await trade.store.audit.searched([(trade.company.id, query)], NEWEST, 50)
        after, pages = NEWEST, list[AuditEntry]()
        while True:
            entries = await trade.store.audit.searched([(trade.company.id, query)], after, 2)
            if not entries:
                break
            pages += entries
            after = place_of_entry(entries[-1])
        assert tuple(pages) == whole
        assert len(whole) > 2


async def test_only_companies_that_are_named_answer(engine: Shelf) -> None:
    store = engine.open()
    acme, other = await found_company(store, engine.cipher), await found_company(store, engine.cipher, 2)
    await filled(acme)
    both = [(each.company.id, TrailQuery(action="looked")) for each in (acme, other)]
    own = await store.audit.searched(both, NEWEST, 50)
    assert {entry.company_id for entry in own} == {acme.company.id}
    assert await store.audit.searched(both[1:], NEWEST, 50) == ()
    assert await store.audit.searched([], NEWEST, 50) == ()


async def test_of_many_companies_no_more_are_held_than_are_asked_for(engine: Shelf) -> None:
    """Each of hundreds may have as many as a file holds."""
    store = engine.open()
    trades = [await found_company(store, engine.cipher, number) for number in (1, 2, 3)]
    for trade in trades:
        await filled(trade)
    asked = [(each.company.id, TrailQuery()) for each in trades]
    for most in (1, 4, 7):
        entries = await store.audit.searched(asked, NEWEST, most)
        assert len(entries) == most
        assert entries == (await store.audit.searched(asked, NEWEST, 50))[:most]
    newest = await store.audit.searched(asked, NEWEST, 3)
    assert {entry.company_id for entry in newest} == {each.company.id for each in trades}
