"""`ostiary terms`: what a client accepted, and what proves it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import NotFound, Refused
from ostiary.domain.terms.acceptance import Acceptance
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.terms.read_terms import TermsProof, list_acceptances, prove_acceptance
from ostiary.wire.answer import fields_of
from ostiary.wire.terms.answers import acceptance_answer, proof_answer


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _list(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    every = await list_acceptances(installation.context, caller, options.client_id)
    if options.json or not every:
        answers = [fields_of(acceptance_answer(each)) for each in every]
        return show(options, answers, "This client accepted no terms.")
    columns = ("accepted (UTC)", "terms", "version", "language", "by", "as", "channel", "acceptance")
    print_table(columns, map(_row, every))


async def _prove(options: argparse.Namespace, installation: Installation) -> None:
    context, caller = installation.context, await _caller(options, installation)
    every = await list_acceptances(context, caller, options.client_id)
    proofs = [
        await prove_acceptance(context, caller, options.client_id, each.id)
        for each in every
        if options.terms in (None, each.terms_id)
    ]
    if not proofs:
        terms_ids = ", ".join(dict.fromkeys(each.terms_id for each in every))
        raise NotFound(f"This client accepted none of these terms; accepted: {terms_ids or 'none'}.")
    answers = [fields_of(proof_answer(each)) for each in proofs]
    if options.out is None:
        return show(options, answers, "\n\n".join("\n".join(_lines(each)) for each in proofs))
    _write(Path(options.out), json.dumps(answers, ensure_ascii=False, indent=2, default=str) + "\n")
    words = f"{options.out} has what proves {len(proofs)} of the client's acceptances, with the texts"
    show(options, {"file": options.out, "acceptances": [each.acceptance.id for each in proofs]}, words)


async def _caller(options: argparse.Namespace, installation: Installation) -> Caller:
    return await operator_for(installation.context, options.company, named_operator(options))


def _row(acceptance: Acceptance) -> Sequence[str]:
    given, text = acceptance.circumstances, (acceptance.terms_id, acceptance.version, acceptance.language)
    by = (given.name, given.capacity.value, given.channel.value)
    return format_timestamp(given.accepted_at_ms), *text, *by, acceptance.id


def _lines(proof: TermsProof) -> Iterator[str]:
    """For people: who, what, how, the entry of the audit trail, and the text as it is."""
    acceptance, entry = proof.acceptance, proof.entry
    given = acceptance.circumstances
    yield f"{acceptance.terms_id} {acceptance.version} ({acceptance.language}): {acceptance.name}"
    yield f"  accepted     {format_timestamp(given.accepted_at_ms)} (UTC) by {given.name} as {given.capacity.value}"
    yield f"  channel      {given.channel.value} {given.ip_address} {given.user_agent}".rstrip()
    yield f"  acceptance   {acceptance.id}, of the client {proof.client.id}"
    yield f"  SHA-256      {acceptance.sha256}"
    yield f"  audit entry  {entry.position} at {format_timestamp(entry.at_ms)} by {entry.actor}"
    yield f"  its hash     {entry.hash.hex()}"
    yield from ("", *proof.text.splitlines())


def _write(path: Path, text: str) -> None:
    """For its owner only: it names a person. Raises Refused where it cannot be, or something is there."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode())
    except FileExistsError:
        raise Refused(f"{path} is there already: name another file.") from None
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}.") from None


_ACTIONS = {"list": _list, "proof": _prove}
