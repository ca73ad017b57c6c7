"""`ostiary import`: a file of clients is checked, and carried out where that is said. A service that runs beside does
no row again, and goes on with it if this command is cut off; without one, the next such command does."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.imports.documents import DocumentsEnd, ImportDocuments, Listed, listed_documents, shown_faults
from ostiary.cli.showing import print_table, progress
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import LeaseLost, value_refused
from ostiary.domain.imports.bulk import MOST_FILE_BYTES, WORKED_AT, BulkImport, RowState
from ostiary.domain.imports.documents import LIST_NAME
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.runtime.terminal.printing import say
from ostiary.settings import Settings
from ostiary.telemetry import logs
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.imports.carry_out import work_at
from ostiary.usecases.imports.imports import (
    cancel_import,
    faults_file,
    faulty_rows,
    import_template,
    read_import,
    start_import,
)
from ostiary.usecases.imports.receive import create_import, read_import_file
from ostiary.usecases.transaction import carried_out
from ostiary.wire.answer import fields_of
from ostiary.wire.imports.progress import import_answer

SHOWN = 50
"""Faults on the screen; --faults writes them all."""
LOOKED_EVERY_S = 0.5
"""At an import that a service works at."""
Tell = Callable[[int, int], None]


def run(options: argparse.Namespace, settings: Settings) -> int:
    logs.set_up("error")  # the answer is alone on standard output
    with opened(settings) as installation:
        if options.template:
            _write(options.file, import_template(installation.context))
            say(f"{options.file} has every column; a line for each client goes below them", error=True)
            return EXIT_OK
        if options.company is None:
            raise value_refused("company", "--company ID says whose clients they are: `ostiary company list`")
        _demand_free(options)
        content = _read(options.file)
        with listed_documents(options.documents) as listed, progress(options, "rows") as tell:
            bulk, faults, papers = installation.run(_imported(options, installation, (content, listed), tell))
    _show(options, bulk, faults, papers)
    return EXIT_FAILED if bulk.count(RowState.FAULTY) or papers.faulty else EXIT_OK


async def _imported(
    options: argparse.Namespace, installation: Installation, given: tuple[bytes, Listed | None], tell: Tell
) -> tuple[BulkImport, list[dict[str, Any]], DocumentsEnd]:
    """The import when it is over with its first faults, and what became of the documents beside it."""
    context, (content, listed) = installation.context, given
    caller = await operator_for(context, options.company, named_operator(options))
    await _finish_earlier(installation, caller)
    file = read_import_file(content, context.catalogues.attributes)
    bulk = await carried_out(context, caller, create_import, file)
    bulk = await _followed(installation, caller, bulk.id, tell)
    documents = None if listed is None else ImportDocuments(context, caller, listed)
    if documents is not None:
        faulty = [row.position async for row in faulty_rows(context, caller, bulk.id)]
        await documents.check(file, frozenset(faulty), tell)
    end = start_import if options.yes else cancel_import
    await carried_out(context, caller, end, bulk.id)
    checked, bulk = bulk, await _followed(installation, caller, bulk.id, tell)
    if documents is not None and options.yes:
        await documents.send(tell)
    papers = DocumentsEnd() if documents is None else documents.end
    if options.faults is not None:
        _write(options.faults, await faults_file(context, caller, bulk.id))
        if documents is not None:
            _write(f"{options.faults}.{LIST_NAME}", documents.faults_file())
    faults = list[dict[str, Any]]()
    async for row in faulty_rows(context, caller, bulk.id):
        faults += shown_faults(row.position, row.faults)
        if len(faults) >= SHOWN:
            break
    return bulk if options.yes else checked, faults[:SHOWN], papers


async def _finish_earlier(installation: Installation, caller: Caller) -> None:
    """What an earlier command left, that was cut off and that no service goes on with."""
    context = installation.context
    for company_id, import_id in await context.storage.imports.due(context.now_ms()):
        if company_id == caller.company.id:
            await work_at(context, caller.company, import_id)


async def _followed(installation: Installation, caller: Caller, import_id: str, tell: Tell) -> BulkImport:
    """Works at it, or waits for the service that does, until there is nothing left to do in the state it is in."""
    context = installation.context

    def follow(bulk: BulkImport) -> None:
        left = bulk.count(RowState.WAITING) if bulk.count(RowState.WAITING) else bulk.count(RowState.GOOD)
        tell(bulk.total - left, bulk.total)

    for tries in count():
        if tries:
            await asyncio.sleep(LOOKED_EVERY_S)
        try:
            await work_at(context, caller.company, import_id, follow)
        except LeaseLost:
            continue  # a service does
        bulk = await read_import(context, caller, import_id)
        follow(bulk)
        if bulk.state not in WORKED_AT:
            return bulk
    raise AssertionError


def _show(options: argparse.Namespace, bulk: BulkImport, faults: list[dict[str, Any]], papers: DocumentsEnd) -> None:
    answer, words = fields_of(import_answer(bulk)), _words(options, bulk)
    if options.documents is not None:
        answer["documents"], words = papers.counts(), f"{words}\n{papers.words(is_done=options.yes)}"
    paper_faults = papers.faults[:SHOWN]
    if options.json or not (faults or paper_faults):
        named = {"document_faults": paper_faults} if options.documents is not None else {}
        return show(options, {**answer, "faults": faults, **named}, words)
    print_table(
        ("row", "column", "what would be right"),
        [(str(each["row"]), each["field"], each["message"]) for each in faults]
        + [(f"{LIST_NAME} {each['row']}", each["field"], each["message"]) for each in paper_faults],
    )
    say("")
    say(words)


def _words(options: argparse.Namespace, bulk: BulkImport) -> str:
    faulty, repeated = bulk.count(RowState.FAULTY), bulk.count(RowState.REPEATED)
    rest = f"{faulty} with faults, {repeated} carried out before, of {bulk.total}"
    if options.yes:
        return f"{bulk.count(RowState.DONE)} rows carried out, {rest}"
    return f"{bulk.count(RowState.GOOD, RowState.CREATED)} rows are good, {rest}; nothing was done: add --yes for that"


def _demand_free(options: argparse.Namespace) -> None:
    """Before anything is done: files of faults are new ones. Raises ValidationFailed for one that is there."""
    if options.faults is None:
        return
    beside = (f"{options.faults}.{LIST_NAME}",) if options.documents is not None else ()
    for path in (options.faults, *beside):
        if Path(path).exists():
            raise value_refused("faults", f"{path} is there already: name another file, or move it away first")


def _read(path: str) -> bytes:
    """Raises ValidationFailed for what is no file, or too large a one."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_FILE_BYTES + 1)
    except OSError as problem:
        raise value_refused("file", f"{path} cannot be read: {problem.strerror}") from None
    if len(content) > MOST_FILE_BYTES:
        raise value_refused("file", f"{path} has more than {MOST_FILE_BYTES >> 20} MB: split it into several files")
    return content


def _write(path: str, content: bytes) -> None:
    """A new file that its owner alone can read: rows with faults are of people."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as problem:
        raise value_refused("file", f"{path} cannot be written: {problem.strerror}") from None
