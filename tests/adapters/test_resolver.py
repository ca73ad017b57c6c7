"""Looking up names: fairly between companies, within a time, and counted against nobody who could not be tried."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest

from ostiary.adapters.http_client import resolver
from ostiary.adapters.http_client.resolver import LOOKUPS_AT_ONCE, LOOKUPS_OF_ONE, FairResolver, NotTried, holder


@dataclass
class Names:
    """Answers for names that begin with `live`; those that begin with `dead` are silent until `ended`."""

    asked: list[str] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    def look_up(self, host: str, port: int, **rest: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        if host.startswith("dead"):
            self.ended.wait(30)
        if not host.startswith("live"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("192.0.2.7", port))]


@pytest.fixture
def names() -> Iterator[Names]:
    server = Names()
    yield server
    server.ended.set()


@contextmanager
def shorter(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.1) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(resolver, "LONGEST_LOOKUP_S", seconds)
        yield


def asking(asked: FairResolver, company: str) -> Callable[[str], asyncio.Task[Any]]:
    """Looks names up for a company."""

    async def ask(host: str) -> Any:
        holder.set(company)
        return await asked.resolve(host, 443, socket.AF_UNSPEC)

    return lambda host: asyncio.create_task(ask(host))


async def test_an_answer_is_what_the_connector_needs_and_is_kept_for_a_moment(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = asking(FairResolver(names.look_up), "acme")
    for _ in range(2):
        (address,) = await ask("live.example")
        assert (address["hostname"], address["host"], address["port"]) == ("live.example", "192.0.2.7", 443)
    assert names.asked == ["live.example"]
    monkeypatch.setattr(resolver, "CACHED_S", 0.0)
    fresh = asking(FairResolver(names.look_up), "acme")
    for _ in range(2):
        await fresh("live.example")
    assert names.asked == ["live.example"] * 3


async def test_the_same_name_is_asked_for_once_however_many_wait(names: Names) -> None:
    ask = asking(FairResolver(names.look_up), "acme")
    answers = await asyncio.gather(*(ask("live.example") for _ in range(20)))
    assert len(answers) == 20
    assert names.asked == ["live.example"]


async def test_only_so_many_answers_are_kept(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "MOST_CACHED", 2)
    ask = asking(FairResolver(names.look_up), "acme")
    for host in ("live1", "live2", "live3", "live1"):
        await ask(host)
    assert names.asked == ["live1", "live2", "live3", "live1"]


async def test_a_name_without_an_address_says_so_and_is_asked_for_again(names: Names) -> None:
    ask = asking(FairResolver(names.look_up), "acme")
    for _ in range(2):
        with pytest.raises(socket.gaierror):
            await ask("gone.example")
    assert names.asked == ["gone.example"] * 2


async def test_one_companys_dead_names_hold_up_nobody_else(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    with shorter(monkeypatch):
        shared = FairResolver(names.look_up)
        dead = [asking(shared, "careless")(f"dead{number}.example") for number in range(10)]
        await asyncio.sleep(0.01)
        assert await asking(shared, "acme")("live.example")
        ended = await asyncio.gather(*dead, return_exceptions=True)
    assert sum(isinstance(problem, NotTried) for problem in ended) == 10 - LOOKUPS_OF_ONE
    assert all(isinstance(problem, OSError) for problem in ended)
    assert sum(host.startswith("dead") for host in names.asked) == LOOKUPS_OF_ONE


async def test_a_place_is_free_again_only_when_the_thread_is(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise threads that wait would heap up behind time-outs."""
    with shorter(monkeypatch):
        ask = asking(FairResolver(names.look_up), "careless")
        await asyncio.gather(*(ask(f"dead{number}") for number in range(2)), return_exceptions=True)
        with pytest.raises(NotTried):
            await ask("live.example")
    waiting = ask("live.example")
    await asyncio.sleep(0.01)
    names.ended.set()
    assert await waiting


async def test_who_stops_waiting_leaves_no_place_taken(names: Names) -> None:
    shared = FairResolver(names.look_up)
    dead = [asking(shared, "careless")(f"dead{number}") for number in range(2)]
    await asyncio.sleep(0.01)
    waiting = [asking(shared, "careless")(f"live{number}") for number in range(3)]
    await asyncio.sleep(0.01)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    names.ended.set()
    await asyncio.gather(*dead, return_exceptions=True)
    assert await asyncio.gather(*(asking(shared, "careless")(f"live{number}") for number in range(5)))


async def test_there_is_a_limit_for_all_together(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    with shorter(monkeypatch):
        shared = FairResolver(names.look_up)
        companies = LOOKUPS_AT_ONCE // LOOKUPS_OF_ONE
        dead = [asking(shared, f"c{n % companies}")(f"dead{n}") for n in range(LOOKUPS_AT_ONCE)]
        await asyncio.sleep(0.05)
        with pytest.raises(NotTried):
            await asking(shared, "another")("live.example")
        await asyncio.gather(*dead, return_exceptions=True)


async def test_a_name_that_no_resolver_takes_is_an_ordinary_failure() -> None:
    with pytest.raises(OSError, match="UnicodeError"):
        await FairResolver().resolve("x" * 70 + ".example")
