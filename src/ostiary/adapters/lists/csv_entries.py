"""Persons from CSV files of lists: OpenSanctions' simple format and OFAC's (SDN, consolidated), told apart by content.

OpenSanctions: a header; several values in a column are separated by semicolons; countries are ISO 3166-1 alpha-2.
OFAC: no header; number, "LAST, First", type, program, ...; birth dates and nationality in the last column's remarks;
`-0-` stands for nothing. Aliases come from a file of the same name with `alt` for `sdn`, or `cons_alt` for `cons_prim`.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

import pycountry

from ostiary.domain.list_matching import MOST_NAMES, Entry

MOST_BYTES = 2 << 30
"""Ten times OpenSanctions' whole default collection."""
MOST_FIELD_CHARACTERS = 1 << 20
MOST_ROWS = 5_000_000
_NEEDED = {"id", "schema", "name"}
_DATES = re.compile(r"\b(?:DOB|alt\. DOB)(?: circa)? ((?:\d{1,2} [A-Z][a-z]{2} )?(?:[A-Z][a-z]{2} )?\d{4})")
_NATIONS = re.compile(r"\b(?:nationality|citizen) ([A-Za-z ,()'-]+?)(?:;|\.|$)")
_SHORT_NAMES = {
    "bolivia": "BOL", "burma": "MMR", "iran": "IRN", "korea, north": "PRK", "korea, south": "KOR", "kosovo": "XKX",
    "laos": "LAO", "moldova": "MDA", "palestinian": "PSE", "russia": "RUS", "syria": "SYR", "taiwan": "TWN",
    "tanzania": "TZA", "turkey": "TUR", "venezuela": "VEN", "vietnam": "VNM",
}  # fmt: skip
"""What OFAC calls countries that ISO 3166 has under longer names."""
_NOTHING = ("-0-", "-0- ", "")


class ListInvalid(Exception):
    """A file that is no list; the message names file, line and what would be right."""


def entries_of(path: Path) -> Iterator[Entry]:
    """The persons of a list. Raises ListInvalid, OSError."""
    if path.stat().st_size > MOST_BYTES:
        raise ListInvalid(f"{path}: larger than {MOST_BYTES:,} bytes")
    csv.field_size_limit(MOST_FIELD_CHARACTERS)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = _rows(path, csv.reader(file))
        first = next(rows, None)
        if first is None:
            raise ListInvalid(f"{path}: is empty")
        if set(first[1]) >= _NEEDED:
            yield from _opensanctions(path, first[1], rows)
        elif len(first[1]) >= 3 and first[1][0].strip().isdecimal():
            yield from _ofac(path, first, rows)
        else:
            raise ListInvalid(
                f"{path}: line 1: must be OpenSanctions' header (id, schema, name, ...) or a row of OFAC's list"
            )


def _rows(path: Path, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    line = 0
    try:
        for row in reader:
            line += 1
            if line > MOST_ROWS:
                raise ListInvalid(f"{path}: more than {MOST_ROWS:,} rows")
            if row and row != ["\x1a"]:
                yield line, row
    except csv.Error as problem:
        raise ListInvalid(f"{path}: line {line + 1}: {problem}") from None


def _opensanctions(path: Path, header: list[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Entry]:
    at = {name: number for number, name in enumerate(header)}

    def value(row: list[str], name: str) -> str:
        return row[at[name]] if name in at else ""

    for line, row in rows:
        if len(row) != len(header):
            raise ListInvalid(f"{path}: line {line}: has {len(row)} columns, the header {len(header)}")
        if value(row, "schema") != "Person":
            continue
        names = tuple(dict.fromkeys([value(row, "name"), *_parts(value(row, "aliases"))]))
        countries = tuple(filter(None, map(_alpha3, _parts(value(row, "countries")))))
        topics = tuple(_parts(value(row, "topics")) or _parts(value(row, "dataset")))
        yield Entry(value(row, "id"), names[:MOST_NAMES], tuple(_parts(value(row, "birth_date"))), countries, topics)


def _ofac(path: Path, first: tuple[int, list[str]], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Entry]:
    aliases = _ofac_aliases(path)
    for line, row in chain([first], rows):
        if len(row) < 3 or not row[0].strip().isdecimal():
            raise ListInvalid(f"{path}: line {line}: must begin with OFAC's number, name and type")
        if row[2].strip() != "individual":
            continue
        number, remarks = row[0].strip(), row[-1]
        names = tuple(dict.fromkeys([_natural(row[1]), *aliases.get(number, ())]))
        dates = tuple(filter(None, map(_ofac_date, _DATES.findall(remarks))))
        nations = tuple(filter(None, map(_named, _NATIONS.findall(remarks))))
        programs = row[3].strip() if len(row) > 3 and row[3] not in _NOTHING else ""
        yield Entry(f"ofac-{number}", names[:MOST_NAMES], dates, nations, (programs,) if programs else ())


def _ofac_aliases(path: Path) -> dict[str, list[str]]:
    beside = path.with_name(path.name.replace("cons_prim", "cons_alt").replace("sdn", "alt"))
    found: dict[str, list[str]] = defaultdict(list)
    if beside == path or not beside.exists():
        return found
    with beside.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for line, row in _rows(beside, csv.reader(file)):
            if len(row) < 4:
                raise ListInvalid(f"{beside}: line {line}: must have number, alias number, type and name")
            if len(found[row[0].strip()]) < MOST_NAMES:
                found[row[0].strip()].append(_natural(row[3]))
    return found


def _natural(name: str) -> str:
    """`LAST, First Second` the way it is said."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name.strip()


def _parts(text: str) -> list[str]:
    return [one.strip() for one in text.split(";") if one.strip() and one not in _NOTHING]


def _ofac_date(text: str) -> str | None:
    for form, shown in (("%d %b %Y", "%Y-%m-%d"), ("%b %Y", "%Y-%m"), ("%Y", "%Y")):
        try:
            return datetime.strptime(text.strip(), form).strftime(shown)  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
    return None


def _alpha3(alpha2: str) -> str | None:
    found = pycountry.countries.get(alpha_2=alpha2.upper())
    return None if found is None else str(found.alpha_3)


def _named(name: str) -> str | None:
    if (known := _SHORT_NAMES.get(name.strip().lower())) is not None:
        return known
    try:
        return str(pycountry.countries.lookup(name.strip()).alpha_3)
    except LookupError:
        return None
