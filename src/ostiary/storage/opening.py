"""Opening a database: its schema is one this version works with, and its keys open with our master key.

Alembic runs in a child process: it needs some 20 MB and half a second that a running service should not keep.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ostiary.domain.catalogue_changes.publications import Publication
from ostiary.domain.errors import Broken, Unavailable
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import STATEMENT_S, BlockingConnection, Engine
from ostiary.storage.keys.lookup_ring import give_lookups
from ostiary.storage.operators import accounts
from ostiary.storage.sqlite import writer
from ostiary.storage.sqlite.engine import SqliteBlocking, SqliteEngine
from ostiary.storage.tables import installation as sql
from ostiary.storage.tables.publications import every_publication
from ostiary.storage.terms.texts import keep_texts

SCHEMA, FINISHED = "0019", "0020"
"""The revision this version needs, made before it is deployed; and the one it leaves when the version before it is
gone: the newest of migrations/versions (a test compares them)."""
BINDING = "0020"
"""The first schema in which details of clients are sealed for their version."""
PUBLISHING = "0014"
"""The first schema in which catalogues are published."""
LOOKUP_KEYS = (
    "email", "number", "picture", "answer", "content", "api_key", "likeness", "link", "screening", "limit", "reference",
    "audit", "operator", "hosted", "chip", "import",
)  # fmt: skip
KEY_BYTES = 32
FILE_NAME = "ostiary.sqlite3"
PLACE = "installation"
OLDEST = "oldest_schema"
"""Name under which a database says which versions it still works with: those that know this schema or a newer one."""
POSTGRES_SCHEMES = ("postgresql", "postgres")
_SECRETS = ("OSTIARY_", "AWS_", "AZURE_", "GOOGLE_")
"""How names begin in the environment of what holds keys: the settings, the master key among them, and the object
store's. Migrations need none of it."""
_WRONG_URL = "OSTIARY_DATABASE_URL must be sqlite:///absolute/path or postgresql://user:password@host/database."


class Database(Protocol):
    """Where everything is kept."""

    @property
    def shown(self) -> str:
        """Its address, without a password."""

    def schema(self) -> str | None:
        """The revision it is at; None when there is none yet. Raises Unavailable when it is no database of ours."""

    def engine(self) -> Engine: ...

    def aside(self) -> AbstractContextManager[BlockingConnection]:
        """One connection, before there is an engine, or where none is needed. Raises Unavailable."""

    def url(self) -> str:
        """Its address as the migrations need it."""


class SqliteDatabase:
    """A database in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def shown(self) -> str:
        return str(self.path)

    def schema(self) -> str | None:
        if not self.path.exists() or self.path.stat().st_size == 0:  # opening an empty file would write to it
            return None
        try:
            connection = writer.connect(self.path)
        except sqlite3.OperationalError as problem:
            raise Unavailable(f"{self.path} cannot be opened: {problem}") from None
        except sqlite3.DatabaseError as problem:
            raise Unavailable(f"{self.path} is not a database: {problem}") from None
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as problem:
            if "no such table" in str(problem):
                return None
            raise Unavailable(f"{self.path} cannot be read: {problem}") from None
        except sqlite3.DatabaseError as problem:
            raise Unavailable(f"{self.path} is not a database: {problem}") from None
        finally:
            connection.close()
        return None if row is None else str(row[0])

    def engine(self) -> Engine:
        with writer.told_if_away(self.path):
            return SqliteEngine(self.path)

    @contextmanager
    def aside(self) -> Iterator[BlockingConnection]:
        with writer.told_if_away(self.path):
            connection = writer.connect(self.path)
        with closing(connection):
            yield SqliteBlocking(connection)

    def url(self) -> str:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.touch(mode=0o600)
        return f"sqlite://{self.path}"


class PostgresDatabase:
    """A PostgreSQL database. `direct` is its address without a pooler; a statement may take `statement_s`."""

    def __init__(self, dsn: str, direct: str, statement_s: float = STATEMENT_S) -> None:
        self._dsn, self._direct, self._statement_s = dsn, direct or dsn, statement_s

    @property
    def shown(self) -> str:
        parts = urlsplit(self._dsn)
        place = parts.netloc.rpartition("@")[2]
        if not place:  # a socket: its folder and port stand in the query
            named = [(name, value) for name, value in parse_qsl(parts.query) if name in ("host", "port")]
            return f"{parts.scheme}://{parts.path}?{urlencode(named, safe='/')}".rstrip("?")
        return urlunsplit((parts.scheme, place, parts.path, "", ""))

    def schema(self) -> str | None:
        with self._naming_itself(), self.engine().blocking() as aside:
            if not aside.rows(
                "SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version' AND schemaname = ANY "
                "(current_schemas(false))"
            ):
                return None
            rows = aside.rows("SELECT version_num FROM alembic_version")
        return str(rows[0][0]) if rows else None

    @contextmanager
    def _naming_itself(self) -> Iterator[None]:
        """Says which database is meant, and why: it is the operator who hears of it."""
        try:
            yield
        except Unavailable as problem:
            from ostiary.storage.postgres.reasons import reason

            why = f": {words}" if (words := reason(problem.__cause__)) else ""
            raise Unavailable(f"The database {self.shown} cannot be used{why}.", retry_after_s=1) from problem.__cause__

    def engine(self) -> Engine:
        from ostiary.storage.postgres.engine import PostgresEngine

        return PostgresEngine(self._dsn, self._direct, self._statement_s)

    @contextmanager
    def aside(self) -> Iterator[BlockingConnection]:
        with closing(self.engine()) as engine, engine.blocking() as connection:
            yield connection

    def url(self) -> str:
        return self._direct


def database_of(url: str, direct: str, folder: Path, statement_s: float = STATEMENT_S) -> Database:
    """The database behind an address; without one, a file in the data folder. Raises Unavailable for other kinds.

    `statement_s` is how long a statement of PostgreSQL may take.
    """
    if urlsplit(url).scheme in POSTGRES_SCHEMES:
        return PostgresDatabase(url, direct, statement_s)
    return SqliteDatabase(database_path(url, folder))


def database_path(url: str | None, folder: Path) -> Path:
    """The file behind `sqlite:///path`, or the data folder's own. Raises Unavailable for what is no file.

    `sqlite:////path`, as other programs write an absolute one, is the same file.
    """
    if not url:
        return folder / FILE_NAME
    scheme, _, rest = url.partition("://")
    if scheme in POSTGRES_SCHEMES:
        raise Unavailable("The database is PostgreSQL, not a file: use its own tools (pg_dump, base backups) for this.")
    if scheme != "sqlite" or not rest.startswith("/"):
        raise Unavailable(_WRONG_URL)
    return Path("/", rest.lstrip("/"))


def migrate(database: Database, *, finish: bool = False) -> bool:
    """Brings the schema to what this version needs; False when it already is. Raises Unavailable with the reason.

    `finish` also removes what only the version before needs. Where there is none (a new database, or a file, which one
    version at a time uses) that is done at once.
    """
    at = database.schema()
    wanted = FINISHED if finish or at is None or isinstance(database, SqliteDatabase) else SCHEMA
    if at is not None and at >= wanted:
        _check_newer(database, at)
        return False
    without_keys = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    done = subprocess.run(
        [sys.executable, "-m", "ostiary.storage.schema.upgrade"],
        input=f"{database.url()} {wanted}",
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
        env={**without_keys, "PYTHONWARNINGS": "default"},
    )
    if done.returncode != 0:
        raise Unavailable(f"The schema could not be upgraded: {done.stderr.strip()[-2000:]}")
    return True


def _check_newer(database: Database, at: str) -> None:
    """A newer version that is being deployed leaves the schema usable for this one, and says so."""
    if at <= FINISHED:
        return
    with database.aside() as aside:
        rows = aside.rows(sql.INSTALLED, OLDEST)
    if not rows or bytes(rows[0][0]).decode() > SCHEMA:
        raise Unavailable(f"The database is at schema {at}, newer than this version's {FINISHED}: run a newer Ostiary.")


def is_keyed(database: Database) -> bool:
    """Whether a master key belongs to the database already: then another one would be of no use."""
    if database.schema() is None:
        return False
    with database.aside() as aside:
        return not _installed(aside).keys().isdisjoint(LOOKUP_KEYS)


def install_lookup_keys(engine: Engine, cipher: Cipher) -> None:
    """Gives the cipher the database's own lookup keys, made on first use.

    Raises KeyMismatch when the master key does not open them: another key made this database.
    """
    with engine.blocking() as aside:
        installed = _installed(aside)
        _give(cipher, installed)  # first of all: with another master key nothing must be written
        if fresh := [_new_key(purpose, cipher.wrap) for purpose in LOOKUP_KEYS if purpose not in installed]:
            aside.many(sql.ADD_INSTALLATION, fresh)
        _give(cipher, _installed(aside))


def give_keys(cipher: Cipher, aside: BlockingConnection) -> None:
    """Gives a cipher the lookup keys that there are. Raises KeyMismatch."""
    _give(cipher, _installed(aside))


def _give(cipher: Cipher, installed: Mapping[str, bytes]) -> None:
    for purpose in LOOKUP_KEYS:
        if purpose in installed:
            cipher.set_lookup_key(purpose, cipher.unwrap(installed[purpose], f"{PLACE}|{purpose}"))
    give_lookups(cipher, installed)


def binds_seals(database: Database) -> bool:
    """Whether nobody uses the database any more who could not open what is sealed for a version."""
    return (database.schema() or "") >= BINDING


def keep_catalogue(
    engine: Engine, version: str, source: str, now_ms: int, texts: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Keeps the source of the catalogue in force and the texts of its terms by their hash, so that what is pinned to it
    can be judged for ever."""
    with engine.blocking() as aside:
        keep_texts(aside, texts, now_ms)
        if not aside.rows(sql.CATALOGUE, version):
            aside.rows(sql.ADD_CATALOGUE, version, source, now_ms)


def publications_of(database: Database) -> list[Publication]:
    """What is published there; nothing where nothing is installed yet, or by a version that knew of none."""
    if (database.schema() or "") < PUBLISHING:
        return []
    with database.aside() as aside:
        house = accounts.house_id(aside)
        return [] if house is None else every_publication(aside, house)


def source_of(database: Database, version: str) -> str:
    """The source of a version that is published. Raises Broken where it is gone."""
    with database.aside() as aside:
        rows = aside.rows(sql.CATALOGUE, version)
    if not rows:
        raise Broken(f"The catalogue {version} is published and not kept.")
    return str(rows[0][0])


def _installed(aside: BlockingConnection) -> dict[str, bytes]:
    return sql.values_of(aside.rows(sql.INSTALLATION))


def _new_key(purpose: str, wrap: Callable[[bytes, str], bytes]) -> tuple[str, bytes]:
    """Of several servers that start together one's keys are kept: added together, in one order, so that none has some
    of them and another, with another master key, the rest."""
    return purpose, wrap(secrets.token_bytes(KEY_BYTES), f"{PLACE}|{purpose}")
