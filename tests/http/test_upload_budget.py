"""Sharing out memory between bodies: who waits, who goes first, and that nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.errors import Unavailable
from ostiary.web import upload_budget
from ostiary.web.upload_budget import MOST_WAITING, MOST_WAITING_OF_ONE, Share, UploadBudget

MOST = 90


async def settled() -> None:
    """Lets everything happen that can."""
    for _ in range(10):
        await asyncio.sleep(0)


@dataclass
class Crowd:
    """Bodies that ask for room; `order` is in which order they got it."""

    budget: UploadBudget = field(default_factory=lambda: UploadBudget(MOST))
    order: list[str] = field(default_factory=list)
    shares: dict[str, Share] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def ask(self, name: str, size: int, comes: int | None = None) -> None:
        """`name` begins with its holder, as A1, A2, B1. `comes`: so much of it arrives at once; all, if not said."""
        self.shares[name] = self.budget.share(name[0])

        async def reserve() -> None:
            await self.shares[name].reserve(size)
            self.order.append(name)
            await self.shares[name].grow(size if comes is None else comes)

        self.tasks[name] = asyncio.create_task(reserve())
        await settled()

    async def end(self, *names: str) -> None:
        for name in names:
            self.shares[name].release()
            await settled()

    async def close(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        for share in self.shares.values():
            share.release()


async def test_who_fits_goes_at_once_and_who_does_not_waits_its_turn() -> None:
    crowd = Crowd()
    for name in ("A1", "A2", "A3", "A4", "A5"):
        await crowd.ask(name, 30)
    assert crowd.order == ["A1", "A2", "A3"], "alone, a holder may have all of it"
    await crowd.end("A2")
    assert crowd.order[3:] == ["A4"]
    await crowd.close()


async def test_a_holder_that_came_later_does_not_wait_behind_all_of_anothers() -> None:
    crowd = Crowd()
    for name in ("A1", "A2", "A3", "A4", "A5", "A6"):
        await crowd.ask(name, 30)
    await crowd.ask("B1", 30)
    await crowd.end("A1", "A2", "A3", "B1")
    assert crowd.order[3:5] == ["B1", "A4"], "A has more than a third until two of its three are gone"
    await crowd.close()


async def test_while_others_wait_nobody_has_more_than_a_third() -> None:
    crowd = Crowd()
    await crowd.ask("A1", 90)
    for name in ("A2", "A3", "B1", "B2", "C1"):
        await crowd.ask(name, 30)
    await crowd.end("A1")
    assert sorted(crowd.order[1:]) == ["A2", "B1", "C1"]
    await crowd.close()


async def test_small_bodies_do_not_overtake_a_large_one_for_ever() -> None:
    crowd = Crowd()
    await crowd.ask("A1", 60)
    await crowd.ask("B1", 60)
    for name in ("C1", "C2", "C3"):
        await crowd.ask(name, 5)
    assert crowd.order == ["A1"]
    await crowd.end("A1")
    assert crowd.order[1] == "B1"
    await crowd.close()


async def test_a_body_larger_than_the_whole_budget_passes_when_alone() -> None:
    crowd = Crowd()
    await crowd.ask("A1", 30)
    await crowd.ask("B1", MOST + 30)
    assert crowd.order == ["A1"]
    await crowd.end("A1")
    assert crowd.order == ["A1", "B1"]
    await crowd.close()


async def test_a_reservation_ends_soon_and_what_has_not_come_is_free_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload_budget, "LAPSE_S", 0.01)
    crowd = Crowd()
    await crowd.ask("A1", 90, comes=10)
    await crowd.ask("A2", 80)
    assert crowd.order == ["A1"]
    await asyncio.wait_for(crowd.tasks["A2"], 5)
    await crowd.close()


async def test_what_one_has_declared_and_not_sent_keeps_nobody_else_waiting() -> None:
    crowd = Crowd()
    await crowd.ask("A1", 30, comes=10)
    await crowd.ask("A2", 30, comes=10)
    await crowd.ask("A3", 30)
    await crowd.ask("A4", 30)
    assert crowd.order == ["A1", "A2", "A3"], "its own next one waits until a reservation ends by itself"
    await crowd.ask("B1", 30)
    assert crowd.order[3:] == ["B1"], "there is room for it beside the 50 that have come"
    await asyncio.wait_for(crowd.shares["A1"].grow(20), 1)
    await crowd.close()


async def test_who_has_its_share_makes_nobody_else_give_way() -> None:
    crowd = Crowd()
    await crowd.ask("A1", 30)
    await crowd.ask("B1", 60, comes=10)
    await crowd.ask("A2", 10)
    assert (crowd.order, crowd.shares["B1"].counted) == (["A1", "B1"], 60)
    await crowd.close()


async def test_the_oldest_body_goes_on_when_all_are_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise two that have half of it each would wait for each other."""
    monkeypatch.setattr(upload_budget, "LAPSE_S", 0.0)
    budget = UploadBudget(MOST)
    first, second = budget.share("A"), budget.share("B")
    await first.reserve(80)
    await asyncio.sleep(0.01)
    await second.reserve(80)
    await asyncio.sleep(0.01)
    await first.grow(45)
    await second.grow(45)
    later = asyncio.create_task(second.grow(80))
    await settled()
    assert not later.done()
    await asyncio.wait_for(first.grow(80), 5)
    first.whole()
    await asyncio.wait_for(later, 5)
    first.release()
    second.release()


async def test_who_waits_too_long_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_budget, "LONGEST_WAIT_S", 0.01)
    crowd = Crowd()
    await crowd.ask("A1", 90)
    with pytest.raises(Unavailable) as caught:
        await crowd.budget.share("B").reserve(10)
    assert caught.value.retry_after_s
    await crowd.end("A1")
    await crowd.ask("B2", 90)
    assert crowd.order == ["A1", "B2"], "who gave up waits no more"
    await crowd.close()


@pytest.mark.parametrize(
    ("holders", "most"), [(["A"] * 300, MOST_WAITING_OF_ONE), ([f"{n % 9}" for n in range(300)], MOST_WAITING)]
)
async def test_only_so_many_may_wait(holders: list[str], most: int) -> None:
    budget = UploadBudget(MOST)
    first = budget.share("first")
    await first.reserve(MOST)
    await first.grow(MOST)
    tasks = [asyncio.create_task(budget.share(holder).reserve(10)) for holder in holders]
    await settled()
    refused = [task for task in tasks if task.done()]
    assert len(tasks) - len(refused) == most
    assert all(isinstance(task.exception(), Unavailable) for task in refused)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_caller_that_goes_away_leaves_its_place_even_in_the_moment_it_gets_it() -> None:
    crowd = Crowd()
    await crowd.ask("A1", 90)
    await crowd.ask("B1", 90)
    await crowd.ask("C1", 90)
    crowd.tasks["B1"].cancel()
    await crowd.end("A1")
    assert crowd.order == ["A1", "C1"]
    await crowd.ask("D1", 90)
    crowd.shares["C1"].release()  # D1 has it now, and does not know yet
    crowd.tasks["D1"].cancel()
    await settled()
    crowd.shares["D1"].release()
    await crowd.ask("E1", 90)
    assert crowd.order == ["A1", "C1", "E1"]
    await crowd.close()


async def upload(budget: UploadBudget, holder: str, pieces: Iterable[int], chance: Random) -> None:
    """A whole body: reserved, read in pieces with pauses, worked on, released; some callers give up."""
    share, arrived = budget.share(holder), 0
    pieces = list(pieces)
    try:
        await share.reserve(sum(pieces))
        for piece in pieces:
            await asyncio.sleep(chance.choice([0, 0, 0.001]))
            arrived += piece
            await share.grow(arrived)
            if chance.random() < 0.05:
                return
        share.whole()
        await asyncio.sleep(0)
    finally:
        share.release()


BODIES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.lists(st.integers(1, 40), min_size=1, max_size=4)), min_size=1, max_size=25
)


@given(BODIES, st.integers(0, 1_000))
def test_every_body_is_read_in_the_end_and_nothing_stays_counted(
    bodies: list[tuple[str, list[int]]], seed: int
) -> None:
    async def play() -> None:
        budget, chance = UploadBudget(MOST), Random(seed)
        uploads: list[Coroutine[None, None, None]] = [upload(budget, *body, chance) for body in bodies]
        await asyncio.wait_for(asyncio.gather(*uploads), 30)
        alone = budget.share("last")
        await asyncio.wait_for(alone.reserve(MOST), 1)
        alone.release()

    lapse, upload_budget.LAPSE_S = upload_budget.LAPSE_S, 0.0005
    try:
        asyncio.run(play())
    finally:
        upload_budget.LAPSE_S = lapse
