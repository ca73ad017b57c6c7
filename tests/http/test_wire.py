"""How requests may be sent: what is offered and not taken, what is refused, and what ends a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ostiary.web import connections, head_limits
from ostiary.web.head_limits import MOST_AHEAD, MOST_FIELDS, MOST_HEAD_BYTES
from tests.http.wired import GOOD, Caller, listening

BODY = b'{"a": 1}'


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with listening() as (number, _):
        yield number


def post(*fields: bytes, body: bytes = BODY, path: bytes = b"/") -> bytes:
    head = [b"POST %s HTTP/1.1" % path, b"Host: x", b"Content-Length: %d" % len(body), *fields, b"", b""]
    return b"\r\n".join(head) + body


def get(*fields: bytes, target: bytes = b"/", version: bytes = b"1.1") -> bytes:
    return b"\r\n".join([b"GET %s HTTP/%s" % (target, version), *fields, b"", b""])


async def answered(port: int, *pieces: bytes, wait_s: float = 5.0) -> tuple[int, Any]:
    caller = await Caller.at(port)
    try:
        return await (await caller.send(*pieces)).answer(wait_s)
    finally:
        caller.close()


async def test_an_honest_head_is_answered_also_in_pieces(port: int) -> None:
    assert (await answered(port, GOOD))[0] == 200
    assert (await answered(port, GOOD[:9], GOOD[9:20], GOOD[20:]))[0] == 200


SETTINGS = b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"
OFFERS = {
    "java": (b"Connection: Upgrade, HTTP2-Settings", SETTINGS, b"Upgrade: h2c"),
    "curl": (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", SETTINGS),
    "caddy": (b"Connection: Upgrade", b"Upgrade: h2c"),
    "in two fields": (b"Connection: keep-alive", b"Connection: UPGRADE", b"Upgrade: H2C"),
    "websocket": (b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13"),
    "tls": (b"Connection: upgrade", b"Upgrade: TLS/1.2, HTTP/2.0"),
    "not in connection": (b"Upgrade: h2c",),
    "settings only": (b"HTTP2-Settings: AAMAAABk", b"Connection: HTTP2-Settings"),
    "trailers": (b"Connection: TE", b"TE: trailers, deflate;q=0.5"),
    "coding": (b"TE: gzip",),
    "keep-alive": (b"Connection: Keep-Alive", b"Keep-Alive: timeout=5, max=100"),
    "unknown option": (b"Connection: close-ish, foo", b"foo: bar"),
    "continue": (b"Expect: 100-continue",),
    "continue shouted": (b"Expect: 100-Continue",),
    "something else": (b"Expect: a-miracle",),
    "proxy": (b"Proxy-Connection: keep-alive", b"Via: 1.1 caddy"),
    "early": (b"Early-Data: 1", b"Priority: u=1"),
}  # fmt: skip


@pytest.mark.parametrize("fields", OFFERS.values(), ids=OFFERS)
@pytest.mark.parametrize("cut", [None, 30, 60, -len(BODY), -3], ids=["whole", "30", "60", "before body", "in body"])
async def test_a_call_that_offers_what_we_do_not_take_is_served_whole(
    port: int, fields: tuple[bytes, ...], cut: int | None
) -> None:
    call = post(*fields)
    caller = await Caller.at(port)
    for _ in range(2):  # the connection stays as good as it was
        status, echoed = await (await caller.send(*([call] if cut is None else [call[:cut], call[cut:]]))).answer()
        assert (status, echoed["body"]) == (200, len(BODY))
    caller.close()


@pytest.mark.parametrize("offer", ["java", "curl", "caddy"])
async def test_an_offer_with_a_chunked_body_or_a_call_right_behind_is_served(port: int, offer: str) -> None:
    chunked = [
        b"POST / HTTP/1.1",
        b"Host: x",
        b"Transfer-Encoding: chunked",
        *OFFERS[offer],
        b"",
        b"5\r\nabcde\r\n0\r\n\r\n",
    ]
    caller = await Caller.at(port)
    await caller.send(b"\r\n".join(chunked) + post(*OFFERS[offer]) + GOOD)
    sizes = [(await caller.answer())[1]["body"] for _ in range(3)]
    assert sizes == [5, len(BODY), 0]
    caller.close()


async def test_who_waits_to_be_asked_is_asked_once_and_sends_nothing_when_refused(port: int) -> None:
    head = post(b"Expect: 100-continue", body=b"")[:-2].replace(b"Content-Length: 0", b"Content-Length: 4") + b"\r\n"
    caller = await (await Caller.at(port)).send(head)
    assert await caller.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert (await (await caller.send(b"body")).answer())[1]["body"] == 4
    refused = await (await Caller.at(port)).send(head.replace(b"/ ", b"/refuse ", 1))
    assert (await refused.answer())[0] == 401
    assert b"\r\nconnection: close\r\n" in refused.head  # what comes next might be the body, or not
    old = await (await Caller.at(port)).send(head.replace(b"HTTP/1.1", b"HTTP/1.0"), b"body")
    assert (await old.rest()).startswith(b"HTTP/1.1 200")  # RFC 9110 10.1.1: nothing before it


REFUSED: dict[str, tuple[bytes, int]] = {
    "no host": (get(), 400),
    "no host, with a body": (post().replace(b"Host: x\r\n", b""), 400),
    "two hosts": (get(b"Host: a", b"Host: b"), 400),
    "the same host twice": (get(b"Host: a", b"host: a"), 400),
    "a host of two": (get(b"Host: a, b"), 400),
    "a host with a path": (get(b"Host: a/b"), 400),
    "a host with a user": (get(b"Host: u@a"), 400),
    "old, two hosts": (get(b"Host: a", b"Host: b", version=b"1.0"), 400),
    "two lengths": (get(b"Host: a", b"Content-Length: 1", b"Content-Length: 2"), 400),
    "length and chunks": (get(b"Host: a", b"Content-Length: 1", b"Transfer-Encoding: chunked"), 400),
    "blank before colon": (get(b"Host : a"), 400),
    "no http": (b"hello\r\n\r\n", 400),
    "a fragment": (get(b"Host: a", target=b"/metrics#a"), 400),
    "a whole address with a fragment": (get(b"Host: a", target=b"http://a/b#c"), 400),
    "a fragment in a query": (get(b"Host: a", target=b"/b?c#d"), 400),
    "older": (get(b"Host: a", version=b"0.9"), 400),
    "newer": (get(b"Host: a", version=b"2.0"), 400),
    "http/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "tunnel": (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400),
    "coded": (get(b"Host: a", b"Transfer-Encoding: gzip, chunked"), 501),
    "fields": (get(b"Host: a", *[b"a: b"] * MOST_FIELDS), 431),
    "one long field": (get(b"Host: a", b"a: " + b"x" * MOST_HEAD_BYTES), 431),
    "a long target": (get(b"Host: a", target=b"/" + b"x" * MOST_HEAD_BYTES), 431),
    "long fields": (get(b"Host: a", *[b"a: " + b"x" * 1_000] * 70), 431),
}
TAKEN: dict[str, tuple[bytes, str, str]] = {
    "old, without host": (get(version=b"1.0"), "/", ""),
    "empty host": (get(b"Host:"), "/", ""),
    "version 6": (get(b"Host: [::1]:8080"), "/", ""),
    "whole address": (get(b"Host: a", target=b"http://a/b?c=d"), "/b", "c=d"),
    "whole address without path": (get(b"Host: a", target=b"http://a"), "/", ""),
    "whole address, query only": (get(b"Host: a", target=b"http://a?c=d"), "/", "c=d"),
    "asterisk": (get(b"Host: a", target=b"*"), "/*", ""),
}


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_is_told_in_the_documented_form_and_is_the_last(
    port: int, request_: bytes, status: int
) -> None:
    caller = await (await Caller.at(port)).send(request_ + GOOD)
    got, body = await caller.answer()
    assert (got, body["code"], len(body["trace_id"])) == (status, "INVALID_REQUEST", 32)
    assert b"\r\nconnection: close\r\n" in caller.head
    assert await caller.rest() == b""


@pytest.mark.parametrize(("request_", "path", "query"), TAKEN.values(), ids=TAKEN)
async def test_targets_and_hosts_that_are_right(port: int, request_: bytes, path: str, query: str) -> None:
    status, echoed = await answered(port, request_)
    assert (status, echoed["path"], echoed["query"]) == (200, path, query)


async def test_what_was_asked_before_is_answered_before_a_refusal(port: int) -> None:
    caller = await (await Caller.at(port)).send(get(b"Host: x", target=b"/slow") + GOOD + get())
    assert [(await caller.answer())[0] for _ in range(3)] == [200, 200, 400]
    assert await caller.rest() == b""


@pytest.mark.parametrize(
    "field",
    [b"x-api-key: k", b"Idempotency-Key: 1", b"X-Forwarded-For: 10.0.0.1", b"Host: evil", b"Expect: 100-continue"],
)
async def test_fields_behind_a_body_are_no_fields_of_the_head(port: int, field: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, echoed = await answered(port, head + b"3\r\nabc\r\n0\r\n" + field + b"\r\n\r\n")
    assert (status, echoed) == (200, {"path": "/", "query": "", "body": 3, "fields": ["host", "transfer-encoding"]})


CHUNKED = b"POST /deaf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "one name": (b"GET / HTTP/1.1\r\n", b"abc" * 4_000),
    "one line": (b"GET / HTTP/1.1\r\nHost: x\r\na: ", b"x" * 10_000),
    "target": (b"GET /", b"x" * 10_000),
    "many fields": (GOOD[:-2], b"a: b\r\n" * 2_000),
    "a body nobody reads": (b"POST /deaf HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n", b"x" * 10_000),
    "chunks nobody reads": (CHUNKED, b"1\r\nx\r\n" * 2_000),
    "a chunk's extension": (CHUNKED + b"1;a=", b"x" * 10_000),
    "fields behind a body": (CHUNKED + b"0\r\n", b"a: b\r\n" * 2_000),
    "a field behind a body": (CHUNKED + b"0\r\na: ", b"x" * 10_000),
    "blank lines": (GOOD, b"\r\n" * 5_000),
}


@pytest.mark.parametrize(("begin", "again"), ENDLESS.values(), ids=ENDLESS)
async def test_nothing_without_end_is_taken(
    port: int, begin: bytes, again: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_limits, "PARTING_PATIENCE_S", 0.1)
    monkeypatch.setattr(head_limits, "MOST_UNREAD_BYTES", 1_000_000)
    monkeypatch.setattr(connections, "LOOK_EVERY_S", 0.05)
    caller = await (await Caller.at(port)).send(begin)

    async def go_on() -> None:
        while True:
            caller.writer.write(again)
            await caller.writer.drain()
            await asyncio.sleep(0)

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(go_on(), 10)


async def test_requests_ahead_are_bounded_in_number_and_all_taken_ones_are_answered(port: int) -> None:
    caller = await (await Caller.at(port)).send(get(b"Host: x", target=b"/slow") + GOOD * 500)
    got = await caller.rest()
    assert got.count(b"HTTP/1.1 200") == MOST_AHEAD + 1
    assert got.count(b"connection: close") == 1
    honest = await (await Caller.at(port)).send(GOOD * MOST_AHEAD)
    assert [(await honest.answer())[0] for _ in range(MOST_AHEAD)] == [200] * MOST_AHEAD
    assert (await (await honest.send(GOOD)).answer())[0] == 200


@pytest.mark.parametrize(
    "ahead", [post(body=b"x" * 40_000), get(b"Host: x", b"a: " + b"x" * 40_000)], ids=["body", "head"]
)
async def test_requests_ahead_are_bounded_in_bytes(port: int, ahead: bytes) -> None:
    caller = await (await Caller.at(port)).send(get(b"Host: x", target=b"/slow") + ahead * 20)
    got = await caller.rest()
    assert 2 <= got.count(b"HTTP/1.1 200") <= 4


async def test_a_large_body_is_not_taken_for_a_head(port: int) -> None:
    assert (await answered(port, post(body=b"x" * (4 * MOST_HEAD_BYTES))))[1]["body"] == 4 * MOST_HEAD_BYTES
    caller = await Caller.at(port)
    await caller.send(post(body=b"x" * 1_000_000) + GOOD[:9])
    assert (await caller.answer())[1]["body"] == 1_000_000
    assert (await (await caller.send(GOOD[9:])).answer())[0] == 200


async def test_the_rest_of_a_body_nobody_reads_keeps_the_connection(port: int) -> None:
    caller = await (await Caller.at(port)).send(post(path=b"/deaf")[:-2])
    assert (await caller.answer())[0] == 200
    assert (await (await caller.send(BODY[-2:] + GOOD)).answer())[0] == 200
    large = await (await Caller.at(port)).send(post(path=b"/deaf", body=b"x" * 5_000_000), GOOD)
    assert [(await large.answer())[0] for _ in range(2)] == [200, 200]


async def test_a_broken_body_is_told_unless_its_answer_has_begun(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert (await answered(port, head, b"zz\r\n"))[0] == 400
    deaf = await (await Caller.at(port)).send(CHUNKED, b"zz\r\n")
    assert (await deaf.rest()).count(b"HTTP/1.1") == 1
    behind = await (await Caller.at(port)).send(get(b"Host: x", target=b"/slow") + head + b"zz\r\n")
    assert [(await behind.answer())[0] for _ in range(2)] == [200, 400]
