"""What becomes due in a company by its own time, as moving a sandbox's clock asks for it."""

from __future__ import annotations

from ostiary.domain.companies.company import Company
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle import daily


class Calendar:
    """Everything there is that a calendar brings by itself: deadlines of enabled requests, and what follows them."""

    async def next_due(self, context: Context, company_id: str) -> int | None:
        """When something is due next; None: nothing that is known."""
        return await context.storage.deadlines.next_due(company_id)

    async def due_work(self, context: Context, company: Company, now_ms: int) -> int:
        """Does one batch of what is due by `now_ms`, in order; gives how many things."""
        return await daily.due_work(context, company, now_ms)


CALENDAR = Calendar()
