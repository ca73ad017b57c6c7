"""Every statement on a company's rows names the company."""

from __future__ import annotations

import re

import pytest

from ostiary.storage.postgres import dialect
from tests.storage import sql_texts

OF_NO_COMPANY = {
    "installation", "catalogues", "terms_texts", "alembic_version", "pg_class", "pg_inherits", "pg_stat_user_tables",
    "sqlite_master", "pg_trigger",
}  # fmt: skip
FOR_THE_INSTALLATION = {
    "COMPANIES": "the operator's list of companies",
    "KEY_BY_ID": "operators know only the key's id",
    "DUE_QUEUES": "the worker serves every company",
    "NEXT_DUE": "the worker's clock",
    "DUE_IMPORTS": "the worker serves every company",
    "DUE_LINKS": "the worker ends links of every company",
    "MESSAGE_COUNTS": "counts for monitors",
    "OPEN_REVIEWS": "counts for monitors",
    "STORED_BY_COMPANY": "sums for operators and monitors",
    "ANY_UNSIZED": "a count for doctor",
    "SWEEP_ANSWERS": "housekeeping by age",
    "ALL_ENTRIES": "verification of the whole audit trail",
    "ALL_CHAINS": "verification of the whole audit trail",
    "ALL_COUNTED": "verification of the whole audit trail",
    "ALL_TALLIES": "verification of the whole audit trail",
    "ALL_DEADLINES": "verification of the whole audit trail",
    "ALL_DATA_KEYS": "what is wrapped under which master key",
    "COMPANY_KEYS": "every company's key is wrapped anew",
    "COUNT_CLIENTS": "how much there is to wrap anew",
    "OLDEST_COMPANY": "how old a master key is, at least",
    "COUNT_EMAILS": "whether a version of the lookup keys may go",
    "COUNT_REFERENCES": "whether a version of the lookup keys may go",
    "COUNT_NUMBERS": "whether a version of the lookup keys may go",
    "COUNT_CONTESTED": "whether a version of the lookup keys may go",
    "COUNT_LIKENESSES": "whether a version of the lookup keys may go",
    "ANY_COMPANY": "whether an installation is a new one",
    "COMPANY_ENDS": "the census goes through all chains",
    "CLIENT_ENDS": "the census goes through all chains",
    "COUNTED": "the census counts chains of several companies at once",
    "TALLIES": "the census counts chains of several companies at once",
    "NEWEST_IDS": "doctor compares the clock with the newest of every company",
    "DISABLED": "doctor names every endpoint that is disabled",
    "OVERDUE": "doctor sees whether a worker runs",
    "DOCUMENT_IDS": "a copy takes every company's pictures along",
    "SERVERS_TIME": "a clock",
    "MOMENT": "a clock",
    "EARLIER": "transactions of whoever has one open",
    "COMPANY_IDS": "a preview judges the clients of every company by another catalogue",
    "COUNT_LIVE_REQUESTS": "how much a preview has to judge",
    "EXCHANGE": "calls are limited before it is known whose they are",
    "SWEEP": "housekeeping by age",
    "MERGE_ARRIVALS on PostgreSQL": "the worker brings what arrived to every company's queues",
    "GATHER_STORED on PostgreSQL": "the worker brings what arrived to every company's sum",
}
"""Reachable by the worker and by operators only; each with its reason. Think twice before adding one."""
NAMED = {name: text for name, (_, text) in sql_texts.named().items()}
ON_POSTGRES = " on PostgreSQL"
STATEMENTS = NAMED | {
    f"{name}{ON_POSTGRES}": " ".join((text, *dialect.STEPS.get(NAMED[name], ())))
    for name, text in ((name, dialect.WORDS.get(text, "")) for name, text in NAMED.items())
    if text
}
"""Every text that stands under a name, in whichever module, and what is said instead of it on PostgreSQL."""


def tables_of(text: str) -> set[str]:
    return set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)", text))


def names_the_company(text: str) -> bool:
    if text.lstrip().startswith("INSERT"):
        columns = re.match(r"\s*INSERT INTO \w+ (?:\(([^)]*)\)\s+)?(?:VALUES|SELECT)\b", text)
        assert columns is not None, "write INSERT INTO table (columns) VALUES, or without columns"
        return columns[1] is None or "company_id" in re.split(r"[,\s]+", columns[1])
    return bool(re.search(r"\bWHERE\b.*\bcompany_id = \?1\b", text, re.DOTALL))


def test_no_sql_stands_outside_storage() -> None:
    inside = sql_texts.SOURCE / "storage"
    outside = [path for _, path in sql_texts.modules() if inside not in path.parents]
    assert not [path.name for path in outside for _ in sql_texts.literals(path)], "its place is a module of storage/"


def test_every_module_that_holds_rows_of_a_company_is_looked_at() -> None:
    """A statement that nobody named would not be found by its name."""
    named = {module for module, _ in sql_texts.named().values()}
    tables = {module for module, _ in sql_texts.modules() if module.startswith("ostiary.storage.tables.")}
    assert tables <= named
    assert "ostiary.storage.diagnostics" in named


def test_there_are_statements() -> None:
    assert len(STATEMENTS) > 30


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_names_the_company(name: str) -> None:
    text = STATEMENTS[name]
    if tables_of(text) <= OF_NO_COMPANY or {name, name.removesuffix(ON_POSTGRES)} & set(FOR_THE_INSTALLATION):
        return
    assert names_the_company(text), f"{name} needs WHERE company_id = ?1: tenancy is in the key"


@pytest.mark.parametrize("name", FOR_THE_INSTALLATION)
def test_the_list_of_exceptions_is_not_longer_than_needed(name: str) -> None:
    assert name in STATEMENTS, "it is gone: take it off the list"
    assert not names_the_company(STATEMENTS[name]), "it names the company now: take it off the list"


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_write_is_bound_to_one_company_even_inside(name: str) -> None:
    """An UPDATE or DELETE without WHERE would reach every company."""
    text = STATEMENTS[name]
    assert "WHERE" in text or not re.match(r"\s*(UPDATE|DELETE)\b", text)
