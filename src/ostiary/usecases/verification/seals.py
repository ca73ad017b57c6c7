"""A proof of address by its seal: looked for on the pictures, verified, compared with the client."""

from __future__ import annotations

from dataclasses import replace

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Judgement, Reading
from ostiary.domain.seals.statement import statement_of
from ostiary.domain.seals.two_d_doc import SealMalformed, parse_seal
from ostiary.domain.verification.seal_rules import SealCase, judge_seal, unread_seal
from ostiary.usecases.context import Context


async def with_seal(
    context: Context, company: Company, client: Client, kind: DocumentType, document: Document, reading: Reading
) -> tuple[Document, str]:
    """The document with what was read of it, which is a seal, and the judgement of that; and the version of the trust
    store that was asked, empty where none was.

    What the picture looks like is not kept: bills of one company all look alike.
    """
    judgement, trust = await _judgement(context, company, client, kind, reading)
    return replace(document, reading=replace(reading, likeness=()), judgement=judgement), trust


async def _judgement(
    context: Context, company: Company, client: Client, kind: DocumentType, reading: Reading
) -> tuple[Judgement, str]:
    try:
        seal = parse_seal(reading.seal)
    except SealMalformed as problem:
        return unread_seal(reading.side, str(problem)), ""
    check = await context.seals.check(seal)
    case = SealCase(
        seal=seal,
        statement=statement_of(seal),
        check=check,
        today=context.today_of(company),
        most_days=kind.seal_days,
        where=reading.side,
        counts_specimens=company.is_sandbox,
    )
    return judge_seal(case, client.profile), check.trust_version
