"""The server's time, carried on by the monotonic clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from ostiary.adapters import clock
from ostiary.adapters.shared_clock import MS, SharedClock
from ostiary.domain.ids import time_ms

DAY_MS = 86_400_000
SERVER_MS = 1_900_000_000_000


class Machine:
    """A monotonic clock, and a server that is asked over a line. Times in ms."""

    def __init__(self) -> None:
        self.ns = 5_000 * MS
        self.server_ahead_ms = SERVER_MS
        self.shared = SharedClock(lambda: self.ns)

    def passes(self, ms: float) -> None:
        self.ns += int(ms * MS)

    def true_ms(self) -> float:
        return self.ns / MS + self.server_ahead_ms

    def answer(self, there_ms: float, back_ms: float) -> int:
        self.passes(there_ms)
        now_ms = int(self.true_ms())
        self.passes(back_ms)
        return now_ms

    def look(self, there_ms: float, back_ms: float) -> None:
        self.shared.look(lambda: self.answer(there_ms, back_ms))

    def error_ms(self) -> float:
        return abs(self.shared.now_ms() - self.true_ms())


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_until_the_server_is_asked_it_is_our_own_time() -> None:
    assert abs(SharedClock().now_ms() - clock.now_ms()) < DAY_MS


@pytest.mark.parametrize(("there_ms", "back_ms"), [(0, 0), (1, 1), (40, 0), (0, 40), (3, 9)])
def test_the_error_is_no_more_than_half_the_way_there_and_back(
    machine: Machine, there_ms: float, back_ms: float
) -> None:
    machine.look(there_ms, back_ms)
    assert machine.error_ms() <= (there_ms + back_ms) / 2 + 1.5
    machine.passes(DAY_MS)
    assert machine.error_ms() <= (there_ms + back_ms) / 2 + 1.5, "it goes on"


def test_a_quicker_answer_makes_it_better_and_a_slower_one_never_worse(machine: Machine) -> None:
    machine.look(200, 0)
    assert machine.error_ms() > 90
    machine.look(1, 1)
    assert machine.error_ms() <= 3
    for there_ms, back_ms in ((500, 0), (0, 500), (30, 90)):
        before = machine.error_ms()
        machine.look(there_ms, back_ms)
        assert machine.error_ms() <= before + 1.5


@pytest.mark.parametrize("drift_ms", [-50, 50, -DAY_MS, DAY_MS])
def test_it_follows_the_server(machine: Machine, drift_ms: int) -> None:
    machine.look(1, 1)
    machine.server_ahead_ms += drift_ms
    moved_ms = asyncio.run(_again(machine.shared, lambda: machine.answer(1, 1)))
    assert machine.error_ms() <= 3
    assert abs(moved_ms - drift_ms) <= 3, "and says by how much"


async def _again(shared: SharedClock, answer: Callable[[], int]) -> int:
    async def read() -> int:
        return answer()

    return await shared.look_again(read)


def test_a_look_that_fails_changes_nothing(machine: Machine) -> None:
    def lost() -> int:
        machine.passes(3_000)
        raise OSError("gone")

    machine.look(1, 1)
    with pytest.raises(OSError, match="gone"):
        machine.shared.look(lost)
    assert machine.error_ms() <= 3


def test_ids_are_by_the_clock_they_are_given(machine: Machine) -> None:
    machine.look(0, 0)
    ids = clock.Ids(machine.shared.now_ms)
    new_ids = [ids.new()]
    machine.server_ahead_ms -= DAY_MS
    machine.look(0, 0)
    new_ids.append(ids.new())
    assert new_ids == sorted(new_ids), "also when it goes back"
    assert abs(time_ms(new_ids[0]) - SERVER_MS) < DAY_MS
