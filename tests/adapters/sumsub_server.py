"""A stand-in for Sumsub on the loopback: checks signatures and sequence as its public pages say, and fails on demand.

And what is sent to it: a submission of Maria, and her documents' pictures.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from aiohttp import web

from ostiary.adapters.providers.sumsub import SumsubSettings
from ostiary.domain.providers.provider import ProviderSubmission, SubmittedDocument, SubmittedSide
from tests.adapters.sumsub_form import form_parts
from tests.material import NOW_MS, id_at, profile

REFERENCE = f"{id_at(0, 1)}.{id_at(0, 2)}.{id_at(0, 3)}"
LEVEL = "id and poa"
TOKEN, SECRET = "sbx:token-of-tests", "the app secret of tests"
CLOCK_SKEW_S = 60
IN_CHECK = ("pending", "queued", "prechecked")
HANG_S = 0.5


class Fault(StrEnum):
    """How a request goes wrong. The lost ones are carried out first: only their answer does not arrive."""

    ERROR = "500"
    BUSY = "429"
    CLOSED = "closed"
    LOST = "lost"
    LOST_ERROR = "lost and 500"
    HANGS = "hangs"
    CONFLICT = "409"
    LOST_CONFLICT = "lost and 409"


@dataclass
class Uploaded:
    """One picture as it came."""

    id: str
    name: str
    metadata: dict[str, Any]
    content: bytes
    deactivated: bool = False
    result: dict[str, Any] | None = None
    attempt: str = "attempt-1"

    def as_item(self) -> dict[str, Any]:
        keep = ("country", "idDocType", "idDocSubType")
        return {
            "id": self.id,
            "previewId": f"9{self.id}",
            "addedDate": "2026-04-15 10:30:05",
            "fileMetadata": {"fileName": self.name, "fileType": "jpeg", "fileSize": len(self.content)},
            "idDocDef": {name: value for name, value in self.metadata.items() if name in keep},
            "reviewResult": self.result or {},
            "deactivated": self.deactivated,
            "attemptId": self.attempt,
            "source": "fileupload",
        }


@dataclass
class Applicant:
    """One applicant."""

    id: str
    level: str
    details: dict[str, Any]
    status: str = "init"
    result: dict[str, Any] | None = None
    reviewed: str | None = None
    attempt: int = 1
    images: list[Uploaded] = field(default_factory=list)
    checks: int = 0

    def answer(self) -> dict[str, Any]:
        review = {
            "reviewId": "r1",
            "attemptId": f"attempt-{self.attempt}",
            "attemptCnt": self.attempt,
            "levelName": self.level,
            "levelAutoCheckMode": None,
            "createDate": "2026-04-15 10:30:01+0000",
            "reviewStatus": self.status,
            "priority": 0,
        }
        if self.result is not None:
            review |= {"reviewResult": self.result, "reviewDate": self.reviewed}
        contact = {name: value for name, value in self.details.items() if name != "fixedInfo"}
        return {"id": self.id, "createdAt": "2026-04-15 10:30:00", "inspectionId": "i1", **contact, "review": review}

    def active(self) -> list[Uploaded]:
        return [image for image in self.images if not image.deactivated]


class Refusal(Exception):
    """An error as Sumsub writes it; its description holds something personal, to see that nobody repeats it."""

    def __init__(self, status: int, error_code: int | None = None) -> None:
        super().__init__(status)
        self.status, self.error_code = status, error_code

    def answer(self, headers: Mapping[str, str] | None = None) -> web.Response:
        description = "Maria Barber, AB1234567: refused"
        body: dict[str, Any] = {"description": description, "code": self.status, "correlationId": "req-7f5e-41cd"}
        if self.error_code is not None:
            body |= {"errorCode": self.error_code, "errorName": "some-name"}
        return web.json_response(body, status=self.status, headers=headers)


@dataclass
class FakeSumsub:
    """The server's state. `faults` are by the number of the request, counted from 0; `calls` what came, in order.

    `puts_away` is what it says of a deactivation. `knows_bytes`: whether bytes that came before are refused, as Sumsub
    says it does; not what tests should rest on.
    """

    faults: dict[int, Fault] = field(default_factory=dict)
    applicants: dict[str, Applicant] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    levels: tuple[str, ...] = (LEVEL,)
    hidden: int = 0
    knows_bytes: bool = False
    puts_away: object = True
    url: str = ""

    def of(self, reference: str) -> Applicant:
        """The one applicant of a reference."""
        (applicant,) = [
            applicant for applicant in self.applicants.values() if applicant.details["externalUserId"] == reference
        ]
        return applicant

    async def serve(self, request: web.Request) -> web.StreamResponse:
        number = len(self.calls)
        body = await request.read()
        self.calls.append(f"{request.method} {request.raw_path}")
        fault = self.faults.get(number)
        if fault in (Fault.LOST, Fault.LOST_ERROR, Fault.LOST_CONFLICT, None):
            answer = await self._answer(request, body)
        if fault is None:
            return answer
        return await self._fail(request, fault)

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault is Fault.HANGS:
            await asyncio.sleep(HANG_S)
        if fault in (Fault.CLOSED, Fault.LOST, Fault.HANGS):
            assert request.transport is not None
            request.transport.abort()
        if fault is Fault.BUSY:
            return Refusal(429).answer({"Retry-After": "7"})
        return Refusal(409 if fault in (Fault.CONFLICT, Fault.LOST_CONFLICT) else 500).answer()

    async def _answer(self, request: web.Request, body: bytes) -> web.Response:
        try:
            self._check_signature(request, body)
            return web.json_response(await self._route(request, body))
        except Refusal as refusal:
            return refusal.answer()

    def _check_signature(self, request: web.Request, body: bytes) -> None:
        given = request.headers
        signed = f"{given['X-App-Access-Ts']}{request.method}{request.raw_path}".encode() + body
        right = hmac.new(SECRET.encode(), signed, sha256).hexdigest()
        fresh = abs(time.time() - int(given["X-App-Access-Ts"])) <= CLOCK_SKEW_S
        if given["X-App-Token"] != TOKEN or given["X-App-Access-Sig"] != right or not fresh:
            raise Refusal(401)

    async def _route(self, request: web.Request, body: bytes) -> Any:
        parts = request.path.removeprefix("/resources/applicants").strip("/").split("/")
        match request.method, parts:
            case "GET", [first, "one"] if first.startswith("-;externalUserId="):
                return self._by_reference(first.partition("=")[2]).answer()
            case "POST", [""]:
                return self._create(request.query["levelName"], json.loads(body))
            case "PATCH", [""]:
                changes = json.loads(body)
                self._applicant(changes.pop("id")).details.update(changes)
                return {}
            case method, [applicant_id, *rest]:
                return await self._about(self._applicant(applicant_id), method, "/".join(rest), request)
        raise Refusal(404)

    async def _about(self, applicant: Applicant, method: str, what: str, request: web.Request) -> Any:
        steps: dict[str, Callable[[], Any | Awaitable[Any]]] = {
            "GET one": applicant.answer,
            "GET metadata/resources": lambda: {"items": [each.as_item() for each in applicant.images], "totalItems": 1},
            "POST status/pending": lambda: _check(applicant),
            "PATCH presence/deactivated": lambda: {**_free(applicant).answer(), "deleted": self.puts_away},
        }
        if (step := steps.get(f"{method} {what}")) is not None:
            return step()
        if (method, what) == ("PATCH", "fixedInfo"):
            applicant.details["fixedInfo"].update(await request.json())
            return applicant.details["fixedInfo"]
        if (method, what) == ("POST", "info/idDoc"):
            return await _upload(applicant, request, self.knows_bytes)
        if method == "DELETE" and what.startswith("resources/"):
            return _deactivate(applicant, what.removeprefix("resources/"))
        raise Refusal(404)

    def _applicant(self, applicant_id: str) -> Applicant:
        if applicant_id not in self.applicants:
            raise Refusal(404)
        return self.applicants[applicant_id]

    def _by_reference(self, reference: str) -> Applicant:
        """`hidden` applicants are not found yet, though they are there: another process makes them just now."""
        for applicant in self.applicants.values():
            if applicant.details["externalUserId"] == reference and self.hidden == 0:
                return applicant
        self.hidden = max(0, self.hidden - 1)
        raise Refusal(404)

    def _create(self, level: str, details: dict[str, Any]) -> Any:
        if level not in self.levels:
            raise Refusal(400)
        if any(
            applicant.details["externalUserId"] == details["externalUserId"] for applicant in self.applicants.values()
        ):
            raise Refusal(409)
        applicant = Applicant(f"{len(self.applicants):024x}", level, details)
        self.applicants[applicant.id] = applicant
        return applicant.answer()


def _free(applicant: Applicant) -> Applicant:
    if applicant.status in IN_CHECK:
        raise Refusal(400)
    return applicant


async def _upload(applicant: Applicant, request: web.Request, knows_bytes: bool) -> Any:
    if applicant.status in IN_CHECK:
        raise Refusal(409, 1006)
    if (applicant.result or {}).get("reviewRejectType") == "FINAL":
        raise Refusal(409, 1009)
    (about, metadata_json), (head, content) = form_parts(request.headers["Content-Type"], await request.read())
    metadata = json.loads(metadata_json)
    assert 'name="metadata"' in about
    assert "Content-Type: application/json" in about
    assert 'name="content"' in head
    if knows_bytes and any(image.content == content for image in applicant.active()):
        raise Refusal(409, 1000)
    name, attempt = head.partition('filename="')[2].partition('"')[0], f"attempt-{applicant.attempt}"
    applicant.images.append(Uploaded(f"{len(applicant.images) + 1}", name, metadata, content, attempt=attempt))
    return {"idDocType": metadata["idDocType"], "country": metadata["country"]}


def _deactivate(applicant: Applicant, image_id: str) -> Any:
    if applicant.status in IN_CHECK:
        raise Refusal(304)
    for image in applicant.images:
        image.deactivated |= image.id == image_id
    return {"ok": 1}


def _check(applicant: Applicant) -> Any:
    if applicant.status in IN_CHECK or not applicant.active():
        raise Refusal(409)
    applicant.status, applicant.checks, applicant.result = "pending", applicant.checks + 1, None
    return {"ok": 1}


@asynccontextmanager
async def sumsub(**changes: Any) -> AsyncIterator[FakeSumsub]:
    """A running server."""
    fake = FakeSumsub(**changes)
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.router.add_route("*", "/{tail:.*}", fake.serve)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()


# ---- what is sent to it ---------------------------------------------------------------------------------------------

WEBHOOK_SECRET = "the webhook secret of tests"


def settings(url: str = "http://127.0.0.1:9", **changes: Any) -> SumsubSettings:
    given: dict[str, Any] = {
        "name": "sumsub",
        "base_url": url,
        "app_token": TOKEN,
        "secret_key": SECRET,
        "webhook_secrets": (WEBHOOK_SECRET,),
        "levels": {"cards": LEVEL},
    }
    return SumsubSettings(**(given | changes))


def document(kind: str, ms: int, *sides: str, **metadata: object) -> SubmittedDocument:
    """A submitted document whose id was made so many milliseconds after the documented moment."""
    pictures = tuple(SubmittedSide(side, "image/jpeg") for side in sides or ("image_front",))
    return SubmittedDocument(id_at(ms), kind, "ARG", metadata, pictures)


NATIONAL_ID = document("national_id", 10, "image_front", "image_back", number="AB1234567", expiration_date="2031-05-01")
BILL = document("utility_bill", 11, issue_date="2026-03-01")


def submission(*documents: SubmittedDocument, **changes: Any) -> ProviderSubmission:
    given: dict[str, Any] = {
        "reference": REFERENCE,
        "message_id": id_at(20),
        "product": "cards",
        "attempt": 1,
        "profile": profile(),
        "documents": documents or (NATIONAL_ID, BILL),
        "submitted_at_ms": NOW_MS,
    }
    return ProviderSubmission(**(given | changes))


@dataclass
class Pictures:
    """Gives each picture's bytes, and keeps which were asked for."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def link(self, document_id: str, side: str) -> str:
        raise AssertionError("Sumsub is sent the bytes")

    async def content(self, document_id: str, side: str) -> bytes:
        self.asked.append((document_id, side))
        return f"--{document_id} {side}\r\n".encode() + bytes(range(256))
