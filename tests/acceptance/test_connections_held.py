"""Callers without a key who hold connections, or send all they may: the service keeps its memory and its answers."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from statistics import median

import httpx
import pytest

from tests.acceptance.conftest import RunningService

CONNECTIONS, SENDING_S, MOST_GROWTH_MB = 100, 4.0, 16
HELD, SOON_S = 2_000, 1.0
HOST = b"Host: x\r\n"
SLOW_BODY = b"POST /providers/sumsub/verdicts HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\nx"
CHUNKED = b"POST /management/clients/individuals HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
SENT = {
    "requests ahead": (b"", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n" * 2_000),
    "large answers unread": (b"", b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 500),
    "heads": (b"GET / HTTP/1.1\r\n" + HOST, b"a: b\r\n" * 10_000),
    "one field": (b"GET / HTTP/1.1\r\n" + HOST + b"a: ", b"x" * 60_000),
    "a body where none is read": (
        b"GET /health/live HTTP/1.1\r\n" + HOST + b"Content-Length: 999999999\r\n\r\n", b"x" * 60_000,
    ),
    "a body without a key": (CHUNKED, b"ea60\r\n" + b"x" * 60_000 + b"\r\n"),
    "small chunks": (CHUNKED, b"1\r\nx\r\n" * 10_000),
    "fields behind a body": (CHUNKED + b"0\r\n", b"a: b\r\n" * 10_000),
    "a chunk's extension": (CHUNKED + b"1;a=", b"x" * 60_000),
    "bodies ahead": (
        b"", b"POST /health/ready HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\n" + b"x" * 60_000,
    ),
}  # fmt: skip

USUALLY = ("requests ahead", "a body where none is read")
"""These begin two kinds; the rest is for a release."""


def resident_mb(service: RunningService) -> float:
    assert service.process is not None
    text = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


async def flood(port: int, begin: bytes, again: bytes, until: float) -> None:
    """Sends as much as is taken, reads nothing, and comes back when it is thrown out."""
    while time.monotonic() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        with contextlib.suppress(OSError, TimeoutError):
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(begin)
            while time.monotonic() < until and not writer.transport.is_closing():
                writer.write(again)
                await asyncio.wait_for(writer.drain(), 0.5)
        writer.transport.abort()
        await asyncio.sleep(0.01)


async def flooded(service: RunningService, begin: bytes, again: bytes, seconds: float) -> float:
    """The most resident memory, in MB, while 100 connections send all they may."""
    until = time.monotonic() + seconds
    floods = [asyncio.create_task(flood(service.port, begin, again, until)) for _ in range(CONNECTIONS)]
    most = 0.0
    while time.monotonic() < until:
        await asyncio.sleep(0.05)
        most = max(most, resident_mb(service))
    await asyncio.gather(*floods)
    return most


@pytest.fixture(scope="module")
def _descriptors() -> Iterator[None]:
    """So many as this test's own connections need."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(
    ("begin", "again"),
    [pytest.param(*sent, id=name, marks=() if name in USUALLY else pytest.mark.release) for name, sent in SENT.items()],
)
def test_memory_stays_flat_whatever_is_sent_without_a_key(
    service_factory: Callable[..., RunningService], begin: bytes, again: bytes
) -> None:
    service = service_factory(is_cold=True)
    with httpx.Client(base_url=service.url, trust_env=False) as probe:
        for path in ("/health/ready", "/openapi.json") * 50:
            probe.get(path)
        asyncio.run(flooded(service, b"", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", 1.0))
        before = resident_mb(service)
        most = asyncio.run(flooded(service, begin, again, SENDING_S))
        assert abs(most - before) <= MOST_GROWTH_MB, f"{before:.0f} MB became {most:.0f} MB"
        assert probe.get("/health/ready").status_code == 200


@contextlib.asynccontextmanager
async def held(port: int, sent: bytes) -> AsyncIterator[None]:
    """2,000 connections that have sent this, and are opened again when they are closed."""
    writers: list[asyncio.StreamWriter] = []
    for _ in range(HELD):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        writers.append(writer)
    try:
        yield
    finally:
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


@pytest.mark.usefixtures("_descriptors")
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"GET / HT", id="slow heads"),
        pytest.param(b"", id="silent", marks=pytest.mark.release),
        pytest.param(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", id="idle", marks=pytest.mark.release),
        pytest.param(SLOW_BODY, id="slow bodies", marks=pytest.mark.release),
    ],
)  # fmt: skip
def test_probes_get_in_beside_two_thousand_connections_that_are_held(
    service_factory: Callable[..., RunningService], sent: bytes
) -> None:
    service = service_factory(is_cold=True)
    soft = Path(f"/proc/{service.process.pid}/limits").read_text() if service.process else ""
    (line,) = [row for row in soft.splitlines() if row.startswith("Max open files")]
    assert line.split()[3] == line.split()[4], "the limit of descriptors is not raised to the hard one"

    async def probed() -> list[float]:
        took = []
        async with held(service.port, sent):
            for _ in range(20):
                began = time.monotonic()
                async with httpx.AsyncClient(base_url=service.url, trust_env=False) as fresh:
                    assert (await fresh.get("/health/ready", timeout=5)).status_code == 200
                took.append(time.monotonic() - began)
        return took

    assert median(asyncio.run(probed())) < SOON_S, "usually; one may meet a moment in which the machine is busy"
