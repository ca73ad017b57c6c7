"""Asking a provider over HTTP: what it answers counts, in however many pieces it comes."""

from __future__ import annotations

import asyncio
import json

import pytest

from ostiary.adapters.providers.http_provider import MOST_ANSWER_BYTES, HttpProvider, HttpSettings
from ostiary.domain.providers.provider import ProviderAnswer, ProviderRefused, ProviderUnavailable, ProviderVerdict
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


async def forgotten(answer: bytes, status: str = "200 OK") -> tuple[str, dict[str, object]]:
    """The provider's word, and what it was sent."""
    came: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length"))
        came.append(await reader.readexactly(int(length.split(b":")[1])))
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer)
        await writer.drain()
        writer.close()

    async with taking(take) as port:
        provider = HttpProvider(HttpSettings("acme", f"http://127.0.0.1:{port}/", (SECRET,)))
        try:
            word = await provider.forget("a.b.c")
        finally:
            await provider.close()
    return word, json.loads(came[0])


WORDS = {b'{"erased": true}': "erased", b'{"erased": "yes"}': "", b"": "", b"[]": "", b"{}": "", b"<html>": ""}


@pytest.mark.parametrize("answer", WORDS)
async def test_only_a_plain_word_is_taken_for_one(answer: bytes) -> None:
    assert await forgotten(answer) == (WORDS[answer], {"type": "erasure", "reference": "a.b.c"})


async def test_a_provider_that_knows_no_erasure_refuses_it() -> None:
    with pytest.raises(ProviderRefused):
        await forgotten(b"", "422 Unprocessable")
    with pytest.raises(ProviderUnavailable):
        await forgotten(b'{"erased": true}', "500 Broken")


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
