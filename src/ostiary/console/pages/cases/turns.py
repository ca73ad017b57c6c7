"""Whoever has thousands of clients opened waits his turn: in a process one look goes after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ostiary.console.problems import ConsoleRefused
from ostiary.console.services import Console
from ostiary.domain.review.waiting import QueueFilters
from ostiary.domain.sentences import N_

MOST_WAIT_S = 5.0
"""Some looks, of a second each: who would wait longer tries again."""


@asynccontextmanager
async def turn_to_open_clients(console: Console) -> AsyncIterator[None]:
    """Raises ConsoleRefused when it does not come."""
    try:
        await asyncio.wait_for(console.searching.acquire(), MOST_WAIT_S)
    except TimeoutError:
        raise ConsoleRefused(
            429, N_("Somebody else is searching right now"), N_("Try again in a few seconds.")
        ) from None
    try:
        yield
    finally:
        console.searching.release()


@asynccontextmanager
async def turn_for(console: Console, filters: QueueFilters) -> AsyncIterator[None]:
    """The same where a look needs it: who asks for no country has no clients opened. Raises ConsoleRefused."""
    if not filters.country:
        yield
        return
    async with turn_to_open_clients(console):
        yield
