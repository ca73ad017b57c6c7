"""What another server sends is parsed by libraries that may raise anything: the try is on the record all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ostiary.adapters.http_client.retry_after import retry_after_s
from ostiary.adapters.lists.watchman import Watchman
from ostiary.adapters.lists.yente import Yente, YenteDataset
from ostiary.adapters.providers.http_provider import HttpProvider, HttpSettings
from ostiary.adapters.providers.sumsub.requests import Requests
from ostiary.adapters.providers.sumsub.settings import SumsubSettings
from ostiary.adapters.webhooks.sender import WebhookSender
from ostiary.domain.providers.provider import ProviderRefused, ProviderUnavailable
from ostiary.domain.screening.subject import ScreeningUnavailable, Subject
from tests.adapters.test_http_provider_answers import SUBMISSION, Links
from tests.adapters.test_webhooks import LOOPBACK, company_at, message
from tests.material import NOW_MS
from tests.provided import SECRET
from tests.servers.sockets import taking

LONG = b"9" * 5_000
HEADERS = (
    b"Retry-After: Mon, 01 Jan 2029 00:00:00 +99999999999999", b"Retry-After: 1 Jan " + b"9" * 30 + b" 00:00:00 GMT",
    b"Retry-After: \xff\xfe", b"Retry-After: " + LONG, b"Retry-After: " + b"(" * 4_000, b"Content-Encoding: gzip",
    b"Content-Encoding: deflate", b"Content-Encoding: br", b"Content-Encoding: zstd", b"Content-Encoding: nonsense",
    b"Content-Type: ;;;===", b"Content-Type: text/html; charset=\xff", b"Content-Type: " + LONG,
    b"Set-Cookie: a\x01b=\xff; expires=Mon, 99 Jan 99999", b"Link: <::::>; rel=\xff", b"Location: http://[::1",
    b"Date: no",
    b"Content-Disposition: attachment; filename*=x''%FF", b"Transfer-Encoding: gzip, chunked", b"Connection: \xff",
    b"Keep-Alive: timeout=" + LONG, b"Content-Range: bytes 9-1/0", b"\xff\xfe: x", b"Upgrade: h2c",
)  # fmt: skip
BODIES = (
    b"", b"{", b'"\xff\xfe"', b'{"external_id": "\\ud800"}', b'{"external_id": ' + LONG + b"}", b"[" * 50_000, b"NaN",
    b'{"reference": "a.b.c", "attempt": ' + b"9" * 30 + b', "answer": "approved", '
    b'"occurred_at": "0001-01-01T00:00:00+23:59"}',
    b'{"reference": "a.b.c", "attempt": 1, "answer": "approved", "occurred_at": "' + LONG + b'"}',
    b'{"errorCode": ' + LONG + b', "correlationId": "\\ud800"}', b'{"errorCode": 1e400}', b"\x1f\x8b\x08\x00broken",
    b'{"entities": [{"name": "x", "sourceList": "y", "sourceID": "z", "match": NaN}], "listHashes": {}}',
    b'{"entities": [{"name": "x", "sourceList": "y", "sourceID": "z", "match": Infinity}], "listHashes": {}}',
    b'{"datasets": [{"name": "d"}], "responses": {"client": {"results": [{"id": "1", "caption": "x", "score": NaN}]}}}',
)  # fmt: skip
ANSWERS = [
    *(b"HTTP/1.1 503 No\r\n" + header + b"\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno" for header in HEADERS),
    *(b"HTTP/1.1 200 OK\r\n" + header + b"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}" for header in HEADERS),
    *(
        b"HTTP/1.1 "
        + status
        + b" X\r\nContent-Length: "
        + str(len(body)).encode()
        + b"\r\nConnection: close\r\n\r\n"
        + body
        for body in BODIES
        for status in (b"200", b"400", b"409", b"500")
    ),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nx",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: " + LONG + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 999999999999 OK\r\n\r\n",
    b"HTTP/1.1 \xff OK\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\xff",
]


@asynccontextmanager
async def saying(raw: bytes) -> AsyncIterator[str]:
    """A server that answers everything with these bytes."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with taking(take) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("raw", ANSWERS, ids=range(len(ANSWERS)))
async def test_a_delivery_is_a_try_whatever_is_answered(raw: bytes) -> None:
    sender = WebhookSender(LOOPBACK)
    async with saying(raw) as url:
        sent = await sender.send(company_at(url + "/"), message())
    await sender.close()
    assert sent.status is not None or sent.problem
    assert sent.retry_after_s is None or 0 <= sent.retry_after_s < 1e12


@pytest.mark.parametrize("raw", ANSWERS, ids=range(len(ANSWERS)))
async def test_providers_and_lists_are_unavailable_at_worst(raw: bytes) -> None:
    subject = Subject(("Vladimir Petrov",), "1961-04-15", ("RUS",))
    async with saying(raw) as url:
        provider = HttpProvider(HttpSettings("acme", url + "/", (SECRET,)))
        requests = Requests(SumsubSettings("sumsub", url, "token", "secret", ("hook",), {"p": "l"}))
        services = (Watchman("own", url, 0.7), Yente("own", YenteDataset(url, "d"), 0.7))
        for work in (
            provider.notify(SUBMISSION, Links()),
            provider.fetch_verdict("a.b.c", "x"),
            requests.send("GET", "/x"),
            *(service.screen(subject, frozenset()) for service in services),
        ):
            answer: object = None
            with suppress(ProviderUnavailable, ProviderRefused, ScreeningUnavailable):
                answer = await work
            assert getattr(answer, "hits", ()) == ()
        for caller in (provider, requests, *services):
            await caller.close()


WORDS = st.sampled_from(
    ["Mon,", "01", "Jan", "2029", "00:00:00", "GMT", "+0000", "-", "+" + "9" * 20, "9" * 25, "(", ")", ":"]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=9).map(" ".join)), st.integers(0, 10**14))
@example("Mon, 01 Jan 2029 00:00:00 +99999999999999", NOW_MS)
def test_no_retry_after_raises(text: str, at_ms: int) -> None:
    waits = retry_after_s(text, at_ms)
    assert waits is None or waits >= 0
