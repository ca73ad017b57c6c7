"""Persons from CSV files of lists: OpenSanctions' simple format and OFAC's (SDN, consolidated), told apart by content.

OpenSanctions: a header; several values in a column are separated by semicolons; countries are ISO 3166-1 alpha-2.
OFAC: no header; number, "LAST, First", type, program, ...; birth dates and nationality in the last column's remarks;
`-0-` stands for nothing. Aliases come from a file of the same name with `alt` for `sdn`, or `cons_alt` for `cons_prim`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path

import pycountry

from ostiary.adapters.lists.csv_rows import ListInvalid, rows_of
from ostiary.domain.list_matching import MOST_NAMES, Entry

MOST_YEARS = 10
"""Of a range of birth years; a wider one says nothing."""
_NEEDED = {"id", "schema", "name"}
_DATES = re.compile(
    r"\bDOB(?: circa)? ((?:\d{1,2} [A-Z][a-z]{2} )?(?:[A-Z][a-z]{2} )?\d{4})(?: to (?:[\w ]{0,7}\b)?(\d{4}))?"
)
_NATIONS = re.compile(r"\b(?:nationality|citizen) ([A-Za-z ,()'-]+?)(?:;|\.|$)")
_SHORT_NAMES = {
    "bolivia": "BOL", "burma": "MMR", "iran": "IRN", "korea, north": "PRK", "korea, south": "KOR", "kosovo": "XKX",
    "laos": "LAO", "moldova": "MDA", "palestinian": "PSE", "russia": "RUS", "syria": "SYR", "taiwan": "TWN",
    "tanzania": "TZA", "turkey": "TUR", "venezuela": "VEN", "vietnam": "VNM",
}  # fmt: skip
"""What OFAC calls countries that ISO 3166 has under longer names."""
_PROGRAM = re.compile(r"[^\[\] ][^\[\]]*")
"""OFAC parts programs as `SDGT] [IRGC`."""
_NOTHING = ("-0-", "-0- ", "")


def files_of(path: Path) -> tuple[Path, ...]:
    """The file of a list, and the one with OFAC's aliases if it is there."""
    beside = path.with_name(path.name.replace("cons_prim", "cons_alt").replace("sdn", "alt"))
    return (path, beside) if beside != path and beside.exists() else (path,)


def entries_of(path: Path) -> Iterator[Entry]:
    """The persons of a list. Raises ListInvalid, OSError."""
    rows = rows_of(path)
    first = next(rows, None)
    if first is None:
        raise ListInvalid(f"{path}: is empty")
    if set(first[1]) >= _NEEDED:
        yield from _opensanctions(path, first[1], rows)
    elif len(first[1]) >= 3 and first[1][0].strip().isdecimal():
        yield from _ofac(path, chain([first], rows))
    else:
        raise ListInvalid(
            f"{path}: line 1: must be OpenSanctions' header (id, schema, name, ...) or a row of OFAC's list"
        )


def _opensanctions(path: Path, header: list[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Entry]:
    at = {name: number for number, name in enumerate(header)}

    def values(row: list[str], name: str) -> list[str]:
        return _parts(row[at[name]]) if name in at else []

    for line, row in rows:
        if len(row) != len(header):
            raise ListInvalid(f"{path}: line {line}: has {len(row)} columns, the header {len(header)}")
        if row[at["schema"]] != "Person":
            continue
        for name in ("id", "name"):
            if not row[at[name]].strip():
                raise ListInvalid(f"{path}: line {line}: column {name}: is empty")
        names = tuple(dict.fromkeys([row[at["name"]].strip(), *values(row, "aliases")]))
        countries = tuple(filter(None, map(_alpha3, values(row, "countries"))))
        topics = tuple(values(row, "topics") or values(row, "program_ids") or values(row, "dataset"))
        yield Entry(row[at["id"]].strip(), names[:MOST_NAMES], tuple(values(row, "birth_date")), countries, topics)


def _ofac(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Entry]:
    aliases = _ofac_aliases(path)
    for line, row in rows:
        if len(row) < 3 or not row[0].strip().isdecimal():
            raise ListInvalid(f"{path}: line {line}: column 1: must be OFAC's number, before name and type")
        if row[2].strip() != "individual":
            continue
        number, remarks = row[0].strip(), row[-1]
        if row[1].strip() in _NOTHING:
            raise ListInvalid(f"{path}: line {line}: column 2: is empty")
        names = tuple(dict.fromkeys([_natural(row[1]), *aliases.get(number, ())]))
        dates = tuple(dict.fromkeys(one for found in _DATES.findall(remarks) for one in _ofac_dates(*found)))
        nations = tuple(filter(None, map(_named, _NATIONS.findall(remarks))))
        programs = tuple(_PROGRAM.findall(row[3])) if len(row) > 3 and row[3] not in _NOTHING else ()
        yield Entry(f"ofac-{number}", names[:MOST_NAMES], dates, nations, programs)


def _ofac_aliases(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for beside in files_of(path)[1:]:
        for line, row in rows_of(beside):
            if len(row) < 4:
                raise ListInvalid(f"{beside}: line {line}: must have number, alias number, type and name")
            if len(found[row[0].strip()]) < MOST_NAMES and row[3].strip() not in _NOTHING:
                found[row[0].strip()].append(_natural(row[3]))
    return found


def _ofac_dates(first: str, last: str) -> Iterator[str]:
    """One date, or the years of a range ("DOB 1963 to 1965")."""
    date = _ofac_date(first)
    if date is not None and not last:
        yield date
    elif date is not None and 0 <= int(last) - int(date[:4]) <= MOST_YEARS:
        yield from (str(year) for year in range(int(date[:4]), int(last) + 1))


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


@lru_cache(maxsize=512)
def _alpha3(alpha2: str) -> str | None:
    found = pycountry.countries.get(alpha_2=alpha2.upper())
    return None if found is None else str(found.alpha_3)


@lru_cache(maxsize=512)
def _named(name: str) -> str | None:
    if (known := _SHORT_NAMES.get(name.strip().lower())) is not None:
        return known
    try:
        return str(pycountry.countries.lookup(name.strip()).alpha_3)
    except LookupError:
        return None
