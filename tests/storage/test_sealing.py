"""What is sealed opens in its own place only: changed, or moved to another row, column, owner or company, never."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from ostiary.domain.companies.company import Webhook
from ostiary.domain.delivery.messages import Attempt, MessageOutcome
from ostiary.domain.errors import KeyMismatch, Tampered
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.screening.subject import Hit
from ostiary.domain.unit import (
    AddDocument,
    AddEnablement,
    AddHit,
    AddMessage,
    KeepReading,
    MessageResult,
    StoredResponse,
)
from ostiary.storage import opening
from ostiary.storage.store import Store
from ostiary.storage.tables.screening import hit_mark
from tests.material import NOW_MS, profile
from tests.storage.shelf import Shelf
from tests.storage.test_readings import judgement, reading
from tests.storage.values import Trade, found_company

both = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
WORD = "Zyxwvut"
HIT = Hit("own", "1", "NK-1", WORD, 0.9, 0.8)


@dataclass
class Full:
    """A company with one row in every table that holds something sealed."""

    trade: Trade
    client_id: str
    message_id: str
    lease: str

    async def read(self, store: Store, column: str) -> object:
        """Opens what a column holds, as the service would."""
        company = await store.companies.find(self.trade.company.id)
        assert company is not None
        if column in READ_OF_COMPANY:
            return await READ_OF_COMPANY[column](self, store)
        client = await store.clients.find(company.id, self.client_id)
        assert client is not None
        if column == "screening_hits.evidence":
            return await store.screening.hits(client)
        return await store.dossier(company.id, client.id)


READ_OF_COMPANY: dict[str, Callable[[Full, Store], Awaitable[object]]] = {
    "messages.body": lambda full, store: store.deliveries.page(full.trade.company, None, None, None, 9),
    "attempts.answer": lambda full, store: store.deliveries.find(full.trade.company, full.message_id),
    "answers.body": lambda full, store: store.answers.record(full.trade.company, b"mark", NOW_MS),
}
SEALED = {
    "companies.settings": Tampered,
    "companies.data_key": KeyMismatch,
    "clients.details": Tampered,
    "clients.data_key": KeyMismatch,
    "enablements.rejection": Tampered,
    "enablements.private_note": Tampered,
    "documents.facts": Tampered,
    "documents.reading": Tampered,
    "screening_hits.evidence": Tampered,
    "messages.body": Tampered,
    "attempts.answer": Tampered,
    "answers.body": Tampered,
}
"""Each sealed or wrapped column, and what is raised when it does not open."""
SWAPS = [
    ("enablements.rejection", "enablements.private_note"),
    ("documents.facts", "documents.reading"),
    ("clients.details", "documents.facts"),
    ("screening_hits.evidence", "clients.details"),
    ("messages.body", "attempts.answer"),
    ("answers.body", "messages.body"),
    ("companies.settings", "messages.body"),
    ("companies.data_key", "clients.data_key"),
]


async def filled(trade: Trade) -> Full:
    """Says the word in every sealed column."""
    webhooked = replace(trade.company, name=WORD, webhook=Webhook(f"https://{WORD}.test", WORD))
    assert await trade.store.commit(trade.unit(owner=webhooked)) is None
    company = await trade.store.companies.find(trade.company.id)
    assert company is not None
    trade.company = company
    client = trade.client(profile=profile(last_name=WORD))
    request = trade.enablement(client, Status.REJECTED, rejection_description=WORD, private_note=WORD)
    document = trade.document(client, metadata={"number": WORD})
    message = trade.message(client, body={"word": WORD})
    await trade.remembered(
        client,
        changes=(
            AddEnablement(request),
            AddDocument(document),
            AddMessage(message),
            AddHit(HIT),
        ),
    )
    read = replace(document, reading=reading(), judgement=judgement())
    assert (
        await trade.store.commit(trade.touching(await trade.current(client.id), changes=(KeepReading(read),))) is None
    )
    lease = trade.new_id()
    await trade.store.outbox.claim(lease, NOW_MS, NOW_MS + 1, 9)
    end = MessageResult(message.id, lease, MessageOutcome.DELIVERED, attempt=Attempt(NOW_MS, 1, 500, "", WORD.encode()))
    assert await trade.store.commit(trade.unit(changes=(end,)), company) is None
    assert await trade.store.answers.begin(company.id, b"mark", b"content", lease, NOW_MS)
    answered = StoredResponse(b"mark", lease, 200, WORD.encode())
    assert await trade.store.commit(trade.unit(changes=(answered,)), company) is None
    return Full(trade, client.id, message.id, lease)


def held(engine: Shelf, column: str, company_id: str) -> bytes:
    table, _, name = column.partition(".")
    where = f"company_id = ? AND {name} IS NOT NULL"
    [row] = engine.rows(f"SELECT {name} FROM {table} WHERE {where}", company_id)  # noqa: S608
    return bytes(row[0])


def put(engine: Shelf, column: str, company_id: str, value: bytes) -> None:
    table, _, name = column.partition(".")
    where = f"company_id = ? AND {name} IS NOT NULL"
    engine.spoil(f"UPDATE {table} SET {name} = ? WHERE {where}", value, company_id)  # noqa: S608


async def assert_closed(engine: Shelf, full: Full, column: str) -> None:
    """For a store that has not opened it before."""
    with pytest.raises(SEALED[column]) as refused:
        await full.read(Store(full.trade.store.engine, engine.cipher), column)
    assert WORD not in str(refused.value)


@both
async def test_each_opens_where_it_lies_and_says_nothing_plain(engine: Shelf, trade: Trade) -> None:
    full = await filled(trade)
    for column in SEALED:
        assert WORD.encode() not in held(engine, column, trade.company.id), column
        if column.endswith("data_key"):
            continue
        value = await full.read(engine.open(), column)
        assert value, column
    dossier = await engine.open().dossier(trade.company.id, full.client_id)
    assert dossier is not None
    assert dossier.client.profile.last_name == WORD
    assert [(enablement.rejection_description, enablement.private_note) for enablement in dossier.enablements] == [
        (WORD, WORD)
    ]
    assert [(document.metadata["number"], document.reading is not None) for document in dossier.documents] == [
        (WORD, True)
    ]


@both
async def test_of_another_company_it_does_not_open(engine: Shelf, trade: Trade) -> None:
    full = await filled(trade)
    other = await filled(await found_company(trade.store, engine.cipher, 2))
    for column in SEALED:
        own, foreign = (held(engine, column, side.trade.company.id) for side in (full, other))
        put(engine, column, trade.company.id, foreign)
        await assert_closed(engine, full, column)
        put(engine, column, trade.company.id, own)
        assert await full.read(Store(trade.store.engine, engine.cipher), column), "put back, it opens"


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda sealed: sealed[:-1],
    "longer": lambda sealed: sealed + b"\0",
    "nonce": lambda sealed: sealed[:1] + bytes([sealed[1] ^ 1]) + sealed[2:],
    "first bit": lambda sealed: sealed[:13] + bytes([sealed[13] ^ 128]) + sealed[14:],
    "tag": lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
    "form": lambda sealed: b"\x02" + sealed[1:],
    "head only": lambda sealed: sealed[:13],
    "one byte": lambda sealed: sealed[:1],
    "empty": lambda sealed: b"",
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_byte_shows(engine: Shelf, trade: Trade, change: str) -> None:
    full = await filled(trade)
    for column in SEALED:
        own = held(engine, column, trade.company.id)
        put(engine, column, trade.company.id, CHANGES[change](own))
        await assert_closed(engine, full, column)
        put(engine, column, trade.company.id, own)


@both
async def test_in_another_column_it_does_not_open(engine: Shelf, trade: Trade) -> None:
    full = await filled(trade)
    for first, other in SWAPS:
        values = [held(engine, column, trade.company.id) for column in (first, other)]
        for column, value in ((first, values[1]), (other, values[0])):
            put(engine, column, trade.company.id, value)
            await assert_closed(engine, full, column)
            put(engine, column, trade.company.id, values[(first, other).index(column)])


@both
async def test_in_another_row_of_the_same_owner_it_does_not_open(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    requests = [trade.enablement(client, Status.REJECTED, rejection_description="x", private_note="y") for _ in "ab"]
    documents = [trade.document(client) for _ in "ab"]
    messages = [trade.message(client) for _ in "ab"]
    await trade.remembered(
        client,
        changes=(
            *map(AddEnablement, tuple(requests)),
            *map(AddDocument, tuple(documents)),
            *map(AddMessage, tuple(messages)),
            AddHit(HIT),
            AddHit(replace(HIT, entry_id="NK-2")),
        ),
    )
    marks = [hit_mark(engine.cipher, client, replace(HIT, entry_id=entry_id)) for entry_id in ("NK-1", "NK-2")]
    for table, name, key, ids in (
        ("enablements", "rejection", "enablement_id", [request.id for request in requests]),
        ("enablements", "private_note", "enablement_id", [request.id for request in requests]),
        ("documents", "facts", "document_id", [document.id for document in documents]),
        ("screening_hits", "evidence", "hit_mark", marks),
        ("messages", "body", "message_id", [message.id for message in messages]),
    ):
        values = {row[0]: row[1] for row in engine.rows(f"SELECT {key}, {name} FROM {table}")}  # noqa: S608
        for at, there in ((0, 1), (1, 0)):
            engine.spoil(f"UPDATE {table} SET {name} = ? WHERE {key} = ?", values[ids[there]], ids[at])  # noqa: S608
        store = engine.open()
        with pytest.raises(Tampered):
            await {
                "screening_hits": lambda now: now.screening.hits(client),
                "messages": lambda now: now.deliveries.page(trade.company, None, None, None, 9),
            }.get(table, lambda now: now.dossier(trade.company.id, client.id))(store)
        for row_id in ids:
            engine.spoil(f"UPDATE {table} SET {name} = ? WHERE {key} = ?", values[row_id], row_id)  # noqa: S608
    assert await engine.open().dossier(trade.company.id, client.id), "put back, all of it opens"
    assert len(await engine.open().screening.hits(client)) == len(
        await engine.open().deliveries.page(trade.company, None, None, None, 9)
    )


@both
async def test_between_clients_of_a_company_nothing_can_be_exchanged(engine: Shelf, trade: Trade) -> None:
    clients = [await trade.remembered() for _ in "ab"]
    for name, problem in (("details", Tampered), ("data_key", KeyMismatch)):
        values = dict(engine.rows(f"SELECT client_id, {name} FROM clients"))  # noqa: S608
        for client, other in (clients, reversed(clients)):
            engine.spoil(f"UPDATE clients SET {name} = ? WHERE client_id = ?", values[other.id], client.id)  # noqa: S608
        for client in clients:
            with pytest.raises(problem):
                await engine.open().clients.find(trade.company.id, client.id)
        for client in clients:
            engine.spoil(f"UPDATE clients SET {name} = ? WHERE client_id = ?", values[client.id], client.id)  # noqa: S608


@both
async def test_the_same_word_is_never_sealed_the_same_way(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    requests = [trade.enablement(client, Status.REJECTED, rejection_description=WORD) for _ in range(5)]
    await trade.remembered(client, changes=(*map(AddEnablement, tuple(requests)),))
    assert len(set(engine.rows("SELECT rejection FROM enablements"))) == len(requests)
    assert engine.rows("SELECT count(private_note) FROM enablements") == [(0,)], "nothing is not sealed"


@both
async def test_what_stands_for_a_value_is_another_in_another_company(engine: Shelf, trade: Trade) -> None:
    ours, others = trade.company.id, "b" * 32
    marks = [engine.cipher.lookup_hash(purpose, ours, "same") for purpose in opening.LOOKUP_KEYS]
    marks += [engine.cipher.lookup_hash(purpose, others, "same") for purpose in opening.LOOKUP_KEYS]
    assert len(set(marks)) == 2 * len(opening.LOOKUP_KEYS), "and each purpose has a key of its own"
    assert engine.cipher.lookup_hash("email", "ab", "c") != engine.cipher.lookup_hash("email", "a", "bc")
