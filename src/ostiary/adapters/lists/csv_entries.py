"""Persons from CSV files of lists: OpenSanctions' simple format and OFAC's (SDN, consolidated), told apart by content.

OpenSanctions: a header; several values in a column are separated by semicolons, and one that has a semicolon is quoted
(CSV within CSV); countries are ISO 3166-1 alpha-2. OFAC: no header; number, "LAST, First", type, program, ...; birth
dates and nationality in the last column's remarks; `-0-` stands for nothing. Aliases come from a file of the same name
with `alt` for `sdn`, or `cons_alt` for `cons_prim`, and what remarks have no room for from `sdn_comments` or
`cons_comments`, in capitals as OFAC names them or not.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from ostiary.adapters.lists.country_names import alpha3_of_code, alpha3_of_name
from ostiary.adapters.lists.csv_rows import ListInvalid, rows_of
from ostiary.adapters.lists.listed_dates import REMARKS_CUT, dates_in_remarks, dates_listed
from ostiary.domain.screening.matching import MOST_NAMES, ListEntry

NEEDED = {"id", "schema", "name"}
"""Of a list of one's own; the columns that it may have are in docs/screening.md."""
_NATIONS = re.compile(r"\b(?:nationality|citizen) ([^;]+?)\s*(?:;|\.?\s*$|\.\s+[A-Z(])")
_BESIDE = (("cons_prim", "cons_alt", "cons_comments"), ("sdn", "alt", "sdn_comments"))
"""OFAC's names of a list, of the file with its aliases, and of the one in which its remarks go on."""
_COMMENTS = "_comments"
_OTHER_SIGN = re.compile(r"[;\t]")
_PROGRAM = re.compile(r"[^\[\] ][^\[\]]*")
"""OFAC parts programs as `SDGT] [IRGC`."""
_NOTHING = ("-0-", "-0- ", "")


def files_of(path: Path) -> tuple[Path, ...]:
    """The file of a list, and those with OFAC's aliases and comments if they are there, whatever the case of their
    names."""
    companions = (_beside(path, wanted) for wanted in _names_beside(path))
    return (path, *(companion for companion in companions if companion is not None))


def _names_beside(path: Path) -> tuple[str, ...]:
    """What the files with a list's aliases and comments are called; none for a list that has none of its own."""
    for main, *others in _BESIDE:
        if main in path.name.lower():
            at = path.name.lower().index(main)
            before, written, behind = path.name[:at], path.name[at : at + len(main)], path.name[at + len(main) :]
            return tuple(before + (other.upper() if written.isupper() else other) + behind for other in others)
    return ()


def _beside(path: Path, wanted: str) -> Path | None:
    if (beside := path.with_name(wanted)).exists():
        return beside
    return next((other for other in sorted(path.parent.iterdir()) if other.name.lower() == wanted.lower()), None)


def entries_of(path: Path) -> Iterator[ListEntry]:
    """The persons of a list. Raises ListInvalid, OSError."""
    rows = rows_of(path)
    first = next(rows, None)
    if first is None:
        raise ListInvalid(f"{path}: is empty")
    header = [title.strip().lower() for title in first[1]]
    if set(header) >= NEEDED:
        yield from _opensanctions(path, header, rows)
    elif len(first[1]) >= 3 and first[1][0].strip().isdecimal():
        yield from _ofac(path, chain([first], rows))
    else:
        absent = sorted(NEEDED.difference(header))
        parted = " (columns are parted by commas, not by semicolons or tabs)" if _OTHER_SIGN.search(header[0]) else ""
        raise ListInvalid(
            f"{path}: line 1: must be OpenSanctions' header (id, schema, name, ...) or a row of OFAC's list; of the "
            f"header are missing: {', '.join(absent)}{parted}",
            line=1,
        )


def _opensanctions(path: Path, header: list[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[ListEntry]:
    at = {name: number for number, name in enumerate(header)}

    def values(row: list[str], name: str) -> list[str]:
        return _parts(row[at[name]]) if name in at else []

    for line, row in rows:
        if len(row) != len(header):
            raise ListInvalid(f"{path}: line {line}: has {len(row)} columns, the header {len(header)}", line=line)
        if row[at["schema"]].strip().lower() != "person":
            continue
        for name in ("id", "name"):
            if not row[at[name]].strip():
                raise ListInvalid(f"{path}: line {line}: column {name}: is empty", line=line)
        names = tuple(dict.fromkeys([row[at["name"]].strip(), *values(row, "aliases")]))
        countries = tuple(filter(None, map(_country, values(row, "countries"))))
        topics = tuple(values(row, "topics") or values(row, "program_ids") or values(row, "dataset"))
        dates = dates_listed(values(row, "birth_date"))
        yield ListEntry(
            id=row[at["id"]].strip(), names=names[:MOST_NAMES], birth_dates=dates, countries=countries, topics=topics
        )


def _ofac(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[ListEntry]:
    aliases, comments = _ofac_aliases(path), _ofac_comments(path)
    for line, row in rows:
        if len(row) < 3 or not row[0].strip().isdecimal():
            raise ListInvalid(f"{path}: line {line}: column 1: must be OFAC's number, before name and type", line=line)
        if row[2].strip() != "individual":
            continue
        number, remarks = row[0].strip(), row[-1].rstrip()
        if row[1].strip() in _NOTHING:
            raise ListInvalid(f"{path}: line {line}: column 2: is empty", line=line)
        names = tuple(dict.fromkeys([_natural(row[1]), *aliases.get(number, ())]))
        is_whole = len(remarks) < REMARKS_CUT or number in comments
        remarks += comments.get(number, "")  # cut anywhere, also within a word
        dates = dates_in_remarks(remarks, is_whole=is_whole)
        nations = tuple(filter(None, map(alpha3_of_name, _NATIONS.findall(remarks))))
        programs = tuple(_PROGRAM.findall(row[3])) if len(row) > 3 and row[3] not in _NOTHING else ()
        yield ListEntry(
            id=f"ofac-{number}", names=names[:MOST_NAMES], birth_dates=dates, countries=nations, topics=programs
        )


def _ofac_aliases(path: Path) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = defaultdict(list)
    for beside in files_of(path)[1:]:
        if _COMMENTS in beside.name.lower():
            continue
        for line, row in rows_of(beside):
            if len(row) < 4:
                raise ListInvalid(f"{beside}: line {line}: must have number, alias number, type and name", line=line)
            if len(columns[row[0].strip()]) < MOST_NAMES and row[3].strip() not in _NOTHING:
                columns[row[0].strip()].append(_natural(row[3]))
    return columns


def _ofac_comments(path: Path) -> dict[str, str]:
    """What remarks go on with, by number."""
    columns: dict[str, str] = defaultdict(str)
    for beside in files_of(path)[1:]:
        if _COMMENTS not in beside.name.lower():
            continue
        for line, row in rows_of(beside):
            if len(row) < 2:
                raise ListInvalid(f"{beside}: line {line}: must have number and remarks", line=line)
            columns[row[0].strip()] += row[1].rstrip()
    return dict(columns)


def _country(written: str) -> str | None:
    """By its code as OpenSanctions has them, or by its name, which people write in lists of their own."""
    return alpha3_of_code(written) or alpha3_of_name(written)


def _natural(name: str) -> str:
    """`LAST, First Second` the way it is said."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name.strip()


def _parts(text: str) -> list[str]:
    """The values of a column: a CSV row of its own, parted by semicolons."""
    values: Iterable[str] = text.split(";")
    if text.count('"') % 2 == 0 and '"' in text:
        values = next(csv.reader([text], delimiter=";", skipinitialspace=True), [])
    return [value.strip() for value in values if value.strip() and value not in _NOTHING]
