"""Every wrapped key comes under the newest master key while others read and write, however often it is cut off; and
what a database knows of its master keys."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.errors import KeyMismatch
from ostiary.storage import opening
from ostiary.storage.engine import BlockingConnection, Script
from ostiary.storage.keys import fences, masters, rewrapping
from ostiary.storage.keys.masters import know_masters, known_masters, wrapped_keys
from ostiary.storage.keys.rewrapping import Rewrapping, RewrapTally
from ostiary.storage.store import Store
from tests.servers import warm
from tests.storage.conftest import on_one
from tests.storage.lived import Lived
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import MASTER, Shelf, SqliteShelf
from tests.storage.values import found_company

SECOND = bytes(range(100, 132))
BOTH, NEW = {**MASTER, 2: SECOND}, {2: SECOND}
NOW_MS = 1_800_000_000_000
KEYS_OF = "SELECT client_id, data_key FROM clients ORDER BY client_id"


def url_of(shelf: Shelf) -> str:
    return shelf.direct if isinstance(shelf, PostgresShelf) else f"sqlite://{shelf.place.shown}"


async def rewrapped(store: Store, ring: dict[int, bytes] | None = None) -> RewrapTally:
    work = Rewrapping(store.engine, Keyring(ring or BOTH), hurries=True)
    async for _ in work.run():
        pass
    return work.tally


def numbers(shelf: Shelf) -> set[int]:
    """Of the master keys that anything is wrapped under."""
    with looked(shelf) as aside:
        return {key.number for key in wrapped_keys(aside)}


@contextmanager
def looked(shelf: Shelf) -> Iterator[BlockingConnection]:
    engine = shelf.place.engine()
    try:
        with engine.snapshot() as aside:
            yield aside
    finally:
        engine.close()


async def opens_with(lived: Lived, ring: dict[int, bytes]) -> None:
    """Every client, by a process that has these keys alone."""
    cipher, engine = Keyring(ring), lived.shelf.place.engine()
    opening.install_lookup_keys(engine, cipher)
    store = Store(engine, cipher)
    for name, company in (("ana", "Acme"), ("bea", "Acme"), ("cid", "Acme"), ("eve", "Other")):
        dossier = await store.dossier(lived.ids[company], lived.ids[name])
        assert dossier is not None
        assert dossier.client.profile.email == f"{name}@example.com"
        client = await store.clients.by_email(lived.ids[company], dossier.client.email_key)
        assert client is not None, "lookup keys stayed what they are"
    await store.release()
    store.close()


def all_but_keys(shelf: Shelf) -> set[tuple[Any, ...]]:
    """Every row without the column that rewrapping is about."""
    rows = shelf.everything("installation", "clients", "companies")
    clients = shelf.rows("SELECT client_id, version, email_mark, details, chain_length, chain_head FROM clients")
    return rows | set(clients) | set(shelf.rows("SELECT company_id, version, settings, chain_head FROM companies"))


async def test_every_key_comes_under_the_newest_and_nothing_else_changes(lived: Lived) -> None:
    before = all_but_keys(lived.shelf)
    tally = await rewrapped(lived.store)
    assert tally.rewrapped["company"] == 2
    assert tally.rewrapped["client"] == 4
    assert tally.rewrapped["installation"] >= len(opening.LOOKUP_KEYS)
    assert (tally.left, tally.unopened, numbers(lived.shelf)) == (0, [], {2})
    assert all_but_keys(lived.shelf) == before
    await opens_with(lived, NEW)
    again = await rewrapped(lived.store)
    assert sum(again.rewrapped.values()) == 0
    with pytest.raises(KeyMismatch):
        await opens_with(lived, MASTER)


async def test_the_trail_verifies_before_and_after(lived: Lived) -> None:
    assert lived.faults() == {}
    await rewrapped(lived.store)
    cipher = lived.house.parts.cipher
    cipher.__init__(BOTH)  # type: ignore[misc]  # the process starts again with the ring
    opening.install_lookup_keys(lived.store.engine, cipher)
    assert lived.faults() == {}


@on_one("postgres")
@pytest.mark.heavy
async def test_killed_after_each_write_it_goes_on_and_everything_opens_in_between(lived: Lived) -> None:
    ring = [f"{number}:{key.hex()}" for number, key in BOTH.items()]
    words = ("tests.storage.killed_rewrapping:main", url_of(lived.shelf), *ring)
    kills, under = 0, set()
    while (ended := await asyncio.to_thread(warm.run, *words)).returncode != 0:
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        kills += 1
        under.add(frozenset(numbers(lived.shelf)))
        if kills % 4 == 0:
            await opens_with(lived, BOTH)
    assert kills >= len(opening.LOOKUP_KEYS) + 2 + 2, "each key of the installation, each company, each batch"
    assert under == {frozenset({1, 2}), frozenset({2})}
    await opens_with(lived, NEW)


async def test_two_at_once_do_it_together(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrapping, "REWRAPPED_TOGETHER", 1)
    other = lived.shelf.open()
    tallies = await asyncio.gather(rewrapped(lived.store), rewrapped(other))
    assert sum(tally.rewrapped["client"] for tally in tallies) == 4
    assert numbers(lived.shelf) == {2}
    await opens_with(lived, NEW)


async def test_who_writes_meanwhile_loses_nothing(lived: Lived) -> None:
    """Clients that come while it runs, from a process that has only the old key, are taken by the next pass."""
    others = [lived.house.client(email=f"n{number}@example.com") for number in range(5)]
    await asyncio.gather(rewrapped(lived.store), *others)
    await rewrapped(lived.store)
    assert numbers(lived.shelf) == {2}


async def test_a_key_that_was_destroyed_stays_destroyed(lived: Lived) -> None:
    lived.do("UPDATE clients SET data_key = '' WHERE client_id = '{cid}'")
    tally = await rewrapped(lived.store)
    assert tally.rewrapped["client"] == 3
    assert {row[0] for row in lived.rows(KEYS_OF) if not row[1]} == {lived.ids["cid"]}


async def test_a_key_that_changed_since_it_was_read_is_left_as_it_is(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is destroyed between reading and writing: the write must not bring it back."""
    work = Rewrapping(lived.store.engine, Keyring(BOTH), hurries=True)
    fresh = work._fresh

    def destroyed(key: masters.WrappedKey) -> bytes | None:
        if key.owner == lived.ids["ana"] and key.content:
            lived.do("UPDATE clients SET data_key = '' WHERE client_id = '{ana}'")
        return fresh(key)

    monkeypatch.setattr(work, "_fresh", destroyed)
    async for _ in work.run():
        pass
    assert {row[0] for row in lived.rows(KEYS_OF) if not row[1]} == {lived.ids["ana"]}
    assert work.tally.left == 0


async def test_a_key_that_no_master_key_opens_is_named_and_left(lived: Lived) -> None:
    [(wrapped,)] = lived.rows("SELECT data_key FROM clients WHERE client_id = '{bea}'")
    spoiled = bytes(wrapped[:-1]) + bytes([wrapped[-1] ^ 1])
    lived.shelf.spoil("UPDATE clients SET data_key = ? WHERE client_id = ?", spoiled, lived.ids["bea"])
    tally = await rewrapped(lived.store)
    assert [(key.owner, key.number) for key in tally.unopened] == [(lived.ids["bea"], 1)]
    assert tally.rewrapped["client"] == 3


# ---- beside callers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("took_ms", "rests_ms"),
    [
        pytest.param((2, 2, 2), (8, 8, 8), id="a steady rate"),
        pytest.param((2, 18, 2, 2, 2), (8, 18, 2, 6, 8), id="as long as it wrote, and less than a batch is caught up"),
        pytest.param((2, 90, 2, 2, 2), (8, 20, 2, 6, 8), id="no longer than twenty milliseconds"),
    ],
)
def test_batches_come_at_a_steady_rate(took_ms: tuple[int, ...], rests_ms: tuple[int, ...]) -> None:
    """A batch of ten in ten milliseconds, by moments of the wall."""
    pace, at_ms, rests = rewrapping.Pace(1_000), 5_000, list[int]()
    for took in took_ms:
        rest_s = pace.rest_s(10, at_ms / 1000, (at_ms + took) / 1000)
        rests.append(round(rest_s * 1000))
        at_ms += took + rests[-1]
    assert tuple(rests) == rests_ms


async def test_clients_are_written_without_waiting_for_the_disk_and_durable_in_the_end(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written last waits for it, and is a change: SQLite writes nothing for a value that is what it was."""
    engine, waited = lived.store.engine, list[bool]()
    write = engine.write

    async def written(text: str, *parameters: Any, may_be_lost: bool = False) -> int:
        waited.append(text != rewrapping.REWRAP_CLIENTS)
        assert may_be_lost is not waited[-1]
        return await write(text, *parameters, may_be_lost=may_be_lost)

    monkeypatch.setattr(engine, "write", written)
    await rewrapped(lived.store)
    assert set(waited) == {True, False}
    before = lived.rows("SELECT name, value FROM installation")
    assert sum((await rewrapped(lived.store)).rewrapped.values()) == 0
    changed = set(lived.rows("SELECT name, value FROM installation")) - set(before)
    assert len(changed) == 1, "one key of the installation's own, wrapped once more"
    await opens_with(lived, NEW)


async def test_postgresql_does_not_wait_for_the_disk_in_that_transaction_alone(lived: Lived) -> None:
    if not lived.store.engine.is_shared:
        pytest.skip("says so in its words on PostgreSQL")  # on SQLite: tests/storage/test_turns.py
    asked = "SELECT current_setting('synchronous_commit')"

    def looks() -> Script[list[str]]:
        before = yield asked, ()
        yield rewrapping.REWRAP_CLIENTS, (lived.ids["Acme"], f'["{lived.ids["ana"]}"]', b"new", b"old")
        after = yield asked, ()
        return [before[0][0], after[0][0]]

    assert await lived.store.engine.perform(looks) == ["on", "off"]
    assert await lived.store.engine.perform(looks) == ["on", "off"], "the same connection, another transaction"


# ---- what is known of master keys -----------------------------------------------------------------------------------


def test_a_key_is_known_since_it_was_first_seen(engine: Shelf) -> None:
    place = engine.place.engine()
    know_masters(place, Keyring(MASTER), NOW_MS)
    know_masters(place, Keyring(BOTH), NOW_MS + 5)
    know_masters(place, Keyring(BOTH), NOW_MS + 9)
    with place.blocking() as aside:
        ring = known_masters(aside, Keyring(BOTH))
        alone = known_masters(aside, Keyring(NEW))
    place.close()
    assert [(key.number, key.since_ms, key.is_in_ring) for key in ring] == [(1, NOW_MS, True), (2, NOW_MS + 5, True)]
    assert [(key.number, key.since_ms, key.is_in_ring) for key in alone] == [(1, 0, False), (2, NOW_MS + 5, True)]


async def test_a_key_of_before_is_as_old_as_the_oldest_company(lived: Lived) -> None:
    lived.do("DELETE FROM installation WHERE name = 'master_key|1'")
    know_masters(lived.store.engine, Keyring(MASTER), NOW_MS)
    with lived.store.engine.blocking() as aside:
        [key] = known_masters(aside, Keyring(MASTER))
    assert 0 < key.since_ms < NOW_MS


def test_another_key_under_the_same_number_is_refused(engine: Shelf) -> None:
    place = engine.place.engine()
    know_masters(place, Keyring(BOTH), NOW_MS)
    with pytest.raises(KeyMismatch, match="Master key 2 is another than"):
        know_masters(place, Keyring({**MASTER, 2: bytes(32)}), NOW_MS)
    place.close()


async def test_a_process_whose_newest_key_is_retired_does_not_start(engine: Shelf) -> None:
    place = engine.place.engine()
    await fences.retire_master(place, 1, NOW_MS)
    with pytest.raises(KeyMismatch, match="Master key 1 is retired"):
        know_masters(place, Keyring(MASTER), NOW_MS)
    know_masters(place, Keyring(BOTH), NOW_MS)
    with place.blocking() as aside:
        assert [key.retired_ms for key in known_masters(aside, Keyring(BOTH))] == [NOW_MS, 0]
    await fences.bring_back_master(place, 1)
    know_masters(place, Keyring(MASTER), NOW_MS)
    await place.release()
    place.close()


async def test_nothing_comes_under_a_retired_key_from_a_process_that_runs_on_with_it(engine: Shelf) -> None:
    trade = await found_company(engine.open(), engine.cipher)
    company, other = trade.company, engine.place.engine()
    client = trade.client()
    await fences.retire_master(other, 1, NOW_MS)
    with pytest.raises(KeyMismatch, match="Master key 1 is retired"):
        await trade.store.commit(trade.adding(client), company)
    assert engine.rows("SELECT count(*) FROM clients") == [(0,)]
    with pytest.raises(KeyMismatch, match="Master key 1 is retired"):
        trade.cipher.new_data_key(company.id, "anybody")
    await fences.bring_back_master(other, 1)
    await trade.store.keys.look()
    assert await trade.store.commit(trade.adding(client), company) is None
    await other.release()
    other.close()


async def test_a_process_that_lacks_the_newest_key_adds_nobody_once_the_others_rewrap(lived: Lived) -> None:
    cipher = lived.house.parts.cipher
    await lived.store.keys.look()
    await rewrapped(lived.store)
    with pytest.raises(KeyMismatch, match="newer master key"):
        await lived.store.keys.look()
    with pytest.raises(KeyMismatch, match="newer master key"):
        cipher.new_data_key("c", "o")


def test_sqlite_finds_rows_to_rewrap_by_their_key(tmp_path: Any) -> None:
    shelf = SqliteShelf(tmp_path)
    steps = shelf.rows(f"EXPLAIN QUERY PLAN {rewrapping.REWRAP_CLIENTS}", "c", "[]", b"", b"")
    assert any("SEARCH clients" in str(step) and "client_id=?" in str(step) for step in steps), steps
