"""What `doctor` looks at in the database, read only: schema, key, clock, messages, and where webhooks point.

A database that nobody has open is read as it lies on the disk: opened the usual way, even to read, SQLite would make
its two files beside it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from ostiary.adapters import clock, master_key
from ostiary.adapters.encryption import Keyring
from ostiary.app import database
from ostiary.cli.checkup import Finding, Level, ok, problem, warning
from ostiary.cli.checkup_postgres import clocks, durability, plans
from ostiary.cli.checkup_webhooks import webhooks
from ostiary.domain.companies import Company
from ostiary.domain.errors import KeyMismatch, Tampered, Unavailable
from ostiary.domain.ids import is_id, time_ms
from ostiary.domain.times import shown
from ostiary.settings import Settings
from ostiary.storage import opening
from ostiary.storage import statements as sql
from ostiary.storage.engine import Aside
from ostiary.storage.records import Records
from ostiary.storage.server_time import read_time
from ostiary.storage.sqlite_engine import SqliteAside

RELEASED_YEAR = 2026
CLOCK_SLACK_MS = 60_000
"""Machines that take turns on one data folder may differ a little."""
OVERDUE_MS = 60_000
"""A running worker takes what is due within a second; a minute means there is none, or it cannot keep up."""
NEWEST_IDS = """SELECT max(company_id) FROM companies UNION ALL
 SELECT (SELECT max(k.client_id) FROM clients k WHERE k.company_id = c.company_id) FROM companies c"""
STATES = "SELECT state, count(*) FROM messages WHERE state IN ('failed', 'pending') GROUP BY state"
"""Reads through all messages, there being no index of failed ones: a person who asks for a check-up may wait."""
DISABLED = "SELECT company_id, disabled_because FROM queues WHERE disabled_at_ms IS NOT NULL ORDER BY disabled_at_ms"
MOST_NAMED = 5
OVERDUE = """SELECT count(*), min(due_at_ms) FROM messages
 WHERE state = 'pending' AND due_at_ms < ?1 AND leased_until_ms < ?1"""
_RESTORE = "Restore it from a backup (`ostiary restore`), or set OSTIARY_DATABASE_URL to the right file."


def check_database(settings: Settings) -> Iterator[Finding]:
    """Everything that needs the database; a check that another's problem makes impossible is left out."""
    try:
        place = database(settings)
    except Unavailable as fault:
        yield problem("database", fault.message, "Correct or unset OSTIARY_DATABASE_URL.")
        return
    if isinstance(place, opening.SqliteDatabase):
        yield from _in_file(settings, place.path)
    else:
        yield from _on_server(settings, place)


def _in_file(settings: Settings, path: Path) -> Iterator[Finding]:
    if not path.exists() or path.stat().st_size == 0:
        yield from _none_yet(settings, path)
        return
    try:
        with closing(_connect(path)) as connection:
            look = SqliteAside(connection)
            yield from _look(settings, str(path), _schema_in_file(look), look, clock.now_ms())
    except sqlite3.Error as fault:
        yield problem("database", f"{path} cannot be read: {fault}", _RESTORE)


def _on_server(settings: Settings, place: opening.Database) -> Iterator[Finding]:
    engine = place.engine()
    try:
        schema = place.schema()
        with engine.aside() as look:
            yield from durability(look)
            server_ms = read_time(look)
            yield from clocks(server_ms)
            yield from _look(settings, place.shown, schema, look, server_ms)
        yield from plans(engine)
    except Unavailable as fault:
        from ostiary.storage.postgres.reasons import reason  # with asyncpg, which a file does without

        why = f": {words}" if (words := reason(fault.__cause__)) else ""
        yield problem(
            "database", f"{place.shown} cannot be used{why}",
            "Start PostgreSQL, or correct OSTIARY_DATABASE_URL: host, port, database, user and password.",
        )  # fmt: skip
    finally:
        engine.close()


def _none_yet(settings: Settings, path: Path) -> Iterator[Finding]:
    yield _clock(None, clock.now_ms())
    if settings.data_dir.is_dir():
        yield warning(
            "database", f"{path} does not exist yet", "Run `ostiary serve --sandbox` or `ostiary serve`: it makes one."
        )


def _connect(path: Path) -> sqlite3.Connection:
    in_use = path.with_name(path.name + "-wal").exists()
    return sqlite3.connect(f"{path.as_uri()}?mode=ro{'' if in_use else '&immutable=1'}", uri=True, timeout=5)


def _look(settings: Settings, shown_as: str, at: str | None, look: Aside, now_ms: int) -> Iterator[Finding]:
    """`now_ms` by the clock that the database's times are by."""
    schema = _schema(shown_as, at)
    yield schema
    if schema.level is Level.PROBLEM:
        yield _clock(None, now_ms)
        return
    yield _clock(look, now_ms)
    yield from _messages(look, now_ms)
    yield from _endpoints(look)
    if (ring := _ring(settings)) is None:
        yield from _no_key(settings)
        return
    cipher = Keyring(ring)
    yield (fits := _fit(cipher, look))
    if fits.level is Level.OK:
        yield from _webhooks(settings, look, cipher)


def _schema_in_file(look: Aside) -> str | None:
    try:
        rows = look.rows("SELECT version_num FROM alembic_version")
    except sqlite3.OperationalError:
        return None
    return str(rows[0][0]) if rows else None


def _schema(shown_as: str, at: str | None) -> Finding:
    if at is None:
        return problem(
            "database", f"{shown_as} has no schema of Ostiary",
            "If it is meant for Ostiary, run `ostiary migrate`; else set OSTIARY_DATABASE_URL to the right one.",
        )  # fmt: skip
    if at > opening.FINISHED:
        return problem("database", f"schema {at}, newer than this version's {opening.FINISHED}", "Run a newer Ostiary.")
    if at < opening.SCHEMA:
        return warning(
            "database", f"schema {at}, this version needs {opening.SCHEMA}",
            "Take a backup, then run `ostiary migrate`; `ostiary serve` would do it at its start.",
        )  # fmt: skip
    return ok("database", f"{shown_as}, schema {at}")


def _clock(look: Aside | None, now: int) -> Finding:
    """A clock that is behind makes ids and audit entries that seem older than what they follow."""
    advice = "Set the clock, and let NTP keep it: `timedatectl` shows whether it does."
    if datetime.fromtimestamp(now / 1000, UTC).year < RELEASED_YEAR:
        return problem("clock", f"it is {shown(now)}, before this version was made", advice)
    ids = [] if look is None else [row[0] for row in look.rows(NEWEST_IDS)]
    newest = max((time_ms(one) for one in ids if one is not None and is_id(one)), default=0)
    if newest > now + CLOCK_SLACK_MS:
        return problem("clock", f"it is {shown(now)}, but the database's newest was made {shown(newest)}", advice)
    return ok("clock", f"{shown(now)} UTC")


def _messages(look: Aside, now: int) -> Iterator[Finding]:
    counts: dict[str, int] = {row[0]: row[1] for row in look.rows(STATES)}
    failed, waiting = counts.get("failed", 0), counts.get("pending", 0)
    overdue, since = look.rows(OVERDUE, now - OVERDUE_MS)[0]
    if failed:
        yield warning(
            "messages given up", f"{failed} could not be delivered in three days of trying",
            "Have the companies correct their webhook address, and read the status of their requests with the API.",
        )  # fmt: skip
    if overdue:
        yield warning(
            "messages", f"{overdue} should have been handled by now, the oldest since {shown(since)}",
            "Start `ostiary serve`, or `ostiary worker` where OSTIARY_EMBEDDED_WORKER is 0.",
        )  # fmt: skip
    else:
        yield ok("messages", f"{waiting} waiting for their next try" if waiting else "none waiting")


def _endpoints(look: Aside) -> Iterator[Finding]:
    """Endpoints that get nothing more until their company subscribes again."""
    disabled = look.rows(DISABLED)
    if disabled:
        named = ", ".join(f"{company_id} ({because})" for company_id, because in disabled[:MOST_NAMED])
        yield warning(
            "endpoints", f"{len(disabled)} disabled: {named}",
            "Tell the company: its events wait for 30 days, and are sent when it subscribes again.",
        )  # fmt: skip


def _has_key(settings: Settings) -> bool:
    named = settings.master_key or settings.master_key_file
    return bool(named) or (settings.data_dir / master_key.FILE_NAME).exists()


def _ring(settings: Settings) -> dict[int, bytes] | None:
    """The master keys, if there are any that can be read. Nothing is made."""
    if not _has_key(settings):
        return None
    try:
        return master_key.read_masters(settings.master_key, settings.master_key_file, settings.data_dir)
    except (KeyMismatch, OSError, UnicodeDecodeError):
        return None


def _no_key(settings: Settings) -> Iterator[Finding]:
    """A database without its key. One that cannot be read was told of with the machine's checks."""
    if not _has_key(settings):
        yield problem(
            "master key", f"{settings.data_dir / master_key.FILE_NAME} is missing, and no other key is set",
            "Put the key back, or set OSTIARY_MASTER_KEY_FILE to where you keep it. Nothing can be read without it.",
        )  # fmt: skip


def _fit(cipher: Keyring, look: Aside) -> Finding:
    """Whether the master key opens the database's own keys; they are then in the cipher."""
    try:
        for purpose, wrapped in look.rows(sql.INSTALLATION):
            if purpose in opening.LOOKUP_KEYS:
                cipher.set_lookup_key(purpose, cipher.unwrap(wrapped, f"{opening.PLACE}|{purpose}"))
    except KeyMismatch:
        return problem(
            "key and database", "the master key does not open this database",
            "Set the key that this database was made with: OSTIARY_MASTER_KEY, OSTIARY_MASTER_KEY_FILE, or master.key "
            "in the data folder, in that order. Nothing is lost as long as you have it.",
        )  # fmt: skip
    return ok("key and database", "the master key opens this database")


def _webhooks(settings: Settings, look: Aside, cipher: Keyring) -> Iterator[Finding]:
    records, companies = Records(cipher), list[Company]()
    for row in look.rows(sql.COMPANIES):
        try:
            companies.append(records.company(row))
        except (KeyMismatch, Tampered):
            yield problem(
                "company", f"{row[0]} cannot be opened",
                "Its key is missing from the ring, or its row was changed: add the older master key, or restore.",
            )  # fmt: skip
    yield from asyncio.run(webhooks(companies, settings.allowed_private_networks))
