"""How long connections are held, how many, and which have to go when there are too many."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import pytest

from ostiary.runtime import descriptors
from ostiary.web import connections, head_limits
from ostiary.web.connections import ConnectionLimits, OpenConnections
from tests.http.wired import GOOD, Caller, listening

SHORT_S = 0.2
SLOW = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
POST_SLOW = b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"


@pytest.fixture(autouse=True)
def _looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOOK_EVERY_S", 0.02)


HELD = {
    "nothing comes": (b"", "HEAD_PATIENCE_S"),
    "a head does not end": (GOOD[:10], "HEAD_PATIENCE_S"),
    "a further head does not end": (GOOD + GOOD[:10], "HEAD_PATIENCE_S"),
    "a body does not end": (b"POST /deaf HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1", "REST_PATIENCE_S"),
    "a chunk does not end": (
        b"POST /deaf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9;a=", "REST_PATIENCE_S",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "patience"), HELD.values(), ids=HELD)
async def test_what_does_not_come_is_not_waited_for(
    sent: bytes, patience: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_limits, patience, SHORT_S)
    async with listening() as (port, crowd):
        caller = await (await Caller.at(port)).send(sent)
        await caller.rest(3)
        assert caller.reader.at_eof()
        await asyncio.sleep(0.05)
        assert len(crowd) == 0


@pytest.mark.parametrize(("begin", "piece"), [(b"GET /", b"a"), (b"", b"\r\n")], ids=["of a head", "between requests"])
async def test_bytes_that_trickle_buy_no_time(begin: bytes, piece: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_limits, "HEAD_PATIENCE_S", SHORT_S)
    async with listening(idle_s=SHORT_S) as (port, _):
        caller = await (await Caller.at(port)).send(GOOD)
        await caller.answer()
        await caller.send(begin)
        sent = 0
        while not caller.reader.at_eof():
            caller.writer.write(piece)
            await asyncio.sleep(0.02)
            sent += 1
            assert sent < 100


async def test_an_idle_connection_is_kept_for_its_time_and_every_call_begins_it_again() -> None:
    async with listening(idle_s=0.4) as (port, _):
        caller = await Caller.at(port)
        for _ in range(4):
            assert (await (await caller.send(GOOD)).answer())[0] == 200
            await asyncio.sleep(0.25)
        assert await caller.rest(2) == b""


async def test_a_call_that_is_being_served_is_never_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_PATIENCE_S", "REST_PATIENCE_S", "UNREAD_PATIENCE_S"):
        monkeypatch.setattr(head_limits, name, 0.05)
    async with listening(idle_s=0.05) as (port, _):
        assert (await (await (await Caller.at(port)).send(SLOW)).answer())[0] == 200


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        (SLOW, 1),
        (SLOW * 3, 3),
        (SLOW + b"GET / HT", 1),
        (SLOW + GOOD + b"nonsense\r\n\r\n", 3),
        (POST_SLOW + b"{}", 1),
        (POST_SLOW + b"{", 0),
        (b"GET / HT", 0),
        (b"", 0),
    ],
)
async def test_a_caller_that_says_no_more_gets_the_answers_that_it_waits_for(sent: bytes, answers: int) -> None:
    """And then the connection ends. Of a body that ends too early nobody waits for an answer."""
    async with listening() as (port, crowd):
        caller = await (await Caller.at(port)).send(sent)
        caller.writer.write_eof()
        assert (await caller.rest()).count(b"HTTP/1.1 ") == answers
        caller.close()
        async with asyncio.timeout(5):
            while len(crowd):
                await asyncio.sleep(0)


async def test_an_answer_that_nobody_takes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_limits, "UNREAD_PATIENCE_S", SHORT_S)
    async with listening() as (port, crowd):
        caller = await (await Caller.at(port)).send(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n" * 8)
        caller.reader._transport.pause_reading()  # type: ignore[attr-defined]
        async with asyncio.timeout(5):
            while len(crowd):
                await asyncio.sleep(0.05)


async def test_an_answer_that_is_taken_slowly_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_limits, "UNREAD_PATIENCE_S", 0.5)
    async with listening() as (port, _):
        caller = await (await Caller.at(port)).send(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        got = 0
        while got < 4_000_000:
            got += len(await caller.reader.read(200_000))
            await asyncio.sleep(0.05)


async def test_who_waits_longest_makes_room_for_who_comes() -> None:
    async with listening(most=64, most_per_address=64) as (port, crowd):
        idle = [await Caller.at(port) for _ in range(64)]
        await idle[0].send(GOOD)
        await idle[0].answer()  # so that it waits for the shortest time
        probe = await (await Caller.at(port)).send(GOOD)
        assert (await probe.answer())[0] == 200
        await asyncio.sleep(0.05)
        assert len(crowd) <= 64
        assert not idle[0].reader.at_eof()
        assert idle[1].reader.at_eof()


async def test_who_holds_much_makes_room_before_who_holds_little() -> None:
    async with listening(most=20, most_per_address=20) as (port, _):
        honest = await (await Caller.at(port, "127.0.0.2")).send(GOOD)
        await honest.answer()
        for _ in range(60):
            await Caller.at(port, "127.0.0.3")
        await asyncio.sleep(0.05)
        assert (await (await honest.send(GOOD)).answer())[0] == 200


async def test_one_address_has_a_share_unless_it_is_a_proxy() -> None:
    for trusted, held in ((), 8), ((ip_network("127.0.0.0/8"),), 30):
        async with listening(most=64, most_per_address=8, trusted_proxies=trusted) as (port, crowd):
            for _ in range(30):
                await Caller.at(port)
            await asyncio.sleep(0.1)
            assert len(crowd) == held if trusted else len(crowd) <= held


async def test_when_all_are_being_served_a_new_one_is_told_to_come_again() -> None:
    async with listening(most=2, most_per_address=2) as (port, crowd):
        busy = [await (await Caller.at(port)).send(SLOW) for _ in range(2)]
        await asyncio.sleep(0.05)
        late = await Caller.at(port)
        status, body = await late.answer()
        assert (status, body["code"]) == (503, "UNAVAILABLE")
        assert b"\r\nretry-after: 1\r\n" in late.head
        assert [(await caller.answer())[0] for caller in busy] == [200, 200]
        assert len(crowd) == 2


async def test_places_are_given_back() -> None:
    async with listening(most=4, most_per_address=4) as (port, crowd):
        for _ in range(20):
            caller = await (await Caller.at(port)).send(GOOD)
            assert (await caller.answer())[0] == 200
            caller.close()
            await asyncio.sleep(0.01)
        assert len(crowd) <= 1


def test_connections_are_fewer_than_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    for have, most in (100_000, connections.MOST_CONNECTIONS), (1_024, 768), (256, 128):
        monkeypatch.setattr(descriptors, "raise_descriptor_limit", lambda have=have: have)
        limits = descriptors.connection_limits(())
        assert (limits.most, limits.most_per_address) == (most, min(connections.MOST_PER_ADDRESS, most // 4))


def test_an_idle_connection_outlives_the_usual_proxys() -> None:
    assert ConnectionLimits().idle_s == 75
    assert len(OpenConnections(ConnectionLimits())) == 0
