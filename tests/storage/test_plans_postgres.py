"""How PostgreSQL finds rows: every statement of a request is a search by an index, bounded by the request, whatever the
size of a company. Plans are the generic ones, as prepared statements get them, on tables with rows and statistics.

Statements are found by looking through the code, as for SQLite."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ostiary.storage.postgres import composing, dialect
from ostiary.storage.postgres.pool import PLANS
from ostiary.storage.schema.tables import TABLES, Table
from ostiary.storage.tables import messages
from tests.servers.console import console
from tests.servers.postgresql import shared
from tests.servers.sharing import once
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.test_plans import BY_PARTIAL_INDEX, EVERY, NOTHING_TO_READ, OF_OPERATORS, WHOLE_COMPANY

STATEMENTS = {name: text for name, (_, text) in EVERY.items()}
INSERTS = {name for name, text in STATEMENTS.items() if re.match(r"\s*INSERT(?!.*SELECT)", text, re.DOTALL)}
ROWS, COMPANIES = 40_000, 4
TOGETHER = 500
CLIENT = "lpad((i / 4)::text, 12, '0')"
VALUES = {
    "company_id": f"'company' || i % {COMPANIES}",
    "client_id": CLIENT,
    "owner": CLIENT,
    "status": "CASE WHEN i % 3 = 0 THEN 'rejected' ELSE 'active' END",
    "review": "CASE WHEN i % 400 = 0 THEN 'mandatory' END",
    "review_since_ms": "CASE WHEN i % 400 = 0 THEN i END",
    "state": "CASE WHEN i % 100 = 0 THEN 'pending' WHEN i % 1000 = 1 THEN 'failed' ELSE 'delivered' END",
    "topic": "'webhook'",
    "queue": "CASE WHEN i % 9 = 0 THEN 'provider' ELSE 'webhook' END",
    "lane": "i % 6",
}
NUMBERS = ("review_since_ms", "lane")
MANY_COMPANIES = ("companies", "api_keys", "queues", "audit_tallies", "stored_bytes", "company_brands")
KEYED_BY_COMPANY = {"companies", "queues", "audit_tallies", "stored_bytes", "company_brands"}
ONLY_THE_COMPANY = {
    "KEYS": "a company has a handful of keys",
    "IN_REVIEW": "the index holds what waits for a person, and nothing else",
    "COUNTED_CASES": "the index holds what waits, and it is counted to a thousand",
    "MY_CASES": "claims are as many as cases are worked on",
    "APPROVER_CASES": "approvals are as many as decisions wait for a second person",
    "NEXT_DEADLINE": "the first entry of its index, and no other",
    "TALLY": "its own row", "TALLIES": "their own rows", "COMPANY_ENDS": "a page of them",
    "PENDING_TESTS": "the index holds what waits, and it is counted to a hundred", "HOLD_COMPANY": "its own row",
    "ROOM_FOR_TEST": "as both", "ERASURES_OPEN": "doctor alone counts them, once for each company",
    "COMPANY": "its own row", "COMPANY_OF_KEY": "its own row", "CHANGE_COMPANY": "its own row",
}  # fmt: skip
HOUSEKEEPING = ("FORGET_ATTEMPTS", "FORGET_MESSAGES", "SWEEP_ANSWERS", "SWEEP", "SWEEP_SESSIONS", "SWEEP_FAILURES")
"""What is old is found by an index; five hundred rows of a small table may then be fetched by reading it."""
READING = sorted(set(STATEMENTS) - set(OF_OPERATORS) - set(WHOLE_COMPANY) - NOTHING_TO_READ - set(HOUSEKEEPING))
ARRIVING = {"MERGE_ARRIVALS", "NEXT_DUE"}
"""These read `arrivals`, which holds what came within the last milliseconds."""
READ_THROUGH = {("arrivals", name) for name in ARRIVING} | {
    ("approvals", "APPROVER_CASES"), ("enablements", "APPROVER_CASES"),
}  # fmt: skip
"""Decisions that wait for a second person are few; here a quarter of 40,000 is asked for, for which a planner is right
to read both tables from one end to the other."""
OURS = {table.name for table in TABLES} | {"arrivals", "rate_limits"}
"""The server's own catalogues are no concern of these tests."""


@pytest.fixture(scope="module")
def filled() -> PostgresShelf:
    """The same for all processes, since nothing changes it: filling it takes longer than all that is asked of it."""
    return PostgresShelf(name=once("filled", _filled))


def _filled() -> str:
    shelf = PostgresShelf()
    for table in TABLES:
        types = dict(
            shelf.rows(
                "SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_name = ?",
                table.name,
            )
        )
        shelf.spoil_schema(_filling(table, types))
    marks = "decode(lpad(to_hex(i), 16, '0'), 'hex')"
    shelf.spoil_schema(
        f"INSERT INTO rate_limits SELECT {marks}, i, 1, 0, 0, 0, 0, i FROM generate_series(1, {ROWS}) i"  # noqa: S608
    )
    shelf.spoil_schema("ANALYZE")
    return shelf.name


@pytest.fixture(scope="module")
def empty() -> Iterator[PostgresShelf]:
    """Every table as the planner likes it least: it knows that there is nothing in it."""
    shelf = PostgresShelf()
    shared().sql(shelf.name, "VACUUM ANALYZE")
    yield shelf
    shared().drop([shelf.name])


def _filling(table: Table, types: dict[str, str]) -> str:
    values = []
    for column in table.columns:
        usual = {"text": "lpad(i::text, 12, '0')", "bytea": "decode(lpad(to_hex(i), 16, '0'), 'hex')"}
        value = usual.get(types[column], "i")
        if types[column] == "text" or column in NUMBERS:
            value = VALUES.get(column, value)
        values.append("'company' || i" if column == "company_id" and table.name in MANY_COMPANIES else value)
    return (
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) SELECT {', '.join(values)} "  # noqa: S608
        f"FROM generate_series(1, {ROWS}) i ON CONFLICT DO NOTHING"
    )


def nodes_of(shelf: PostgresShelf, text: str, *settings: str) -> list[dict[str, Any]]:
    """Every step of a statement's generic plan."""
    parameters = max((int(number) for number in re.findall(r"\$(\d+)", text)), default=0)
    nulls = f"({', '.join(['NULL'] * parameters)})" if parameters else ""
    plan_json = console().value(
        shelf.direct,
        *settings,
        "SET plan_cache_mode = force_generic_plan",
        f"PREPARE asked AS {text}",
        f"EXPLAIN (FORMAT JSON) EXECUTE asked{nulls}",
    )
    nodes: list[dict[str, Any]] = []
    waiting = [json.loads(plan_json)[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += node.get("Plans", [])
    return [node for node in nodes if node.get("Relation Name", "messages") in OURS]


def texts(name: str) -> list[str]:
    """A statement in PostgreSQL's words; one that runs in two steps, as both."""
    if (steps := dialect.STEPS.get(STATEMENTS[name])) is not None:
        first, second = (composing.moved(step, 0) for step in steps)
        return [f"WITH first AS ({first}) {second.format(first='first')} RETURNING 1"]
    return [text for text in [composing.translated(STATEMENTS[name])] if text]


@pytest.mark.parametrize("name", READING)
def test_a_statement_searches_by_an_index(filled: PostgresShelf, name: str) -> None:
    for text in texts(name):
        for node in nodes_of(filled, text):
            if (node.get("Relation Name"), name) in READ_THROUGH:
                continue
            assert node["Node Type"] != "Seq Scan", f"{name} reads through {node['Relation Name']}"


@pytest.mark.parametrize("name", READING)
def test_a_plan_made_for_an_empty_table_searches_too(empty: PostgresShelf, name: str) -> None:
    """It is kept while the table grows."""
    for text in texts(name):
        read = {node.get("Relation Name") for node in planned(empty, text) if node["Node Type"] == "Seq Scan"}
        assert read <= ({"arrivals"} if name in ARRIVING else set())


def test_a_message_looks_for_those_of_its_request_even_where_the_table_was_empty(empty: PostgresShelf) -> None:
    steps = planned(empty, composing.translated(messages.ADD_MESSAGE))
    assert [step["Index Name"] for step in steps if "Index Name" in step] == ["messages_of_request"]


@pytest.mark.parametrize("name", ["filled", "empty"])
def test_the_deliveries_of_a_request_are_found_by_the_request(request: pytest.FixtureRequest, name: str) -> None:
    steps = planned(request.getfixturevalue(name), composing.translated(STATEMENTS["DELIVERIES_OF_REQUEST"]))
    assert {step["Index Name"] for step in steps if "Index Name" in step} == {"messages_of_request"}


def planned(shelf: PostgresShelf, text: str) -> list[dict[str, Any]]:
    return nodes_of(shelf, text, *(f"SET {name} = {value}" for name, value in PLANS.items()))


@pytest.mark.parametrize("name", sorted(set(READING) - INSERTS - set(ONLY_THE_COMPANY) - set(BY_PARTIAL_INDEX)))
def test_a_search_is_bounded_by_the_request(filled: PostgresShelf, name: str) -> None:
    """By more than the company, else it grows with what the company has."""
    for text in texts(name):
        for node in nodes_of(filled, text):
            condition = node.get("Index Cond", "")
            if condition and node.get("Relation Name") not in KEYED_BY_COMPANY:
                others = re.findall(r"\b(\w+) [=<>]", condition)
                assert [other for other in others if other != "company_id"] or "ROW(" in condition, (name, node)


@pytest.mark.parametrize(("name", "index"), BY_PARTIAL_INDEX.items())
def test_what_watches_messages_reads_only_what_waits(filled: PostgresShelf, name: str, index: str) -> None:
    used = {node["Index Name"] for text in texts(name) for node in nodes_of(filled, text) if "Index Name" in node}
    assert used, "it reads an index"
    assert all(re.fullmatch(f"{index}|messages_undelivered|arrivals_pkey", index_name) for index_name in used), used


@pytest.mark.parametrize("name", HOUSEKEEPING)
def test_what_is_old_is_found_by_an_index(filled: PostgresShelf, name: str) -> None:
    steps = nodes_of(filled, composing.translated(STATEMENTS[name]))
    [limited] = [step for step in steps if step["Node Type"] == "Limit"]
    assert limited["Plan Rows"] <= TOGETHER, "a planner that expects few rows fetches them one by one"
    assert "Index" in limited["Plans"][0]["Node Type"]


def test_a_dossier_is_one_statement_of_searches(filled: PostgresShelf) -> None:
    asks = tuple((STATEMENTS[name], 2) for name in ("CLIENT", "ENABLEMENTS", "DOCUMENTS"))
    kinds = [(node["Node Type"], node.get("Relation Name")) for node in nodes_of(filled, composing.side_by_side(asks))]
    assert {relation for kind, relation in kinds if "Index" in kind and relation} == {
        "clients",
        "enablements",
        "documents",
    }
    assert not [kind for kind, _ in kinds if kind == "Seq Scan"]
