"""Beginning erasures of clients whose period is over, where the retention file says that they end by themselves."""

from __future__ import annotations

import asyncio
from functools import partial

from ostiary.domain.audit.trail import WORKER, Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.privacy.erasure import REQUESTED, AddErasure, Cause
from ostiary.domain.privacy.retention import OF_CLIENTS, may_be_over_ms
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context, ErasedWord
from ostiary.usecases.privacy.request_erasure import waiting
from ostiary.usecases.privacy.standing import Due, due_clients
from ostiary.usecases.transaction import Outcome, execute


async def begin_due(context: Context) -> int:
    """One pass over all companies; how many were begun. Nothing is where nothing is declared."""
    count = 0
    rules = {category: context.retention[category] for category in OF_CLIENTS if context.retention[category].by_itself}
    if not rules:
        return 0
    for company in await context.storage.companies.every():
        created_before = may_be_over_ms(context.now_of(company), rules)
        assert created_before is not None  # noqa: S101 (there are rules)
        async for due in due_clients(context, company, rules, created_before):
            if not due.is_held:
                count += await execute(context, Caller(company, WORKER, 0), partial(_begin, context, company, due))
            await asyncio.sleep(0)
    return count


async def _begin(context: Context, company: Company, due: Due) -> Outcome[bool]:
    dossier = await context.storage.dossier(company.id, due.client_id)
    every = await context.storage.erasures.of_client(company, due.client_id)
    if dossier is None or any(each.state.is_open for each in every):
        return Outcome(False)
    erasure = replace(
        waiting(context, company.id, due.client_id, Cause.RETENTION, WORKER),
        category=due.standing.category.value,
        kept_until_ms=due.standing.due_at_ms or 0,
    )
    note = Note(REQUESTED, WORKER, due.client_id, (erasure.id, due.standing.category.value))
    unit = Unit(company.id, context.now_ms(), dossier.client, changes=(AddErasure(erasure),), notes=(note,))
    return Outcome(True, unit)


async def erase_again(context: Context, word: ErasedWord) -> int:
    """What was erased, and is there again since a backup from before was restored; how many that were. Neither period
    nor hold keeps them: they were gone. Raises Unavailable."""
    count = 0
    for company in await context.storage.companies.every():
        for client_id in await word.erased(company.id):
            if await context.storage.clients.find(company.id, client_id) is None:
                continue
            if await word.is_erased(company.id, client_id):
                count += await execute(
                    context, Caller(company, WORKER, 0), partial(_again, context, company, client_id)
                )
    return count


async def _again(context: Context, company: Company, client_id: str) -> Outcome[bool]:
    dossier = await context.storage.dossier(company.id, client_id)
    every = await context.storage.erasures.of_client(company, client_id)
    if dossier is None or any(each.state.is_open and each.cause is Cause.RESTORED for each in every):
        return Outcome(False)
    erasure = waiting(context, company.id, client_id, Cause.RESTORED, WORKER)
    note = Note(REQUESTED, WORKER, client_id, (erasure.id, Cause.RESTORED.value))
    unit = Unit(company.id, context.now_ms(), dossier.client, changes=(AddErasure(erasure),), notes=(note,))
    return Outcome(True, unit)
