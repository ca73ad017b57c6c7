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
) -> Document:
    """The document with what was read of it, which is a seal, and the judgement of that.

    What the picture looks like is not kept: bills of one company all look alike.
    """
    judgement = await _judgement(context, company, client, kind, reading)
    return replace(document, reading=replace(reading, likeness=()), judgement=judgement)


async def _judgement(
    context: Context, company: Company, client: Client, kind: DocumentType, reading: Reading
) -> Judgement:
    try:
        seal = parse_seal(reading.seal)
    except SealMalformed as problem:
        return unread_seal(reading.side, str(problem))
    return judge_seal(
        SealCase(
            seal=seal,
            statement=statement_of(seal),
            check=await context.seals.check(seal),
            today=context.today_of(company),
            most_days=kind.seal_days,
            where=reading.side,
            counts_specimens=company.is_sandbox,
        ),
        client.profile,
    )
