"""`ostiary document seal`: what the seal on a paper says, and every rule over it but those about a client."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ostiary.adapters.reader.availability import INSTALL, missing
from ostiary.adapters.reader.patience import read_patiently
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.adapters.seals.verifier import check_seal
from ostiary.adapters.trust.sealing import plan_seals
from ostiary.adapters.trust.store import read_store
from ostiary.app import check_cage
from ostiary.cli.chip.trust import content_of
from ostiary.cli.dispatch import show
from ostiary.domain.catalogue.catalogue import USUAL_SEAL_DAYS
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.reading import Judgement
from ostiary.domain.errors import Refused
from ostiary.domain.seals.statement import SealStatement, statement_of
from ostiary.domain.seals.two_d_doc import MOST_SEAL_CHARACTERS, SEAL_FORM, Seal, SealMalformed, parse_seal
from ostiary.domain.verification.seal_rules import SealCase, judge_paper
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.settings import Settings

NO_SEAL = "No seal was found on it: a DataMatrix barcode of the kind 2D-Doc."


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Exit status 1 when there is no seal that could be read; one that proves nothing is an answer."""
    path = Path(options.file)
    if not path.is_file():
        raise Refused(f"{path} is no file.")
    text = _written(path) if path.suffix == ".txt" else _read(path, settings)
    if not text:
        show(options, {"seal": None}, NO_SEAL)
        return EXIT_FAILED
    try:
        seal = parse_seal(text)
    except SealMalformed as problem:
        show(options, {"seal": None, "problem": str(problem)}, f"What begins as a seal cannot be read: {problem}.")
        return EXIT_FAILED
    store = read_store(settings.trust)
    if options.signer:
        store = plan_seals(store, content_of(options.signer)).store
    case = SealCase(
        seal=seal,
        statement=statement_of(seal),
        check=check_seal(seal, store.trust),
        today=datetime.now(UTC).date(),
        most_days=USUAL_SEAL_DAYS,
        counts_specimens=options.sandbox,
    )
    judgement = judge_paper(case)
    show(options, _as_json(case, judgement), "\n".join(_words(case, judgement)))
    return EXIT_OK


def _written(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_SEAL_CHARACTERS + 1).decode("latin-1").rstrip("\r\n")


def _read(path: Path, settings: Settings) -> str:
    if missing():
        raise Refused(f"The libraries that read documents are not installed: {INSTALL}")
    check_cage(settings)
    return asyncio.run(_seal_on(path.read_bytes()))


async def _seal_on(content: bytes) -> str:
    reader = ReaderProcess()
    try:
        return (await read_patiently(reader, [(FRONT, content)], (SEAL_FORM,), datetime.now(UTC).date())).seal
    finally:
        await reader.close()


def _as_json(case: SealCase, judgement: Judgement) -> dict[str, Any]:
    seal, signer = case.seal, case.check.signer
    return {
        "seal": {
            "version": seal.version,
            "authority": seal.authority,
            "certificate": seal.certificate,
            "kind": seal.kind,
            "issued": seal.issued and seal.issued.isoformat(),
            "signed_on": seal.signed_on.isoformat(),
            "fields": dict(seal.fields),
        },
        "statement": case.statement and _statement(case.statement),
        "signer": signer and {"subject": signer.subject, "country": signer.country, "sha256": signer.sha256},
        "trust": case.check.trust_version or None,
        "reasons": list(judgement.reasons),
        "rules": [
            {"rule": each.rule, "result": each.result, "read": each.read, "note": each.note}
            for each in judgement.compared
        ],
    }


def _statement(statement: SealStatement) -> dict[str, Any]:
    return {
        "kind": statement.kind,
        "residents": list(statement.residents),
        "lines": list(statement.lines),
        "postal_code": statement.postal_code,
        "city": statement.city,
        "country": statement.country,
        "dated": statement.dated and statement.dated.isoformat(),
    }


def _words(case: SealCase, judgement: Judgement) -> Iterator[str]:
    yield f"{case.seal.authority} {case.seal.certificate}, {_kind(case.seal, case.statement)}"
    if case.statement is not None:
        yield _address(case.statement)
    for each in judgement.compared:
        detail = "; ".join(filter(None, (each.note, each.read)))
        yield f"  {each.rule:16} {each.result:12} {detail}".rstrip()
    yield f"doubtful: {', '.join(judgement.reasons)}" if judgement.reasons else "genuine, as far as a seal can tell"


def _address(statement: SealStatement) -> str:
    town = f"{statement.postal_code} {statement.city}".strip()
    return ", ".join(filter(None, (" / ".join(statement.residents), *statement.lines, town, statement.country)))


def _kind(seal: Seal, statement: SealStatement | None) -> str:
    return statement.kind if statement else f"kind {seal.kind}"
