"""What waits for an approver, on every engine: sealed, dropped by one only, and in the queue of its own."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from ostiary.domain.errors import Tampered
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.review.approvals import AddApproval, Approval, DropApproval, Form, Proposal
from ostiary.domain.review.waiting import START, Holding, QueueFilters, WaitingStep
from ostiary.domain.unit import AddEnablement, Guard, Unit
from ostiary.storage.review.approvals import approval_of
from ostiary.storage.unit_context import client_box
from tests.kept import make_sealed, values
from tests.kept.differing import differing
from tests.material import NOW_MS
from tests.storage.sealed_files import SEALED_FILES, read
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

ANA = "ana" * 10 + "aa"
WHOLE = Proposal(
    form=Form.RETURN,
    text="Send the back.",
    codes=("image_blurred",),
    keys=("passport",),
    subject="s",
    to="t",
    note="A twin?",
    is_override=True,
)


def approval(request: Enablement, number: int = 1, proposal: Proposal = WHOLE) -> Approval:
    return Approval(
        id=f"{number:032}",
        enablement_id=request.id,
        at_ms=NOW_MS + number,
        maker="operator:ana, the first",
        operator_id=ANA,
        look=7,
        position=8,
        kinds=("return", "override"),
        proposal=proposal,
    )


async def waiting(trade: Trade, *approvals: int, review: Review | None = Review.SUBMISSION) -> Enablement:
    client = trade.client()
    status = Status.ENABLED if review is None else Status.IN_KYC
    request = trade.enablement(client, status, review=review, review_since_ms=None if review is None else 5)
    added = tuple(AddApproval(approval(request, number)) for number in approvals)
    await trade.remembered(client, changes=(AddEnablement(request), *added))
    return request


async def test_what_waits_is_sealed_and_comes_back_as_it_was(trade: Trade, engine: Shelf) -> None:
    request = await waiting(trade, 1, 2)
    again = engine.open()
    client = await again.clients.find(request.company_id, request.client_id)
    assert client is not None
    assert await again.approvals.of_client(client) == [approval(request, 1), approval(request, 2)]
    rows = engine.rows("SELECT content, kind FROM approvals")
    assert all(b"twin" not in content and b"ana" not in content for content, _ in rows)
    assert {kind for _, kind in rows} == {"return,override"}


def test_what_this_version_sealed_opens_as_it_was() -> None:
    sealed_file = read(SEALED_FILES[-1])
    box = client_box(make_sealed.keyring(), values.client(sealed_file.data_keys["client"]))
    whole, content = values.APPROVAL, sealed_file.sealed["approvals.content"]
    assert approval_of(box, (whole.enablement_id, whole.id, whole.at_ms, content)) == whole


def test_what_was_sealed_has_every_attribute_other_than_by_default() -> None:
    met = differing(values.APPROVAL)
    for kind in (Approval, Proposal):
        assert {field.name for field in fields(kind)} == met[kind]


async def test_what_waits_on_a_request_that_ended_leaves_the_queue_unless_it_is_about_the_client(engine: Shelf) -> None:
    trade = await found_company(store := engine.open(), engine.cipher)
    ended, about_client, open_again = [await waiting(trade, number) for number in (1, 2, 3)]
    of = "WHERE enablement_id = ?"
    engine.spoil(f"UPDATE enablements SET status = 'rejected', review = NULL {of}", ended.id)  # noqa: S608
    engine.spoil(f"UPDATE enablements SET status = 'rejected', review = NULL {of}", about_client.id)  # noqa: S608
    engine.spoil(f"UPDATE approvals SET kind = 'clear_hit' {of}", about_client.id)  # noqa: S608
    cases = await store.queue.for_approvers((trade.company.id,), NOW_MS)
    assert {case.enablement_id for case in cases} == {about_client.id, open_again.id}


async def test_what_waits_is_dropped_once(trade: Trade) -> None:
    request = await waiting(trade, 1)
    client = await trade.store.clients.find(request.company_id, request.client_id)
    assert client is not None
    drop = Unit(client.company_id, NOW_MS, client, (DropApproval(request.id, approval(request).id),))
    assert await trade.store.commit(drop) is None
    fresh = await trade.store.clients.find(request.company_id, request.client_id)
    assert fresh is not None
    assert await trade.store.commit(replace(drop, owner=fresh)) is Guard.CLIENT
    assert await trade.store.approvals.of_client(fresh) == []


async def test_what_waits_opens_in_its_own_place_only(trade: Trade, engine: Shelf) -> None:
    request = await waiting(trade, 1)
    engine.spoil(f"UPDATE approvals SET approval_id = '{9:032}'")  # noqa: S608
    client = await trade.store.clients.find(request.company_id, request.client_id)
    assert client is not None
    with pytest.raises(Tampered):
        await trade.store.approvals.of_client(client)


async def test_approvers_have_a_queue_of_their_own_also_of_what_is_under_no_review(engine: Shelf) -> None:
    store = engine.open()
    acme, other = await found_company(store, engine.cipher), await found_company(store, engine.cipher, 2)
    plain, staged = await waiting(acme), await waiting(acme, 1, 2)
    enabled, theirs = await waiting(acme, 3, review=None), await waiting(other, 4)
    both = (acme.company.id, other.company.id)
    cases = await store.queue.for_approvers(both, NOW_MS)
    assert {case.enablement_id for case in cases} == {staged.id, enabled.id, theirs.id}
    assert [case.since_ms for case in cases] == [5, 5, NOW_MS + 3], "the oldest first"
    assert cases[-1].step == WaitingStep(("return", "override"), ANA, NOW_MS + 3)
    assert await store.queue.for_approvers((), NOW_MS) == []
    every = await store.queue.page((acme.company.id,), QueueFilters(), START, 10, NOW_MS)
    assert {case.enablement_id: case.step is not None for case in every} == {plain.id: False, staged.id: True}
    free = QueueFilters(holding=Holding.FREE)
    unassigned = await store.queue.page((acme.company.id,), free, START, 10, NOW_MS)
    assert [case.enablement_id for case in unassigned] == [plain.id], "what waits for an approver is not to be taken"
    assert await store.queue.count((acme.company.id,), free, 10, NOW_MS) == 1
