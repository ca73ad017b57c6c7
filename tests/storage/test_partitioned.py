"""Tables split by company, as `deploy/postgresql/partition.sql` splits them. That everything of the store works on them
is said by the tests that run on every engine; here it is the script itself, and which parts a statement reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ostiary.storage import opening
from ostiary.storage.postgres import composing
from ostiary.storage.postgres.pool import PLANS
from ostiary.storage.schema.tables import OF_NO_COMPANY, TABLES
from tests.conventions.test_statements import FOR_THE_INSTALLATION, STATEMENTS, tables_of
from tests.servers.console import console
from tests.servers.postgresql import shared
from tests.storage.postgres_shelf import PostgresShelf, partition
from tests.storage.test_plans import INSERTS
from tests.storage.test_plans_postgres import READING, texts

WHOLE = {*OF_NO_COMPANY, "companies"}
SPLIT = sorted({table.name for table in TABLES} - WHOLE | {"arrivals", "stored_changes"})
COLUMNS = """SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, c.collname,
 pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation
 LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = '{}'::regclass AND a.attnum > 0 ORDER BY a.attnum"""
INDEXES = "SELECT replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes WHERE tablename = ? ORDER BY 1"
HALF = "(company_id, reference_mark) WHERE reference_mark IS NOT NULL"
OPTIONS = "SELECT DISTINCT array_to_string(reloptions, ',') FROM pg_class WHERE relname ~ ('^' || ? || '(_[0-9]+)?$') "
OURS = {table.name for table in TABLES}
ON_TABLES = {name for name, text in STATEMENTS.items() if tables_of(text) & OURS}
IN_ONE_COMPANY = sorted((set(READING) & ON_TABLES) - set(FOR_THE_INSTALLATION))
"""What a request asks, and what a worker asks once it knows whose message it has."""

NOTHING_SPLIT = INSERTS | {
    "DUE_FROM",
    "COMPANY",
    "CHANGE_COMPANY",
    "HOLD_COMPANY",
    "INSTALLED",
    "CATALOGUE",
    "TERMS_TEXT",
    "CHANGE_INSTALLED",
    "DROP_INSTALLED",
    "REWRAP_COMPANY",
}
"""These only add, or read a table that is whole."""


@pytest.fixture(scope="module")
def whole() -> Iterator[PostgresShelf]:
    shelf = PostgresShelf()
    yield shelf
    shared().drop([shelf.name])


@pytest.fixture(scope="module")
def split() -> Iterator[PostgresShelf]:
    shelf = PostgresShelf(is_partitioned=True)
    yield shelf
    shared().drop([shelf.name])


def test_every_table_of_a_company_is_split_and_no_other(split: PostgresShelf) -> None:
    names = split.rows("SELECT relname::text FROM pg_class WHERE relkind = 'p' ORDER BY 1")
    assert [name for (name,) in names] == SPLIT
    parts = split.rows(
        "SELECT inhparent::regclass::text, count(*) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid "
        "WHERE c.relkind = 'r' GROUP BY 1"
    )
    assert dict(parts) == dict.fromkeys(SPLIT, 8)


@pytest.mark.parametrize("table", SPLIT)
def test_a_split_table_is_what_it_was(whole: PostgresShelf, split: PostgresShelf, table: str) -> None:
    assert split.rows(COLUMNS.format(table)) == whole.rows(COLUMNS.format(table))
    assert split.rows(INDEXES, table) == whole.rows(INDEXES, table)
    part_options = split.rows(f"{OPTIONS} AND relkind = 'r'", table)
    assert part_options == whole.rows(f"{OPTIONS} AND relkind = 'r'", table)


def test_rows_are_moved_a_second_time_nothing_happens_and_the_schema_can_be_finished() -> None:
    """Also on a schema that is not finished yet, which has an index that no table split by company can have."""
    shelf = PostgresShelf()
    shelf.spoil_schema("CREATE UNIQUE INDEX api_keys_id ON api_keys (key_id)")
    for table in ("past_profiles", "remarks", "contested_numbers"):  # which came later
        shelf.spoil_schema(f"DROP TABLE {table}")
    shelf.spoil_schema("ALTER TABLE enablements DROP COLUMN review_kind, DROP COLUMN review_reasons")
    shelf.spoil_schema("ALTER TABLE clients DROP COLUMN reference_mark")
    shelf.spoil("UPDATE alembic_version SET version_num = ?", "0004")
    shelf.spoil_schema("INSERT INTO likenesses SELECT 'company' || i, 'x', 'client', 'd' FROM generate_series(1, 99) i")
    before = shelf.everything()
    assert "likenesses: 3 partitions, 99 rows moved" in partition(shelf.name, "SET ostiary.partitions = '3'")
    assert shelf.everything() == before
    assert "NOTICE" not in partition(shelf.name)
    assert opening.migrate(shelf.place, finish=True)
    assert shelf.place.schema() == opening.FINISHED
    shared().drop([shelf.name])


def test_the_index_of_references_is_built_part_by_part_also_after_an_attempt_that_was_broken_off() -> None:
    shelf = PostgresShelf(is_partitioned=True)
    shelf.spoil_schema(
        "INSERT INTO clients SELECT 'company' || i, 'x', 1, 'pending', 'mark', 'key', 'details', 0, 'head', 1, 1 "
        "FROM generate_series(1, 99) i"
    )
    before = shelf.everything()
    fresh = [shelf.rows(INDEXES, table) for table in ("clients", "clients_0", "clients_7")]
    shelf.spoil_schema("DROP INDEX clients_reference")
    shelf.spoil_schema("ALTER TABLE clients DROP COLUMN reference_mark")
    shelf.spoil("UPDATE alembic_version SET version_num = ?", "0006")
    assert opening.migrate(shelf.place, finish=True)
    assert shelf.rows("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid") == []
    assert shelf.rows(INDEXES, "clients") == fresh[0]
    unnamed = re.compile(r"INDEX \S+ ON")
    for table, whole in zip(("clients_0", "clients_7"), fresh[1:], strict=True):
        now = shelf.rows(INDEXES, table)
        assert sorted(unnamed.sub("", str(row)) for row in now) == sorted(unnamed.sub("", str(row)) for row in whole)
    shelf.spoil_schema("DROP INDEX clients_reference")
    shelf.spoil_schema(f"CREATE UNIQUE INDEX clients_reference ON ONLY clients {HALF}")
    shelf.spoil_schema(f"CREATE UNIQUE INDEX clients_3_reference ON clients_3 {HALF}")
    shelf.spoil("UPDATE alembic_version SET version_num = ?", "0006")
    assert opening.migrate(shelf.place, finish=True), "it goes on where it was broken off"
    assert shelf.rows("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid") == []
    assert shelf.rows("SELECT count(*) FROM pg_inherits WHERE inhparent = 'clients_reference'::regclass") == [(8,)]
    assert shelf.everything() == before
    shared().drop([shelf.name])


@pytest.mark.parametrize("is_split", [True, False])
def test_what_came_with_0009_is_made_on_tables_in_use_also_after_an_attempt_that_was_broken_off(is_split: bool) -> None:
    shelf = PostgresShelf(is_partitioned=is_split)
    fresh = {table: shelf.rows(INDEXES, table) for table in ("messages", "documents")}
    shelf.spoil_schema("DROP INDEX messages_tests, messages_delivered")
    shelf.spoil_schema("ALTER TABLE documents DROP COLUMN bytes")  # and its index
    shelf.spoil_schema("ALTER TABLE queues DROP COLUMN wake_from_ms, DROP COLUMN wakes_all")
    shelf.spoil_schema("DROP TABLE stored_bytes, stored_changes")
    if is_split:
        shelf.spoil_schema(
            "CREATE INDEX messages_tests ON ONLY messages (company_id, message_id) "
            "WHERE client_id = '' AND state = 'pending'"
        )
    for _ in range(2):
        shelf.spoil("UPDATE alembic_version SET version_num = ?", "0008")
        assert opening.migrate(shelf.place, finish=True)
        assert shelf.rows("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid") == []
        assert {table: shelf.rows(INDEXES, table) for table in fresh} == fresh
    if is_split:
        assert shelf.rows("SELECT count(*) FROM pg_inherits WHERE inhparent = 'messages_tests'::regclass") == [(8,)]
    shared().drop([shelf.name])


@pytest.mark.parametrize("is_split", [True, False])
def test_what_came_with_0010_is_made_on_tables_in_use_also_after_an_attempt_that_was_broken_off(is_split: bool) -> None:
    shelf = PostgresShelf(is_partitioned=is_split)
    came = ("operators", "operator_sessions", "sign_in_failures", "review_claims", "review_drafts")
    whole = PostgresShelf()
    fresh = {table: whole.rows(INDEXES, table) for table in came} | {"enablements": shelf.rows(INDEXES, "enablements")}
    shelf.spoil_schema("DROP INDEX enablements_waiting, enablements_urgent")
    shelf.spoil_schema(f"DROP TABLE {', '.join(came[1:])}")  # the first was made before it was broken off
    if is_split:
        [waiting] = [index for (index,) in fresh["enablements"] if "INDEX enablements_waiting" in index]
        shelf.spoil_schema("DROP TABLE operators")
        shelf.spoil_schema(waiting.replace(" ON ", " ON ONLY ", 1).replace("public.", ""))
    for _ in range(2):
        shelf.spoil("UPDATE alembic_version SET version_num = ?", "0009")
        assert opening.migrate(shelf.place, finish=True)
        assert shelf.rows("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid") == []
        assert {table: shelf.rows(INDEXES, table) for table in fresh} == fresh
    if is_split:
        parts = shelf.rows("SELECT count(*) FROM pg_inherits WHERE inhparent = 'enablements_waiting'::regclass")
        assert parts == [(8,)]
        partition(shelf.name)  # splits the new tables too
        assert all(shelf.rows("SELECT 1 FROM pg_class WHERE relkind = 'p' AND relname = ?", table) for table in came)
    shared().drop([shelf.name, whole.name])


@pytest.mark.parametrize("is_split", [True, False])
def test_what_came_with_0011_is_made_on_tables_in_use_also_after_an_attempt_that_was_broken_off(is_split: bool) -> None:
    shelf, whole = PostgresShelf(is_partitioned=is_split), PostgresShelf()
    came = ("operator_passkeys", "approvals")
    claims = whole.rows(INDEXES, "review_claims")
    fresh = {table: whole.rows(INDEXES, table) for table in came}
    shelf.spoil_schema("DROP INDEX review_claims_until")
    shelf.spoil_schema("DROP INDEX operator_passkeys_operator")  # the table was made before it was broken off
    for _ in range(2):
        shelf.spoil("UPDATE alembic_version SET version_num = ?", "0010")
        assert opening.migrate(shelf.place, finish=True)
        shelf.spoil_schema(f"DROP TABLE {', '.join(came)}")
    shelf.spoil("UPDATE alembic_version SET version_num = ?", "0010")
    assert opening.migrate(shelf.place, finish=True)
    assert {table: shelf.rows(INDEXES, table) for table in came} == fresh
    assert shelf.rows(INDEXES, "review_claims") == claims
    if is_split:
        partition(shelf.name)  # splits the new tables too
        assert all(shelf.rows("SELECT 1 FROM pg_class WHERE relkind = 'p' AND relname = ?", table) for table in came)
    shared().drop([shelf.name, whole.name])


@pytest.mark.parametrize("is_split", [True, False])
def test_what_came_with_0012_is_made_on_tables_in_use_also_after_an_attempt_that_was_broken_off(is_split: bool) -> None:
    shelf, whole = PostgresShelf(is_partitioned=is_split), PostgresShelf()
    came = ("onboarding_links", "onboarding_sessions", "company_brands")
    fresh = {table: whole.rows(INDEXES, table) for table in came}
    shelf.spoil_schema("DROP INDEX onboarding_links_due")  # the tables were made before it was broken off
    for _ in range(2):
        shelf.spoil("UPDATE alembic_version SET version_num = ?", "0011")
        assert opening.migrate(shelf.place, finish=True)
        shelf.spoil_schema(f"DROP TABLE {', '.join(came)}")
    shelf.spoil("UPDATE alembic_version SET version_num = ?", "0011")
    assert opening.migrate(shelf.place, finish=True)
    assert {table: shelf.rows(INDEXES, table) for table in came} == fresh
    if is_split:
        partition(shelf.name)  # splits the new tables too
        assert all(shelf.rows("SELECT 1 FROM pg_class WHERE relkind = 'p' AND relname = ?", table) for table in came)
    shared().drop([shelf.name, whole.name])


@pytest.mark.parametrize(
    ("before", "tables", "index"),
    [
        ("0012", ("deadlines",), "deadlines_due"),
        ("0013", ("publications",), None),
        ("0015", ("document_chips", "chip_marks", "chip_challenges"), None),
        ("0017", ("imports", "import_rows", "import_keys"), "import_rows_client"),
    ],
)
def test_what_came_with_0013_0014_0016_and_0018_is_made_also_after_an_attempt_that_was_broken_off(
    before: str, tables: tuple[str, ...], index: str | None
) -> None:
    shelf = PostgresShelf()
    fresh = {table: shelf.rows(INDEXES, table) for table in tables}
    if index is not None:
        shelf.spoil_schema(f"DROP INDEX {index}")  # the table was made before it was broken off
    for _ in range(2):
        shelf.spoil("UPDATE alembic_version SET version_num = ?", before)
        assert opening.migrate(shelf.place, finish=True)
        assert {table: shelf.rows(INDEXES, table) for table in tables} == fresh
        shelf.spoil_schema(f"DROP TABLE {', '.join(tables)}")
    shelf.spoil("UPDATE alembic_version SET version_num = ?", before)
    assert opening.migrate(shelf.place, finish=True)
    partition(shelf.name)  # splits the new table, where it is of companies
    kinds = dict(shelf.rows("SELECT relname::text, relkind::text FROM pg_class WHERE relkind IN ('p', 'r')"))
    assert {table: kinds[table] for table in tables} == {table: "p" if table in SPLIT else "r" for table in tables}
    shared().drop([shelf.name])


@pytest.mark.parametrize("is_split", [True, False])
def test_what_came_with_0015_is_made_on_tables_in_use_also_after_an_attempt_that_was_broken_off(is_split: bool) -> None:
    """Texts are nobody's and stay whole; a column comes to clients that are there."""
    shelf, came = PostgresShelf(is_partitioned=is_split), ("terms_texts", "terms_acceptances")
    shelf.spoil_schema(
        "INSERT INTO clients (company_id, client_id, version, status, email_mark, data_key, details, chain_length, "
        "chain_head, created_at_ms, updated_at_ms) SELECT 'company' || i, 'x', 1, 'pending', 'mark', 'key', 'details', "
        "0, 'head', 1, 1 FROM generate_series(1, 99) i"
    )
    fresh, clients = {table: shelf.rows(INDEXES, table) for table in came}, columns(shelf, "clients")
    if is_split:  # as they are made, before anybody splits them
        fresh["terms_acceptances"] = unsplit(shelf, "terms_acceptances")
    before = shelf.everything()
    shelf.spoil_schema("DROP TABLE terms_acceptances")  # the texts were made before it was broken off
    shelf.spoil_schema("ALTER TABLE clients DROP COLUMN terms")
    for _ in range(2):
        shelf.spoil("UPDATE alembic_version SET version_num = ?", "0014")
        assert opening.migrate(shelf.place, finish=True)
        assert {table: shelf.rows(INDEXES, table) for table in came} == fresh
        assert columns(shelf, "clients") == clients
    assert shelf.everything() == before
    if is_split:
        partition(shelf.name)  # splits what is a company's
        kinds = dict(shelf.rows("SELECT relname::text, relkind::text FROM pg_class WHERE relkind IN ('p', 'r')"))
        assert {table: kinds[table] for table in came} == {"terms_texts": "r", "terms_acceptances": "p"}
    shared().drop([shelf.name])


def columns(shelf: PostgresShelf, table: str) -> set[tuple[Any, ...]]:
    """Those that were dropped leave a place behind, which is nobody's."""
    return {row for row in shelf.rows(COLUMNS.format(table)) if "pg.dropped" not in row[0]}


def unsplit(split: PostgresShelf, table: str) -> list[tuple[Any, ...]]:
    """The indexes of a table where it is not split."""
    whole = PostgresShelf()
    rows = whole.rows(INDEXES, table)
    shared().drop([whole.name])
    assert len(rows) == len(split.rows(INDEXES, table))
    return rows


def test_a_later_index_is_built_part_by_part(split: PostgresShelf) -> None:
    """As CONTRIBUTING.md says of migrations: PostgreSQL builds none concurrently on a table that is split."""
    shared().sql(split.name, "CREATE INDEX later ON ONLY clients (company_id, created_at_ms)")
    for part in range(8):
        shared().sql(
            split.name, f"CREATE INDEX CONCURRENTLY later_{part} ON clients_{part} (company_id, created_at_ms)"
        )
        shared().sql(split.name, f"ALTER INDEX later ATTACH PARTITION later_{part}")
    assert split.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'later'::regclass") == [(True,)]
    split.spoil_schema("DROP INDEX later")


@pytest.mark.parametrize("name", IN_ONE_COMPANY)
def test_a_statement_reads_one_part_of_each_table_by_an_index(split: PostgresShelf, name: str) -> None:
    for text in texts(name):
        read = _read(split, text)
        assert read or name in NOTHING_SPLIT, "it reads something, or this says nothing"
        assert len({part for _, part, _ in read}) <= 1, f"{name} reads several parts: {read}"
        assert not [table for table, _, kind in read if kind == "Seq Scan"], f"{name} reads through a table"


def test_a_dossier_reads_one_part_of_each_table(split: PostgresShelf) -> None:
    asks = tuple((STATEMENTS[name], 2) for name in ("CLIENT", "ENABLEMENTS", "DOCUMENTS"))
    read = _read(split, composing.side_by_side(asks))
    assert sorted(table for table, _, _ in read) == ["clients", "documents", "enablements"]
    assert len({part for _, part, _ in read}) == 1


def test_a_search_over_all_companies_reads_every_part(split: PostgresShelf) -> None:
    """Or the tests above could not fail."""
    [text] = texts("DUE_QUEUES")
    assert {part for _, part, _ in _read(split, text)} == {str(number) for number in range(8)}


def _read(shelf: PostgresShelf, text: str) -> list[tuple[str, str, str]]:
    """Table, part and kind of step of all that a generic plan reads of split tables, for one company if it is named."""
    most = max((int(number) for number in re.findall(r"\$(\d+)", text)), default=0)
    named = {int(number) for number in re.findall(r"company_id = \$(\d+)", text)}
    values = ["'company'" if number in named else "NULL" for number in range(1, most + 1)]
    settings = [f"SET {name} = {value}" for name, value in PLANS.items()]
    plan_json = console().value(
        shelf.direct,
        *settings,
        "SET plan_cache_mode = force_generic_plan",
        f"PREPARE asked AS {text}",
        f"EXPLAIN (FORMAT JSON) EXECUTE asked{'(' + ', '.join(values) + ')' if values else ''}",
    )
    nodes: list[tuple[str, str, str]] = []
    waiting: list[dict[str, Any]] = [json.loads(plan_json)[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        place = re.fullmatch(r"(\w+?)_(\d+)", node.get("Relation Name", ""))
        if place and node["Node Type"] != "ModifyTable":
            nodes.append((place[1], place[2], node["Node Type"]))
    return nodes
