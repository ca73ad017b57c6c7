"""Units in any order, many at once, on versions old and new: chain, version and guards always agree."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.domain.clients.client import Client
from ostiary.domain.unit import Guard, Unit, details_if
from tests.depth import deep
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import NOTE, Trade, assert_chained, found_company

EXAMPLES, CLIENTS = deep(10, 100), 3
Step = tuple[int, int, bool, int]
STEP = st.tuples(st.integers(0, CLIENTS - 1), st.integers(0, 3), st.booleans(), st.integers(0, 3))
"""Which client, how many versions behind, whether its details change, how many notes."""


@dataclass
class ClientHistory:
    """What a partner's calls would know of one client: every version there was, with the length of its chain."""

    versions: list[Client]
    lengths: list[int] = field(default_factory=lambda: [1])


@asynccontextmanager
async def trading(engine: str) -> AsyncIterator[Trade]:
    with tempfile.TemporaryDirectory(prefix="ostiary-property-") as folder:
        shelf: Shelf = SqliteShelf(Path(folder)) if engine == "sqlite" else PostgresShelf()
        yield await found_company(shelf.open(), shelf.cipher)
        await shelf.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
@given(batches=st.lists(st.lists(STEP, min_size=1, max_size=8), max_size=8))
def test_a_unit_holds_exactly_when_it_judged_the_newest_version(engine: str, batches: list[list[Step]]) -> None:
    asyncio.run(play(engine, batches))


async def play(engine: str, batches: list[list[Step]]) -> None:
    async with trading(engine) as trade:
        await _play(trade, batches, at_once=engine == "sqlite")


async def _play(trade: Trade, batches: list[list[Step]], *, at_once: bool) -> None:
    """Only where one writer takes them in the order they come is it known beforehand who is first."""
    histories = [ClientHistory([await trade.remembered()]) for _ in range(CLIENTS)]
    for batch in batches:
        units = [unit_of(trade, histories[which], behind, details, notes) for which, behind, details, notes in batch]
        commits = [trade.store.commit(unit, trade.company) for unit in units]
        ended = await asyncio.gather(*commits) if at_once else [await commit for commit in commits]
        assert list(ended) == expected(histories, batch)
        for history in histories:
            await check(trade, history)


def unit_of(trade: Trade, history: ClientHistory, behind: int, details: bool, notes: int) -> Unit:
    """A unit that judged an older version, or the newest."""
    judged = history.versions[max(0, len(history.versions) - 1 - behind)]
    moved = replace(judged, updated_at_ms=judged.updated_at_ms + 1)
    return trade.touching(moved, owner_write=details_if(details), notes=(NOTE,) * notes)


def expected(histories: list[ClientHistory], batch: list[Step]) -> list[Guard | None]:
    """The first of a batch that judged a client's newest version holds; the lengths of chains follow."""
    taken: set[int] = set()
    ends: list[Guard | None] = []
    for which, behind, _, notes in batch:
        is_newest = behind == 0 or len(histories[which].versions) == 1
        if is_newest and which not in taken:
            taken.add(which)
            histories[which].lengths.append(histories[which].lengths[-1] + notes)
            ends.append(None)
        else:
            ends.append(Guard.CLIENT)
    return ends


async def check(trade: Trade, history: ClientHistory) -> None:
    """What is stored is what held, and nothing else."""
    now = await trade.current(history.versions[0].id)
    if now.version > history.versions[-1].version:
        history.versions.append(now)
    assert now.version == len(history.versions) == len(history.lengths)
    assert now == history.versions[-1]
    assert_chained(trade.store, trade.company.id, now.id, history.lengths[-1])
