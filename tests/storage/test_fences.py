"""What the database itself refuses goes by the keys that there are, whatever became of its tables meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.unit import Guard
from ostiary.storage.keys import fences
from ostiary.storage.keys.rotating import Rotation
from tests.material import NOW_MS
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import found_company


async def test_the_database_takes_no_mark_under_another_version_than_the_one_that_is_written(engine: Shelf) -> None:
    """Whoever writes it, by whatever program; what is there already may be changed in all but its marks."""
    trade = await found_company(engine.open(), engine.cipher)
    client, rotation = await trade.remembered(), Rotation(trade.store.engine, trade.cipher)
    await rotation.know(NOW_MS)
    await rotation.write()
    with pytest.raises(Exception, match="written under an old key"):
        engine.spoil("UPDATE clients SET email_mark = ? WHERE client_id = ?", bytes(32), client.id)
    with pytest.raises(Exception, match="written under an old key"):
        engine.spoil("INSERT INTO likenesses VALUES (?, ?, ?, ?)", trade.company.id, bytes(32), client.id, "d")
    engine.spoil("UPDATE clients SET email_mark = ? WHERE client_id = ?", b"\2" + bytes(32), client.id)
    assert await trade.store.commit(trade.touching(client)) is None


async def test_fences_that_got_lost_with_their_tables_are_put_up_again(engine: Shelf) -> None:
    trade = await found_company(engine.open(), engine.cipher)
    client, rotation = await trade.remembered(), Rotation(trade.store.engine, trade.cipher)
    await rotation.know(NOW_MS)
    await rotation.write()
    fences_of = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if isinstance(engine, SqliteShelf):
        for (name,) in engine.rows(fences_of):
            engine.spoil_schema(f"DROP TRIGGER {name}")
    else:
        engine.spoil_schema("DROP FUNCTION ostiary_refused CASCADE")
    engine.spoil("UPDATE clients SET email_mark = ? WHERE client_id = ?", bytes(32), client.id)
    fences.keep_fences(trade.store.engine)
    fences.keep_fences(trade.store.engine)
    with pytest.raises(Exception, match="written under an old key"):
        engine.spoil("UPDATE clients SET email_mark = ? WHERE client_id = ?", bytes(32), client.id)


OF_A_BACKUP = {
    "marks of before": ("DELETE FROM installation WHERE name = 'lookup_ring'", bytes(32), b"\2" + bytes(32)),
    "marks of after": (
        """UPDATE installation SET value = CAST('{"written":3,"asked":[3]}' AS BLOB) WHERE name = 'lookup_ring'""",
        b"\3" + bytes(32),
        b"\2" + bytes(32),
    ),
}


@pytest.mark.parametrize("case", OF_A_BACKUP)
async def test_fences_go_by_the_keys_there_are_also_where_rows_of_another_time_were_put_back(
    engine: Shelf, case: str
) -> None:
    """Else nobody could write any more, since the ring says one version and the fence another."""
    change, taken, refused = OF_A_BACKUP[case]
    trade = await found_company(engine.open(), engine.cipher)
    client, rotation = await trade.remembered(), Rotation(trade.store.engine, trade.cipher)
    await rotation.know(NOW_MS)
    await rotation.write()
    engine.spoil(change if isinstance(engine, SqliteShelf) else change.replace(" AS BLOB", " AS BYTEA"))
    assert fences.keep_fences(trade.store.engine)
    assert not fences.keep_fences(trade.store.engine)
    engine.spoil("UPDATE clients SET email_mark = ? WHERE client_id = ?", taken, client.id)
    if case == "marks of after":
        with pytest.raises(Exception, match="written under an old key"):
            engine.spoil("UPDATE clients SET email_mark = ? WHERE client_id = ?", refused, client.id)


async def test_a_fence_that_was_switched_off_or_lost_a_part_is_put_up_again(engine: Shelf) -> None:
    trade = await found_company(engine.open(), engine.cipher)
    client, rotation = await trade.remembered(), Rotation(trade.store.engine, trade.cipher)
    await rotation.know(NOW_MS)
    await rotation.write()
    if isinstance(engine, SqliteShelf):
        engine.spoil_schema("DROP TRIGGER ostiary_clients_email_mark_changed")
    else:
        engine.spoil_schema("ALTER TABLE clients DISABLE TRIGGER ostiary_clients_email_mark")
    assert fences.keep_fences(trade.store.engine)
    with pytest.raises(Exception, match="written under an old key"):
        engine.spoil("UPDATE clients SET email_mark = ? WHERE client_id = ?", bytes(32), client.id)


async def test_two_that_retire_master_keys_at_once_leave_both_fences(engine: Shelf) -> None:
    trade = await found_company(engine.open(), engine.cipher)
    client, place = await trade.remembered(), trade.store.engine
    await asyncio.gather(*(fences.retire_master(place, number, NOW_MS) for number in (3, 4, 5)))
    for number in (3, 4, 5):
        with pytest.raises(Exception, match="written under an old key"):
            engine.spoil("UPDATE clients SET data_key = ? WHERE client_id = ?", bytes((number,)) * 61, client.id)
    await asyncio.gather(*(fences.bring_back_master(place, number) for number in (3, 5)))
    engine.spoil("UPDATE clients SET data_key = ? WHERE client_id = ?", b"\3" * 61, client.id)
    assert not fences.keep_fences(place)


async def test_what_somebody_elses_rule_refuses_is_not_taken_for_an_old_key(engine: Shelf) -> None:
    """It would be decided again and again, and lose each time."""
    trade = await found_company(engine.open(), engine.cipher)
    client = trade.client()
    if isinstance(engine, SqliteShelf):
        engine.spoil_schema("CREATE TRIGGER theirs BEFORE INSERT ON clients BEGIN SELECT RAISE(ABORT, 'theirs'); END")
        assert await trade.store.commit(trade.adding(client), trade.company) is Guard.EMAIL
        return
    engine.spoil_schema("ALTER TABLE clients ADD CONSTRAINT theirs CHECK (version > 5) NOT VALID")
    with pytest.raises(Exception, match="theirs"):
        await trade.store.commit(trade.adding(client), trade.company)
