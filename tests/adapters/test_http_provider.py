"""Asking a provider over HTTP: what it answers counts, in however many pieces it comes."""

from __future__ import annotations

import asyncio
import json

import pytest

from ostiary.adapters.providers.http_provider import MOST_ANSWER_BYTES, HttpProvider, HttpSettings
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict
from tests.provided import SECRET
from tests.servers.sockets import taking

VERDICT = {"reference": "a.b.c", "attempt": 1, "answer": "approved", "occurred_at": "2026-04-15T10:30:00Z"}
PAUSE_S = 0.05


async def asked(*pieces: bytes) -> ProviderVerdict | None:
    """What an enquiry comes to when the answer's body arrives like this."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {sum(map(len, pieces))}\r\n\r\n".encode())
        for piece in pieces:
            await writer.drain()
            await asyncio.sleep(PAUSE_S)
            writer.write(piece)
        await writer.drain()
        writer.close()

    async with taking(take) as port:
        provider = HttpProvider(HttpSettings("acme", f"http://127.0.0.1:{port}/", (SECRET,)))
        verdict = await provider.fetch_verdict("a.b.c", "")
        await provider.close()
    return verdict


@pytest.mark.parametrize("cut", [None, 1, 40])
async def test_a_verdict_may_come_in_pieces(cut: int | None) -> None:
    body = json.dumps(VERDICT).encode()
    verdict = await asked(*((body,) if cut is None else (body[:cut], body[cut:])))
    assert verdict is not None
    assert (verdict.answer, verdict.attempt) == (ProviderAnswer.APPROVED, 1)


async def test_more_than_any_verdict_says_nothing() -> None:
    assert await asked(json.dumps(VERDICT).encode().ljust(MOST_ANSWER_BYTES), b"    ") is not None
    padded = json.dumps({**VERDICT, "private": "x" * MOST_ANSWER_BYTES}).encode()
    assert await asked(padded) is None
