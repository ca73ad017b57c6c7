"""Opening a database: migrated once, by one process, and only what this version can work with."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command as alembic
from alembic.config import Config

from ostiary.adapters.crypto import master_key
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.delivery.messages import NEVER_MS
from ostiary.domain.delivery.queues import Lane
from ostiary.domain.errors import KeyMismatch, Unavailable
from ostiary.storage import opening
from tests.acceptance.conftest import OSTIARY, environment, process
from tests.commands import command
from tests.house import House, open_house
from tests.storage.shelf import MASTER, Shelf

TOGETHER = 3
END_S = 180


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_fresh_database_gets_the_schema_and_a_second_time_nothing_happens(tmp_path: Path) -> None:
    path = tmp_path / "inner" / "fresh.sqlite3"
    assert opening.SqliteDatabase(path).schema() is None
    assert opening.migrate(opening.SqliteDatabase(path))
    assert opening.SqliteDatabase(path).schema() == opening.FINISHED
    before = path.read_bytes()
    assert not opening.migrate(opening.SqliteDatabase(path))
    assert path.read_bytes() == before
    assert {"companies", "clients", "messages", "answers", "audit_entries"} <= tables(path)
    assert {oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()} == {"0o600"}


def test_processes_that_migrate_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "fresh.sqlite3"
    path.touch(mode=0o600)
    line = [sys.executable, "-m", "ostiary.storage.schema.upgrade"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = [subprocess.Popen(line, text=True, **pipes) for _ in range(TOGETHER)]  # type: ignore[call-overload]
    ended = [
        (child.communicate(f"sqlite://{path} {opening.FINISHED}", timeout=END_S)[1], child.returncode)
        for child in running
    ]
    assert ended == [("", 0)] * TOGETHER
    assert opening.SqliteDatabase(path).schema() == opening.FINISHED


def test_processes_that_start_at_once_on_an_empty_folder_agree_on_everything(tmp_path: Path) -> None:
    """One master key, one schema, one set of lookup keys: whoever is second finds what the first made."""
    variables = environment(tmp_path / "data")
    line = [str(OSTIARY), "company", "create", "--name", "Acme", "--environment", "sandbox"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    running = [subprocess.Popen(line, env=variables, text=True, **pipes) for _ in range(TOGETHER)]  # type: ignore[call-overload]
    assert [(child.communicate(timeout=END_S)[1], child.returncode) for child in running] == [("", 0)] * TOGETHER
    listed = command(variables, "company", "list", "--json")
    assert (listed.returncode, listed.stdout.count("Acme")) == (0, TOGETHER), listed.stderr


@pytest.mark.parametrize("newer", [f"{int(opening.FINISHED) + 1:04d}", "9999"])
def test_a_newer_schema_is_refused_unless_it_says_that_it_works_with_this_version(engine: Shelf, newer: str) -> None:
    engine.spoil("UPDATE alembic_version SET version_num = ?", newer)
    assert not opening.migrate(engine.place), "a newer version is being deployed, and this one goes on beside it"
    engine.spoil("UPDATE installation SET value = ? WHERE name = 'oldest_schema'", newer.encode())
    with pytest.raises(Unavailable, match=f"schema {newer}, newer than"):
        opening.migrate(engine.place)


@pytest.mark.parametrize("content", [b"no database at all, but a letter to a friend" * 100, b"SQLite format 3\0" * 9])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / opening.FILE_NAME
    path.write_bytes(content)
    with pytest.raises(Unavailable, match="is not a database"):
        opening.migrate(opening.SqliteDatabase(path))
    assert path.read_bytes() == content


def test_a_database_that_cannot_be_opened_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """Else a new master key would be made beside it."""
    with pytest.raises(Unavailable, match="cannot be opened"):
        opening.SqliteDatabase(tmp_path).schema()


def test_a_file_that_is_gone_between_two_looks_at_it_is_told_as_one_that_cannot_be_used(tmp_path: Path) -> None:
    database = opening.SqliteDatabase(tmp_path / "gone" / "ostiary.db")
    with pytest.raises(Unavailable, match="cannot be used right now") as refused, database.aside():
        pass
    assert (refused.value.retry_after_s, str(database.path) in str(refused.value)) == (1, True)
    with pytest.raises(Unavailable, match="cannot be used right now"):
        database.engine()


def test_a_migration_that_fails_says_why(tmp_path: Path) -> None:
    path = tmp_path / "half.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE companies (something_else)")
    with pytest.raises(Unavailable, match="already exists"):
        opening.migrate(opening.SqliteDatabase(path))


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://relative", "nonsense"])
def test_databases_that_are_not_supported_are_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="sqlite:///absolute/path"):
        opening.database_of(url, "", tmp_path)


def test_what_only_a_file_can_do_says_so() -> None:
    with pytest.raises(Unavailable, match="pg_dump"):
        opening.database_path("postgresql://host/db", Path())


def test_where_the_database_is(tmp_path: Path) -> None:
    assert opening.database_path("", tmp_path) == opening.database_path(None, tmp_path) == tmp_path / opening.FILE_NAME
    for url in ("sqlite:///srv/o.db", "sqlite:////srv/o.db"):
        assert str(opening.database_path(url, tmp_path)) == "/srv/o.db"


def test_another_master_key_is_refused(engine: Shelf) -> None:
    engine.spoil("DELETE FROM installation WHERE name = 'limit'")  # as before a version that knows of it
    before = engine.everything()
    with pytest.raises(KeyMismatch):
        opening.install_lookup_keys(engine.open().engine, Keyring({1: bytes(32)}))
    assert engine.everything() == before, "nothing is made with a key that does not fit"


def test_lookup_keys_stay_the_same_when_the_master_key_is_joined_by_another(engine: Shelf) -> None:
    ring = Keyring({1: bytes(range(32)), 2: bytes(32)})
    opening.install_lookup_keys(engine.open().engine, ring)
    assert [ring.lookup_hash(purpose, "x") for purpose in opening.LOOKUP_KEYS] == [
        engine.cipher.lookup_hash(purpose, "x") for purpose in opening.LOOKUP_KEYS
    ]


def replace_key(path: Path) -> None:
    path.unlink()
    master_key.make(path)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A closed installation."""
    with open_house(tmp_path / "data") as opened:
        return opened


@pytest.mark.parametrize(
    ("spoil", "settings", "words"),
    [
        (lambda key: key.unlink(), {}, "There is a database but no master key"),
        (lambda key: key.write_text("nonsense"), {}, "32 bytes in base64"),
        (replace_key, {}, "master key does not fit"),
        (lambda _: None, {"master_key": "A" * 43 + "="}, "master key does not fit"),
    ],
    ids=["missing", "garbled", "another", "another in the environment"],
)
def test_a_service_does_not_start_with_a_key_that_does_not_fit(
    house: House, spoil: Callable[[Path], object], settings: dict[str, str], words: str
) -> None:
    folder = house.parts.settings.data_dir
    spoil(folder / master_key.FILE_NAME)
    done = process(environment(folder, **settings), "serve", "--port", "1")
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
    is_there = (folder / master_key.FILE_NAME).exists()
    assert is_there is (words != "There is a database but no master key"), "no key is made beside a database"


def test_a_catalogue_is_kept_once(engine: Shelf) -> None:
    for at_ms, source in ((2, "source"), (3, "other source")):
        opening.keep_catalogue(engine.open().engine, "v1", source, at_ms)
    store = engine.open()
    opening.keep_catalogue(store.engine, "v0", "old", 1)
    assert (store.installation.catalogue_source("v1"), store.installation.catalogue_source("v9")) == ("source", None)
    assert store.installation.catalogue_versions() == ["v1", "v0"]


@pytest.mark.parametrize("name", ["with space", "a?mode=memory", "a#b", "100%", "a%41b", "ünï"])
def test_a_database_may_lie_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / opening.FILE_NAME
    assert opening.migrate(opening.SqliteDatabase(path))
    assert not opening.migrate(opening.SqliteDatabase(path))
    engine = opening.SqliteDatabase(path).engine()
    opening.install_lookup_keys(engine, Keyring(MASTER))
    engine.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_messages_that_waited_before_queues_came_wait_in_order_afterwards(tmp_path: Path) -> None:
    """Schema 0002 to 0003: of two that wait for the same request, the later one waits for the earlier."""
    path = tmp_path / opening.FILE_NAME
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
    config.attributes["url"] = f"sqlite://{path}"
    alembic.upgrade(config, "0002")
    row = "INSERT INTO messages VALUES ('c', ?, ?, 'x', ?, ?, ?, ?, NULL, 0, 1, x'00', 1000, NULL)"
    with closing(sqlite3.connect(path)) as database, database:
        for values in (
            ("m1", "webhook", "e1", 1, "delivered", 0),
            ("m2", "webhook", "e1", 2, "pending", 5_000),
            ("m3", "webhook", "e1", 3, "pending", 6_000),
            ("m4", "provider", "e1", 2, "pending", 7_000),
            ("m5", "webhook", "e2", 1, "pending", 8_000),
        ):
            database.execute(row, values)
    assert opening.migrate(opening.SqliteDatabase(path))
    with closing(sqlite3.connect(path)) as database:
        due = dict(database.execute("SELECT message_id, due_at_ms FROM messages"))
        queues = database.execute("SELECT queue, due_at_ms, lane FROM queues ORDER BY queue").fetchall()
    assert due == {"m1": 0, "m2": 5_000, "m3": NEVER_MS, "m4": 7_000, "m5": 8_000}
    assert queues == [("provider", 7_000, Lane.BUILTIN), ("webhook", 5_000, Lane.UNTRIED)]
