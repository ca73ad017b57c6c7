"""Every kind of value comes back as it was given, from a store that did not write it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ostiary.domain.audit.trail import Note
from ostiary.domain.clients.client import Client, ClientStatus, PastProfile
from ostiary.domain.clients.contradictions import Aspect, Contradiction
from ostiary.domain.companies.company import Chain, Environment, Webhook
from ostiary.domain.delivery.messages import Topic
from ostiary.domain.delivery.queues import Lane
from ostiary.domain.documents.document import DocumentStatus, Side
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.review.remarks import Remark
from ostiary.domain.unit import (
    AddDocument,
    AddEnablement,
    AddKey,
    AddMessage,
    AddRemark,
    ChangeDocument,
    ChangeEnablement,
    ChangeKey,
    ClaimNumber,
    ContestNumber,
    Guard,
    KeepProfile,
    OwnerWrite,
    RefusePicture,
    ReleaseNumber,
)
from tests.material import NOW_MS, findings, profile
from tests.storage.conftest import ENGINES
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import NOTE, Trade, assert_chained, found_company

pytestmark = pytest.mark.parametrize("engine", ENGINES, indirect=True)


async def test_a_company(engine: Shelf, trade: Trade) -> None:
    hooked = replace(trade.company, webhook=Webhook("https://example.com/hook", "key"), email=None, name="Äcme 公司")
    assert await trade.store.commit(trade.unit(owner=hooked, notes=(NOTE,))) is None
    again = await engine.open().companies.find(trade.company.id)
    assert again is not None
    assert again == replace(hooked, version=2, chain=again.chain)
    assert_chained(trade.store, hooked.id, hooked.id, 2)


async def test_companies_come_in_order(engine: Shelf, trade: Trade) -> None:
    other = await found_company(trade.store, engine.cipher, 2)
    assert [company.id for company in await engine.open().companies.every()] == [trade.company.id, other.company.id]
    assert await trade.store.companies.find("no such company") is None
    assert trade.company.environment is Environment.SANDBOX


async def test_a_key(engine: Shelf, trade: Trade) -> None:
    key = trade.key(allowed=("10.0.0.0/8", "::1/128"), expires_at_ms=NOW_MS + 5)
    assert await trade.store.commit(trade.unit(changes=(AddKey(key),))) is None
    store = engine.open()
    assert await store.companies.of_key(trade.company.id, key.secret_hash) == (key, trade.company)
    assert await store.companies.of_key("another company", key.secret_hash) is None
    revoked = replace(key, allowed=(), revoked_at_ms=NOW_MS + 1, expires_at_ms=None)
    assert await trade.store.commit(trade.unit(changes=(ChangeKey(revoked),))) is None
    assert await store.companies.keys(trade.company.id) == [revoked]
    assert (await store.companies.key(key.id), await store.companies.key("none")) == (revoked, None)


async def test_a_client_with_everything(engine: Shelf, trade: Trade) -> None:
    facts = profile(
        first_name="Zoë 佐",
        reference="CRM 7/ü",
        attributes={"n": 2**53, "share": 0.1, "is": True, "text": ""},
        address={"state": None},
    )
    refusals = (
        replace(reject(Kind.DOCUMENT, "passport", Code.NUMBER_MISMATCH, "metadata.number"), subject="d" * 32),
        replace(reject(Kind.DATA, "phone", Code.DATA_INVALID, "phone"), subject="f" * 64),
    )
    given = trade.client(profile=facts, refusals=refusals, status=ClientStatus.REJECTED, updated_at_ms=NOW_MS + 9)
    await trade.remembered(given)
    store = engine.open()
    again = await store.clients.find(trade.company.id, given.id)
    assert again is not None
    assert again == replace(given, chain=again.chain)
    assert again.chain.length == 1
    assert await store.clients.by_email(trade.company.id, given.email_key) == again
    assert await store.clients.by_email(trade.company.id, "nobody") is None
    assert await store.clients.by_reference(trade.company.id, "CRM 7/ü") == again
    for company_id, reference in (
        (trade.company.id, "crm 7/ü"),
        (trade.company.id, ""),
        ("another company", "CRM 7/ü"),
    ):
        assert await store.clients.by_reference(company_id, reference) is None
    assert await store.clients.find("another company", given.id) is None
    assert await store.dossier(trade.company.id, "nobody") is None


async def test_a_client_that_changes(trade: Trade) -> None:
    before = await trade.remembered()
    moved = replace(before, profile=profile(last_name="Sharp"), email_key="new@x.test", status=ClientStatus.ACTIVE)
    assert await trade.store.commit(trade.touching(moved, owner_write=OwnerWrite.DETAILS), trade.company) is None
    after = await trade.current(before.id)
    assert after == replace(moved, version=2, chain=after.chain)
    assert await trade.store.clients.by_email(trade.company.id, before.email_key) is None
    assert_chained(trade.store, trade.company.id, before.id, 2)


async def test_a_reference_that_is_given_up_is_free_and_many_may_have_none(trade: Trade) -> None:
    before = await trade.remembered(trade.client(profile=profile(reference="A-1")))
    await trade.remembered(trade.client(profile=profile(reference=None)))
    assert await trade.store.commit(trade.touching(before), trade.company) is None, "a touch leaves it"
    assert (await trade.store.clients.by_reference(trade.company.id, "A-1")) == await trade.current(before.id)
    without = replace(await trade.current(before.id), profile=profile(reference=None))
    assert await trade.store.commit(trade.touching(without, owner_write=OwnerWrite.DETAILS), trade.company) is None
    assert await trade.store.clients.by_reference(trade.company.id, "A-1") is None
    taken = await trade.remembered(trade.client(profile=profile(reference="A-1")))
    assert (await trade.store.clients.by_reference(trade.company.id, "A-1")) == await trade.current(taken.id)


async def test_a_touched_client_keeps_its_details(trade: Trade) -> None:
    before = await trade.remembered()
    touched = replace(before, profile=profile(last_name="Never written"), updated_at_ms=NOW_MS + 7)
    assert await trade.store.commit(trade.touching(touched), trade.company) is None
    after = await trade.current(before.id)
    assert (after.profile, after.version, after.updated_at_ms) == (before.profile, 2, NOW_MS + 7)


async def test_lists_of_clients(trade: Trade) -> None:
    clients = [await trade.remembered(trade.client(status=status)) for status in [*ClientStatus, ClientStatus.ACTIVE]]
    newest_first = [client.id for client in reversed(clients)]

    async def listed(status: ClientStatus | None, before: str | None, limit: int = 50) -> list[str]:
        return [client.id for client in await trade.store.clients.page(trade.company.id, status, before, limit)]

    assert await listed(None, None) == newest_first
    assert await listed(None, newest_first[1], 1) == [newest_first[2]]
    assert await listed(ClientStatus.ACTIVE, None) == [clients[3].id, clients[1].id]
    assert await listed(ClientStatus.ACTIVE, clients[3].id) == [clients[1].id]
    assert await listed(ClientStatus.ACTIVE, clients[1].id) == []


async def test_a_dossier(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    rejected = trade.enablement(client, Status.REJECTED, rejection_description="Because № 5.", attempt=2, sequence=4)
    why = {"review_since_ms": NOW_MS + 3, "review_reasons": ("screening_hit", "client_changed")}
    waiting = trade.enablement(client, Status.IN_KYC, review=Review.SCREENING, **why)
    details: dict[str, object] = {"number": "AB1", "count": 3, "share": 0.5, "is": False, "none": None}
    sides = (
        Side("image_front", "a/b/c", "ab", findings()),
        Side("image_back", "a/b/d", "cd", findings(sharpness=None)),
    )
    document = trade.document(client, metadata=details, sides=sides)
    replaced = trade.document(client)
    await trade.remembered(
        client,
        changes=(
            AddEnablement(rejected),
            AddEnablement(waiting),
            AddDocument(document),
            AddDocument(replaced),
            ClaimNumber("ARG|passport|AB1", document.id),
            RefusePicture("ab" * 32),
        ),
    )
    gone = replace(replaced, status=DocumentStatus.REPLACED)
    now = await trade.current(client.id)
    assert await trade.store.commit(trade.touching(now, changes=(ChangeDocument(gone),)), trade.company) is None
    again = await engine.open().dossier(trade.company.id, client.id)
    assert again is not None
    assert again.enablements == (waiting, rejected)
    assert again.documents == (document,)
    await _assert_found(engine, trade, client, document.id, waiting.id)


async def _assert_found(engine: Shelf, trade: Trade, client: Client, document_id: str, request_id: str) -> None:
    """What is looked up by other ways than the client."""
    store, company_id = engine.open(), trade.company.id
    assert await store.documents.number_holder(company_id, "ARG|passport|AB1") == client.id
    assert await store.documents.number_holders(company_id, [f"ARG|passport|AB{n}" for n in range(120)]) == [client.id]
    assert await store.documents.holds_number(company_id, client.id, document_id)
    assert not await store.documents.holds_number(company_id, client.id, "another document")
    assert await store.documents.refused_pictures(company_id, client.id, ["ab" * 32, "cd" * 32]) == {"ab" * 32}
    assert await store.documents.refused_pictures(company_id, "another client", ["ab" * 32]) == frozenset()
    assert await store.documents.exists(company_id, client.id, document_id)
    assert not await store.documents.exists(company_id, "another client", document_id)
    assert [enablement.id for enablement in await store.enablements.in_review(company_id)] == [request_id]
    assert await store.enablements.client_of(company_id, request_id) == client.id
    assert await store.enablements.client_of(company_id, "none") is None


async def test_an_enablement_that_moves(trade: Trade) -> None:
    client = trade.client()
    before = trade.enablement(client)
    now = await trade.remembered(client, changes=(AddEnablement(before),))
    after = replace(before, status=Status.REJECTED, rejection_description="No.", attempt=1, sequence=2)
    assert await trade.store.commit(trade.touching(now, changes=(ChangeEnablement(after),)), trade.company) is None
    dossier = await trade.store.dossier(trade.company.id, client.id)
    assert dossier is not None
    assert dossier.enablements == (after,)


async def test_a_number_that_is_released_may_serve_another(trade: Trade) -> None:
    first, other = trade.client(), trade.client()
    document = trade.document(first)
    now = await trade.remembered(
        first,
        changes=(
            AddDocument(document),
            AddEnablement(trade.enablement(first)),
            ClaimNumber("key", document.id),
        ),
    )
    assert await trade.store.commit(trade.touching(now, changes=(ReleaseNumber(document.id),)), trade.company) is None
    await claimed_by(trade, other)
    assert await trade.store.documents.number_holder(trade.company.id, "key") == other.id


async def claimed_by(trade: Trade, client: Client) -> Guard | None:
    """A new client with a live request and an accepted document that claims a number."""
    document = trade.document(client)
    unit = trade.adding(
        client,
        changes=(
            AddDocument(document),
            AddEnablement(trade.enablement(client)),
            ClaimNumber("key", document.id),
        ),
    )
    return await trade.store.commit(unit, trade.company)


@pytest.mark.parametrize(
    ("document_status", "status", "is_held"),
    [
        (DocumentStatus.ACCEPTED, Status.IN_KYC, True),
        (DocumentStatus.ACCEPTED, Status.ENABLED, True),
        (DocumentStatus.ACCEPTED, Status.REJECTED, False),
        (DocumentStatus.REFUSED, Status.PENDING_DOCUMENTATION, False),
        (DocumentStatus.REPLACED, Status.ENABLED, False),
    ],
)
async def test_a_number_is_held_by_what_is_accepted_and_live_and_taken_over_else(
    trade: Trade, document_status: DocumentStatus, status: Status, is_held: bool
) -> None:
    holder, other = trade.client(), trade.client()
    document = trade.document(holder, status=document_status)
    await trade.remembered(
        holder,
        changes=(
            AddDocument(document),
            AddEnablement(trade.enablement(holder, status)),
            ClaimNumber("key", document.id),
        ),
    )
    store, company_id = trade.store, trade.company.id
    assert (await store.documents.number_holder(company_id, "key") == holder.id) is is_held
    assert await store.documents.holds_number(company_id, holder.id, document.id) is is_held
    assert await claimed_by(trade, other) == (Guard.NUMBER if is_held else None)
    assert await store.documents.number_holder(company_id, "key") == (holder.id if is_held else other.id)


async def test_what_was_before_and_what_people_said(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    now = await trade.remembered(client)
    remark = Remark(trade.new_id(), NOW_MS, "request", "verdict_approve", "operator:ana", "seen № 5", "document")
    spoke = Contradiction(Aspect.NAME, "Juan", "MARIA", NOW_MS, "document", "other")
    changed = replace(now, contradictions=(spoke,))
    unit = trade.touching(
        changed,
        owner_write=OwnerWrite.DETAILS,
        changes=(
            KeepProfile(now.profile),
            AddRemark(remark),
            ContestNumber("key", "document"),
            ContestNumber("key", "document"),
        ),
    )
    assert await trade.store.commit(unit, trade.company) is None
    store = engine.open()
    again = await store.clients.find(trade.company.id, client.id)
    assert again is not None
    assert again.contradictions == (spoke,)
    assert await store.clients.past_profiles(again) == [PastProfile(now.profile, now.version, NOW_MS)]
    assert await store.clients.remarks(again) == [remark]
    assert await store.documents.contested_by(trade.company.id, "another client", "key", 5) == [client.id]
    assert await store.documents.contested_by(trade.company.id, client.id, "key", 5) == []
    assert await store.documents.every(again) == []


async def test_a_message(engine: Shelf, trade: Trade) -> None:
    [given] = await trade.posted(NOW_MS, topic=Topic.PROVIDER, sequence=7)
    [(message, company)] = await engine.open().outbox.claim("lease", NOW_MS, NOW_MS + 10, 5)
    assert message == replace(given, attempts=1, due_at_ms=NOW_MS + 10, lane=Lane.BUILTIN)
    assert company == trade.company


async def test_notes_become_entries_of_a_chain(trade: Trade) -> None:
    notes = (NOTE, Note("document_added", "operator:ana", "d" * 32), replace(NOTE, codes=()))
    client = await trade.remembered(notes=notes)
    entries = await trade.store.audit.entries(trade.company.id, client.id)
    assert [Note(entry.action, entry.actor, entry.subject, entry.codes) for entry in entries] == list(notes)
    assert [entry.position for entry in entries] == [1, 2, 3]
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
    assert await trade.store.installation.value("signer") is None
    assert await trade.store.installation.value("signer", b"first") == b"first"
    assert await engine.open().installation.value("signer", b"second") == b"first"


LEAST_BYTES = 500


async def test_nothing_personal_is_plain_in_the_database(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    document = trade.document(client)
    await trade.remembered(
        client,
        changes=(
            AddDocument(document),
            ClaimNumber("ARG|passport|AB1234567", document.id),
            AddMessage(trade.message(client, body={"name": "Barber"})),
        ),
    )
    values = {value for row in engine.everything() for value in row}
    plain = b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
    if isinstance(engine, SqliteShelf):
        await engine.close()
        plain = b"".join(file.read_bytes() for file in engine.folder.iterdir() if file.is_file())
    assert len(plain) > LEAST_BYTES
    assert not re.findall(rb"Barber|Maria|Florida|1984-11-21|1168860622|AB1234567|Acme|acme\.test|x\.test", plain)
