"""`ostiary export client` and `ostiary export company`: everything of one person, or of all, in one archive."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from ostiary.adapters.archives.sealed import recipient_of, written
from ostiary.app import Installation, opened
from ostiary.cli.dispatch import show
from ostiary.cli.showing import progress
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import OstiaryError
from ostiary.domain.times import LAST_MS, format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.privacy.export import begin_company_export, export_client, record_of
from ostiary.usecases.transaction import carried_out
from ostiary.wire.privacy.archive import add_person
from ostiary.wire.review import chain_entry_shape

PAGE = 200
"""Ids that are read at once; clients are opened one after another."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    recipient = recipient_of(options.recipient) if options.recipient else None
    with opened(settings) as installation, progress(options, "taking out") as advance:
        target = Path(options.out).absolute()
        with written(target, recipient) as file:
            answer = installation.run(_ACTIONS[options.action](options, installation, file, advance))
    answer |= {"file": str(target), "bytes": target.stat().st_size, "sealed": recipient is not None}
    sealed = "sealed for its recipient" if recipient is not None else "NOT encrypted: send it as you would a passport"
    left = f"\n{len(answer['left_out'])} clients do not open, and are left out." if answer.get("left_out") else ""
    show(options, answer, f"{target}: {answer['clients']} clients, {answer['pictures']} pictures; {sealed}.{left}")
    return EXIT_FAILED if answer.get("left_out") else EXIT_OK


async def _client(
    options: argparse.Namespace, installation: Installation, file: IO[bytes], advance: Callable[[int, int], None]
) -> dict[str, Any]:
    caller = await operator_for(installation.context, options.company, options.operator)
    record = await carried_out(installation.context, caller, export_client, options.client_id)
    with ZipFile(file, "w", ZIP_STORED) as archive:
        pictures = await add_person(archive, "", record, installation.files.fetch)
    advance(1, 1)
    return {"clients": 1, "pictures": pictures}


async def _company(
    options: argparse.Namespace, installation: Installation, file: IO[bytes], advance: Callable[[int, int], None]
) -> dict[str, Any]:
    context = installation.context
    caller = await operator_for(context, options.company, options.operator)
    await carried_out(context, caller, begin_company_export)
    clients, pictures, left_out = 0, 0, list[str]()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        trail = await context.storage.audit.entries(caller.company.id, caller.company.id)
        shapes = [chain_entry_shape(entry) for entry in trail]
        archive.writestr("company.json", _company_json(caller, shapes), ZIP_DEFLATED)
        after = ""
        while ids := await context.storage.clients.ids_before(caller.company.id, LAST_MS, after, PAGE):
            for client_id in ids:
                try:
                    record = await record_of(context, caller, client_id, is_whole=True)
                    pictures += await add_person(archive, f"clients/{client_id}/", record, installation.files.fetch)
                except OstiaryError:
                    left_out.append(client_id)
                clients += 1
                advance(clients, 0)
            after = ids[-1]
        archive.writestr("left_out.json", json.dumps(left_out), ZIP_DEFLATED)
    return {"clients": clients - len(left_out), "pictures": pictures, "left_out": left_out}


def _company_json(caller: Caller, trail: list[dict[str, Any]]) -> str:
    company = caller.company
    created_at = format_timestamp(company.created_at_ms)
    return json.dumps({"id": company.id, "name": company.name, "created_at": created_at, "trail": trail}, indent=1)


_ACTIONS = {"client": _client, "company": _company}
