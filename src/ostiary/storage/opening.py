"""Opening a database: its schema is the one this version needs, and its keys open with our master key.

Alembic runs in a child process: it needs some 20 MB and half a second that a running service should not keep.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ostiary.domain.errors import Unavailable
from ostiary.domain.ports import Cipher
from ostiary.storage import sqlite
from ostiary.storage import statements as sql

SCHEMA = "0003"
"""The revision this version works with: the newest of migrations/versions (a test compares them)."""
LOOKUP_KEYS = ("email", "number", "picture", "answer", "content", "api_key", "likeness", "link", "screening")
KEY_BYTES = 32
FILE_NAME = "ostiary.sqlite3"
PLACE = "installation"


def database_path(url: str | None, folder: Path) -> Path:
    """The file behind `sqlite:///path`, or the data folder's own. Raises Unavailable for other databases."""
    if not url:
        return folder / FILE_NAME
    scheme, _, rest = url.partition("://")
    if scheme != "sqlite" or not rest.startswith("/"):
        raise Unavailable(
            "OSTIARY_DATABASE_URL must be sqlite:///absolute/path; other databases are not supported yet."
        )
    return Path(rest)


def schema_of(path: Path) -> str | None:
    """The revision a database is at; None when there is none yet. Raises Unavailable when it is no database."""
    if not path.exists():
        return None
    try:
        connection = sqlite.connect(path, read_only=True)
    except sqlite3.Error as problem:
        raise Unavailable(f"{path} cannot be opened: {problem}") from None
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as problem:
        if "no such table" in str(problem):
            return None
        raise Unavailable(f"{path} cannot be read: {problem}") from None
    except sqlite3.DatabaseError as problem:
        raise Unavailable(f"{path} is not a database: {problem}") from None
    finally:
        connection.close()
    return None if row is None else str(row[0])


def migrate(path: Path) -> bool:
    """Brings the schema to this version's; False when it already was. Raises Unavailable with the reason."""
    at = schema_of(path)
    if at == SCHEMA:
        return False
    if at is not None and at > SCHEMA:
        raise Unavailable(f"The database is at schema {at}, newer than this version's {SCHEMA}: run a newer Ostiary.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    done = subprocess.run(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", "ostiary.storage.upgrade", str(path)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "default"},
    )  # fmt: skip
    if done.returncode != 0:
        raise Unavailable(f"The schema could not be upgraded: {done.stderr.strip()[-2000:]}")
    return True


def install_lookup_keys(path: Path, cipher: Cipher) -> None:
    """Gives the cipher the database's own lookup keys, made on first use.

    Raises KeyMismatch when the master key does not open them: another key made this database.
    """
    connection = sqlite.connect(path)
    try:
        known = dict(connection.execute(sql.INSTALLATION).fetchall())
        for purpose in LOOKUP_KEYS:
            if purpose not in known:
                _add(connection, purpose, cipher.wrap)
        known = dict(connection.execute(sql.INSTALLATION).fetchall())
        for purpose in LOOKUP_KEYS:
            cipher.set_lookup_key(purpose, cipher.unwrap(known[purpose], f"{PLACE}|{purpose}"))
    finally:
        connection.close()


def keep_catalogue(path: Path, version: str, source: str, now_ms: int) -> None:
    """Keeps the source of the catalogue in force, so that what is pinned to it can be judged for ever."""
    connection = sqlite.connect(path)
    try:
        if connection.execute(sql.CATALOGUE, (version,)).fetchone() is None:
            connection.execute(sql.ADD_CATALOGUE, (version, source, now_ms))
    finally:
        connection.close()


def _add(connection: sqlite3.Connection, purpose: str, wrap: Callable[[bytes, str], bytes]) -> None:
    fresh = wrap(secrets.token_bytes(KEY_BYTES), f"{PLACE}|{purpose}")
    connection.execute(sql.ADD_INSTALLATION, (purpose, fresh))
