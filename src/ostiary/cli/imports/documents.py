"""Documents beside a file of clients, for `ostiary import --documents`: all are looked at first; once the rows are
carried out, those that are good are sent, a few at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ostiary.adapters.archives.beside import files_beside
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Fault, value_refused
from ostiary.domain.imports.bulk import MOST_FILE_BYTES
from ostiary.domain.imports.columns import FaultyRows
from ostiary.domain.imports.documents import (
    LIST_NAME,
    DocumentLine,
    DocumentList,
    FilesBeside,
    UnusableFile,
    read_document_list,
)
from ostiary.usecases.context import Context
from ostiary.usecases.imports.documents import DocumentsBeside, client_rows, line_faults, send_line
from ostiary.usecases.imports.receive import ImportFile

SENT_TOGETHER = 4
"""Documents under way at once: their pictures are measured in processes of their own, of which there are as many as
processors."""
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, and the files that it names."""

    documents: DocumentList
    files: FilesBeside


@dataclass(slots=True)
class DocumentsEnd:
    """How many documents there are, were sent now, and were sent before, and what is wrong with the others."""

    total: int = 0
    sent: int = 0
    repeated: int = 0
    faulty: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {"total": self.total, "sent": self.sent, "repeated": self.repeated, "faulty": self.faulty}

    def words(self, *, is_done: bool) -> str:
        if is_done:
            return f"{self.sent} documents sent, {self.repeated} before, {self.faulty} with faults, of {self.total}"
        return f"{self.total - self.faulty} documents are good, {self.faulty} with faults, of {self.total}"


def shown_faults(position: int, faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """The faults of a row, or of a line of the list, as `--json` has them."""
    return [{"row": position, "field": each.field, "code": each.code, "message": str(each.message)} for each in faults]


@contextmanager
def listed_documents(place: str | None) -> Iterator[Listed | None]:
    """The documents in a folder or ZIP; None where none is named. Raises ValidationFailed, InvalidRequest."""
    if place is None:
        yield None
        return
    with files_beside(place) as files:
        try:
            content = files.read(LIST_NAME, MOST_FILE_BYTES)
        except UnusableFile as problem:
            raise value_refused("documents", f"{place}/{LIST_NAME} {problem}") from None
        yield Listed(read_document_list(content), files)


class ImportDocuments:
    """The documents of one import."""

    def __init__(self, context: Context, caller: Caller, listed: Listed) -> None:
        self._context, self._caller, self._listed = context, caller, listed
        self._beside = DocumentsBeside({}, listed.files, media_type_of)
        self._faults = dict[int, tuple[Fault, ...]]()
        self.end = DocumentsEnd(total=len(listed.documents.lines))

    async def check(self, file: ImportFile, faulty: frozenset[int], tell: Tell) -> None:
        """Looks at each; nothing is done yet. `faulty`: rows of the file that stay undone."""
        rows = client_rows(self._context, file, faulty)
        self._beside = DocumentsBeside(rows, self._listed.files, media_type_of)
        for number, line in enumerate(self._listed.documents.lines, 1):
            self._note(line, await line_faults(self._context, self._caller, self._beside, line))
            tell(number, self.end.total)

    async def send(self, tell: Tell) -> None:
        """Sends those that are good, each once."""
        good = [line for line in self._listed.documents.lines if line.position not in self._faults]
        for at in range(0, len(good), SENT_TOGETHER):
            await asyncio.gather(*map(self._send, good[at : at + SENT_TOGETHER]))
            tell(min(at + SENT_TOGETHER, len(good)), len(good))

    async def _send(self, line: DocumentLine) -> None:
        ended = await send_line(self._context, self._caller, self._beside, line)
        self._note(line, ended.faults)
        self.end.sent += ended.is_new
        self.end.repeated += not (ended.is_new or ended.faults)

    def _note(self, line: DocumentLine, faults: tuple[Fault, ...]) -> None:
        if faults:
            self._faults[line.position] = faults
            self.end.faulty += 1
            self.end.faults += shown_faults(line.position, faults)

    def faults_file(self) -> bytes:
        """The lines with faults as they came, with their number and what is wrong: a list to mend and send again."""
        file = FaultyRows(self._listed.documents.form)
        return file.head() + b"".join(
            file.line(line.position, line.cells, self._faults[line.position])
            for line in self._listed.documents.lines
            if line.position in self._faults
        )
