"""How SQLite finds rows: no statement reads through a table that grows, but those that are named here with a reason.

Statements are found by looking through the code: a new one that nobody thought of here is planned all the same.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage import sql_texts
from tests.storage.shelf import SqliteShelf

EVERY = sql_texts.named()
STATEMENTS = {name: text for name, (module, text) in EVERY.items() if module not in sql_texts.ONLY_POSTGRES}
OF_OPERATORS = {
    "SCHEMA_OF": "one row",
    "DOCUMENT_IDS": "an operator has a copy verified whole",
    "COMPANIES": "the operator's list of companies",
    "STORED_BY_COMPANY": "a row for each company, for operators and monitors",
    "OPERATORS": "the people who work with the console",
    "PASSKEYS": "what they sign in with",
    "DISABLED": "doctor looks at each company's two or three queues",
    "NEWEST_IDS": "doctor looks up the newest client of each company",
    "ALL_ENTRIES": "verification reads everything",
    "ALL_CHAINS": "verification reads everything",
    "ALL_COUNTED": "verification reads everything",
    "ALL_TALLIES": "verification reads everything",
    "ALL_CATALOGUES": "verification reads everything",
    "ALL_DEADLINES": "verification reads everything",
    "ALL_TERMS_TEXTS": "verification reads everything",
    "ALL_DATA_KEYS": "an operator counts what each master key wraps",
    "COMPANY_KEYS": "a row for each company, for an operator",
    "COUNT_CLIENTS": "an operator's command says how far it is",
    "COUNT_EMAILS": "an operator asks whether a version of the lookup keys may go",
    "COUNT_REFERENCES": "the same",
    "COUNT_NUMBERS": "the same",
    "COUNT_CONTESTED": "the same",
    "COUNT_LIKENESSES": "the same",
    "FENCES": "a handful of triggers, read at start",
    "ANY_COMPANY": "one row, whichever",
    "PUBLICATIONS": "the catalogues that were ever published",
    "COMPANY_IDS": "a preview judges the clients of every company",
    "COUNT_LIVE_REQUESTS": "a preview says how far it is",
    "INSTALLATION": "a handful of wrapped keys, read at start",
    "CATALOGUES": "a handful of versions, read at start",
}
NOTHING_TO_READ = {"MERGE_ARRIVALS", "GATHER_STORED", "COUNT", "KEEP_TALLIES", "REWRAP_CLIENTS"}
"""The last three write a list that they are given."""
BY_PARTIAL_INDEX = {
    "NEXT_DUE": "queues_due",
    "DUE_QUEUES": "queues_due",
    "MESSAGE_COUNTS": "messages_waiting|messages_failed",
    "OVERDUE": "messages_waiting",
    "ANY_UNSIZED": "documents_unsized",
    "OPEN_REVIEWS": "enablements_in_review|enablements_waiting|enablements_urgent",
}
"""These read an index that holds only what waits (or failed), however many messages there were."""
WHOLE_COMPANY = {
    "STATUS_COUNTS": "counts for operators",
    "FIGURE_EVENTS": "figures for operators, on a connection of its own",
    "SEARCHED_ENTRIES": "operators search the audit trail, on a connection of its own",
    "ANY_OPERATOR": "the first row there is",
}
"""These read through the rows of one company."""
INSERTS = {name for name, text in STATEMENTS.items() if re.match(r"\s*INSERT(?!.*SELECT)", text, re.DOTALL)}
"""These look for nothing, but what they conflict with, by its key."""
SERVING = sorted(set(STATEMENTS) - set(OF_OPERATORS) - set(BY_PARTIAL_INDEX) - INSERTS - NOTHING_TO_READ)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(SqliteShelf(tmp_path).path)) as opened:
        yield opened


def plan(connection: sqlite3.Connection, name: str) -> list[str]:
    """The steps that read tables."""
    steps = steps_of(connection, name)
    return [
        step for step in steps if re.match(r"(SCAN|SEARCH) (?!\(subquery|j VIRTUAL TABLE|CONSTANT ROW)", step)
    ]  # j: a list given; a constant row: values given


def columns(step: str, signs: str = "=<>") -> list[str]:
    """What a search looks up by."""
    match = re.search(r"\((.*)\)", step)
    return re.findall(rf"(\w+)[{signs}]", match[1]) if match else []


def sorts(connection: sqlite3.Connection, name: str) -> bool:
    """Whether all that is found has to be read before the first of it is known."""
    return any("TEMP B-TREE" in step for step in steps_of(connection, name))


def steps_of(connection: sqlite3.Connection, name: str) -> list[str]:
    text = STATEMENTS[name]
    parameters = [None] * max((int(number) for number in re.findall(r"\?(\d+)", text)), default=0)
    return [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters)]


def test_every_sql_text_of_the_product_is_planned_or_named_with_a_reason() -> None:
    """One that is added anywhere, under a name or not, is found here."""
    left_out, places = [], set()
    for _, path in sql_texts.modules():
        for literal, is_inside in sql_texts.literals(path):
            place = (str(path.relative_to(sql_texts.SOURCE)), literal)
            places.add(place)
            if not sql_texts.is_planned(literal, is_inside) and place not in sql_texts.ELSEWHERE:
                left_out.append(place)
    assert left_out == [], "put it under a name in a module, or say in sql_texts.ELSEWHERE why no plan is looked at"
    assert sql_texts.ELSEWHERE.keys() <= places, "what is gone is taken off the list"
    assert len(STATEMENTS) > 90, "they are found"


@pytest.mark.parametrize("name", SERVING)
def test_a_request_searches(connection: sqlite3.Connection, name: str) -> None:
    steps = plan(connection, name)
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") and not _is_subquery(step)], steps


def test_chains_that_are_counted_are_searched_for_although_statistics_say_that_there_are_few(
    connection: sqlite3.Connection,
) -> None:
    """The list that is given comes first: else a thousand chains are looked for in all, one by one, while others wait
    to write. Statistics are of the day on which somebody let SQLite make them."""
    connection.execute("INSERT INTO audit_census (company_id, owner, length, seal) VALUES ('acme', 'maria', 1, 'seal')")
    connection.execute("ANALYZE")
    assert not [step for step in plan(connection, "COUNTED") if step.startswith("SCAN")]


@pytest.mark.parametrize("name", sorted(set(SERVING) - set(WHOLE_COMPANY)))
def test_a_request_searches_by_more_than_the_company(connection: sqlite3.Connection, name: str) -> None:
    """Else it would read everything that the company has."""
    only_company = [step for step in plan(connection, name) if columns(step) == ["company_id"]]
    allowed = {
        "COMPANY": "c ",
        "COMPANY_OF_KEY": "c ",
        "CHANGE_COMPANY": "companies",
        "REWRAP_COMPANY": "companies",
        "KEYS": "k ",
        "IN_REVIEW": "enablements_in_review|enablements_waiting",
        "TALLY": "audit_tallies",
        "TALLIES": "t ",
        "COMPANY_ENDS": "companies",
        "HOLD_COMPANY": "companies",
        "STORED": "stored_bytes",
        "TAKE_BYTES": "stored_bytes",
        "BRAND": "company_brands",
        "LOGO": "company_brands",
        "SET_LOGO": "company_brands",
        "REMOVE_BRAND": "company_brands",
        "ROOM_FOR_TEST": "companies|messages_tests",
        "PENDING_TESTS": "messages_tests",
        "UNSIZED": "documents_unsized",
        "URGENT_CASES": "e USING INDEX enablements_urgent",
        "URGENT_BEFORE": "e USING INDEX enablements_urgent",
        "ORDINARY_CASES": "e USING COVERING INDEX enablements_waiting",
        "ORDINARY_BEFORE": "e USING COVERING INDEX enablements_waiting",
        "COUNTED_CASES": "e USING COVERING INDEX enablements_waiting",
        "NEXT_DEADLINE": "deadlines USING COVERING INDEX deadlines_next",
        "MY_CASES": "c USING PRIMARY KEY",
        "APPROVER_CASES": "b USING PRIMARY KEY",
    }
    """Its own row, the first of an index, a handful of keys, or an index that holds only what waits; claims are few.
    A page of the queue begins behind a pair of columns, which `columns` does not see."""
    assert not [step for step in only_company if not re.search(allowed.get(name, "nothing"), step)], only_company


@pytest.mark.parametrize("name", sorted(set(SERVING) - set(WHOLE_COMPANY)))
def test_a_page_is_read_in_its_order(connection: sqlite3.Connection, name: str) -> None:
    """A search by the company and a range finds much of what it has: then nothing may need to be sorted first."""
    wide = [
        step for step in plan(connection, name) if set(columns(step, "=")) <= {"company_id"} and columns(step, "<>")
    ]
    assert not (wide and sorts(connection, name)), wide


def test_the_deliveries_of_a_request_are_found_by_the_request(connection: sqlite3.Connection) -> None:
    [step] = plan(connection, "DELIVERIES_OF_REQUEST")
    assert "USING INDEX messages_of_request (company_id=? AND enablement_id=? AND queue=?)" in step


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
    return re.match(r"SCAN (waiting|messages_of|\(subquery|SUBQUERY|\w+-\d+)", step) is not None
