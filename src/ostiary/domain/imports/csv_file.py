"""Files of imports: CSV in UTF-8, with commas or semicolons, as spreadsheets write and read it.

What is written for spreadsheets cannot become a formula there: such cells begin with an apostrophe. Reading takes that
away again, so that a file that was mended comes back as it was.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.imports.bulk import MOST_CELL_CHARACTERS, MOST_COLUMNS, MOST_ROW_CHARACTERS, MOST_ROWS, FileForm
from ostiary.domain.sentences import N_, Sentence, sentence

MARK = "\ufeff"
"""A byte order mark: by it spreadsheets know UTF-8."""
DELIMITERS = (",", ";")
FIELD = "file"
"""By which a fault of the file as a whole is named."""
FAULTS_COLUMN, ROW_COLUMN = "import_faults", "import_row"
"""Columns that are ours: they tell of faults, and are left out where a file comes back."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def text_of(content: bytes | bytearray) -> str:
    """Raises InvalidRequest for what is no text in UTF-8."""
    try:
        text = bytes(content).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = bytes(content[: problem.start]).count(b"\n") + 1
        raise refused(sentence("must be UTF-8, and is not in line %(line)s: save it as CSV UTF-8", line=line)) from None
    if (at := text.find("\0")) >= 0:
        raise refused(sentence("has a NUL in line %(line)s, which no text has", line=text.count("\n", 0, at) + 1))
    return text


def form_of(text: str) -> FileForm:
    """Its columns, and what parts them: what parts more of the first line. Raises InvalidRequest."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    names = next(_lines(text, delimiter), [])
    columns = tuple(name.strip() for name in names)
    if not any(columns):
        raise refused(N_("is empty: the first line names the columns"))
    if len(columns) > MOST_COLUMNS:
        raise refused(
            sentence("has %(count)s columns; at most %(most)s are taken", count=len(columns), most=MOST_COLUMNS)
        )
    return FileForm(columns, delimiter)


def rows_of(text: str, form: FileForm) -> Iterator[tuple[int, list[str]]]:
    """Every row below the head with its number, from 1; empty lines are none. Raises InvalidRequest."""
    lines = _lines(text, form.delimiter)
    next(lines)
    number = 0
    for cells in lines:
        if not any(cells):
            continue
        number += 1
        if number > MOST_ROWS:
            raise refused(sentence("has more than %(most)s rows: send several files", most=f"{MOST_ROWS:,}"))
        _demand_form(number, cells, form)
        yield number, [restored(cell.strip()) for cell in cells] + [""] * (len(form.columns) - len(cells))


def _demand_form(number: int, cells: Sequence[str], form: FileForm) -> None:
    """Raises InvalidRequest for a row that is longer than its head, or has a cell that is."""
    if len(cells) > len(form.columns):
        raise refused(
            sentence(
                "has %(count)s cells in row %(row)s, and there are %(columns)s columns: put texts with commas in "
                "quotes",
                row=number,
                count=len(cells),
                columns=len(form.columns),
            )
        )
    for column, cell in zip(form.columns, cells, strict=False):
        if len(cell) > MOST_CELL_CHARACTERS:
            raise refused(
                sentence(
                    "has more than %(most)s characters in %(column)s of row %(row)s: a quote may be left open",
                    row=number,
                    most=f"{MOST_CELL_CHARACTERS:,}",
                    column=column,
                )
            )


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    length = 0

    def bounded() -> Iterator[str]:
        """Lines, as long as those of one row are not too long."""
        nonlocal length
        for line in StringIO(text, newline=""):
            length += len(line)
            if length > MOST_ROW_CHARACTERS:
                raise refused(sentence("has a row of more than %(most)s characters", most=f"{MOST_ROW_CHARACTERS:,}"))
            yield line

    reader = csv.reader(bounded(), delimiter=delimiter, strict=True)
    while True:
        length = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise refused(
                sentence("is no CSV at line %(line)s: a quote is open, or stands within a cell", line=reader.line_num)
            ) from None
        yield cells


def written(form: FileForm, rows: Iterable[Sequence[str]], *, with_head: bool = True) -> bytes:
    """Rows as a file for spreadsheets, in which nothing is a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=form.delimiter, lineterminator="\r\n")
    if with_head:
        text.write(MARK)
        writer.writerow([neutral(column) for column in form.columns])
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
    return text.getvalue().encode()


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `restored` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """A cell as it was before it was made neutral."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def refused(problem: str | Sentence) -> InvalidRequest:
    """The refusal of a file."""
    return InvalidRequest(faults=(Fault(FIELD, "VALUE_INVALID", sentence("the file %(problem)s", problem=problem)),))
