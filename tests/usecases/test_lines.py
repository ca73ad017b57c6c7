"""Many calls on one client at once: they go one at a time, in the order in which they came, and none is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from ostiary.usecases import lines
from ostiary.usecases.clients.individuals import read_client
from ostiary.usecases.lines import OwnerLines
from ostiary.usecases.transaction import MOST_TRIES, Outcome, execute
from tests.house import House
from tests.usecases.test_deciding import touched

AT_ONCE = MOST_TRIES + 20
QUICK = 4
LONG_S = 60.0
"""A busy machine takes its time over so many turns."""


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0)


async def test_of_more_calls_than_one_call_tries_each_is_through(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE_S", LONG_S)
    client, decided = await house.client(), 0

    async def touch() -> Outcome[int]:
        nonlocal decided
        decided += 1
        return await touched(house, await read_client(house.context, house.caller, client.id))

    await asyncio.gather(*(execute(house.context, house.caller, touch) for _ in range(AT_ONCE)))
    assert house.actions(client.id) == ["client_created", *["touched"] * AT_ONCE]
    assert decided <= 2 * AT_ONCE, "once without waiting, and once in turn"
    assert not house.context.lines.is_waited_for(client.id)


async def test_what_takes_long_to_decide_is_through_beside_what_takes_less(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs three commits elsewhere before it knows; the others, over and over, none."""
    monkeypatch.setattr(lines, "PATIENCE_S", LONG_S)
    client, elsewhere, is_over = await house.client(), await house.client(email="other@example.com"), False

    async def touch() -> Outcome[int]:
        return await touched(house, await read_client(house.context, house.caller, client.id))

    async def elsewhere_touched() -> Outcome[int]:
        return await touched(house, await read_client(house.context, house.caller, elsewhere.id))

    async def slowly() -> Outcome[int]:
        current = await read_client(house.context, house.caller, client.id)
        for _ in range(3):
            await execute(house.context, house.caller, elsewhere_touched)
        return await touched(house, current)

    async def quickly() -> None:
        while not is_over:
            await execute(house.context, house.caller, touch)

    others = [asyncio.create_task(quickly()) for _ in range(QUICK)]
    await execute(house.context, house.caller, slowly)
    is_over = True
    await asyncio.gather(*others)
    assert house.actions(elsewhere.id).count("touched") <= 9, "who was under way may be first once more"


async def test_who_comes_while_somebody_has_a_turn_waits_for_its_own(house: House) -> None:
    client, readings = await house.client(), []

    async def touch() -> Outcome[int]:
        current = await read_client(house.context, house.caller, client.id)
        readings.append(current.version)
        return await touched(house, current)

    async with house.context.lines.turn(client.id):
        late = asyncio.create_task(execute(house.context, house.caller, touch))
        await until(lambda: len(readings) == 1)
        meanwhile = await touched(house, await read_client(house.context, house.caller, client.id))
        assert meanwhile.unit is not None
        assert await house.context.storage.commit(meanwhile.unit) is None
        assert not late.done()
    assert await late == 2
    assert readings == [1, 2], "decided again, on what the turn before has left"


async def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    lines, order = OwnerLines(), list[int]()

    async def go(number: int) -> None:
        async with lines.turn("client"):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(go(number) for number in range(20)))
    assert order == list(range(20))
    assert not lines.is_waited_for("client")


async def test_another_client_has_a_line_of_its_own() -> None:
    lines = OwnerLines()
    async with lines.turn("one"):
        assert lines.is_waited_for("one")
        assert not lines.is_waited_for("other")
        async with lines.turn("other"):
            assert lines.is_waited_for("other")


async def test_who_has_waited_long_goes_on_without_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE_S", 0.0)
    queue = OwnerLines()
    async with queue.turn("client"):
        async with queue.turn("client"):
            assert queue.is_waited_for("client")
        assert queue.is_waited_for("client"), "the turn is still the first one's"
    assert not queue.is_waited_for("client")


async def test_who_gives_up_waiting_leaves_the_line() -> None:
    lines = OwnerLines()

    async def go() -> None:
        async with lines.turn("client"):
            raise AssertionError("it never comes to its turn")

    async with lines.turn("client"):
        waiting = asyncio.create_task(go())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert not lines.is_waited_for("client")
