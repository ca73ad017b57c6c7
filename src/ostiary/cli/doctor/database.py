"""What `doctor` looks at in the database, read only: schema, key, clock, messages, and where webhooks point.

A database that nobody has open is read as it lies on the disk: opened the usual way, even to read, SQLite would make
its two files beside it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from ostiary.adapters import clock
from ostiary.adapters.config.lifecycle import retention_file
from ostiary.adapters.crypto import master_key
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.adapters.http_client.addresses import LOOPBACK
from ostiary.app import database, key_source
from ostiary.cli.doctor.checkpoints import checkpoints
from ostiary.cli.doctor.erasures import erasures, retention
from ostiary.cli.doctor.lookup_keys import lookup_keys
from ostiary.cli.doctor.machine import NO_INSTALLATION, DoctorFinding, Level, ok, problem, warning
from ostiary.cli.doctor.master_keys import master_keys
from ostiary.cli.doctor.people import people
from ostiary.cli.doctor.postgres import clocks, durability, plans
from ostiary.cli.doctor.stored import stored
from ostiary.cli.doctor.webhooks import webhooks
from ostiary.cli.sandbox_welcome import FILE_NAME as SANDBOX_FILE
from ostiary.domain.companies.company import Company
from ostiary.domain.errors import Broken, KeyMismatch, RetentionInvalid, StoredByNewer, Tampered, Unavailable
from ostiary.domain.ids import is_id, time_ms
from ostiary.domain.times import format_timestamp
from ostiary.settings import Settings
from ostiary.storage import diagnostics, opening
from ostiary.storage.engine import BlockingConnection
from ostiary.storage.operators.accounts import house_id
from ostiary.storage.server_clock import read_time
from ostiary.storage.sqlite.engine import SqliteBlocking
from ostiary.storage.tables.companies import COMPANIES, company_of
from ostiary.storage.tables.installation import INSTALLATION
from ostiary.storage.tables.messages import MESSAGE_COUNTS

RELEASED_YEAR = 2026
CLOCK_SLACK_MS = 60_000
"""Machines that take turns on one data folder may differ a little."""
OVERDUE_MS = 60_000
"""A running worker takes what is due within a second; a minute means there is none, or it cannot keep up."""
MOST_NAMED = 5
_RESTORE = "Restore it from a backup (`ostiary restore`), or set OSTIARY_DATABASE_URL to the right file."


def check_database(settings: Settings) -> Iterator[DoctorFinding]:
    """Every check that needs the database; one that another problem makes impossible is left out."""
    try:
        place = database(settings)
    except Unavailable as fault:
        yield problem("database", fault.message, "Correct or unset OSTIARY_DATABASE_URL.")
        return
    if isinstance(place, opening.SqliteDatabase):
        yield from _in_file(settings, place.path)
    else:
        yield from _on_server(settings, place)


def _in_file(settings: Settings, path: Path) -> Iterator[DoctorFinding]:
    if not path.exists() or path.stat().st_size == 0:
        yield from _none_yet(settings, path)
        return
    try:
        with closing(_connect(path)) as connection:
            look = SqliteBlocking(connection)
            yield from _look(settings, str(path), _schema_in_file(look), look, clock.now_ms())
    except sqlite3.Error as fault:
        yield problem("database", f"{path} cannot be read: {fault}", _RESTORE)


def _on_server(settings: Settings, place: opening.Database) -> Iterator[DoctorFinding]:
    engine = place.engine()
    try:
        schema = place.schema()
        with engine.blocking() as look:
            yield from durability(look)
            server_ms = read_time(look)
            yield from clocks(server_ms)
            yield from _look(settings, place.shown, schema, look, server_ms)
        yield from plans(engine)
    except Unavailable as fault:
        from ostiary.storage.postgres.reasons import reason  # with asyncpg, which a file does without

        why = f": {words}" if (words := reason(fault.__cause__)) else ""
        yield problem(
            "database",
            f"{place.shown} cannot be used{why}",
            "Start PostgreSQL, or correct OSTIARY_DATABASE_URL: host, port, database, user and password.",
        )
    finally:
        engine.close()


def _none_yet(settings: Settings, path: Path) -> Iterator[DoctorFinding]:
    yield _clock(None, clock.now_ms())
    if settings.database_url:
        advice = "Correct OSTIARY_DATABASE_URL; `ostiary migrate` makes a database there."
        yield problem("database", f"there is no installation: {path} does not exist", advice)
    elif settings.data_dir.is_dir():  # else the folder was told of
        yield problem("database", f"there is no installation: {path} does not exist", NO_INSTALLATION)


def _connect(path: Path) -> sqlite3.Connection:
    in_use = path.with_name(path.name + "-wal").exists()
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{'' if in_use else '&immutable=1'}", uri=True, timeout=5)


def _look(
    settings: Settings, shown_as: str, at: str | None, look: BlockingConnection, now_ms: int
) -> Iterator[DoctorFinding]:
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
        yield from _no_key(settings, look)
        return
    cipher = Keyring(ring)
    yield (fits := _fit(cipher, look))
    if fits.level is Level.OK:
        yield from master_keys(look, cipher, now_ms)
        yield from lookup_keys(look, now_ms)
        yield from checkpoints(settings, look, now_ms)
        yield from _companies(settings, look, cipher, is_current=schema.level is Level.OK)


def _schema_in_file(look: BlockingConnection) -> str | None:
    try:
        return diagnostics.schema_of(look)
    except sqlite3.OperationalError:
        return None


def _schema(shown_as: str, at: str | None) -> DoctorFinding:
    if at is None:
        return problem(
            "database",
            f"{shown_as} has no schema of Ostiary",
            "If it is meant for Ostiary, run `ostiary migrate`; else set OSTIARY_DATABASE_URL to the right one.",
        )
    if at > opening.FINISHED:
        return problem("database", f"schema {at}, newer than this version's {opening.FINISHED}", "Run a newer Ostiary.")
    if at < opening.SCHEMA:
        return warning(
            "database",
            f"schema {at}, this version needs {opening.SCHEMA}",
            "Take a backup, then run `ostiary migrate`; `ostiary serve` would do it at its start.",
        )
    return ok("database", f"{shown_as}, schema {at}")


def _clock(look: BlockingConnection | None, now: int) -> DoctorFinding:
    """Compares clocks: one that is behind makes ids and audit entries older than what they follow."""
    advice = "Set the clock, and let NTP keep it: `timedatectl` shows whether it does."
    if datetime.fromtimestamp(now / 1000, UTC).year < RELEASED_YEAR:
        return problem("clock", f"it is {format_timestamp(now)}, before this version was made", advice)
    ids = [] if look is None else diagnostics.newest_ids(look)
    newest = max((time_ms(newest_id) for newest_id in ids if is_id(newest_id)), default=0)
    if newest > now + CLOCK_SLACK_MS:
        return problem(
            "clock",
            f"it is {format_timestamp(now)}, but the database's newest was made {format_timestamp(newest)}",
            advice,
        )
    return ok("clock", f"{format_timestamp(now)} UTC")


def _messages(look: BlockingConnection, now: int) -> Iterator[DoctorFinding]:
    counts = Counter[str]()
    for _, state, count in look.rows(MESSAGE_COUNTS):
        counts[state] += count
    failed, waiting = counts["failed"], counts["pending"]
    overdue, since = diagnostics.overdue(look, now - OVERDUE_MS)
    if failed:
        yield warning(
            "messages given up",
            f"{failed} could not be delivered in three days of trying",
            "Have the companies correct their webhook address, and read the status of their requests with the API.",
        )
    if overdue:
        yield warning(
            "messages",
            f"{overdue} should have been handled by now, the oldest since {format_timestamp(since)}",
            "Start `ostiary serve`, or `ostiary worker` where OSTIARY_EMBEDDED_WORKER is elsewhere.",
        )
    else:
        yield ok("messages", f"{waiting} waiting for their next try" if waiting else "none waiting")


def _endpoints(look: BlockingConnection) -> Iterator[DoctorFinding]:
    """Endpoints that were disabled, and get nothing more until their company subscribes again."""
    disabled = diagnostics.disabled_endpoints(look)
    if disabled:
        named = ", ".join(f"{company_id} ({because})" for company_id, because in disabled[:MOST_NAMED])
        yield warning(
            "endpoints",
            f"{len(disabled)} disabled: {named}",
            "Tell the company: its events wait for 30 days, and are sent when it subscribes again.",
        )


def _ring(settings: Settings) -> dict[int, bytes] | None:
    """The master keys, if there are any that can be read. None is made."""
    if not key_source(settings).is_there:
        return None
    try:
        return master_key.read_masters(key_source(settings))
    except (KeyMismatch, OSError, UnicodeDecodeError):
        return None


def _no_key(settings: Settings, look: BlockingConnection) -> Iterator[DoctorFinding]:
    """A database without its key. One that cannot be read was told of with the machine's checks."""
    if key_source(settings).is_there:
        return
    if not any(purpose in opening.LOOKUP_KEYS for purpose, _ in look.rows(INSTALLATION)):
        yield ok("master key", "none yet: `ostiary company create` makes it with the first company")
        return
    yield problem(
        "master key",
        f"{settings.data_dir / master_key.FILE_NAME} is missing, and no other key is set",
        "Put the key back, or set OSTIARY_MASTER_KEY_FILE to where you keep it. Nothing can be read without it.",
    )


def _fit(cipher: Keyring, look: BlockingConnection) -> DoctorFinding:
    """Whether the master key opens the database's own keys, which the cipher then has."""
    try:
        opening.give_keys(cipher, look)
    except KeyMismatch:
        return problem(
            "key and database",
            "the master key does not open this database",
            "Set the key that this database was made with: OSTIARY_MASTER_KEY, OSTIARY_MASTER_KEY_FILE, or master.key "
            "in the data folder, in that order. Nothing is lost as long as you have it.",
        )
    except Broken as broken:
        return problem("key and database", str(broken), "Put the table `installation` back from a backup.")
    return ok("key and database", "the master key opens this database")


def _retention(
    settings: Settings, companies: list[Company], look: BlockingConnection, cipher: Keyring
) -> Iterator[DoctorFinding]:
    try:
        rules = retention_file.load(settings.catalogue)
    except RetentionInvalid as faulty:
        yield problem("retention", str(faulty), "`ostiary retention show` names each fault with its line.")
        return
    yield from retention(companies, look, cipher, rules, clock.now_ms())


def _companies(
    settings: Settings, look: BlockingConnection, cipher: Keyring, *, is_current: bool
) -> Iterator[DoctorFinding]:
    """Where their webhooks point and, in a schema that knows of it, what is kept of them."""
    companies = list[Company]()
    own_id = house_id(look)
    for row in look.rows(COMPANIES):
        try:
            company = company_of(cipher, row)
            companies += [company] if row[0] != own_id else []
        except StoredByNewer as newer:
            yield problem("company", f"{row[0]} cannot be opened: {newer.message}", "Run that version again.")
        except (KeyMismatch, Tampered):
            yield problem(
                "company",
                f"{row[0]} cannot be opened",
                "Its key is missing from the ring, or its row was changed: add the older master key, or restore.",
            )
    if is_current:
        yield from stored(settings, companies, look)
        yield from people(settings, look)
        yield from erasures(companies, look, clock.now_ms())
        yield from _retention(settings, companies, look, cipher)
    is_tried = (settings.data_dir / SANDBOX_FILE).exists()  # `serve --sandbox` opens this machine to its company
    allowed = settings.allowed_private_networks
    yield from asyncio.run(webhooks(companies, allowed, (*allowed, *LOOPBACK) if is_tried else allowed))
