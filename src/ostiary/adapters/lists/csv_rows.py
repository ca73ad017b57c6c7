"""Rows of a CSV file of whatever content, bounded: bytes, rows, and bytes of one row, also where it never ends."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 2 << 30
"""Ten times OpenSanctions' whole default collection."""
MOST_ROWS = 5_000_000
MOST_ROW_BYTES = 1 << 20
"""Also of a row over several lines. The longest of OpenSanctions' has some ten thousand. Fields are bounded by the csv
module's own limit (131,072)."""
_END_OF_FILE = "\x1a"
"""OFAC's files end with it."""


class ListInvalid(Exception):
    """A file that is no list; the message names file, line, column where there is one, and what would be right.

    `line` is that line's number, 0 where the whole file is meant.
    """

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its last line. Raises ListInvalid, OSError."""
    if path.stat().st_size > MOST_BYTES:
        raise ListInvalid(f"{path}: larger than {MOST_BYTES:,} bytes")
    with path.open("rb") as file:
        lines = _Lines(path, file)
        reader = csv.reader(lines)
        while True:
            try:
                row = next(reader, None)
            except csv.Error as problem:
                raise ListInvalid(f"{path}: line {lines.number}: {problem}", line=lines.number) from None
            if row is None:
                return
            lines.row_done()
            if row and row != [_END_OF_FILE]:
                yield lines.number, row


class _Lines:
    """Lines of a file as text, none longer than a row may be, and all of one row together neither."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self.number = self._rows = self._characters = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MOST_ROW_BYTES + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._characters += len(line)
        if self._characters > MOST_ROW_BYTES:
            raise self._invalid(f"a row longer than {MOST_ROW_BYTES:,} bytes")
        try:
            return line.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as problem:
            raise self._invalid(f"byte {problem.start + 1} is not UTF-8") from None

    def row_done(self) -> None:
        self._characters = 0
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise self._invalid(f"more than {MOST_ROWS:,} rows")

    def _invalid(self, words: str) -> ListInvalid:
        return ListInvalid(f"{self._path}: line {self.number}: {words}", line=self.number)
