"""Values to remember: a company with its data key, and clients, requests, documents and messages of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.audit.trail import Note, chain_fault
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import ApiKey, Company
from ostiary.domain.delivery.messages import Message, Topic
from ostiary.domain.documents.document import Document
from ostiary.domain.ids import encode
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.unit import AddMessage, OwnerWrite, Unit
from ostiary.storage.store import Store
from tests import material
from tests.material import NOW_MS

NOTE = Note("something_happened", "key:1", "subject", ("code_a", "code_b"))
POSTED_TOGETHER = 200
"""Messages of one unit, whose statement a busy machine carries out in time as well."""


@dataclass
class Trade:
    """One company in a store. Ids are made in order."""

    store: Store
    cipher: Keyring
    company: Company
    made: int

    def new_id(self) -> str:
        self.made += 1
        return encode(NOW_MS, self.made)

    def unit(self, **changes: Any) -> Unit:
        return Unit(self.company.id, NOW_MS, **changes)

    def unit_at(self, at_ms: int, **changes: Any) -> Unit:
        return Unit(self.company.id, at_ms, **changes)

    def client(self, **changes: Any) -> Client:
        client_id = self.new_id()
        key = self.cipher.new_data_key(self.company.id, client_id)
        return material.client(
            **{
                "id": client_id,
                "company_id": self.company.id,
                "data_key": key,
                "email_key": f"{client_id}@x.test",
                **changes,
            }
        )

    def adding(self, client: Client, **changes: Any) -> Unit:
        return self.unit(**{"owner": client, "owner_write": OwnerWrite.ADD, "notes": (NOTE,), **changes})

    def touching(self, client: Client, **changes: Any) -> Unit:
        return self.unit(**{"owner": client, "notes": (NOTE,), **changes})

    def enablement(self, client: Client, status: Status = Status.PENDING_DOCUMENTATION, **changes: Any) -> Enablement:
        ids = {"id": self.new_id(), "company_id": client.company_id, "client_id": client.id}
        return material.enablement(status, **{**ids, **changes})

    def document(self, client: Client, **changes: Any) -> Document:
        ids = {"id": self.new_id(), "company_id": client.company_id, "client_id": client.id}
        return material.document(**{**ids, **changes})

    def message(self, client: Client, due_at_ms: int = NOW_MS, **changes: Any) -> Message:
        message = Message(
            self.new_id(),
            client.company_id,
            Topic.WEBHOOK,
            client.id,
            self.new_id(),
            1,
            due_at_ms,
            {"data": {"status": "in_kyc", "rejected_items": [{"retryable": True}], "empty": None}},
        )
        return replace(message, **changes)

    def key(self, **changes: Any) -> ApiKey:
        key_id = self.new_id()
        return replace(ApiKey(key_id, self.company.id, 3, key_id.encode(), NOW_MS), **changes)

    async def remembered(self, client: Client | None = None, **changes: Any) -> Client:
        """A client that is written, as it is read back."""
        added = client or self.client()
        assert await self.store.commit(self.adding(added, **changes), self.company) is None
        return await self.current(added.id)

    async def current(self, client_id: str) -> Client:
        client = await self.store.clients.find(self.company.id, client_id)
        assert client is not None
        return client

    async def posted(self, *due_at_ms: int, **changes: Any) -> list[Message]:
        """Messages that wait, one for each moment at which one is due."""
        client = self.client()
        messages = tuple(self.message(client, due, **changes) for due in due_at_ms)
        await self.remembered(client, changes=(*map(AddMessage, messages[:POSTED_TOGETHER]),))
        for at in range(POSTED_TOGETHER, len(messages), POSTED_TOGETHER):
            some = self.unit(changes=(*map(AddMessage, messages[at : at + POSTED_TOGETHER]),))
            assert await self.store.commit(some, self.company) is None
        return list(messages)


async def found_company(store: Store, cipher: Keyring, number: int = 1) -> Trade:
    """A company in a store."""
    company_id = encode(NOW_MS, number)
    key = cipher.new_data_key(company_id, company_id)
    company = material.company(id=company_id, data_key=key, version=0, email="ops@acme.test")
    assert await store.commit(Unit(company_id, NOW_MS, owner=company, notes=(NOTE,))) is None
    acme = await store.companies.find(company_id)
    assert acme is not None
    return Trade(store, cipher, acme, made=1000 * number)


def assert_chained(store: Store, company_id: str, owner: str, length: int) -> None:
    """The owner's chain is whole, that long, and ends where its row says."""
    with store.trail() as trail:
        entries = [entry for entry in trail.entries() if (entry.company_id, entry.owner) == (company_id, owner)]
        end = next(chain for _, whose, chain in trail.chains() if whose == owner)
    assert (chain_fault(entries, end, store.census.mark), len(entries)) == (None, length)
