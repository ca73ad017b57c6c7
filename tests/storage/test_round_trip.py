"""Every kind of value comes back as it was given, from a store that did not write it."""

from __future__ import annotations

import re
from dataclasses import replace

from ostiary.domain.audit import Note
from ostiary.domain.clients import Client, ClientStatus
from ostiary.domain.companies import Chain, Environment, Webhook
from ostiary.domain.documents import DocumentStatus, Side
from ostiary.domain.enablement import Review, Status
from ostiary.domain.messages import Topic
from ostiary.domain.queues import Lane
from ostiary.domain.rejections import Code, Kind, reject
from tests.material import NOW_MS, findings, profile
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import NOTE, Trade, assert_chained, found


async def test_a_company(engine: Shelf, trade: Trade) -> None:
    hooked = replace(trade.company, webhook=Webhook("https://example.com/hook", "key"), email=None, name="Äcme 公司")
    assert await trade.store.commit(trade.unit(company=hooked, notes=(NOTE,))) is None
    again = await engine.open().company(trade.company.id)
    assert again is not None
    assert again == replace(hooked, version=2, chain=again.chain)
    assert_chained(trade.store, hooked.id, hooked.id, 2)


async def test_companies_come_in_order(engine: Shelf, trade: Trade) -> None:
    other = await found(trade.store, engine.cipher, 2)
    assert [one.id for one in await engine.open().companies()] == [trade.company.id, other.company.id]
    assert await trade.store.company("no such company") is None
    assert trade.company.environment is Environment.SANDBOX


async def test_a_key(engine: Shelf, trade: Trade) -> None:
    key = trade.key(allowed=("10.0.0.0/8", "::1/128"), expires_at_ms=NOW_MS + 5)
    assert await trade.store.commit(trade.unit(key_added=key)) is None
    store = engine.open()
    assert await store.company_of_key(trade.company.id, key.secret_hash) == (key, trade.company)
    assert await store.company_of_key("another company", key.secret_hash) is None
    revoked = replace(key, allowed=(), revoked_at_ms=NOW_MS + 1, expires_at_ms=None)
    assert await trade.store.commit(trade.unit(key_changed=revoked)) is None
    assert await store.keys(trade.company.id) == [revoked]
    assert (await store.key(key.id), await store.key("none")) == (revoked, None)


async def test_a_client_with_everything(engine: Shelf, trade: Trade) -> None:
    told = profile(
        first_name="Zoë 佐", attributes={"n": 2**53, "share": 0.1, "is": True, "text": ""}, address={"state": None}
    )
    refusals = (
        reject(Kind.DOCUMENT, "passport", Code.NUMBER_MISMATCH, "metadata.number", subject="d" * 32),
        reject(Kind.DATA, "phone", Code.DATA_INVALID, "phone", subject="f" * 64),
    )
    given = trade.client(profile=told, refusals=refusals, status=ClientStatus.REJECTED, updated_at_ms=NOW_MS + 9)
    await trade.remembered(given)
    store = engine.open()
    again = await store.client(trade.company.id, given.id)
    assert again is not None
    assert again == replace(given, chain=again.chain)
    assert again.chain.length == 1
    assert await store.client_by_email(trade.company.id, given.email_key) == again
    assert await store.client_by_email(trade.company.id, "nobody") is None
    assert await store.client("another company", given.id) is None
    assert await store.dossier(trade.company.id, "nobody") is None


async def test_a_client_that_changes(trade: Trade) -> None:
    before = await trade.remembered()
    moved = replace(before, profile=profile(last_name="Sharp"), email_key="new@x.test", status=ClientStatus.ACTIVE)
    assert await trade.store.commit(trade.touching(moved, details_changed=True), trade.company) is None
    after = await trade.current(before.id)
    assert after == replace(moved, version=2, chain=after.chain)
    assert await trade.store.client_by_email(trade.company.id, before.email_key) is None
    assert_chained(trade.store, trade.company.id, before.id, 2)


async def test_a_touched_client_keeps_its_details(trade: Trade) -> None:
    before = await trade.remembered()
    touched = replace(before, profile=profile(last_name="Never written"), updated_at_ms=NOW_MS + 7)
    assert await trade.store.commit(trade.touching(touched), trade.company) is None
    after = await trade.current(before.id)
    assert (after.profile, after.version, after.updated_at_ms) == (before.profile, 2, NOW_MS + 7)


async def test_lists_of_clients(trade: Trade) -> None:
    clients = [await trade.remembered(trade.client(status=one)) for one in [*ClientStatus, ClientStatus.ACTIVE]]
    newest_first = [one.id for one in reversed(clients)]

    async def listed(status: ClientStatus | None, before: str | None, limit: int = 50) -> list[str]:
        return [one.id for one in await trade.store.clients(trade.company.id, status, before, limit)]

    assert await listed(None, None) == newest_first
    assert await listed(None, newest_first[1], 1) == [newest_first[2]]
    assert await listed(ClientStatus.ACTIVE, None) == [clients[3].id, clients[1].id]
    assert await listed(ClientStatus.ACTIVE, clients[3].id) == [clients[1].id]
    assert await listed(ClientStatus.ACTIVE, clients[1].id) == []


async def test_a_dossier(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    rejected = trade.enablement(client, Status.REJECTED, rejection_description="Because № 5.", attempt=2, sequence=4)
    waiting = trade.enablement(client, Status.IN_KYC, review=Review.CHANGE, review_since_ms=NOW_MS + 3)
    details: dict[str, object] = {"number": "AB1", "count": 3, "share": 0.5, "is": False, "none": None}
    sides = (
        Side("image_front", "a/b/c", "ab", findings()),
        Side("image_back", "a/b/d", "cd", findings(sharpness=None)),
    )
    document = trade.document(client, metadata=details, sides=sides)
    replaced = trade.document(client)
    await trade.remembered(
        client, enablements_added=(rejected, waiting), documents_added=(document, replaced),
        numbers_claimed=(("ARG|passport|AB1", document.id),), pictures_refused=("ab" * 32,),
    )  # fmt: skip
    gone = replace(replaced, status=DocumentStatus.REPLACED)
    now = await trade.current(client.id)
    assert await trade.store.commit(trade.touching(now, documents_changed=(gone,)), trade.company) is None
    again = await engine.open().dossier(trade.company.id, client.id)
    assert again is not None
    assert again.enablements == (waiting, rejected)
    assert again.documents == (document,)
    await _assert_found(engine, trade, client, document.id, waiting.id)


async def _assert_found(engine: Shelf, trade: Trade, client: Client, document_id: str, request_id: str) -> None:
    """What is looked up by other ways than the client."""
    store, company_id = engine.open(), trade.company.id
    assert await store.number_holder(company_id, "ARG|passport|AB1") == client.id
    assert await store.number_holder(company_id, "ARG|passport|AB2") is None
    assert await store.holds_number(company_id, client.id, document_id)
    assert not await store.holds_number(company_id, client.id, "another document")
    assert await store.refused_pictures(company_id, client.id, ["ab" * 32, "cd" * 32]) == {"ab" * 32}
    assert await store.refused_pictures(company_id, "another client", ["ab" * 32]) == frozenset()
    assert await store.is_document(company_id, client.id, document_id)
    assert not await store.is_document(company_id, "another client", document_id)
    assert [one.id for one in await store.reviews(company_id)] == [request_id]
    assert await store.client_of_request(company_id, request_id) == client.id
    assert await store.client_of_request(company_id, "none") is None


async def test_an_enablement_that_moves(trade: Trade) -> None:
    client = trade.client()
    before = trade.enablement(client)
    now = await trade.remembered(client, enablements_added=(before,))
    after = replace(before, status=Status.REJECTED, rejection_description="No.", attempt=1, sequence=2)
    assert await trade.store.commit(trade.touching(now, enablements_changed=(after,)), trade.company) is None
    dossier = await trade.store.dossier(trade.company.id, client.id)
    assert dossier is not None
    assert dossier.enablements == (after,)


async def test_a_number_that_is_released_may_serve_another(trade: Trade) -> None:
    one, other = trade.client(), trade.client()
    document = trade.document(one)
    now = await trade.remembered(one, documents_added=(document,), numbers_claimed=(("key", document.id),))
    assert await trade.store.commit(trade.touching(now, numbers_released=(document.id,)), trade.company) is None
    await trade.remembered(other, numbers_claimed=(("key", "d" * 32),))
    assert await trade.store.number_holder(trade.company.id, "key") == other.id


async def test_a_message(engine: Shelf, trade: Trade) -> None:
    [given] = await trade.posted(NOW_MS, topic=Topic.PROVIDER, sequence=7)
    [(message, company)] = await engine.open().claim("lease", NOW_MS, NOW_MS + 10, 5)
    assert message == replace(given, attempts=1, due_at_ms=NOW_MS + 10, lane=Lane.BUILTIN)
    assert company == trade.company


async def test_notes_become_entries_of_a_chain(trade: Trade) -> None:
    notes = (NOTE, Note("document_added", "operator:ana", "d" * 32), replace(NOTE, codes=()))
    client = await trade.remembered(notes=notes)
    entries = await trade.store.entries(trade.company.id, client.id)
    assert [Note(one.action, one.actor, one.subject, one.codes) for one in entries] == list(notes)
    assert [one.position for one in entries] == [1, 2, 3]
    assert client.chain == Chain(3, entries[-1].hash)
    with trade.store.trail() as trail:
        assert list(trail.entries())[1:] == entries


async def test_a_snapshot_sees_one_moment(engine: Shelf, trade: Trade) -> None:
    reading = engine.open()
    with reading.trail() as trail:
        assert len(list(trail.chains())) == 1
        await trade.remembered()
        assert len(list(trail.chains())) == 1
    with reading.trail() as trail:
        assert len(list(trail.chains())) == 2


async def test_a_value_of_the_installation_is_made_once(engine: Shelf, trade: Trade) -> None:
    assert await trade.store.installed("signer") is None
    assert await trade.store.installed("signer", b"first") == b"first"
    assert await engine.open().installed("signer", b"second") == b"first"


LEAST_BYTES = 500


async def test_nothing_personal_is_plain_in_the_database(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    document = trade.document(client)
    await trade.remembered(
        client, documents_added=(document,), numbers_claimed=(("ARG|passport|AB1234567", document.id),),
        messages=(trade.message(client, body={"name": "Barber"}),),
    )  # fmt: skip
    values = {value for row in engine.everything() for value in row}
    plain = b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
    if isinstance(engine, SqliteShelf):
        await engine.close()
        plain = b"".join(one.read_bytes() for one in engine.folder.iterdir() if one.is_file())
    assert len(plain) > LEAST_BYTES
    assert not re.findall(rb"Barber|Maria|Florida|1984-11-21|1168860622|AB1234567|Acme|acme\.test|x\.test", plain)
