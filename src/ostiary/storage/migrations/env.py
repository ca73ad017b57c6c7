"""Alembic's entry: applies the versions to the database whose URL the caller set."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, event, pool


def _careful(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")


url = context.config.attributes.get("url")
if url is None:
    raise SystemExit("no database to migrate: run `ostiary migrate`, which names it")
engine = create_engine(url, poolclass=pool.NullPool)
event.listen(engine, "connect", _careful)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
