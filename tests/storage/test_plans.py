"""How the database finds rows: a request never reads through a table."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conventions.test_statements import STATEMENTS
from tests.storage.shelf import SqliteShelf

OF_OPERATORS = {
    "COMPANIES": "the operator's list of companies",
    "ALL_ENTRIES": "verification reads everything",
    "ALL_CHAINS": "verification reads everything",
    "INSTALLATION": "a handful of wrapped keys, read at start",
    "CATALOGUES": "a handful of versions, read at start",
}
NOTHING_TO_READ = {"GATHER"}
BY_PARTIAL_INDEX = {
    "NEXT_DUE": "queues_due",
    "DUE_QUEUES": "queues_due",
    "MESSAGE_COUNTS": "messages_waiting|messages_failed",
}
"""These read an index that holds only what waits (or failed), however many messages there were."""
WHOLE_COMPANY = {
    "STATUS_COUNTS": "counts for operators",
}
"""These read through the rows of one company."""
INSERTS = {name for name, text in STATEMENTS.items() if text.lstrip().startswith("INSERT")}
SERVING = sorted(set(STATEMENTS) - set(OF_OPERATORS) - set(BY_PARTIAL_INDEX) - INSERTS - NOTHING_TO_READ)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(SqliteShelf(tmp_path).path)) as opened:
        yield opened


def plan(connection: sqlite3.Connection, name: str) -> list[str]:
    """The steps that read tables."""
    text = STATEMENTS[name]
    parameters = [None] * max((int(one) for one in re.findall(r"\?(\d+)", text)), default=0)
    steps = (str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters))
    return [step for step in steps if re.match(r"(SCAN|SEARCH) (?!\(subquery)", step)]


def columns(step: str) -> list[str]:
    """What a search looks up by."""
    found = re.search(r"\((.*)\)", step)
    return re.findall(r"(\w+)[=<>]", found[1]) if found else []


@pytest.mark.parametrize("name", SERVING)
def test_a_request_searches(connection: sqlite3.Connection, name: str) -> None:
    steps = plan(connection, name)
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") and not _is_subquery(step)], steps


@pytest.mark.parametrize("name", sorted(set(SERVING) - set(WHOLE_COMPANY)))
def test_a_request_searches_by_more_than_the_company(connection: sqlite3.Connection, name: str) -> None:
    """Else it would read everything that the company has."""
    only_company = [step for step in plan(connection, name) if columns(step) == ["company_id"]]
    allowed = {"COMPANY": "c ", "COMPANY_OF_KEY": "c ", "CHANGE_COMPANY": "companies", "KEYS": "k ",
               "IN_REVIEW": "enablements_in_review"}  # fmt: skip
    assert not [step for step in only_company if allowed.get(name, "nothing") not in step], only_company


@pytest.mark.parametrize(("name", "index"), BY_PARTIAL_INDEX.items())
def test_what_watches_messages_reads_only_those_that_wait(
    connection: sqlite3.Connection, name: str, index: str
) -> None:
    steps = [step for step in plan(connection, name) if not _is_subquery(step)]
    assert steps
    assert all(re.search(rf"USING (COVERING )?INDEX ({index})\b", step) for step in steps), steps


@pytest.mark.parametrize("name", [*OF_OPERATORS, *WHOLE_COMPANY])
def test_the_lists_of_exceptions_are_not_longer_than_needed(connection: sqlite3.Connection, name: str) -> None:
    steps = plan(connection, name)
    assert [step for step in steps if step.startswith("SCAN") or columns(step) == ["company_id"]], steps


def _is_subquery(step: str) -> bool:
    return re.match(r"SCAN (messages_of|\(subquery|SUBQUERY|\w+-\d+)", step) is not None
