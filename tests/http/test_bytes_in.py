"""Reading a body under limits: size, budget, speed."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.types import Message

from ostiary.domain.errors import InvalidRequest, OstiaryError, PayloadTooLarge
from ostiary.web import body as bytes_in
from ostiary.web.body import PATIENCE_S, SMALL_BYTES, Body, Disconnected
from ostiary.web.upload_budget import UploadBudget

MOST = 4 * SMALL_BYTES


class Sender:
    """A caller that sends pieces; `None` among them: it goes away. After the last it says nothing more."""

    def __init__(self, pieces: Iterable[bytes | None], *, ends: bool = True) -> None:
        self.pieces, self.ends, self.asked = list(pieces), ends, 0

    async def __call__(self) -> Message:
        if not self.pieces:
            await asyncio.sleep(3600)
        self.asked += 1
        piece = self.pieces.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or not self.ends}


def body_of(sender: Sender, declared: int | None = None, budget: UploadBudget | None = None) -> Body:
    headers = {} if declared is None else {b"content-length": str(declared).encode()}
    return Body(sender, headers, (budget or UploadBudget(MOST)).share("Acme"), MOST)


PIECES = [b"a" * 1000, b"b" * SMALL_BYTES, b"c" * SMALL_BYTES]
WHOLE = b"".join(PIECES)


@pytest.mark.parametrize("declared", [len(WHOLE), None])
async def test_pieces_become_one_body_and_the_budget_gets_them_back(declared: int | None) -> None:
    budget = UploadBudget(MOST)
    body = body_of(Sender(PIECES), declared, budget)
    assert bytes(await body.read()) == WHOLE
    assert body.is_read
    other = budget.share("Acme")
    waiting = asyncio.create_task(other.reserve(MOST))
    await asyncio.sleep(0)
    assert not waiting.done()
    body.release()
    body.release()
    await waiting
    other.release()


async def test_what_is_only_declared_takes_no_memory() -> None:
    """A caller who declares much and sends little would otherwise hold it, whatever the budget says."""
    many = 20 * SMALL_BYTES
    body = Body(
        Sender([b"a" * SMALL_BYTES], ends=False),
        {b"content-length": b"%d" % (40 * MOST)},
        UploadBudget(80 * MOST).share("Acme"),
        40 * MOST,
    )
    tracemalloc.start()
    try:
        reading = asyncio.create_task(body.read())
        while tracemalloc.get_traced_memory()[0] < SMALL_BYTES:
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        assert tracemalloc.get_traced_memory()[1] < many < 40 * MOST
    finally:
        tracemalloc.stop()
        reading.cancel()
        await asyncio.wait((reading,))
        body.release()


async def test_a_body_in_one_piece_comes_as_it_is() -> None:
    assert await body_of(Sender([b"{}"]), 2).read() == b"{}"
    assert await body_of(Sender([b""])).read() == b""


@pytest.mark.parametrize(
    ("pieces", "declared", "pieces_read"),
    [
        ([b"a"], MOST + 1, 0),
        ([b"a" * MOST, b"b", b"c"], None, 2),
        ([b"a" * (MOST + 1)], None, 1),
    ],
    ids=["declared", "undeclared", "undeclared in one piece"],
)
async def test_too_much_is_refused_as_soon_as_it_is_known(
    pieces: list[bytes], declared: int | None, pieces_read: int
) -> None:
    sender = Sender(pieces)
    with pytest.raises(PayloadTooLarge):
        await body_of(sender, declared).read()
    assert sender.asked == pieces_read


async def test_a_body_for_which_there_is_no_room_is_not_read_until_there_is() -> None:
    budget = UploadBudget(MOST)
    before = budget.share("Acme")
    await before.reserve(MOST - SMALL_BYTES)
    sender = Sender(PIECES)
    reading = asyncio.create_task(body_of(sender, len(WHOLE), budget).read())
    await asyncio.sleep(0.01)
    assert sender.asked == 0
    before.release()
    assert bytes(await reading) == WHOLE


async def test_an_undeclared_body_waits_once_it_outgrows_the_budget() -> None:
    budget = UploadBudget(MOST)
    before = budget.share("Acme")
    await before.reserve(MOST - SMALL_BYTES)
    sender = Sender(PIECES)
    reading = asyncio.create_task(body_of(sender, None, budget).read())
    await asyncio.sleep(0.01)
    assert sender.asked == 2, "the piece that makes it large is the last before it waits"
    before.release()
    assert bytes(await reading) == WHOLE


async def test_waiting_for_room_is_no_slowness_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytes_in, "PATIENCE_S", 0.05)
    monkeypatch.setattr(bytes_in, "SLOWEST_BYTES_PER_S", 10**7)
    budget = UploadBudget(MOST)
    before = budget.share("Acme")
    await before.reserve(MOST - SMALL_BYTES)
    reading = asyncio.create_task(body_of(Sender(PIECES), None, budget).read())
    await asyncio.sleep(0.2)
    before.release()
    assert bytes(await reading) == WHOLE


async def test_small_bodies_pass_whatever_the_budget_holds() -> None:
    budget = UploadBudget(1)
    await budget.share("Acme").reserve(1)
    assert await body_of(Sender([b"{}"]), 2, budget).read() == b"{}"


async def test_a_caller_that_goes_silent_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytes_in, "PATIENCE_S", 0.01)
    for pieces in ([], [b"a"]):
        with pytest.raises(InvalidRequest, match="too slowly"):
            await body_of(Sender(pieces, ends=False), 10).read()


async def test_a_caller_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytes_in, "PATIENCE_S", 0.0)
    monkeypatch.setattr(bytes_in, "SLOWEST_BYTES_PER_S", 10**12)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"a", "more_body": True}

    with pytest.raises(InvalidRequest, match="too slowly"):
        await Body(receive, {}, UploadBudget(MOST).share("Acme"), MOST).read()


@pytest.mark.parametrize("pieces", [[None], [b"a", None]])
async def test_a_caller_that_went_away_gets_no_answer(pieces: list[bytes | None]) -> None:
    with pytest.raises(Disconnected):
        await body_of(Sender(pieces), 10).read()


async def test_only_who_waits_for_a_piece_has_a_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[float] = []
    loop = asyncio.get_running_loop()
    call_later = loop.call_later

    def counted(delay: float, *given: Any) -> asyncio.TimerHandle:
        begun.append(delay)
        return call_later(delay, *given)

    async def waits() -> Message:
        for _ in range(2):
            await asyncio.sleep(0)
        return {"type": "http.request", "body": b"c", "more_body": False}

    monkeypatch.setattr(loop, "call_later", counted)
    assert await body_of(Sender([b"ab"])).read() == b"ab"
    assert begun == []
    assert await Body(waits, {}, UploadBudget(MOST).share("Acme"), MOST).read() == b"c"
    assert begun == [PATIENCE_S]


@pytest.mark.parametrize("waits", [0, 1, 2])
async def test_what_goes_wrong_with_a_piece_is_told_and_its_timer_ended(waits: int) -> None:
    async def breaks() -> Message:
        for _ in range(waits):
            await asyncio.sleep(0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Body(breaks, {}, UploadBudget(MOST).share("Acme"), MOST).read()


async def test_being_cancelled_is_no_slowness() -> None:
    reading = asyncio.create_task(body_of(Sender([]), 10).read())
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


@pytest.mark.parametrize(
    ("pieces", "most", "read_to_the_end"),
    [([b"a", b"b", b"c"], 100, True), ([b"a" * 50, b"b" * 50, b"c"], 100, False), ([b"a", None], 100, True)],
)
async def test_what_is_refused_unread_is_still_taken_in_for_a_while(
    pieces: list[bytes | None], most: int, read_to_the_end: bool
) -> None:
    body = body_of(Sender(pieces), MOST + 1)
    with pytest.raises(OstiaryError):
        await body.read()
    await body.linger(most, 1)
    assert body.is_read is read_to_the_end


async def test_lingering_ends_in_time() -> None:
    body = body_of(Sender([]))
    await asyncio.wait_for(body.linger(100, 0.01), 1)
    assert not body.is_read
