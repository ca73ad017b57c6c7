"""The store: reads as domain values, units of work in, idempotency leases, claimed messages; on whichever engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from ostiary.domain.audit import Entry
from ostiary.domain.clients import Client, ClientStatus
from ostiary.domain.companies import ApiKey, Chain, Company
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement
from ostiary.domain.ids import ALPHABET, LENGTH
from ostiary.domain.messages import Delivery, Message, Outcome
from ostiary.domain.ports import Cipher
from ostiary.domain.queues import EVERYTHING, Health, Lane, Room
from ostiary.domain.screening_hits import Done, KeptHit
from ostiary.domain.units import Guard, Unit
from ostiary.storage import records
from ostiary.storage import statements as sql
from ostiary.storage.answers import Answers
from ostiary.storage.engine import Aside, Engine
from ostiary.storage.outbox import CANNOT_BE_OPENED, Outbox, unreadable
from ostiary.storage.records import Records
from ostiary.storage.shared_reads import SharedReads
from ostiary.storage.standings import Standings
from ostiary.storage.writing import Writing

AFTER_ALL_IDS = ALPHABET[-1] * (LENGTH + 1)


class Store:
    """Everything remembered. One per process; `close` it."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self.engine = engine
        self._records = Records(cipher)
        self._writing = Writing(self._records)
        self._outbox = Outbox(self._records, engine)
        self._key_reads = SharedReads(self._key_row).ask if engine.is_shared else self._key_row
        self.answers = Answers(engine, self._records)
        self.standings = Standings(engine, cipher)

    async def release(self) -> None:
        """Gives back what belongs to the running event loop, before that ends."""
        await self.engine.release()

    def close(self) -> None:
        self.engine.close()

    # ---- companies and keys ----

    async def company_of_key(self, company_id: str, secret_hash: bytes) -> tuple[ApiKey, Company] | None:
        row = await self._key_reads(company_id, secret_hash)
        return None if row is None else (records.api_key(row[:8]), self._records.company(row[8:]))

    async def company(self, company_id: str) -> Company | None:
        row = await self._one(sql.COMPANY, company_id)
        return None if row is None else self._records.company(row)

    async def companies(self) -> list[Company]:
        """The operator's view: every company."""
        return [self._records.company(row) for row in await self.engine.rows(sql.COMPANIES)]

    async def keys(self, company_id: str) -> list[ApiKey]:
        return [records.api_key(row) for row in await self.engine.rows(sql.KEYS, company_id)]

    async def key(self, key_id: str) -> ApiKey | None:
        row = await self._one(sql.KEY_BY_ID, key_id)
        return None if row is None else records.api_key(row)

    # ---- clients ----

    async def dossier(self, company_id: str, client_id: str) -> Dossier | None:
        key = (company_id, client_id)
        found = await self.engine.gather((sql.CLIENT, key), (sql.ENABLEMENTS, key), (sql.DOCUMENTS, key))
        clients, enablements, documents = found
        if not clients:
            return None
        client = self._records.client(clients[0])
        box = self._records.client_box(client)
        return Dossier(
            client,
            tuple(self._records.enablement(one, box) for one in enablements),
            tuple(self._records.document(one, box) for one in documents),
        )

    async def client(self, company_id: str, client_id: str) -> Client | None:
        row = await self._one(sql.CLIENT, company_id, client_id)
        return None if row is None else self._records.client(row)

    async def client_by_email(self, company_id: str, email_key: str) -> Client | None:
        row = await self._one(sql.CLIENT_BY_EMAIL, company_id, self._records.email_mark(company_id, email_key))
        return None if row is None else self._records.client(row)

    async def clients(
        self, company_id: str, status: ClientStatus | None, before: str | None, limit: int
    ) -> list[Client]:
        """Newest first, from before an id."""
        start = before or AFTER_ALL_IDS
        if status is None:
            rows = await self.engine.rows(sql.CLIENTS, company_id, start, limit)
        else:
            rows = await self.engine.rows(sql.CLIENTS_BY_STATUS, company_id, start, limit, status)
        return [self._records.client(row) for row in rows]

    async def reviews(self, company_id: str) -> list[Enablement]:
        """What waits for an operator, oldest first."""
        return [self._records.enablement(row, None) for row in await self.engine.rows(sql.IN_REVIEW, company_id)]

    async def client_of_request(self, company_id: str, enablement_id: str) -> str | None:
        """Whose request it is, for operators who know only its id."""
        row = await self._one(sql.CLIENT_OF_REQUEST, company_id, enablement_id)
        return None if row is None else str(row[0])

    # ---- documents ----

    async def number_holder(self, company_id: str, number_key: str) -> str | None:
        """The id of the client that a document's number serves."""
        row = await self._one(sql.NUMBER_HOLDER, company_id, self._records.number_mark(company_id, number_key))
        return None if row is None else str(row[0])

    async def holds_number(self, company_id: str, client_id: str, document_id: str) -> bool:
        """Whether a document keeps its number from serving another client."""
        return await self._one(sql.HOLDS_NUMBER, company_id, client_id, document_id) is not None

    async def look_alikes(self, company_id: str, client_id: str, bands: Sequence[bytes], most: int) -> list[str]:
        """Other clients of the company with a picture that shares a band of its likeness: at most so many a band."""
        if not bands:
            return []
        marks = (self._records.likeness_mark(company_id, one) for one in bands)
        found = await self.engine.gather(*((sql.LOOK_ALIKES, (company_id, mark, client_id, most)) for mark in marks))
        return list(dict.fromkeys(str(row[0]) for rows in found for row in rows))

    async def refused_pictures(self, company_id: str, client_id: str, marks: Sequence[str]) -> frozenset[str]:
        """Which of these pictures the client sent before, refused for themselves."""
        if not marks:
            return frozenset()
        keys = ((company_id, client_id, bytes.fromhex(mark)) for mark in marks)
        found = await self.engine.gather(*((sql.REFUSED_PICTURE, key) for key in keys))
        return frozenset(mark for mark, rows in zip(marks, found, strict=True) if rows)

    async def is_document(self, company_id: str, client_id: str, document_id: str) -> bool:
        return await self._one(sql.DOCUMENT, company_id, client_id, document_id) is not None

    async def hits(self, client: Client) -> list[KeptHit]:
        """What screening found of a client, oldest first."""
        box = self._records.client_box(client)
        return [self._records.hit(row, box) for row in await self.engine.rows(sql.HITS, client.company_id, client.id)]

    async def screening(self, company_id: str, client_id: str) -> Done | None:
        """When and against what a client was screened last."""
        row = await self._one(sql.SCREENING, company_id, client_id)
        return None if row is None else Done(*row)

    def picture_mark(self, company_id: str, digest: bytes) -> str:
        """What stands for a picture where it is looked up again: a keyed hash of its SHA-256, in hex."""
        return self._records.cipher.mark("picture", company_id, digest).hex()

    # ---- units of work ----

    async def commit(self, unit: Unit, company: Company | None = None) -> Guard | None:
        """Applies a unit wholly, durably. Gives the guard that did not hold, with nothing written."""
        todo = self._writing.statements(unit, company or unit.company)
        return await self.engine.apply(todo)

    # ---- messages ----

    async def claim(
        self, lease: str, now_ms: int, until_ms: int, most: int, room: Room | None = None
    ) -> list[tuple[Message, Company]]:
        """Takes due messages under a lease, where there is room for them; each comes with its company as it is now."""
        places = Room(EVERYTHING) if room is None else room.copy()
        script = partial(self._outbox.claim, lease, now_ms, until_ms, most, places)
        rows: list[tuple[records.Row, Lane]] = await self.engine.perform(script)
        claimed = []
        for row, lane in rows:
            try:
                company = await self.company(row[0])
                if company is not None:
                    claimed.append((self._outbox.opened(row, lane, company), company))
            except CANNOT_BE_OPENED as problem:
                await self.commit(unreadable(row, lease, problem, now_ms))
        return claimed

    async def hand_back(self, company_id: str, message_id: str, lease: str, now_ms: int) -> bool:
        """Frees a claimed message at once, the try not counted. False when it is under that lease no more."""
        script = partial(self._outbox.hand_back, company_id, message_id, lease, now_ms)
        is_back: bool = await self.engine.perform(script)
        return is_back

    async def next_due_ms(self) -> int | None:
        """When there may be something to do next, if anything waits."""
        return await self._outbox.next_due_ms()

    async def health(self, company_id: str, queue: str) -> Health:
        """What is thought of a receiver."""
        return await self._outbox.health(company_id, queue)

    async def deliveries(
        self, company: Company, state: Outcome | None, enablement_id: str | None, before: str | None, limit: int
    ) -> list[Delivery]:
        """A company's deliveries, newest first, from before an id."""
        return await self._outbox.deliveries(company, state, enablement_id, before or AFTER_ALL_IDS, limit)

    async def delivery(self, company: Company, message_id: str) -> Delivery | None:
        """One delivery with its tries."""
        return await self._outbox.delivery(company, message_id)

    async def forget_messages(self, company_id: str, before_id: str) -> int:
        """Removes a batch of ended messages made before an id, with their tries; how many."""
        removed: int = await self.engine.perform(partial(self._outbox.forget, company_id, before_id))
        return removed

    # ---- audit ----

    async def entries(self, company_id: str, owner: str) -> list[Entry]:
        """One chain from its first entry."""
        return [records.entry(row) for row in await self.engine.rows(sql.ENTRIES, company_id, owner)]

    @contextmanager
    def trail(self) -> Iterator[Trail]:
        """The whole audit trail of one moment, whatever is written meanwhile. Blocks."""
        with self.engine.moment() as aside:
            yield Trail(aside)

    # ---- installation ----

    async def installed(self, name: str, fresh: bytes | None = None) -> bytes | None:
        """A value of the installation's own (a wrapped key). `fresh` is what it becomes if there is none yet."""
        if fresh is not None:
            values = (name, fresh)
            await self.engine.write(sql.ADD_INSTALLATION, *values)
        row = await self._one(sql.INSTALLED, name)
        return None if row is None else bytes(row[0])

    # ---- catalogues ----

    def catalogue_source(self, version: str) -> str | None:
        """Blocks, once for each version that this process has not met."""
        with self.engine.aside() as aside:
            rows = aside.rows(sql.CATALOGUE, version)
        return str(rows[0][0]) if rows else None

    def catalogue_versions(self) -> list[str]:
        """Newest first. Blocks."""
        with self.engine.aside() as aside:
            return [str(row[0]) for row in aside.rows(sql.CATALOGUES)]

    # ---- numbers for people and monitors ----

    async def message_counts(self) -> dict[tuple[str, str], int]:
        """Pending and failed messages by topic."""
        return await self._outbox.counts()

    async def check(self) -> None:
        """Raises Unavailable when the database cannot be read."""
        await self.engine.check()

    # ---- plumbing ----

    async def _key_row(self, company_id: str, secret_hash: bytes) -> records.Row | None:
        """A partner's calls come with the same key, many at a time: where each read is a round trip they share it."""
        return await self._one(sql.COMPANY_OF_KEY, company_id, secret_hash)

    async def _one(self, text: str, *parameters: object) -> records.Row | None:
        rows = await self.engine.rows(text, *parameters)
        return rows[0] if rows else None


class Trail:
    """Every audit chain of one moment."""

    def __init__(self, aside: Aside) -> None:
        self._aside = aside

    def entries(self) -> Iterator[Entry]:
        """Ordered by company, owner and position."""
        return (records.entry(row) for row in self._aside.stream(sql.ALL_ENTRIES))

    def chains(self) -> Iterator[tuple[str, str, Chain]]:
        """The end of every chain, as its owner's row has it: company, owner, chain; in the same order."""
        return ((row[0], row[1], Chain(row[2], row[3])) for row in self._aside.stream(sql.ALL_CHAINS))
