"""A partner and its platform: calls over HTTP, a clock that stands still, worker rounds that are asked for."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import httpx

from ostiary.api.composition import application
from ostiary.app import Installation
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.delivery.messages import Message, SendResult
from ostiary.domain.delivery.timing import LEASE_MS
from ostiary.domain.ids import encode
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.settings import Settings
from ostiary.usecases.companies import companies
from ostiary.usecases.context import Context
from ostiary.usecases.delivery.deliver import handle_message
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.transaction import Outcome, execute
from tests.material import NOW_MS, picture

T = TypeVar("T")
Json = dict[str, Any]
CLIENTS, WEBHOOK, CATALOGUE = "/management/clients/individuals", "/management/companies/webhook", "/management/products"
CARDS, ACCOUNTS = "cards_individuals", "accounts_individuals"
PRODUCT_FIELDS = {"id", "client_id", "product", "status", "missing_requirements", "created_at", "updated_at"}
ITEM_FIELDS = {"type", "key", "reason", "code", "field", "retryable", "action"}
MARIA: Json = {
    "first_name": "Maria", "second_name": "Julia", "last_name": "Barber", "email": "mjuliabarber@example.com",
    "birth_date": "1984-11-21",
    "address": {"street_line1": "Florida 9860", "city": "Del Viso", "postal_code": "1669", "state": "ARG-B",
                "country": "ARG"},
    "phone_country_code": 54, "phone_number": 1168860622,
}  # fmt: skip
PROFILE: Json = {"occupation": "Teacher", "annual_salary": 30_000, "account_purpose": "salary",
                 "expected_monthly_volume": 2_000, "tax_id": "20-05536168-2"}  # fmt: skip
"""What accounts ask of Maria beside her documents."""


def without(body: Json, *paths: str) -> Json:
    """The body without some fields; `address.state` reaches inside."""
    copy = {name: dict(value) if isinstance(value, dict) else value for name, value in body.items()}
    for path in paths:
        inside, _, name = path.rpartition(".")
        (copy[inside] if inside else copy).pop(name)
    return copy


def changed(body: Json, path: str, value: object) -> Json:
    """The body with one field set."""
    inside, _, name = path.rpartition(".")
    return body | {inside: body[inside] | {name: value}} if inside else body | {name: value}


def data_uri(content: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(content).decode()


def document(kind: str = "passport", seed: int = 0, back: int | None = None, **metadata: object) -> Json:
    """A good document, unless told; `number` None leaves it out."""
    details = {"number": "AB1234567"} | metadata if kind in ("passport", "national_id", "drivers_license") else metadata
    body: Json = {
        "document_type": kind,
        "image_front": data_uri(picture(seed)),
        "metadata": {name: value for name, value in details.items() if value is not None},
    }
    return body if back is None else body | {"image_back": data_uri(picture(back))}


def codes(answer: Json) -> list[tuple[str, str]]:
    """Code and field of every rejected item."""
    return [(item["code"], item["field"]) for item in answer["rejected_items"]]


def missing(product: Json) -> dict[str, list[str]]:
    """What is missing: documents by requirement with their types, data by group with their keys."""
    asked = product["missing_requirements"]
    documents = {
        document["id"]: [kind["id"] for kind in document["valid_documents"]] for document in asked["documents"]
    }
    return documents | {group["id"]: [each["key"] for each in group["fields"]] for group in asked["data"]}


def faults(answer: httpx.Response) -> set[tuple[str, str]]:
    """Field and code of everything at fault."""
    return {(detail["field"], detail["code"]) for detail in answer.json().get("details", [])}


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved; ids are made of it."""

    now_ms: int = NOW_MS
    made: int = 0

    def __call__(self) -> int:
        return self.now_ms

    def new_id(self) -> str:
        self.made += 1
        return encode(self.now_ms, self.made << 100 | random.getrandbits(100))

    def noon_of(self, day: str) -> None:
        self.now_ms = int(datetime.combine(date.fromisoformat(day), time(12), UTC).timestamp() * 1000)


@dataclass(slots=True)
class Endpoint:
    """Where deliveries come: answers as told, then 200."""

    answers: list[int] = field(default_factory=list)
    came: list[Message] = field(default_factory=list)

    async def send(self, company: Company, message: Message) -> SendResult:
        self.came.append(message)
        return SendResult(self.answers.pop(0) if self.answers else 200)

    def bodies(self) -> list[Any]:
        return [message.body for message in self.came]


@dataclass(slots=True)
class Partner:
    """One company with a key of level 3 and an endpoint."""

    http: httpx.AsyncClient
    context: Context
    clock: Clock
    company_id: str = ""
    key: str = ""
    endpoint: Endpoint = field(default_factory=Endpoint)

    async def call(
        self, method: str, path: str, json: object = None, *, headers: Json | None = None, **options: Any
    ) -> httpx.Response:
        """One call; whatever it is, its answer has what every answer has."""
        sent = {"x-api-key": self.key} | (headers or {})
        more = options if json is None else {**options, "json": json}
        answer = await self.http.request(method, path, headers=sent, **more)
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-trace-id"])
        if answer.status_code >= 400:
            body = answer.json()
            assert body.keys() - {"details", "error_code"} == {"code", "message", "trace_id"}
            assert body["message"]
            assert all(
                detail.keys() - {"client_id", "product_request_id"} == {"field", "code", "message"}
                for detail in body.get("details", [])
            )
            replayed = "idempotency-replayed" in answer.headers
            assert replayed or body["trace_id"] == answer.headers["x-trace-id"]
        return answer

    async def ok(self, method: str, path: str, json: object = None, status: int = 200) -> Any:
        """The body of a call that is expected to be answered well."""
        answer = await self.call(method, path, json)
        assert answer.status_code == status, answer.text
        return answer.json()

    # ---- clients and requests ---------------------------------------------------------------------------------------

    async def client(self, **changes: Any) -> Json:
        """A new client, Maria unless told, with an e-mail of its own."""
        self.clock.made += 1
        own = {"email": f"client{self.clock.made}@example.com"}
        client: Json = await self.ok("POST", CLIENTS, MARIA | own | changes, 201)
        return client

    async def request(self, client: Json, product: str = CARDS) -> str:
        """The address of a new request."""
        path = f"{CLIENTS}/{client['id']}/products"
        request = await self.ok("POST", path, {"subproduct": product}, 201)
        return f"{path}/{request['id']}"

    async def read(self, at: str, expand: str = "") -> Json:
        answer: Json = await self.ok("GET", at + (f"?expand={expand}" if expand else ""))
        return answer

    async def send(self, at: str, given: Json | None = None) -> Json:
        """Sends a document; a good passport unless told."""
        judged: Json = await self.ok("POST", f"{at}/documentation", {"document": given or document()})
        assert judged.keys() == {"product", "rejected_items"}
        assert all(item.keys() == ITEM_FIELDS for item in judged["rejected_items"])
        return judged

    async def submit(self, at: str) -> Json:
        judged: Json = await self.ok("POST", f"{at}/submit")
        assert judged.keys() == {"product", "rejected_items"}
        return judged

    async def submitted(self, number: str = "AB1234567", **changes: Any) -> tuple[Json, str]:
        """A client with cards in review."""
        client = await self.client(**changes)
        at = await self.request(client)
        assert (await self.send(at, document(number=number)))["rejected_items"] == []
        assert (await self.submit(at))["product"]["status"] == "in_kyc"
        return client, at

    async def enabled(self, number: str = "AB1234567", **changes: Any) -> tuple[Json, str]:
        """A client with cards."""
        client, at = await self.submitted(number, **changes)
        await self.rounds()
        return client, at

    async def replace(self, client: Json, **changes: Any) -> httpx.Response:
        """GET, change, PUT."""
        path = f"{CLIENTS}/{client['id']}"
        return await self.call("PUT", path, (await self.ok("GET", path)) | changes)

    # ---- the other side ---------------------------------------------------------------------------------------------

    async def subscribe(self) -> None:
        await self.ok("POST", f"{WEBHOOK}/subscribe", {"url": "https://partner.example/hooks", "webhook_key": "k"})

    async def rounds(self) -> list[str]:
        """Rounds of the worker over this company's messages until nothing is due; how each message ended."""
        ended: list[str] = []
        while True:
            lease, now = self.context.new_id(), self.clock.now_ms
            due = await self.context.storage.outbox.claim(lease, now, now + LEASE_MS, 10_000)
            own = [(message, company) for message, company in due if company.id == self.company_id]
            if not own:
                return ended
            for message, company in own:
                ended.append(await handle_message(self.context, self.endpoint, company, message, lease))

    async def operator(self) -> Caller:
        return await companies.operator_for(self.context, self.company_id, "olga")

    async def judge(self, at: str, decision: Decision, *items: Rejection, because: str = "As decided.") -> None:
        """An operator's verdict."""
        _, _, client_id, _, request_id = at.removeprefix("/management/").split("/")
        caller = await self.operator()
        verdict = Verdict(decision, because, items)
        await execute(self.context, caller, lambda: apply_verdict(self.context, caller, client_id, request_id, verdict))

    async def send_back(self, at: str, key: str, code: Code) -> None:
        """Returned for one thing: a document, when the key is one of its types, else an attribute."""
        kinds = {document_type.id for document_type in self.context.catalogues.current.document_types.values()}
        kind = Kind.DOCUMENT if key in kinds else Kind.DATA
        field = "image_front" if kind is Kind.DOCUMENT else key
        await self.judge(at, Decision.RETURN, reject(kind, key, code, field), because="")

    async def key_of(self, level: int, allowed: tuple[str, ...] = (), expires_at_ms: int | None = None) -> str:
        """The secret of another key of this company."""
        caller = await self.operator()
        outcome = await companies.create_key(self.context, caller, level, allowed, expires_at_ms)
        return (await self._settled(caller, outcome)).secret

    async def another(self, environment: Environment = Environment.SANDBOX) -> Partner:
        """Another company of the same installation."""
        other = Partner(self.http, self.context, self.clock)
        outcome = await companies.create_company(self.context, "Acme", environment, "ops@acme.example", "operator:olga")
        other.company_id = (await self._settled(Caller(outcome.answer, "operator:olga", 0), outcome)).id
        other.key = await other.key_of(3)
        return other

    async def _settled(self, caller: Caller, decided: Outcome[T]) -> T:
        async def decide() -> Outcome[T]:
            return decided

        return await execute(self.context, caller, decide)


@asynccontextmanager
async def partnered(parts: Installation, **settings: Any) -> AsyncIterator[Partner]:
    """The application over an installation, with a clock and a company of its own."""
    clock = Clock()
    context = replace(parts.context, now_ms=clock, new_id=clock.new_id, chance=lambda: 0.0)
    chosen: Settings = replace(parts.settings, **settings)
    transport = httpx.ASGITransport(application(replace(parts, context=context, settings=chosen), lambda: None))
    async with httpx.AsyncClient(transport=transport, base_url="http://ostiary") as http:
        yield await Partner(http, context, clock).another()
