"""Reading a body under limits: size, budget, speed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message

from ostiary.domain.errors import InvalidRequest, OstiaryError, PayloadTooLarge, Unavailable
from ostiary.http import bytes_in
from ostiary.http.bytes_in import SMALL_BYTES, Body, ByteBudget, Disconnected

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


def body_of(sender: Sender, declared: int | None = None, budget: ByteBudget | None = None) -> Body:
    headers = {} if declared is None else {b"content-length": str(declared).encode()}
    return Body(sender, headers, budget or ByteBudget(MOST), MOST)


PIECES = [b"a" * 1000, b"b" * SMALL_BYTES, b"c" * SMALL_BYTES]
WHOLE = b"".join(PIECES)


@pytest.mark.parametrize("declared", [len(WHOLE), None])
async def test_pieces_become_one_body_and_the_budget_gets_them_back(declared: int | None) -> None:
    budget = ByteBudget(MOST)
    body = body_of(Sender(PIECES), declared, budget)
    assert bytes(await body.read()) == WHOLE
    assert body.is_read
    with pytest.raises(Unavailable):
        budget.take(MOST)
    body.release()
    body.release()
    budget.take(MOST)


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


async def test_what_does_not_fit_the_budget_is_refused_before_it_is_read() -> None:
    budget = ByteBudget(MOST)
    budget.take(MOST - SMALL_BYTES)
    sender = Sender(PIECES)
    with pytest.raises(Unavailable) as caught:
        await body_of(sender, len(WHOLE), budget).read()
    assert sender.asked == 0
    assert caught.value.retry_after_s


async def test_an_undeclared_body_is_refused_once_it_outgrows_the_budget() -> None:
    budget = ByteBudget(MOST)
    budget.take(MOST - SMALL_BYTES)
    body = body_of(Sender(PIECES), None, budget)
    with pytest.raises(Unavailable):
        await body.read()
    body.release()
    budget.take(SMALL_BYTES)


async def test_small_bodies_pass_whatever_the_budget_holds() -> None:
    budget = ByteBudget(1)
    budget.take(1)
    assert await body_of(Sender([b"{}"]), 2, budget).read() == b"{}"


def test_a_body_larger_than_the_whole_budget_passes_when_alone() -> None:
    budget = ByteBudget(10)
    budget.take(20)
    budget.give_back(20)
    budget.take(10)


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
        await Body(receive, {}, ByteBudget(MOST), MOST).read()


@pytest.mark.parametrize("pieces", [[None], [b"a", None]])
async def test_a_caller_that_went_away_gets_no_answer(pieces: list[bytes | None]) -> None:
    with pytest.raises(Disconnected):
        await body_of(Sender(pieces), 10).read()


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
