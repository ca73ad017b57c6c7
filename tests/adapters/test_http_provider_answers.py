"""A provider over HTTP, spoken to for real: every kind of status and answer, every way to malform a verdict."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook as Signer

from ostiary.adapters.clock import now_ms
from ostiary.adapters.providers.http_provider import MOST_EXTERNAL_ID, REFUSING, HttpProvider, HttpSettings
from ostiary.domain.providers.provider import (
    ProviderAnswer,
    ProviderRefused,
    ProviderSubmission,
    ProviderUnavailable,
    ProviderVerdict,
    Reason,
    SignatureInvalid,
    SubmittedDocument,
    SubmittedSide,
)
from ostiary.domain.rejections import Code, Kind
from ostiary.domain.review.provider_verdicts import MOST_REASONS
from tests.material import NOW_MS, profile
from tests.provided import SECRET
from tests.servers.sockets import taking

OTHER = "whsec_" + "B" * 32
VERDICT: dict[str, Any] = {
    "reference": "a.b.c", "attempt": 1, "answer": "approved", "occurred_at": "2026-04-15T10:30:00Z",
}  # fmt: skip
PASSPORT = SubmittedDocument("doc", "passport", "ARG", {"number": "AB1"}, (SubmittedSide("image_front", "image/jpeg"),))
SUBMISSION = ProviderSubmission("a.b.c", "msg", "cards", 2, profile(reference="CRM-7"), (PASSPORT,), NOW_MS)


class Links:
    """Where pictures would be."""

    def link(self, document_id: str, side: str) -> str:
        return f"https://here.example/{document_id}/{side}"

    async def content(self, document_id: str, side: str) -> bytes:
        raise AssertionError("this protocol sends links")


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[tuple[HttpProvider, list[bytes]]]:
    """A provider whose server answers everything with these bytes; and what came to it."""
    came: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        came.append(head + await reader.readexactly(length))
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with taking(take) as port:
        url = f"http://127.0.0.1:{port}/hook"
        provider = HttpProvider(HttpSettings("acme", url, (SECRET, OTHER), "https://here.example/verdicts"))
        try:
            yield provider, came
        finally:
            await provider.close()


def http(status: int, body: bytes = b"", *headers: str) -> bytes:
    head = "".join(f"{line}\r\n" for line in (*headers, f"Content-Length: {len(body)}", "Connection: close"))
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body


async def notified(raw: bytes) -> str:
    async with answering(raw) as (provider, _):
        return await provider.notify(SUBMISSION, Links())


async def asked(raw: bytes) -> ProviderVerdict | None:
    async with answering(raw) as (provider, _):
        return await provider.fetch_verdict("a.b.c", "x")


BOTH: list[Callable[[bytes], Awaitable[object]]] = [notified, asked]


@pytest.mark.parametrize("do", BOTH, ids=["notified", "asked"])
@pytest.mark.parametrize("status", REFUSING)
async def test_what_is_never_taken_is_not_sent_again(do: Callable[[bytes], Awaitable[object]], status: int) -> None:
    with pytest.raises(ProviderRefused, match=f"acme answers {status}"):
        await do(http(status, b'{"external_id":"x"}'))


@pytest.mark.parametrize("do", BOTH, ids=["notified", "asked"])
@pytest.mark.parametrize("status", [300, 301, 302, 307, 401, 403, 404, 405, 408, 409, 410, 429, 500, 502, 503, 504])
async def test_any_other_status_is_worth_another_try(do: Callable[[bytes], Awaitable[object]], status: int) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        await do(http(status, b"{}", "Location: http://127.0.0.1:9/", "Retry-After: 7"))
    assert (caught.value.status, caught.value.retry_after_s) == (status, 7)


@pytest.mark.parametrize("do", BOTH, ids=["notified", "asked"])
@pytest.mark.parametrize(
    "raw",
    [b"", b"\r\n\r\n", b"SMTP ready\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", b"\x16\x03\x01"],
    ids=["nothing", "blank lines", "another protocol", "cut off", "TLS"],
)  # fmt: skip
async def test_what_is_no_answer_is_worth_another_try(do: Callable[[bytes], Awaitable[object]], raw: bytes) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        await do(raw)
    assert caught.value.status is None


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_success_takes_the_submission(status: int) -> None:
    assert await notified(http(status)) == ""


@pytest.mark.parametrize(
    ("body", "external_id"),
    [
        (b'{"external_id":"A-7"}', "A-7"),
        (b'{"external_id":"A-7","more":[1]}', "A-7"),
        (b'{"external_id":"' + b"x" * 300 + b'"}', "x" * MOST_EXTERNAL_ID),
        (b'{"external_id":7}', ""), (b'{"external_id":null}', ""), (b"{}", ""), (b"[]", ""), (b'"A-7"', ""),
        (b"null", ""), (b"", ""), (b"  ", ""), (b"OK", ""), (b"<html>", ""), (b"\xff\xfe\xfd", ""), (b"{", ""),
        (b"[" * 60_000, ""), (b'{"a":' * 20_000, ""), (b"1" * 60_000, ""), (b"NaN", ""),
    ],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
async def test_a_success_may_say_anything_and_names_its_own_id_if_it_likes(body: bytes, external_id: str) -> None:
    assert await notified(http(200, body)) == external_id


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"OK", b"[" * 60_000], ids=lambda body: repr(body[:9]))
async def test_no_verdict_yet_is_an_answer_too(body: bytes) -> None:
    assert await asked(http(200, body)) is None


async def test_a_verdict_about_another_request_is_none() -> None:
    assert await asked(http(200, json.dumps(VERDICT).encode())) is not None
    assert await asked(http(200, json.dumps({**VERDICT, "reference": "a.b.d"}).encode())) is None


MALFORMED = [
    {"reference": None}, {"reference": 1}, {"attempt": "1"}, {"attempt": None}, {"attempt": 1.5}, {"answer": "yes"},
    {"answer": "APPROVED"}, {"answer": ""}, {"occurred_at": "yesterday"}, {"occurred_at": 5}, {"occurred_at": ""},
    {"sequence": "1"}, {"reasons": {}}, {"reasons": ["image_blurred"]}, {"reasons": [{}]}, {"reasons": [{"code": 1}]},
    {"reasons": [{"code": "other", "type": "selfie"}]}, {"reasons": [{"code": "other", "why": "x"}]},
    {"reasons": [{"code": "other"}] * (MOST_REASONS + 1)}, {"shown": None}, {"private": 1}, {"external_id": []},
    {"rejects_client": "yes"}, {"rejects_client": 1}, {"more": 1},
]  # fmt: skip


@pytest.mark.parametrize("changes", MALFORMED, ids=lambda changes: json.dumps(changes)[:50])
async def test_a_malformed_verdict_in_an_answer_is_worth_another_try(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnavailable, match="is no verdict"):
        await asked(http(200, json.dumps({**VERDICT, **changes}).encode()))


@pytest.mark.parametrize("field", VERDICT)
async def test_a_verdict_without_one_of_its_fields_is_none(field: str) -> None:
    body = json.dumps({name: value for name, value in VERDICT.items() if name != field}).encode()
    with pytest.raises(ProviderUnavailable, match="is no verdict"):
        await asked(http(200, body))


async def test_a_submission_is_sent_whole_signed_and_with_links_instead_of_pictures() -> None:
    async with answering(http(200)) as (provider, came):
        await provider.notify(SUBMISSION, Links())
    head, _, body = came[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert Signer(SECRET).verify(body.decode(), {name.lower(): value for name, value in headers.items()})
    sent = json.loads(body)
    assert (sent["type"], sent["id"], sent["reference"], sent["attempt"]) == ("submission", "msg", "a.b.c", 2)
    assert sent["client"]["address"] == {
        "street_line1": "Florida 9860",
        "city": "Del Viso",
        "country": "ARG",
        "postal_code": "1669",
        "state": "ARG-B",
    }
    assert sent["client"]["phone"] == "+541168860622"
    assert SUBMISSION.profile.reference == "CRM-7"
    assert "CRM-7" not in body.decode(), "what the company calls a client is nobody else's business"
    (document,) = sent["documents"]
    assert document["pictures"] == [
        {"side": "image_front", "media_type": "image/jpeg", "url": "https://here.example/doc/image_front"}
    ]


# ---- verdicts that are posted to us ---------------------------------------------------------------------------------

PROVIDER = HttpProvider(HttpSettings("acme", "http://127.0.0.1:9/", (SECRET, OTHER)))


def signed(content: object, secret: str = SECRET, ago_s: int = 0) -> tuple[dict[str, str], bytes]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    moment = datetime.fromtimestamp(now_ms() // 1000 - ago_s, UTC)
    signature = Signer(secret).sign("msg", moment, body.decode())
    return {
        "webhook-id": "msg",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }, body


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_a_verdict_signed_by_any_of_the_secrets_is_heard(secret: str) -> None:
    reasons = [{"code": "image_blurred", "key": "passport", "field": "image_back"}, {"code": "ugly", "type": "data"}]
    verdict = {
        **VERDICT,
        "answer": "returned",
        "sequence": 3,
        "reasons": reasons,
        "shown": "s",
        "private": "p",
        "external_id": "e",
        "rejects_client": True,
    }
    assert PROVIDER.parse_webhook(*signed(verdict, secret), now_ms()) == ProviderVerdict(
        "a.b.c",
        ProviderAnswer.RETURNED,
        NOW_MS,
        1,
        3,
        (
            Reason(Code.IMAGE_BLURRED, "image_blurred", Kind.DOCUMENT, "passport", "image_back"),
            Reason(Code.OTHER, "ugly", Kind.DATA),
        ),
        "s",
        "p",
        "e",
        True,
    )


@pytest.mark.parametrize(
    ("text", "ms"),
    [("2026-04-15T10:30:00Z", 0), ("2026-04-15T10:30:00", 0), ("2026-04-15T12:30:00+02:00", 0),
     ("2026-04-15T10:30:00.250Z", 250), ("2026-04-15T05:30:00.001-05:00", 1)],
)  # fmt: skip
def test_a_moment_is_understood_in_every_zone(text: str, ms: int) -> None:
    verdict = PROVIDER.parse_webhook(*signed({**VERDICT, "occurred_at": text}), now_ms())
    assert verdict is not None
    assert verdict.occurred_at_ms == NOW_MS + ms


@pytest.mark.parametrize("changes", MALFORMED, ids=lambda changes: json.dumps(changes)[:50])
def test_a_signed_verdict_that_is_malformed_is_told_which_field(changes: dict[str, Any]) -> None:
    (field,) = changes
    with pytest.raises(ValueError, match=field):
        PROVIDER.parse_webhook(*signed({**VERDICT, **changes}), now_ms())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 60_000], ids=lambda body: repr(body[:9]))
def test_a_signed_body_that_is_no_verdict_at_all_is_told_so(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        PROVIDER.parse_webhook(*signed(body), now_ms())


@pytest.mark.parametrize("ago_s", [-600, -301, 301, 600])
def test_a_message_that_is_older_or_newer_than_five_minutes_is_not_believed(ago_s: int) -> None:
    with pytest.raises(SignatureInvalid):
        PROVIDER.parse_webhook(*signed(VERDICT, ago_s=ago_s), now_ms())


@pytest.mark.parametrize("ago_s", [-290, 0, 290])
def test_clocks_may_differ_by_less(ago_s: int) -> None:
    assert PROVIDER.parse_webhook(*signed(VERDICT, ago_s=ago_s), now_ms()) is not None


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", "x", "1", "v1,", "v1,AAAA", "v2,AAAA", "\u0661"])
def test_a_message_with_another_header_or_without_one_is_not_believed(header: str, value: str | None) -> None:
    headers, body = signed(VERDICT)
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    with pytest.raises(SignatureInvalid):
        PROVIDER.parse_webhook(headers, body, now_ms())


@pytest.mark.parametrize("at", [0, 10, -1])
def test_a_message_changed_in_one_byte_is_not_believed(at: int) -> None:
    headers, body = signed(VERDICT)
    for other in (body[:at] + b"~" + (body[at + 1 :] if at >= 0 else b""), b"\xff" + body, body + b" "):
        with pytest.raises(SignatureInvalid):
            PROVIDER.parse_webhook(headers, other, now_ms())


def test_a_secret_that_is_not_ours_proves_nothing() -> None:
    with pytest.raises(SignatureInvalid):
        PROVIDER.parse_webhook(*signed(VERDICT, "whsec_" + "C" * 32), now_ms())
