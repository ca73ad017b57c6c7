"""What entries say of rows: every statement that writes one of the columns of which they tell is known, as it is."""

from __future__ import annotations

import re

import pytest

from ostiary.domain.audit.row_states import SEALED
from ostiary.storage.audit import standing
from ostiary.storage.audit.row_kinds import RowKind
from ostiary.storage.audit.standing import OF_CLIENT, OF_COMPANY
from ostiary.storage.schema.tables import TABLES
from tests.storage import sql_texts

KINDS = {kind.table: kind for kind in (*OF_COMPANY, *OF_CLIENT)}
COLUMNS = {table.name: table.columns for table in TABLES}
HOLDING = {"HOLD_COMPANY", "ROOM_FOR_TEST"}
"""These take a row's lock and change nothing."""
WRITES = {
    name: text
    for name, (_, text) in sql_texts.named().items()
    if (match := re.match(r"\s*(?:INSERT INTO|UPDATE) (\w+)", text)) and match[1] in KINDS and name not in HOLDING
}
SAYS_NOTHING = {
    "SIZE_DOCUMENT": "how large its pictures are is counted, and proves nothing",
    "PUT_OFF_LINK": "when a link is looked at again proves nothing",
    "REWRAP_CLIENTS": "the same key under another master key, which opens in its place only",
    "REWRAP_COMPANY": "the same",
    "FORGET_ADDRESS": "of a client that does not open: its entries go on telling of the marks that an operator gave up",
}


def kind_of(text: str) -> RowKind:
    match = re.match(r"\s*(?:INSERT INTO|UPDATE) (\w+)", text)
    assert match is not None
    return KINDS[match[1]]


def written(text: str) -> dict[str, int]:
    """Columns and the numbers of the parameters that they are set to."""
    if text.lstrip().startswith("UPDATE"):
        changes = text.partition(" SET ")[2].partition("WHERE")[0]
        return {column: int(number) for column, number in re.findall(r"(\w+) = \?(\d+)", changes)}
    listed = re.search(r"INSERT INTO \w+ \(([^)]*)\)", text)
    columns = re.split(r"[,\s]+", listed[1].strip()) if listed else COLUMNS[kind_of(text).table]
    match = re.search(r"VALUES \(([^)]*)\)", text) or re.search(r"SELECT (.*?)\s+WHERE", text)
    assert match is not None
    values = re.split(r",\s*", match[1])
    return {column: int(place[1:]) for column, place in zip(columns, values, strict=True) if place.startswith("?")}


def test_there_are_such_statements() -> None:
    assert len(WRITES) == len(standing.WRITES) + len(SAYS_NOTHING)


@pytest.mark.parametrize("name", sorted(set(WRITES) - set(SAYS_NOTHING)))
def test_an_entry_says_every_column_that_is_written(name: str) -> None:
    wrote, kind = standing.WRITES[WRITES[name]], kind_of(WRITES[name])
    places = {column.removeprefix(SEALED): at + 1 for column, at, _ in wrote.places}
    expected = {column: at for column, at in written(WRITES[name]).items() if column in (*kind.plain, *kind.hidden)}
    assert (wrote.kind, places) == (kind, expected)
    assert {column: hidden for column, _, hidden in wrote.places} == {
        column: column.startswith(SEALED) for column, _, _ in wrote.places
    }


@pytest.mark.parametrize("name", sorted(set(WRITES) - set(SAYS_NOTHING)))
def test_an_entry_names_the_row_that_is_written(name: str) -> None:
    text, wrote = WRITES[name], standing.WRITES[WRITES[name]]
    if wrote.kind.id is None:
        assert wrote.id is None
        return
    assert wrote.id is not None
    named = written(text).get(wrote.kind.id)
    if named is None:
        match = re.search(rf"{wrote.kind.id} = \?(\d+)", text)
        assert match is not None
        named = int(match[1])
    assert named == wrote.id + 1


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_columns_that_entries_tell_of_are_the_tables_own(kind: RowKind) -> None:
    assert {*kind.plain, *kind.hidden, kind.owner} <= set(COLUMNS[kind.table])


LEFT_OUT = {
    "companies": "company_id version data_key chain_length chain_head created_at_ms",
    "api_keys": "company_id key_id created_at_ms",
    "clients": "company_id client_id version data_key chain_length chain_head created_at_ms updated_at_ms "
    "details_version",
    "enablements": "company_id client_id enablement_id created_at_ms updated_at_ms",
    "documents": "company_id client_id document_id created_at_ms bytes",
    "operators": "company_id operator_id created_at_ms updated_at_ms",
    "operator_passkeys": "company_id passkey_mark created_at_ms",
    "onboarding_links": "company_id client_id link_id parent_id sequence created_at_ms expires_at_ms "
    "opened_at_ms ended_at_ms due_at_ms",
    "company_brands": "company_id version updated_at_ms",
    "publications": "company_id publication_id at_ms",
    "document_chips": "company_id client_id document_id",
    "terms_acceptances": "company_id client_id acceptance_id at_ms",
    "screening_hits": "company_id client_id hit_mark evidence found_at_ms",
}
"""Keys, the chain itself, times, counters, sizes; the version that something is sealed for; wrapped keys, which open in
their place only; evidence found anew."""


@pytest.mark.parametrize("table", KINDS)
def test_a_column_that_is_added_is_told_of_or_left_out_on_purpose(table: str) -> None:
    kind = KINDS[table]
    assert set(COLUMNS[table]) - {*kind.plain, *kind.hidden} == set(LEFT_OUT[table].split())
