"""What is kept of clients, table by table: a new table needs a word on how it ends, in code and for people."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ostiary.storage import opening
from ostiary.storage.postgres import dialect
from ostiary.storage.privacy.kept import REMOVED, TABLES, End
from ostiary.storage.schema.tables import TABLES as SCHEMA
from tests.conventions.sources import ROOT

ONLY_SHARED = {"arrivals", "stored_changes", "rate_limits"}
PAGE = (ROOT / "docs" / "privacy.md").read_text()


def test_every_table_has_a_word_on_how_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "fresh.sqlite3"
    opening.migrate(opening.SqliteDatabase(path))
    with closing(sqlite3.connect(path)) as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(TABLES) == (tables | ONLY_SHARED) - {"alembic_version"}


def test_whatever_names_a_client_is_removed_or_says_why_it_stays() -> None:
    naming = {table.name for table in SCHEMA if "client_id" in table.columns}
    stays = {name for name in naming if TABLES[name].end is not End.REMOVED}
    assert stays == {"clients", "erasures"}


@pytest.mark.parametrize("name", REMOVED)
def test_what_is_removed_is_removed_and_counted_there(name: str) -> None:
    table = REMOVED[name]
    assert table.statement.startswith(f"DELETE FROM {name} WHERE company_id = ?1")  # noqa: S608
    assert table.counts.startswith(f"SELECT count(*) FROM {name} WHERE company_id = ?1")  # noqa: S608
    assert table.statement not in dialect.WORDS


def test_what_is_found_through_another_table_goes_before_it() -> None:
    order = list(REMOVED)
    for name, table in REMOVED.items():
        for through in re.findall(r"FROM (\w+)", table.statement)[1:]:
            assert order.index(name) < order.index(through), f"{name} is found through {through}"


@pytest.mark.parametrize("name", TABLES)
def test_the_page_says_what_the_code_does(name: str) -> None:
    table = TABLES[name]
    assert f"| `{name}` | {table.holds} | {table.end.value} |" in PAGE


def test_the_page_names_no_table_that_there_is_not() -> None:
    section = PAGE.partition("### In the database")[2].partition("### Elsewhere")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(TABLES)


def test_every_end_is_explained() -> None:
    for end in (End.REMOVED, End.EMPTIED, End.STAYS, End.BY_AGE):
        assert end.value in PAGE.lower()
