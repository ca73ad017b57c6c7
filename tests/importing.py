"""Files of clients to import, and imports that are carried out in tests."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from io import StringIO

from ostiary.domain.imports.bulk import BulkImport
from ostiary.domain.imports.csv_file import text_of
from ostiary.usecases.imports.carry_out import work_at
from ostiary.usecases.imports.imports import faulty_rows, read_import, start_import
from ostiary.usecases.imports.receive import create_import, read_import_file
from tests.house import House

GOOD: Mapping[str, str] = {
    "first_name": "Ana",
    "last_name": "Barber",
    "email": "ana@example.com",
    "birth_date": "1984-11-21",
    "address.street_line1": "Calle Mayor 1",
    "address.city": "Rosario",
    "address.country": "ARG",
}


def row(number: int = 0, **changes: str) -> dict[str, str]:
    """A good row; a word of a column's name stands for dots as `address__city`."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return {**GOOD, "email": f"c{number}@example.com", **named}


def csv_of(rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> bytes:
    """As a spreadsheet writes it."""
    every = list(rows)
    columns = list(dict.fromkeys(name for each in every for name in each))
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(every)
    return text.getvalue().encode()


def cells_of(content: bytes) -> list[dict[str, str]]:
    """A file that was written for spreadsheets, row by row."""
    return list(csv.DictReader(StringIO(text_of(content), newline="")))


async def received(house: House, content: bytes) -> BulkImport:
    file = read_import_file(content, house.context.catalogues.attributes)
    return await house.do(create_import, file)


async def checked(house: House, content: bytes) -> BulkImport:
    bulk = await received(house, content)
    assert await work_at(house.context, house.caller.company, bulk.id)
    return await read_import(house.context, house.caller, bulk.id)


async def carried_out(house: House, content: bytes) -> BulkImport:
    bulk = await checked(house, content)
    await house.do(start_import, bulk.id)
    assert await work_at(house.context, house.caller.company, bulk.id)
    return await read_import(house.context, house.caller, bulk.id)


def spoil(house: House, text: str) -> None:
    """Changes the database beside the program."""
    with closing(sqlite3.connect(house.path)) as connection, connection:
        connection.execute(text)


Counts = dict[str, int]


def counts(bulk: BulkImport) -> Counts:
    return {state.value: count for state, count in bulk.counts.items() if count}


def clients(house: House) -> int:
    return int(house.rows("SELECT count(*) FROM clients")[0][0])


async def faults_of(house: House, bulk: BulkImport) -> dict[int, list[tuple[str, str]]]:
    return {
        each.position: [(fault.field, fault.code) for fault in each.faults]
        async for each in faulty_rows(house.context, house.caller, bulk.id)
    }
