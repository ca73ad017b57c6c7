"""Hits of screening on the audit trail: that each is there, and what was decided."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ostiary.usecases.screening.screen_client import decide_hit, lists_in_force, screen_client
from tests.auditing import faults
from tests.house import House
from tests.usecases.test_screening import NAMED, cleared, house, look_at_plain

__all__ = ["house"]


@pytest.mark.parametrize("is_decided", [False, True], ids=["open", "cleared"])
async def test_a_hit_that_somebody_deletes_is_missed_and_one_that_is_found_again_is_not(
    house: House, is_decided: bool
) -> None:
    ids = await house.submitted(**NAMED)
    await house.work()
    [hit] = (await house.do(look_at_plain, *ids)).hits
    if is_decided:
        await house.do(decide_hit, *ids, cleared(hit.key))
    await screen_client(house.context, house.caller, ids[0], await lists_in_force(house.context) + " changed")
    assert faults(house.parts.store, house.parts.cipher) == {}
    with closing(sqlite3.connect(house.path)) as connection, connection:
        connection.execute("DELETE FROM screening_hits")
    assert faults(house.parts.store, house.parts.cipher) == {ids[0]: [f"hit {hit.key} is gone"]}
