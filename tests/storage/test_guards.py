"""A unit whose guard does not hold leaves nothing behind, alone or among good ones in one commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.delivery.messages import MOST_PENDING_TESTS, MessageOutcome, probe_event
from ostiary.domain.delivery.queues import Health
from ostiary.domain.imports.bulk import AddImport, BulkImport, FileForm, ImportState, MoveImport
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.privacy.erasure import AddErasure, Cause, ChangeErasure, Erasure, ErasureState
from ostiary.domain.unit import (
    AddDocument,
    AddEnablement,
    AddKey,
    AddMessage,
    Change,
    ChangeEnablement,
    ClaimNumber,
    Guard,
    MessageResult,
    OwnerWrite,
    Redeliver,
    RefusePicture,
    StoredResponse,
    Unit,
)
from tests.material import NOW_MS, profile
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import NOTE, Trade

MARK = b"m" * 32


def full(trade: Trade, client: Any, *more: Change) -> dict[str, Any]:
    """As many writes as a unit can have, so that each would show."""
    document = trade.document(client)
    changes = (
        AddDocument(document),
        ClaimNumber(trade.new_id(), document.id),
        RefusePicture("ef" * 32),
        AddMessage(trade.message(client)),
        AddKey(trade.key()),
        *more,
    )
    return {"notes": (NOTE, NOTE), "changes": changes}


async def stale_client(trade: Trade) -> Unit:
    old = await trade.remembered()
    assert await trade.store.commit(trade.touching(old), trade.company) is None
    return trade.touching(old, **full(trade, old))


async def stale_details(trade: Trade) -> Unit:
    return replace(await stale_client(trade), owner_write=OwnerWrite.DETAILS)


async def absent_client(trade: Trade) -> Unit:
    client = trade.client()
    return trade.touching(client, **full(trade, client))


async def absent_enablement(trade: Trade) -> Unit:
    client = await trade.remembered()
    return trade.touching(client, **full(trade, client, ChangeEnablement(trade.enablement(client))))


async def same_document_twice(trade: Trade) -> Unit:
    client = trade.client()
    document = trade.document(client)
    stored = await trade.remembered(client, changes=(AddDocument(document),))
    return trade.touching(stored, **full(trade, stored, AddDocument(document)))


async def stale_company(trade: Trade) -> Unit:
    changed = replace(trade.company, name="Changed")
    assert await trade.store.commit(trade.unit(owner=changed, notes=(NOTE,))) is None
    return trade.unit(owner=replace(trade.company, name="Stale"), notes=(NOTE,), changes=(AddKey(trade.key()),))


async def company_twice(trade: Trade) -> Unit:
    return trade.unit(owner=replace(trade.company, version=0), notes=(NOTE,), changes=(AddKey(trade.key()),))


async def taken_email(trade: Trade) -> Unit:
    taken = await trade.remembered()
    client = trade.client(email_key=taken.email_key)
    return trade.adding(client, **full(trade, client))


async def email_changed_to_a_taken_one(trade: Trade) -> Unit:
    taken, client = await trade.remembered(), await trade.remembered()
    moved = replace(client, email_key=taken.email_key)
    return trade.touching(moved, owner_write=OwnerWrite.DETAILS, **full(trade, client))


async def taken_reference(trade: Trade) -> Unit:
    await trade.remembered(trade.client(profile=profile(reference="A-1")))
    client = trade.client(profile=profile(reference="A-1"))
    return trade.adding(client, **full(trade, client))


async def reference_changed_to_a_taken_one(trade: Trade) -> Unit:
    await trade.remembered(trade.client(profile=profile(reference="A-1")))
    client = await trade.remembered(trade.client(profile=profile(reference="B-2")))
    moved = replace(client, profile=profile(reference="A-1"))
    return trade.touching(moved, owner_write=OwnerWrite.DETAILS, **full(trade, client))


async def live_product(trade: Trade) -> Unit:
    client = trade.client()
    stored = await trade.remembered(client, changes=(AddEnablement(trade.enablement(client, Status.ENABLED)),))
    return trade.touching(stored, **full(trade, client, AddEnablement(trade.enablement(client))))


async def number_of_another(trade: Trade) -> Unit:
    holder = trade.client()
    held = trade.document(holder)
    await trade.remembered(
        holder,
        changes=(
            AddDocument(held),
            AddEnablement(trade.enablement(holder)),
            ClaimNumber("ARG|passport|AB1", held.id),
        ),
    )
    client = trade.client()
    return trade.adding(client, **full(trade, client, ClaimNumber("ARG|passport|AB1", trade.new_id())))


async def answer_taken_over(trade: Trade) -> Unit:
    answers = trade.store.answers
    assert await answers.begin(trade.company.id, MARK, b"content", "ours", NOW_MS - 60_000)
    assert await answers.begin(trade.company.id, MARK, b"content", "theirs", NOW_MS)
    client = trade.client()
    return trade.adding(client, **full(trade, client, StoredResponse(MARK, "ours", 201, b"{}")))


async def lease_taken_over(trade: Trade) -> Unit:
    [message] = await trade.posted(NOW_MS)
    assert await trade.store.outbox.claim("ours", NOW_MS, NOW_MS + 1, 1)
    assert await trade.store.outbox.claim("theirs", NOW_MS + 1, NOW_MS + 9, 1)
    client = trade.client()
    end = MessageResult(
        message.id, "ours", MessageOutcome.DELIVERED, wakes_others=True, health=Health(succeeded_at_ms=NOW_MS)
    )
    return trade.adding(client, **full(trade, client, end))


async def message_that_is_not_there(trade: Trade) -> Unit:
    client = trade.client()
    return trade.adding(client, **full(trade, client, Redeliver(trade.new_id())))


async def one_test_too_many(trade: Trade) -> Unit:
    company_id = trade.company.id
    tests = tuple(probe_event(trade.new_id(), company_id, NOW_MS) for _ in range(MOST_PENDING_TESTS))
    assert await trade.store.commit(trade.unit(changes=(*map(AddMessage, tests),)), trade.company) is None
    client = trade.client()
    return trade.adding(client, **full(trade, client, AddMessage(trade.message(client), is_test=True)))


async def erasure_claimed_by_another(trade: Trade) -> Unit:
    erasure = Erasure(
        id=trade.new_id(),
        company_id=trade.company.id,
        client_id=trade.new_id(),
        state=ErasureState.WAITING,
        cause=Cause.REQUEST,
        requested_by="key:1",
        requested_at_ms=NOW_MS,
        due_at_ms=NOW_MS,
    )
    assert await trade.store.commit(trade.unit(changes=(AddErasure(erasure),)), trade.company) is None
    for now_ms in (NOW_MS, NOW_MS + 1):
        assert await trade.store.erasures.claim(trade.company, now_ms, now_ms + 1, 1)
    client = trade.client()
    return trade.adding(client, **full(trade, client, ChangeErasure(replace(erasure, attempts=1))))


async def import_in_another_state(trade: Trade) -> Unit:
    form = FileForm(("email",))
    bulk = BulkImport(trade.new_id(), trade.company.id, ImportState.CHECKED, "key:1", form, NOW_MS)
    assert await trade.store.commit(trade.unit(changes=(AddImport(bulk),)), trade.company) is None
    client = trade.client()
    moved = MoveImport(replace(bulk, state=ImportState.DONE), ImportState.RUNNING, None)
    return trade.adding(client, **full(trade, client, moved))


LOSING: dict[str, tuple[Callable[[Trade], Awaitable[Unit]], Guard]] = {
    "an older version of the client": (stale_client, Guard.CLIENT),
    "an older version of the client's details": (stale_details, Guard.CLIENT),
    "a client that is not there": (absent_client, Guard.CLIENT),
    "an enablement that is not there": (absent_enablement, Guard.CLIENT),
    "a document that is there already": (same_document_twice, Guard.CLIENT),
    "an older version of the company": (stale_company, Guard.COMPANY),
    "a company that is there already": (company_twice, Guard.COMPANY),
    "an e-mail that another client has": (taken_email, Guard.EMAIL),
    "a reference that another client has": (taken_reference, Guard.EMAIL),
    "a reference changed to one that another client has": (reference_changed_to_a_taken_one, Guard.CLIENT),
    "a change to an e-mail that another client has": (email_changed_to_a_taken_one, Guard.CLIENT),
    "a product that is live already": (live_product, Guard.PRODUCT),
    "a number that serves another client": (number_of_another, Guard.NUMBER),
    "an idempotency key that was taken over": (answer_taken_over, Guard.IDEMPOTENCY),
    "a lease that was taken over": (lease_taken_over, Guard.LEASE),
    "more test events than may wait": (one_test_too_many, Guard.TESTS),
    "a message that is not there": (message_that_is_not_there, Guard.MESSAGE),
    "an erasure that another process claimed": (erasure_claimed_by_another, Guard.ERASURE),
    "an import that is in another state": (import_in_another_state, Guard.IMPORT),
}


@pytest.mark.parametrize("losing", LOSING)
async def test_alone_it_leaves_nothing(engine: Shelf, trade: Trade, losing: str) -> None:
    make, guard = LOSING[losing]
    unit = await make(trade)
    before = engine.everything()
    assert await trade.store.commit(unit, trade.company) is guard
    assert engine.everything() == before


@pytest.mark.parametrize("losing", LOSING)
async def test_among_good_units_it_undoes_only_itself(engine: Shelf, trade: Trade, losing: str) -> None:
    make, guard = LOSING[losing]
    unit = await make(trade)
    clients = [trade.client() for _ in range(6)]
    good = [trade.adding(client, changes=(AddMessage(trade.message(client)),)) for client in clients]
    before = engine.everything("queues")
    commits = await engine.commits(trade.store) if isinstance(engine, SqliteShelf) else []
    units = [*good[:3], unit, *good[3:]]
    ended = await engine.together(trade.store, [trade.store.commit(unit, trade.company) for unit in units])
    assert ended == [None, None, None, guard, None, None, None]
    if isinstance(engine, SqliteShelf):
        assert len(commits) == 2, "one for what held the writer, one for all units"
    added = engine.everything("queues") - before
    assert before <= engine.everything("queues")
    ids = {client.id for client in clients}
    assert len(added) == 3 * len(clients)
    assert all(ids.intersection(map(str, row)) for row in added)


def test_every_guard_is_lost_here() -> None:
    of_all = {Guard.KEYS}  # lost by every unit with a mark at once: `test_rotating.py`
    assert {guard for _, guard in LOSING.values()} == set(Guard) - of_all


async def test_of_two_units_in_one_commit_on_one_version_the_first_holds(engine: Shelf, trade: Trade) -> None:
    client = await trade.remembered()
    both = [trade.store.commit(trade.touching(client), trade.company) for _ in range(2)]
    assert set(await engine.together(trade.store, both)) == {None, Guard.CLIENT}
    assert (await trade.current(client.id)).version == 2
