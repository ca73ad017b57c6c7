"""What happened to a company, a client or operators, as their audit chain says it, and whether it is intact."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ostiary.domain.audit.trail import AuditEntry, Mark, chain_fault
from ostiary.domain.companies.company import Caller, Chain
from ostiary.domain.errors import NotFound
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context

CHECKED_AT_ONCE = 200
"""Entries: some 4 ms, in which nobody else is served."""


@value_type
class AuditTrail:
    """All entries of one chain, oldest first. `fault` says what is wrong with it; None: it is whole and unchanged."""

    entries: tuple[AuditEntry, ...]
    fault: str | None


async def read_trail(context: Context, caller: Caller, mark: Mark, client_id: str = "") -> AuditTrail:
    """The trail of a company or, with `client_id`, of one of its clients; checked with the key of the trail.

    Raises NotFound for a client that is not the company's.
    """
    company, owner = caller.company, client_id or caller.company.id
    end = company.chain
    if client_id:
        client = await context.storage.clients.any(company.id, client_id)
        if client is None:
            raise NotFound("There is no such client.")
        end = client.chain
    entries = tuple(await context.storage.audit.entries(company.id, owner))
    # What was added since the end was read is checked the next time.
    return AuditTrail(entries, await checked(entries[: end.length], end, mark))


async def checked(entries: Sequence[AuditEntry], end: Chain, mark: Mark) -> str | None:
    """What is wrong with a chain that should end so; None: nothing. A long one is checked beside everything else."""
    if len(entries) <= CHECKED_AT_ONCE:
        return chain_fault(entries, end, mark)
    return await asyncio.to_thread(chain_fault, entries, end, mark)
