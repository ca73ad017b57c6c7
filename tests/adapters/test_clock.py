"""Ids in the order in which they are made, whatever the clock does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ostiary.adapters import clock
from ostiary.domain.ids import is_id, time_ms


def test_ids_of_one_process_sort_in_the_order_they_were_made() -> None:
    ids = [clock.new_id() for _ in range(5_000)]
    assert ids == sorted(set(ids))
    assert all(is_id(new_id) for new_id in ids)


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: clock.new_id(), range(4_000)))
    assert len(set(ids)) == len(ids)


def test_a_clock_that_stands_still_or_goes_back_keeps_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = clock.now_ms() + 1_000
    ids = []
    for moment in (ahead, ahead, ahead - 500, ahead, ahead + 1):
        monkeypatch.setattr(clock, "now_ms", lambda moment=moment: moment)
        ids.append(clock.new_id())
    assert ids == sorted(set(ids))
    assert [time_ms(new_id) - ahead for new_id in ids] == [0, 0, 0, 0, 1]


def test_neighbours_do_not_give_each_other_away() -> None:
    """The low bits of two ids of one millisecond are unrelated."""
    first, second = clock.new_id(), clock.new_id()
    assert sum(character != other for character, other in zip(first[-16:], second[-16:], strict=True)) > 8


@pytest.mark.parametrize("_", range(3))
def test_chance_lies_between_nothing_and_one(_: int) -> None:
    assert 0 <= clock.chance() < 1
