"""A whole installation in a temporary folder, for tests of use cases: real database, real files, a clock to set.

Only the clock, the ids, chance and the partner's endpoint are stood in for.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from ostiary.app import Installation, opened
from ostiary.domain.audit.trail import chain_fault
from ostiary.domain.clients.client import Client, Profile
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.delivery.messages import Message, SendResult
from ostiary.domain.delivery.timing import LEASE_MS
from ostiary.domain.ids import encode
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.unit import ChangeEnablement, StoredResponse, Unit
from ostiary.settings import read_settings
from ostiary.storage.opening import database_path
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.companies.companies import create_company, operator_for
from ostiary.usecases.context import Context
from ostiary.usecases.delivery.deliver import handle_message
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.onboarding.add_document import Upload, add_document
from ostiary.usecases.onboarding.products import request_product
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.review.decide import ReviewDetails, inspect_request
from ostiary.usecases.transaction import Outcome, execute
from tests.material import NOW_MS, picture, profile

T = TypeVar("T")
CARDS, ACCOUNTS = "cards_individuals", "accounts_individuals"


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    now_ms: int = NOW_MS
    made: int = 0

    def __call__(self) -> int:
        return self.now_ms

    def new_id(self) -> str:
        """Ids in the order they are made."""
        self.made += 1
        return encode(self.now_ms, self.made)


@dataclass(slots=True)
class Endpoint:
    """A partner's endpoint: answers what it is told to, then 200, and keeps what came."""

    answers: list[SendResult] = field(default_factory=list)
    came: list[Message] = field(default_factory=list)

    async def send(self, company: Company, message: Message) -> SendResult:
        self.came.append(message)
        return self.answers.pop(0) if self.answers else SendResult(200)

    def statuses(self) -> list[str]:
        """The statuses told of, in order."""
        data = (message.body["data"] for message in self.came)
        return [str(item["status"]) for item in data if isinstance(item, dict)]


def upload(kind: str = "passport", seed: int = 0, number: str | None = "AB1234567", **metadata: object) -> Upload:
    """A good document; `number` None leaves it out."""
    details = {**metadata} if number is None else {"number": number, **metadata}
    return Upload(kind, details, picture(seed))


@dataclass(slots=True)
class House:
    """An open installation with one company calling."""

    parts: Installation
    context: Context
    clock: Clock
    endpoint: Endpoint = field(default_factory=Endpoint)
    caller: Caller = field(init=False)
    woken: int = 0

    async def do(
        self,
        use_case: Callable[..., Awaitable[Outcome[T]]],
        *arguments: object,
        caller: Caller | None = None,
        seal: Callable[[T], StoredResponse] | None = None,
    ) -> T:
        """Runs a use case to its committed end."""
        who = caller or self.caller
        return await execute(self.context, who, lambda: use_case(self.context, who, *arguments), seal)

    async def found_company(self, name: str = "Acme", environment: Environment = Environment.SANDBOX) -> Caller:
        """A new company, called for by an operator."""
        decided = await create_company(self.context, name, environment, None, "operator:setup")
        assert decided.unit is not None
        assert await self.context.storage.commit(decided.unit) is None
        return await operator_for(self.context, decided.answer.id, "setup")

    async def refresh(self) -> None:
        """The caller as the next request would see its company."""
        self.caller = await operator_for(self.context, self.caller.company.id, "setup")

    async def client(self, **changes: Any) -> Client:
        given: Profile = profile(**changes)
        return await self.do(create_client, given)

    async def request(self, client_id: str, product: str = CARDS) -> Enablement:
        return (await self.do(request_product, client_id, product)).enablement

    async def send(self, client_id: str, enablement_id: str, given: Upload | None = None) -> ProductState:
        return await self.do(add_document, client_id, enablement_id, given or upload())

    async def submit(self, client_id: str, enablement_id: str) -> ProductState:
        return await self.do(submit_product, client_id, enablement_id)

    async def submitted(self, number: str = "AB1234567", **changes: Any) -> tuple[str, str]:
        """A client in review for cards; the ids of both."""
        client = await self.client(**changes)
        enablement = await self.request(client.id)
        await self.send(client.id, enablement.id, upload(number=number))
        await self.submit(client.id, enablement.id)
        return client.id, enablement.id

    async def judge(self, client_id: str, enablement_id: str, decision: Decision, *rejections: Any) -> Enablement:
        verdict = Verdict(decision, "As decided.", rejections)
        return await self.do(apply_verdict, client_id, enablement_id, verdict)

    async def look(self, client_id: str, enablement_id: str, caller: Caller | None = None) -> ReviewDetails:
        """What an operator sees who looks; it is on the record."""
        who = caller or self.caller
        return await execute(
            self.context, who, lambda: inspect_request(self.context, who, client_id, enablement_id, pictures=False)
        )

    async def put(self, enablement: Enablement) -> None:
        """A request as it shall be, however it could have come to that."""
        client = (await self.dossier(enablement.client_id)).client
        unit = Unit(client.company_id, self.clock.now_ms, owner=client, changes=(ChangeEnablement(enablement),))
        assert await self.context.storage.commit(unit) is None

    async def refusals(self, client_id: str) -> tuple[Rejection, ...]:
        """What sends every document of a request back."""
        return tuple(
            reject(Kind.DOCUMENT, document.type, Code.DOCUMENT_EXPIRED, "")
            for document in (await self.dossier(client_id)).documents
        )

    async def operator(self, name: str) -> Caller:
        return await operator_for(self.context, self.caller.company.id, name)

    async def dossier(self, client_id: str) -> Dossier:
        dossier = await self.context.storage.dossier(self.caller.company.id, client_id)
        assert dossier is not None
        return dossier

    async def enablement(self, client_id: str, enablement_id: str) -> Enablement:
        return (await self.dossier(client_id)).enablement(enablement_id)

    async def claimed(self) -> tuple[str, list[tuple[Message, Company]]]:
        """Takes what is due, as the worker would, with the lease."""
        lease, now = self.context.new_id(), self.clock.now_ms
        return lease, await self.context.storage.outbox.claim(lease, now, now + LEASE_MS, 100)

    async def work(self) -> list[str]:
        """One round of the worker; how each message ended."""
        lease, due = await self.claimed()
        return [await handle_message(self.context, self.endpoint, company, message, lease) for message, company in due]

    @property
    def path(self) -> Path:
        return database_path(self.parts.settings.database_url, self.parts.settings.data_dir)

    def rows(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What is really in the database."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(text, parameters).fetchall()

    def messages(self, topic: str) -> list[str]:
        """The states of the messages of a topic."""
        return [row[0] for row in self.rows("SELECT state FROM messages WHERE topic = ? ORDER BY message_id", topic)]

    def actions(self, owner: str) -> list[str]:
        """The audit actions of a client or company, with its chain intact to the end its row names."""
        with self.parts.store.trail() as trail:
            end = next(chain for _, whose, chain in trail.chains() if whose == owner)
            entries = [entry for entry in trail.entries() if entry.owner == owner]
        assert chain_fault(entries, end, self.parts.store.census.mark) is None
        return [entry.action for entry in entries]


@lru_cache(maxsize=1)
def template() -> Path:
    """An empty installation, made once: migrating takes half a second."""
    folder = tempfile.TemporaryDirectory(prefix="ostiary-tests-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "data"
    with opened(read_settings({"OSTIARY_DATA_DIR": str(path)}), may_make=True):
        pass
    return path


@contextmanager
def open_house(folder: Path, **settings: str) -> Iterator[House]:
    """An installation in a folder that does not exist yet. It has no company before `found_company`."""
    shutil.copytree(template(), folder)
    clock = Clock()
    with opened(read_settings({"OSTIARY_DATA_DIR": str(folder), **settings}), may_make=True) as parts:
        house = House(parts, parts.context, clock)

        def woken() -> None:
            house.woken += 1

        house.context = replace(parts.context, now_ms=clock, new_id=clock.new_id, chance=lambda: 0.0, wake=woken)
        yield house
