"""There is one way to call out: what holds for a company's endpoint holds for providers and lists."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

import ostiary
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request
from ostiary.adapters.lists.watchman import Watchman
from ostiary.adapters.lists.yente import Yente, YenteDataset
from ostiary.adapters.providers.http_provider import HttpProvider, HttpSettings
from ostiary.adapters.providers.sumsub.requests import Requests
from ostiary.adapters.providers.sumsub.settings import SumsubSettings
from ostiary.domain.providers.provider import ProviderUnavailable
from ostiary.domain.screening.subject import ScreeningUnavailable
from tests.adapters.test_http_provider_answers import SUBMISSION, Links
from tests.provided import SECRET
from tests.servers.sockets import silent, taking

LOOPBACK = (ip_network("127.0.0.0/8"),)
SOURCE = Path(ostiary.__file__).parent
TAKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntaken"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
MOST, TIMEOUT_S = 100, 2.0


@dataclass
class Other:
    """A server that answers each request on a connection with the next of `answers`; None: it closes instead."""

    answers: list[bytes | None]
    heads: list[bytes] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                answer = self.answers.pop(0) if self.answers else None
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def other(*answers: bytes | None) -> AsyncIterator[tuple[Other, str]]:
    server = Other(list(answers))
    async with taking(server.take) as port:
        yield server, f"http://127.0.0.1:{port}/"


@asynccontextmanager
async def outgoing(**how: Any) -> AsyncIterator[Outgoing]:
    opened = Outgoing(**how)
    try:
        yield opened
    finally:
        await opened.close()


def asked(url: str, **more: Any) -> Request:
    return Request("GET", url, MOST, {}, **more)


async def test_an_answer_is_its_status_and_as_much_of_its_body_as_was_asked_for() -> None:
    long = b"HTTP/1.1 200 OK\r\nretry-after: 7\r\ncontent-length: 101\r\n\r\n" + b"x" * 101
    async with other(TAKEN, long) as (_, url), outgoing() as calls:
        short = await calls.call(asked(url))
        assert (short.status, short.body, short.is_cut, short.retry_after_s) == (200, b"taken", False, None)
        cut = await calls.call(asked(url))
        assert (cut.status, cut.body, cut.is_cut, cut.retry_after_s) == (200, b"x" * MOST, True, 7)


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with other(TAKEN) as (second, there):
        moved = b"HTTP/1.1 307 Moved\r\nlocation: " + there.encode() + b"\r\ncontent-length: 0\r\n\r\n"
        async with other(moved) as (_, url), outgoing() as calls:
            assert (await calls.call(asked(url))).status == 307
        assert second.heads == []


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with other(TAKEN) as (_, url), other(TAKEN) as (proxy, there), outgoing() as calls:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, there)
        assert (await calls.call(asked(url))).status == 200
        assert proxy.heads == []


@pytest.mark.parametrize(("is_sent_again", "heads"), [(True, 3), (False, 2)])
async def test_a_connection_found_closed_is_made_anew_where_a_second_time_is_no_harm(
    is_sent_again: bool, heads: int
) -> None:
    async with other(TAKEN, None, TAKEN) as (server, url), outgoing(is_sent_again=is_sent_again) as calls:
        await calls.call(Request("POST", url, MOST, {}, b"{}"))
        server.heads.clear()
        with suppress(CallFailed):
            answer = await calls.call(Request("POST", url, MOST, {}))
            assert (is_sent_again, answer.status) == (True, 200)
        assert len(server.heads) == heads - 1
        assert len(server.answers) == (0 if is_sent_again else 1)


async def test_a_fresh_connection_that_is_closed_has_failed() -> None:
    async with other(None, TAKEN) as (server, url), outgoing(is_sent_again=True) as calls:
        with pytest.raises(CallFailed, match="ServerDisconnectedError"):
            await calls.call(Request("POST", url, MOST, {}, b"{}"))
        assert len(server.heads) == 1


@pytest.mark.parametrize(
    ("url", "how", "problem"),
    [
        ("http://127.0.0.1:1/", {}, "no connection"),
        ("http://127.0.0.1:1/", {"reach": ()}, "forbidden address"),
        ("http://169.254.169.254/", {"reach": LOOPBACK}, "forbidden address"),
        ("http://name.invalid/", {}, "name not found"),
        ("http://[::1/", {}, "InvalidUrlClientError"),
    ],
)
async def test_why_there_is_no_answer_is_said_without_the_address(url: str, how: dict[str, Any], problem: str) -> None:
    async with outgoing(**how) as calls:
        with pytest.raises(CallFailed) as failed:
            await calls.call(asked(url))
    assert (failed.value.problem, str(failed.value), failed.value.is_tried) == (problem, problem, True)


async def test_who_says_nothing_is_waited_for_so_long() -> None:
    async with silent() as where, outgoing(timeout_s=0.2) as calls:
        with pytest.raises(CallFailed, match="Timeout"):
            await calls.call(asked(f"http://{where}/"))


async def test_both_tries_together_take_no_longer_than_one_may() -> None:
    """A message's lease is only longer than one time-out."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"{}")
            if not heads:
                writer.write(TAKEN)
            heads.append(b"")
            await reader.readuntil(b"{}")
            await asyncio.sleep(0.9 * TIMEOUT_S)
        writer.close()

    heads: list[bytes] = []
    async with taking(take) as port, outgoing(timeout_s=TIMEOUT_S, is_sent_again=True) as calls:
        request = Request("POST", f"http://127.0.0.1:{port}/", MOST, {}, b"{}")
        await calls.call(request)
        began = asyncio.get_running_loop().time()
        with pytest.raises(CallFailed, match="Timeout"):
            await calls.call(request)
        assert asyncio.get_running_loop().time() - began < 1.5 * TIMEOUT_S
        assert len(heads) == 2, "it was sent again"


async def test_who_was_closed_asks_nobody() -> None:
    async with other(TAKEN) as (server, url):
        calls = Outgoing()
        await calls.close()
        with pytest.raises(CallFailed, match="not tried") as failed:
            await calls.call(asked(url))
    assert (failed.value.is_tried, server.heads) == (False, [])


async def test_of_an_answer_that_never_ends_the_first_bytes_may_be_enough() -> None:
    begun = b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nbegun"
    async with other(begun) as (_, url), outgoing(timeout_s=30) as calls:
        answer = await calls.call(asked(url, first_bytes_s=0.1))
    assert (answer.status, answer.body) == (200, b"begun")


async def notify(url: str) -> None:
    provider = HttpProvider(HttpSettings("acme", url, (SECRET,)))
    try:
        await provider.notify(SUBMISSION, Links())
    finally:
        await provider.close()


async def send(url: str) -> None:
    requests = Requests(SumsubSettings("sumsub", url, "token", "secret", ("hook",), {"p": "l"}))
    try:
        await requests.send("GET", "/x")
    finally:
        await requests.close()


async def look(service: Watchman | Yente) -> None:
    try:
        await service.version()
    finally:
        await service.close()


CALLERS: dict[str, Callable[[str], Any]] = {
    "provider": notify,
    "sumsub": send,
    "watchman": lambda url: look(Watchman("own", url, 0.7)),
    "yente": lambda url: look(Yente("own", YenteDataset(url, "d"), 0.7)),
}


@pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS)
async def test_interim_answers_without_end_keep_nobody_busy(caller: Callable[[str], Any]) -> None:
    """A provider's or a list's server could, as long as only companies' endpoints were held to the bound."""
    async with other(CONTINUE * 10_000) as (_, url):
        with pytest.raises((ProviderUnavailable, ScreeningUnavailable), match="HeadTooLarge"):
            await caller(url)


@pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS)
async def test_extensions_of_chunks_without_end_keep_nobody_busy(caller: Callable[[str], Any]) -> None:
    endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=" + b"x" * 1_000_000
    async with other(endless) as (_, url):
        with pytest.raises((ProviderUnavailable, ScreeningUnavailable), match="FramingTooLarge"):
            await caller(url)


@pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS)
async def test_why_nobody_answers_is_said_in_the_same_words(caller: Callable[[str], Any]) -> None:
    with pytest.raises((ProviderUnavailable, ScreeningUnavailable), match="no connection"):
        await caller("http://127.0.0.1:1/")


def test_no_other_module_opens_sessions() -> None:
    openers = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("ClientSession", "TCPConnector")
    }
    texts = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    named = {name for name, text in texts.items() if "ClientSession(" in text and "aiohttp" in text}
    only = {"adapters/http_client/session.py"}
    assert (openers - {"adapters/http_client/capped_head.py"}, named) == (only, only)
