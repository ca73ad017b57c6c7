"""Alembic's entry: applies the versions to the database whose address the caller set."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from alembic import context
from sqlalchemy import URL, create_engine, event, pool, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

ONE_AT_A_TIME = 0x6F73746961727901
"""Key of the advisory lock that a migration holds: "ostiary", and a number."""
LOCK_WAIT = "3s"
"""A statement that cannot get its table lock at once gives up, or everybody else would wait behind it in the line."""
NO_HURRY = "SET statement_timeout = 0"
"""The role's own limit is meant for requests: building an index may take hours."""
TRIES, PAUSE_S = 20, 2.0
LOOK_EVERY_S = 0.2
"""How often who waits for another's migration looks whether that is over. Waiting inside of a statement would hold up
the indexes that the other builds beside those who write: these wait for every statement that began before."""


def _careful(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")


def _run(connection: Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def _on_sqlite(path: str) -> None:
    engine = create_engine(URL.create("sqlite", database=path), poolclass=pool.NullPool)
    event.listen(engine, "connect", _careful)
    with engine.connect() as connection:
        _run(connection)


async def _on_postgres(dsn: str) -> None:
    """What was done of a migration that gave up is undone, and it is tried again: others are served meanwhile."""
    guard = await asyncpg.connect(dsn)
    try:
        while not await guard.fetchval(f"SELECT pg_try_advisory_lock({ONE_AT_A_TIME})"):
            await asyncio.sleep(LOOK_EVERY_S)
        for tried in range(TRIES):
            try:
                await _once(dsn)
            except Exception as problem:
                if not _waited_in_vain(problem) or tried == TRIES - 1:
                    raise
                await asyncio.sleep(PAUSE_S)
            else:
                return
    finally:
        await guard.close()


def _waited_in_vain(problem: BaseException | None) -> bool:
    """By what caused it: SQLAlchemy's own words for it differ between its versions."""
    while problem is not None and not isinstance(problem, asyncpg.LockNotAvailableError):
        problem = problem.__cause__
    return problem is not None


async def _once(dsn: str) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        poolclass=pool.NullPool,
        async_creator=lambda: asyncpg.connect(dsn, statement_cache_size=0),
    )
    async with engine.connect() as connection:
        await connection.execute(text(NO_HURRY))
        await connection.execute(text(f"SET lock_timeout = '{LOCK_WAIT}'"))
        await connection.commit()
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


url = context.config.attributes.get("url")
if url is None:
    raise SystemExit("no database to migrate: run `ostiary migrate`, which names it")
if isinstance(url, str) and url.startswith("postgres"):
    asyncio.run(_on_postgres(url))
else:
    _on_sqlite(str(url).partition("://")[2])
