"""What erasure brought to tables in use, on PostgreSQL, whole and split by company."""

from __future__ import annotations

import pytest

from ostiary.storage import opening
from tests.servers.postgresql import shared
from tests.storage.postgres_shelf import PostgresShelf, partition
from tests.storage.test_partitioned import INDEXES, columns, unsplit


@pytest.mark.parametrize("is_split", [True, False])
def test_what_came_with_0017_is_made_on_tables_in_use_also_after_an_attempt_that_was_broken_off(is_split: bool) -> None:
    """Columns of clients and of answers, and indexes of what is removed by its client."""
    shelf, came = PostgresShelf(is_partitioned=is_split), ("erasures", "holds")
    grown = ("clients", "answers", "messages", "likenesses", "contested_numbers")
    fresh = {table: unsplit(shelf, table) if is_split else shelf.rows(INDEXES, table) for table in came}
    indexes = {table: shelf.rows(INDEXES, table) for table in grown}
    before = {table: columns(shelf, table) for table in grown}
    shelf.spoil_schema("DROP TABLE holds")  # the erasures were made before it was broken off
    shelf.spoil_schema("ALTER TABLE clients DROP COLUMN erased_at_ms")
    shelf.spoil_schema("ALTER TABLE answers DROP COLUMN client_id")
    shelf.spoil_schema("DROP INDEX likenesses_client")
    for _ in range(2):
        shelf.spoil("UPDATE alembic_version SET version_num = ?", "0016")
        assert opening.migrate(shelf.place)
        assert {table: shelf.rows(INDEXES, table) for table in ("holds",)} == {"holds": fresh["holds"]}
        assert {table: columns(shelf, table) for table in grown} == before
        assert {table: shelf.rows(INDEXES, table) for table in grown} == indexes
    if is_split:
        partition(shelf.name)
        kinds = dict(shelf.rows("SELECT relname::text, relkind::text FROM pg_class WHERE relkind IN ('p', 'r')"))
        assert {table: kinds[table] for table in came} == dict.fromkeys(came, "p")
    shared().drop([shelf.name])
