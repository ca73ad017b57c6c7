"""Every statement on a company's rows names the company."""

from __future__ import annotations

import re

import pytest

from ostiary.storage import message_statements, statements

OF_NO_COMPANY = {"installation", "catalogues"}
FOR_THE_INSTALLATION = {
    "COMPANIES": "the operator's list of companies",
    "KEY_BY_ID": "operators know only the key's id",
    "DUE_QUEUES": "the worker serves every company",
    "NEXT_DUE": "the worker's clock",
    "MESSAGE_COUNTS": "counts for monitors",
    "SWEEP_ANSWERS": "housekeeping by age",
    "ALL_ENTRIES": "verification of the whole audit trail",
    "ALL_CHAINS": "verification of the whole audit trail",
}
"""Reachable by the worker and by operators only; each with its reason. Think twice before adding one."""
STATEMENTS = {
    name: text
    for name, text in (vars(statements) | vars(message_statements)).items()
    if isinstance(text, str) and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", text)
}


def tables_of(text: str) -> set[str]:
    return set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)", text))


def names_the_company(text: str) -> bool:
    if text.lstrip().startswith("INSERT"):
        columns = re.match(r"\s*INSERT INTO \w+ (?:\(([^)]*)\)\s+)?VALUES", text)
        assert columns is not None, "write INSERT INTO table (columns) VALUES, or without columns"
        return columns[1] is None or "company_id" in re.split(r"[,\s]+", columns[1])
    return bool(re.search(r"\bWHERE\b.*\bcompany_id = \?1\b", text, re.DOTALL))


def test_there_are_statements() -> None:
    assert len(STATEMENTS) > 30


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_names_the_company(name: str) -> None:
    text = STATEMENTS[name]
    if tables_of(text) <= OF_NO_COMPANY or name in FOR_THE_INSTALLATION:
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
