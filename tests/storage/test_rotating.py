"""Clients and documents are found under old and new lookup keys alike while rows move from the one to the other; nobody
comes twice, whoever has not heard of the new ones yet, and however often it is cut off."""

from __future__ import annotations

import asyncio
import os
import signal
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.clients.client import Client
from ostiary.domain.unit import AddDocument, AddEnablement, ClaimNumber, Guard, OwnerWrite
from ostiary.storage import opening
from ostiary.storage.keys.lookup_ring import LookupRing
from ostiary.storage.keys.marks import marks_by_version
from ostiary.storage.keys.rotating import Rotation
from ostiary.storage.store import Store
from ostiary.usecases.clients.move_marks import move_marks
from ostiary.usecases.transaction import execute
from tests.material import NOW_MS
from tests.servers import warm
from tests.storage.conftest import on_one
from tests.storage.lived import Lived
from tests.storage.shelf import MASTER, Shelf
from tests.storage.values import Trade, found_company

MOST_KILLS = 12


def versions(shelf: Shelf) -> set[int]:
    """Under which any row is."""
    engine = shelf.place.engine()
    with engine.blocking() as aside:
        counts = marks_by_version(aside)
    engine.close()
    return set(counts)


def another(shelf: Shelf) -> Store:
    """A process that started now, with a cipher of its own."""
    cipher, engine = Keyring(MASTER), shelf.place.engine()
    opening.install_lookup_keys(engine, cipher)
    return Store(engine, cipher)


async def closed(*stores: Store) -> None:
    for store in stores:
        await store.release()
        store.close()


async def moved(lived: Lived) -> None:
    """Everybody who is not under the version that is written."""
    house, store = lived.house, lived.store
    for company in await store.companies.every():
        caller = replace(house.caller, company=company)
        for client_id in await store.marks.clients_to_move(company.id, house.parts.cipher.written_version, "", 100):
            ended = await execute(
                house.context,
                caller,
                lambda caller=caller, client_id=client_id: move_marks(house.context, caller, client_id),  # type: ignore[misc]
            )
            assert ended.left == ()


async def assert_all_found(lived: Lived, store: Store) -> None:
    acme = lived.ids["Acme"]
    for name in ("ana", "bea", "cid"):
        client = await store.clients.by_email(acme, f"{name}@example.com")
        assert client is not None
        assert client.id == lived.ids[name]
    for name in ("ana", "bea"):
        assert await store.documents.number_holder(acme, f"ARG|passport|AB{name.upper()}") == lived.ids[name]
    numbers = ["ARG|passport|ABANA", "ARG|passport|ABBEA", "none"]
    assert await store.documents.number_holders(acme, numbers) == [lived.ids["ana"], lived.ids["bea"]]


async def test_everybody_is_found_at_every_step_and_the_trail_verifies(lived: Lived) -> None:
    rotation, early = Rotation(lived.store.engine, lived.house.parts.cipher), another(lived.shelf)
    steps: list[Callable[[], Awaitable[object]]] = [
        lambda: rotation.know(NOW_MS),
        rotation.write,
        lambda: moved(lived),
        lambda: rotation.retire(1),
    ]
    for step in steps:
        await step()
        late = another(lived.shelf)
        await early.keys.look()
        for store in (early, late, lived.store):
            await assert_all_found(lived, store)
        await closed(late)
        assert lived.faults() == {}
    assert versions(lived.shelf) == {2}
    assert await rotation.ring() == LookupRing(2, (2,), {2: NOW_MS})
    await closed(early)


async def test_what_moves_is_written_down_once_and_a_second_time_finds_nobody(lived: Lived) -> None:
    rotation = Rotation(lived.store.engine, lived.house.parts.cipher)
    await rotation.know(NOW_MS)
    await rotation.write()
    await moved(lived)
    entries = await lived.store.audit.entries(lived.ids["Acme"], lived.ids["ana"])
    assert [(entry.action, entry.codes) for entry in entries[-1:]] == [("marks_moved", ("key_2",))]
    before = lived.rows("SELECT client_id, version FROM clients ORDER BY client_id")
    await moved(lived)
    assert lived.rows("SELECT client_id, version FROM clients ORDER BY client_id") == before


async def test_marks_that_callers_write_meanwhile_are_taken_with_the_rest(lived: Lived) -> None:
    """A client that its company changes is under the new version, and the number of its document under the old one."""
    rotation, ana = Rotation(lived.store.engine, lived.house.parts.cipher), lived.ids["ana"]
    await rotation.know(NOW_MS)
    await rotation.write()
    client = await lived.store.clients.find(lived.ids["Acme"], ana)
    assert client is not None
    trade = Trade(lived.store, lived.house.parts.cipher, lived.house.caller.company, 0)
    assert await lived.store.commit(trade.unit(owner=client, owner_write=OwnerWrite.DETAILS)) is None
    assert ana in await lived.store.marks.clients_to_move(lived.ids["Acme"], 2, "", 100)
    await moved(lived)
    assert versions(lived.shelf) == {2}
    await assert_all_found(lived, lived.store)
    assert lived.faults() == {}


async def test_an_erased_client_stands_in_nobodys_way(lived: Lived) -> None:
    lived.do("UPDATE clients SET erased_at_ms = 1 WHERE client_id = '{eve}'")
    rotation = Rotation(lived.store.engine, lived.house.parts.cipher)
    await rotation.know(NOW_MS)
    await rotation.write()
    await moved(lived)
    assert versions(lived.shelf) == {2}


@on_one("sqlite")
@pytest.mark.heavy
async def test_killed_after_each_commit_it_goes_on_and_everybody_is_found_in_between(lived: Lived) -> None:
    settings = lived.house.parts.settings
    url = settings.database_url or f"sqlite://{lived.shelf.place.shown}"
    key = b64encode(MASTER[1]).decode()
    ours = {"OSTIARY_DATA_DIR": str(settings.data_dir), "OSTIARY_DATABASE_URL": url, "OSTIARY_MASTER_KEY": key}
    command, variables = "tests.storage.killed_rotating:main", {**os.environ, **ours}
    kills, under = 0, set[frozenset[int]]()
    while (ended := await asyncio.to_thread(warm.run, command, variables=variables)).returncode != 0:
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        kills += 1
        under.add(frozenset(versions(lived.shelf)))
        fresh = another(lived.shelf)
        await assert_all_found(lived, fresh)
        await closed(fresh)
        assert kills < MOST_KILLS
    assert kills >= 2 + 4, "each step, and each client"
    assert under == {frozenset({1}), frozenset({1, 2}), frozenset({2})}
    assert lived.faults() == {}


# ---- who has not heard ----------------------------------------------------------------------------------------------


def stages(rotation: Rotation) -> list[Callable[[], Awaitable[object]]]:
    return [rotation.ring, lambda: rotation.know(NOW_MS), rotation.write, lambda: rotation.retire(1)]


@pytest.mark.parametrize("stage", range(4), ids=("before", "known", "written", "retired"))
async def test_two_processes_never_add_one_address_twice(engine: Shelf, stage: int) -> None:
    """One knows where the rotation is; others know the step before, or nothing of it. Whoever comes first."""
    trade = await found_company(engine.open(), engine.cipher)
    rotation = Rotation(trade.store.engine, trade.cipher)
    steps = stages(rotation)
    unaware = another(engine)
    for step in steps[:stage]:
        await step()
    behind = another(engine)
    await steps[stage]()
    aware = another(engine)
    pairs = ((unaware, aware), (aware, unaware), (behind, aware), (aware, behind), (unaware, behind))
    for number, pair in enumerate(pairs):
        address = f"{stage}-{number}@example.com"
        ends = await asyncio.gather(*(added(trade, store, address) for store in pair))
        assert sorted(ends) == [False, True], (stage, number)
        for store in pair:
            await store.keys.look()
            assert await store.clients.by_email(trade.company.id, address) is not None
    await closed(unaware, behind, aware)


async def added(trade: Trade, store: Store, address: str) -> bool:
    """By a process that decides again whenever a guard does not hold, as use cases do."""
    for _ in range(5):
        if await store.clients.by_email(trade.company.id, address) is not None:
            return False
        client = trade.client(email_key=address)
        if await store.commit(trade.adding(client), trade.company) is None:
            return True
    raise AssertionError("it lost too often")


async def test_a_number_is_held_under_either_version(engine: Shelf) -> None:
    """By a client of before the rotation, from another that comes while rows move; and by who comes, afterwards."""
    trade = await found_company(engine.open(), engine.cipher)
    rotation, early = Rotation(trade.store.engine, trade.cipher), another(engine)
    first, second = await holding(trade), await trade.remembered()
    document = trade.document(first)
    claim = ClaimNumber("ARG|passport|A1", document.id)
    assert await trade.store.commit(trade.touching(first, changes=(AddDocument(document), claim))) is None
    for step in stages(rotation)[1:3]:
        await step()
        late = another(engine)
        for store in (early, late):
            assert await store.commit(trade.touching(second, changes=(claim,))) in (Guard.NUMBER, Guard.KEYS)
            assert await store.documents.number_holder(trade.company.id, "ARG|passport|A1") == first.id
        await closed(late)
    await closed(early)


async def holding(trade: Trade) -> Client:
    """A client with a live request: numbers of its accepted documents serve nobody else."""
    client = trade.client()
    return await trade.remembered(client, changes=(AddEnablement(trade.enablement(client)),))


async def test_two_that_rotate_at_once_make_one_version(engine: Shelf) -> None:
    cipher = Keyring(MASTER)
    place = engine.place.engine()
    opening.install_lookup_keys(place, cipher)
    rings = await asyncio.gather(*(Rotation(place, each).know(NOW_MS) for each in (cipher, engine.cipher)))
    assert rings[0] == rings[1] == LookupRing(1, (1, 2), {2: NOW_MS})
    assert cipher.marks("email", "c", "a") == engine.cipher.marks("email", "c", "a")
    await place.release()
    place.close()
