"""Partners' programs that do everything at once to the same few clients: two companies whose people, references,
numbers and idempotency keys are the same, through several processes. What is not answered is asked again under its key
until it is, some calls twice at the same moment."""

from __future__ import annotations

import asyncio
import base64
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.acceptance.onboarding import person
from tests.material import picture

CLIENTS = "/management/clients/individuals"
WEBHOOK = "/management/companies/webhook"
PATIENCE_S = 120
"""Longer than the database is away, and than a process that was killed holds a key."""
ANSWERED_S = 40
PAUSE_S = 0.05
HOT = 5
"""Most calls are about so many newest clients."""
PEOPLE, NUMBERS, PAGES = 300, 120, 12
FINAL = (200, 201, 204, 400, 404, 412)
NUMBER_KINDS = ("AB", "AB", "REVIEW", "REVIEW", "RETRY", "REJECT")
"""What a sandbox makes of a submission: enabled, for a person, back once, refused."""
SURNAME, STREET, SECRET_WORD = "Quintessenz", "Unverkennbar 77", "hook-key-unverkennbar"
"""Words that are in no log unless personal data is."""


@dataclass(frozen=True)
class Answered:
    """A call under a key, and what came of it."""

    operation: str
    path: str
    body: dict[str, object] | None
    status: int
    content: bytes

    def json(self) -> dict[str, Any]:
        body: dict[str, Any] = httpx.Response(self.status, content=self.content).json()
        return body


@dataclass
class Side:
    """One company: what its programs know of it."""

    api_key: str
    hook: str
    clients: list[str] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    answered: dict[str, Answered] = field(default_factory=dict)  # by idempotency key
    statuses: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    lost: int = 0  # calls whose answer never came

    def ended(self, operation: str, *statuses: int) -> list[Answered]:
        return [call for call in self.answered.values() if call.operation == operation and call.status in statuses]

    def ids(self) -> set[str]:
        return {*self.clients, *(request_id for _, request_id in self.requests)}


@dataclass
class Program:
    """One program of a company. It goes on until it is told to stop, and ends the call that it is at."""

    number: int
    side: Side
    urls: list[str]
    stopping: asyncio.Event
    http: httpx.AsyncClient
    chance: random.Random
    calls: int = 0

    async def work(self) -> None:
        ways = (
            (self.create, 5), (self.request, 6), (self.upload, 8), (self.submit, 8), (self.withdraw, 1),
            (self.simulate, 2), (self.update, 3), (self.look, 3), (self.test_event, 1), (self.settings, 1),
        )  # fmt: skip
        try:
            while not self.stopping.is_set():
                [way] = self.chance.choices([kind for kind, _ in ways], [weight for _, weight in ways])
                await way()
        except Exception as problem:
            self.side.problems.append(f"{type(problem).__name__}: {problem}")

    async def create(self) -> None:
        mark = self.chance.randrange(PEOPLE)
        body = {**person(mark), "last_name": SURNAME, "reference": f"ref-{mark}"}
        answer = await self.call("create", CLIENTS, body)
        if answer.status == 201:
            self.side.clients.append(answer.json()["id"])

    async def request(self) -> None:
        if (client_id := self.client()) is not None:
            path = f"{CLIENTS}/{client_id}/products"
            answer = await self.call("request", path, {"subproduct": "cards_individuals"})
            if answer.status == 201:
                self.side.requests.append((client_id, answer.json()["id"]))

    async def upload(self) -> None:
        front = base64.b64encode(picture(self.chance.randrange(PAGES))).decode()
        number = f"{self.chance.choice(NUMBER_KINDS)}{self.chance.randrange(NUMBERS):05}"
        page = f"data:image/jpeg;base64,{front}"
        document = {"document_type": "passport", "image_front": page, "metadata": {"number": number}}
        await self.on_request("upload", "documentation", {"document": document})

    async def submit(self) -> None:
        await self.on_request("submit", "submit", None)

    async def withdraw(self) -> None:
        await self.on_request("withdraw", "withdraw", None)

    async def simulate(self) -> None:
        outcome = self.chance.choice(("enabled", "rejected", "review"))
        await self.on_request("simulate", "simulate", {"outcome": outcome})

    async def test_event(self) -> None:
        await self.call("test", f"{WEBHOOK}/test", None)

    async def settings(self) -> None:
        """Changes of the company, which is one row for all of its programs."""
        if self.chance.random() < 0.5:
            body: dict[str, object] = {"url": self.side.hook, "webhook_key": f"{SECRET_WORD}-{self.calls}"}
            await self.call("subscribe", f"{WEBHOOK}/subscribe", body)
        else:
            await self.call("rotate", f"{WEBHOOK}/signing-secret/rotate", {"overlap_hours": 1})

    async def update(self) -> None:
        """Without a key: what is not answered may have been done."""
        if (client_id := self.client()) is not None:
            mark = self.chance.randrange(PEOPLE)
            body = {**person(mark), "last_name": SURNAME, "reference": f"ref-{mark}"}
            body["address"] = {"street_line1": f"{STREET} {self.calls}", "city": "Del Viso", "country": "ARG"}
            await self.once("PUT", f"{CLIENTS}/{client_id}", body)

    async def look(self) -> None:
        for path in (f"{CLIENTS}?limit=20", f"{WEBHOOK}/deliveries?limit=20", WEBHOOK + "/health"):
            await self.once("GET", path, None)

    async def on_request(self, operation: str, path: str, body: dict[str, object] | None) -> None:
        if self.side.requests:
            client_id, request_id = self.chance.choice(self.side.requests[-HOT:])
            await self.call(operation, f"{CLIENTS}/{client_id}/products/{request_id}/{path}", body)

    def client(self) -> str | None:
        return self.chance.choice(self.side.clients[-HOT:]) if self.side.clients else None

    async def call(self, operation: str, path: str, body: dict[str, object] | None) -> Answered:
        """Under a key until it is answered; one in five twice at once, which must hear the same."""
        self.calls += 1
        key, copies = f"{self.number}-{self.calls}", 1 + (self.chance.random() < 0.2)
        answers = await asyncio.gather(*(self.insisted(key, path, body) for _ in range(copies)))
        distinct = {(answer.status_code, answer.content) for answer in answers}
        if len(distinct) > 1:
            self.side.problems.append(f"{operation}: two answers under one key: {distinct}")
        answered = Answered(operation, path, body, answers[0].status_code, answers[0].content)
        self.side.answered[key] = answered
        return answered

    async def insisted(self, key: str, path: str, body: dict[str, object] | None) -> httpx.Response:
        clock = asyncio.get_running_loop().time
        end = clock() + PATIENCE_S
        while clock() < end:
            answer = await self.once("POST", path, body, {"idempotency-key": key})
            if answer is not None and answer.status_code in FINAL:
                return answer
            await asyncio.sleep(PAUSE_S)
        raise AssertionError(f"{path} was never answered")

    async def once(
        self, method: str, path: str, body: dict[str, object] | None, more: dict[str, str] | None = None
    ) -> httpx.Response | None:
        headers = {"x-api-key": self.side.api_key, **(more or {})}
        try:
            answer = await self.http.request(
                method, self.chance.choice(self.urls) + path, json=body, headers=headers, timeout=ANSWERED_S
            )
        except httpx.TransportError:
            self.side.lost += 1
            return None
        self.note(method, path, answer, headers["x-api-key"])
        return answer

    def note(self, method: str, path: str, answer: httpx.Response, api_key: str) -> None:
        """What was heard, and whether it may be heard."""
        code = answer.json()["code"] if answer.status_code >= 400 else ""
        self.side.statuses[f"{answer.status_code} {code}".strip()] += 1
        if answer.status_code == 503:
            self.side.statuses[answer.json()["message"]] += 1
        if answer.status_code in (503, 409) and "retry-after" not in answer.headers:
            self.side.problems.append(f"{path}: {answer.status_code} without Retry-After")
        was_revoked = answer.status_code == 401 and api_key != self.side.api_key
        if answer.status_code not in (*FINAL, 409, 503) and not was_revoked:
            self.side.problems.append(f"{method} {path}: {answer.status_code} {answer.text}")


@dataclass
class Storm:
    """All programs of both companies, in a loop and a thread of their own."""

    sides: list[Side]
    urls: list[str]
    programs: int
    seed: int
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(trust_env=False, verify=False, limits=limits) as http:  # noqa: S501 (in the clear)
            programs = [
                Program(number, side, self.urls, self.stopping, http, random.Random(f"{self.seed} {at} {number}"))
                for at, side in enumerate(self.sides)
                for number in range(self.programs)
            ]
            await asyncio.gather(*(program.work() for program in programs))

    def stop(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.stopping.set)
