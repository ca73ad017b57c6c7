"""The audit trail while everything goes on: commits beside verification, killed processes, and upgrades."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.background.maintenance import Chores
from ostiary.domain.audit.trail import FIRST_HASH, seal
from ostiary.domain.review.verdicts import Decision
from ostiary.storage import opening
from ostiary.storage.store import Store
from ostiary.storage.tables.audit import entry_of
from tests.auditing import faults
from tests.storage.lived import COLUMNS, Lived, rewritten
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import MASTER, SqliteShelf
from tests.storage.test_copying import copied


async def test_a_busy_installation_verifies_at_any_moment(lived: Lived) -> None:
    house, done = lived.house, 0

    async def busy(number: int) -> None:
        nonlocal done
        for turn in range(6):
            client = await house.client(email=f"busy{number}.{turn}@example.com")
            await house.request(client.id)
            await lived.store.census.count(house.clock.now_ms)
            done += 1

    async def verify() -> None:
        while done < 24:
            assert await asyncio.to_thread(lived.faults) == {}

    await asyncio.gather(verify(), *(busy(number) for number in range(4)))
    assert lived.faults() == {}


async def test_what_a_killed_process_had_not_counted_is_counted_later(lived: Lived) -> None:
    await lived.house.client(email="late@example.com")
    assert lived.faults() == {}
    again = lived.shelf.open()
    await again.recount(lived.house.clock.now_ms)
    assert len(lived.rows("SELECT * FROM audit_census")) == 7
    assert lived.faults() == {}


async def test_a_copy_in_the_other_kind_of_database_verifies(lived: Lived, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    target = SqliteShelf(tmp_path / "copy") if isinstance(lived.shelf, PostgresShelf) else PostgresShelf()
    copied(lived.shelf, target)
    ring = Keyring(MASTER)
    store = Store(target.place.engine(), ring)
    opening.install_lookup_keys(store.engine, ring)
    assert faults(store, ring) == {}
    target.spoil("UPDATE api_keys SET level = 5 WHERE key_id = ?", lived.ids["key"])
    assert list(faults(store, ring)) == [lived.ids["Acme"]]
    store.close()
    await target.close()


def as_before_the_upgrade(lived: Lived) -> None:
    """Chains of the version before: plain, uncounted, and nothing said of any row."""
    for table in ("audit_census", "audit_tallies"):
        lived.shelf.spoil_schema(f"DELETE FROM {table}")  # noqa: S608
    for company, owner in lived.rows("SELECT company_id, owner FROM audit_entries WHERE position = 1"):
        head = FIRST_HASH
        for row in lived.shelf.rows(f"SELECT {COLUMNS} FROM audit_entries WHERE owner = ? ORDER BY position", owner):  # noqa: S608
            entry = replace(entry_of(row), digest=bytes(32))
            head = seal(head, entry)
            lived.shelf.spoil(
                "UPDATE audit_entries SET digest = ?, hash = ? WHERE owner = ? AND position = ?",
                entry.digest,
                head,
                owner,
                entry.position,
            )
        table, key = ("companies", "company_id") if company == owner else ("clients", "client_id")
        lived.shelf.spoil(f"UPDATE {table} SET chain_head = ? WHERE {key} = ?", head, owner)  # noqa: S608


def later(lived: Lived) -> Lived:
    """The next process, a day and a bit after the upgrade began."""
    lived.house.clock.now_ms += 25 * 3_600_000
    return lived


async def upgraded(lived: Lived) -> None:
    as_before_the_upgrade(lived)
    assert lived.faults() == {}
    store = lived.shelf.open()
    lived.house.parts.store = store
    lived.house.context = lived.house.parts.context = replace(lived.house.context, storage=store)
    chores = Chores(lived.house.parts)
    await chores.do()
    later(lived)
    await chores.do()
    await chores.close()


async def test_an_upgrade_takes_chains_of_before_along_and_says_how_all_stood(lived: Lived) -> None:
    before = {
        name: lived.rows(f"SELECT max(position) FROM audit_entries WHERE owner = '{{{name}}}'")[0][0]  # noqa: S608
        for name in ("ana", "Acme")
    }
    await upgraded(lived)
    assert lived.faults() == {}
    entries = await lived.store.audit.entries(lived.ids["Acme"], lived.ids["ana"])
    assert [(entry.position, entry.actor) for entry in entries if entry.action == "standing_recorded"] == [
        (before["ana"] + 1, "upgrade")
    ]
    assert [entry.stamp is None for entry in entries] == [True] * before["ana"] + [False]
    await lived.house.judge(lived.ids["bea"], lived.ids["bea_request"], Decision.APPROVE)
    assert lived.faults() == {}


@pytest.mark.parametrize(
    ("tamper", "whose", "shows"),
    [
        (lambda lived: lived.do("UPDATE enablements SET status = 'rejected' WHERE enablement_id = '{ana_request}'"),
         "ana", "status is rejected, entry 6 says enabled"),
        (lambda lived: lived.do("UPDATE api_keys SET revoked_at_ms = NULL WHERE key_id = '{gone}'"),
         "Acme", "revoked_at_ms is nothing, entry 6 says"),
        (lambda lived: lived.do("UPDATE audit_entries SET actor = 'x' WHERE owner = '{ana}' AND position = 2"),
         "ana", "entry 2 was changed"),
        (lambda lived: rewritten(lived, "ana", action="nothing"), "ana", "no entry of it is keyed"),
        (lambda lived: lived.do(
            "DELETE FROM audit_entries WHERE owner = '{ana}' AND position = 6",
            "UPDATE clients SET chain_length = 5, chain_head = (SELECT hash FROM audit_entries WHERE owner = '{ana}' "
            "AND position = 5) WHERE client_id = '{ana}'"), "ana", "the census counted 6 entries, 5 are there"),
    ],
    ids=["status of before", "revocation of before", "an old entry", "all of it plain", "the position moved"],
)  # fmt: skip
async def test_after_an_upgrade_what_was_before_is_held_too(
    lived: Lived, tamper: Callable[[Lived], None], whose: str, shows: str
) -> None:
    await upgraded(lived)
    tamper(lived)
    assert shows in "\n".join(lived.faults()[whose])


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_where_the_version_before_may_run_beside_nothing_is_keyed_for_a_day(lived: Lived) -> None:
    as_before_the_upgrade(lived)
    store = lived.shelf.open()
    now_ms = lived.house.clock.now_ms
    await store.recount(now_ms)
    assert lived.rows("SELECT 1 FROM audit_entries WHERE length(hash) > 32") == []
    assert not (await store.census.state(now_ms + 23 * 3_600_000)).begins_keyed
    assert (await store.census.state(now_ms + 24 * 3_600_000)).begins_keyed
