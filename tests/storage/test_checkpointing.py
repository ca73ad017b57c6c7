"""Of several workers one takes the checkpoint that is due, and one that dies is followed by another."""

from __future__ import annotations

import asyncio

from ostiary.storage.audit.checkpointing import LEASE_MS, STATE, CheckpointSchedule, last_taken_ms
from tests.storage.shelf import Shelf

NOW_MS, DAY_MS = 1_800_000_000_000, 86_400_000


async def test_one_of_several_takes_it(engine: Shelf) -> None:
    schedules = [CheckpointSchedule(engine.open().engine) for _ in range(3)]
    claims = await asyncio.gather(*(each.claim(NOW_MS, DAY_MS) for each in schedules))
    assert sorted(claims) == [False, False, True]
    assert not await schedules[0].claim(NOW_MS + LEASE_MS - 1, DAY_MS)
    assert await schedules[0].claim(NOW_MS + LEASE_MS, DAY_MS), "whoever had it died"


async def test_the_next_is_due_a_period_after_the_last(engine: Shelf) -> None:
    store = engine.open()
    schedule = CheckpointSchedule(store.engine)
    with store.engine.blocking() as aside:
        assert last_taken_ms(aside) == 0
        assert await schedule.claim(NOW_MS, DAY_MS)
        await schedule.taken(NOW_MS)
        await schedule.taken(NOW_MS - 1)
        assert last_taken_ms(aside) == NOW_MS
    assert not await schedule.claim(NOW_MS + DAY_MS - 1, DAY_MS)
    assert await schedule.claim(NOW_MS + DAY_MS, DAY_MS)


async def test_a_clock_that_was_set_back_does_not_keep_it_from_being_taken(engine: Shelf) -> None:
    schedule = CheckpointSchedule(engine.open().engine)
    await schedule.taken(NOW_MS + 40 * DAY_MS)
    assert await schedule.claim(NOW_MS, DAY_MS)


async def test_what_nobody_wrote_is_as_never(engine: Shelf) -> None:
    schedule = CheckpointSchedule(engine.open().engine)
    await schedule.taken(NOW_MS)
    engine.spoil("UPDATE installation SET value = ? WHERE name = ?", b"\xff nonsense", STATE)
    assert await schedule.claim(NOW_MS + 1, DAY_MS)
