"""Cases for the pages of the console: quick ones that a test may decide, and the demo's with all there is to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from ostiary.cli.demo.fill import COMPANY_NAME, fill, reference
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.documents.places import PrintedLine
from ostiary.domain.documents.reading import Judgement, Reading, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.unit import KeepReading, Unit
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.onboarding.add_document import Upload, add_document
from ostiary.usecases.onboarding.products import request_product
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.review.apply_verdict import review_of
from ostiary.usecases.transaction import Outcome, execute
from tests.console.desk import Desk
from tests.material import picture, profile

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
PRINTED = tuple(PrintedLine((500, top, 9500, top, 9500, top + 400, 500, top + 400)) for top in (8000, 9000))
_numbers = count(1)
DEMO = (1, 4, 14, 17, 18, 19)
"""Of the demo's cases: nothing wrong, a name, a hit, a picture of another client, a clash, a change."""


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that waits for a person."""

    company: Company
    client_id: str
    id: str

    @property
    def place(self) -> str:
        return f"/console/companies/{self.company.id}/requests/{self.id}"


async def caller_of(desk: Desk, company: Company) -> Caller:
    return await operator_for(desk.parts.context, company.id, "setup")


async def waiting(
    desk: Desk, company: Company, *reasons: str, sent: Sequence[Upload] = (), **changes: Any
) -> WaitingRequest:
    """A new client's, because of these reasons. `sent` are its documents, one instead of the other; else a
    passport."""
    context, number = desk.parts.context, next(_numbers)
    caller = await caller_of(desk, company)

    async def done(use_case: Any, *values: object) -> Any:
        return await execute(context, caller, lambda: use_case(context, caller, *values))

    client = await done(create_client, profile(**{"email": f"case{number}@example.com", **changes}))
    request = (await done(request_product, client.id, "cards_individuals")).enablement
    details = {"number": f"AB{number:07}", "issuing_country": "ARG"}
    for upload in sent or (Upload("passport", details, picture(number)),):
        await done(add_document, client.id, request.id, upload)
    await done(submit_product, client.id, request.id)
    await done(partial(_opened, reasons), client.id, request.id)
    return WaitingRequest(company, client.id, request.id)


async def _opened(
    reasons: tuple[str, ...], context: Any, caller: Caller, client_id: str, request_id: str
) -> Outcome[Enablement]:
    dossier = await load_dossier(context, caller, client_id)
    return review_of(context, caller, dossier, dossier.enablement(request_id), reasons=reasons)


async def read_as(desk: Desk, request: WaitingRequest, **changes: Any) -> None:
    """The request's documents as if they had been read: another number, the same birth date. Their pictures stay."""
    context = desk.parts.context
    dossier = await load_dossier(context, await caller_of(desk, request.company), request.client_id)
    where = "image_front, line 2"
    compared = (
        RuleEvidence("number", Result.DIFFERS, "AB1", "L898902C3", where),
        RuleEvidence("birth_date", Result.AGREES, "1974-08-12", "1974-08-12", where),
        RuleEvidence("look_alike", Result.AGREES, where="image_front"),
    )
    reading = replace(Reading(parse(PASSPORT, date(2026, 3, 1)), "image_front", 1.0, lines=PRINTED), **changes)
    judgement = Judgement(ReadingOutcome.REVIEW, compared)
    read = [KeepReading(replace(document, reading=reading, judgement=judgement)) for document in dossier.documents]
    unit = Unit(request.company.id, context.now_ms(), dossier.client, tuple(read))
    assert await context.storage.commit(unit) is None


async def demo(desk: Desk) -> dict[int, WaitingRequest]:
    """Cases of the demo by their numbers, made once for an installation."""
    context = desk.parts.context
    earlier = {each.name: each for each in await context.storage.companies.every()}
    company = earlier.get(COMPANY_NAME) or await desk.company(COMPANY_NAME)
    await fill(context, company, lambda at, of: None, DEMO)
    await desk.parts.reader.close()  # it belongs to this test's event loop
    requests = {}
    for number in DEMO:
        client = await context.storage.clients.by_reference(company.id, reference(number))
        assert client is not None
        dossier = await load_dossier(context, await caller_of(desk, company), client.id)
        requests[number] = WaitingRequest(company, client.id, dossier.enablements[0].id)
    return requests


async def state(desk: Desk, request: WaitingRequest) -> Enablement:
    caller = await caller_of(desk, request.company)
    return (await load_dossier(desk.parts.context, caller, request.client_id)).enablement(request.id)


async def actions(desk: Desk, client_id: str, company: Company) -> list[str]:
    """What the client's chain says was done."""
    entries = await desk.parts.context.storage.audit.entries(company.id, client_id)
    return [entry.action for entry in entries]
