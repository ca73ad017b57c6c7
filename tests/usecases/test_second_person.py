"""Who is the second person of a decision, and what two people decide of a client as such."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import Eyes, Override
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import Document
from ostiary.domain.errors import InvalidState, OwnDecision, ValidationFailed
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.review.approvals import AddApproval, Form, Proposal, Settled
from ostiary.domain.screening.hits import HitState
from ostiary.domain.unit import Unit
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.review import claims, second_person
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.review.four_eyes import settle, settle_number
from ostiary.usecases.review.second_person import confirm, confirm_number, send_back_to_maker
from tests.house import House
from tests.material import profile
from tests.reviewing import APPROVED, acts, case, looked, operator, ruled
from tests.usecases.test_numbers import KEY, second
from tests.usecases.two_people import APPROVE, END, REJECT, confirmed, gone, listed, people, staged, waits

# ---- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ana", "ANA", "\uff41na"])
async def test_nobody_is_both_people_however_the_name_is_written(house: House, name: str) -> None:
    """A command line takes any spelling."""
    ids = await case(house)
    ana = await operator(house, "ana", Role.ADMIN)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    same = Caller(house.caller.company, f"operator:{name}", 5)
    await house.look(*ids, same)
    attempts: tuple[tuple[Any, tuple[str, ...]], ...] = ((confirm, ()), (second_person.send_back, ("No.",)))
    for use_case, rest in attempts:
        with pytest.raises(OwnDecision):
            await house.do(use_case, *ids, approval.id, *rest, caller=same)
    assert (await house.enablement(*ids)).status is Status.IN_KYC


async def test_an_account_under_another_name_is_the_same_person(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    forged = replace(approval, operator_id=bea.id)
    with pytest.raises(OwnDecision):
        await second_person.second_person(house.context, acts(house, bea), forged)


async def test_who_confirms_has_an_account_and_the_right_and_works_for_the_company(house: House) -> None:
    ids = await case(house)
    ana, _ = await people(house)
    other = await house.found_company("Beta")
    reviewer = await operator(house, "rob")
    stranger = await operator(house, "sam", Role.APPROVER, other.company.id)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    for name in (reviewer.name, stranger.name, "nobody"):
        caller = Caller(house.caller.company, f"operator:{name}", 5)
        await house.look(*ids, caller)
        with pytest.raises(InvalidState, match=f"{name} has to be an operator of this company with the role approver"):
            await house.do(confirm, *ids, approval.id, caller=caller)


@pytest.mark.parametrize("how", ["disabled", "only looks"])
async def test_a_decision_of_who_decides_no_more_is_sent_back_and_not_confirmed(house: House, how: str) -> None:
    """With him it would be one person's decision."""
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    await gone(house, ana, how)
    with pytest.raises(InvalidState, match="ana, who made this decision, decides no cases here any more"):
        await confirmed(house, ids, bea, approval)
    await house.do(second_person.send_back, *ids, approval.id, "She has left.", caller=acts(house, bea))
    assert (await house.enablement(*ids)).status is Status.IN_KYC
    assert await waits(house, ids) == []


async def test_who_stages_has_an_account(house: House) -> None:
    ids = await case(house)
    ruled(house, Eyes.APPROVE)
    await house.look(*ids)
    with pytest.raises(InvalidState, match="This decision takes two people: setup has to be an operator"):
        await house.do(settle, *ids, APPROVE)


async def test_who_confirms_has_looked_and_nobody_else_works_on_the_case(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    with pytest.raises(InvalidState, match="has to look first"):
        await house.do(confirm, *ids, approval.id, caller=acts(house, bea))
    await claims.claim_case(house.context, ana, house.caller.company.id, ids[1])
    for use_case in (confirm, send_back_to_maker):
        await looked(house, bea, *ids)
        with pytest.raises(InvalidState, match=r"^ana works on this case"):
            await use_case(house.context, acts(house, bea), *ids, approval.id, "No.")


# ---- of the client as such ------------------------------------------------------------------------------------------


async def test_who_confirms_has_looked_since_the_decision_waits(house: House) -> None:
    """Else a decision could be another one by the time that somebody lets `the one that waits` take effect."""
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE, Eyes.REJECT_CLIENT)
    await staged(house, ids, ana)
    await looked(house, bea, *ids)
    await house.do(second_person.withdraw, *ids, "", caller=acts(house, ana))
    await staged(house, ids, ana, END)
    with pytest.raises(InvalidState, match="has to look first"):
        await house.do(confirm, *ids, "", caller=acts(house, bea))
    await looked(house, bea, *ids)
    await house.do(confirm, *ids, "", caller=acts(house, bea))
    assert (await house.enablement(*ids)).status is Status.REJECTED


@pytest.mark.parametrize("end", ["sent back", "withdrawn"])
async def test_a_decision_that_has_ended_is_over_although_its_row_is_put_back(house: House, end: str) -> None:
    """By who writes to the database and has no key: what was sealed once opens again."""
    ids = await case(house)
    (ana, bea), cara = await people(house), await operator(house, "cara", Role.APPROVER)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    if end == "sent back":
        await house.do(second_person.send_back, *ids, approval.id, "No.", caller=acts(house, bea))
    else:
        await house.do(second_person.withdraw, *ids, approval.id, caller=acts(house, ana))
    client = (await house.dossier(ids[0])).client
    put_back = Unit(client.company_id, house.clock.now_ms, client, (AddApproval(approval),))
    assert await house.context.storage.commit(put_back) is None
    with pytest.raises(InvalidState, match="waits any more"):
        await confirmed(house, ids, cara, approval)
    assert (await house.enablement(*ids)).status is Status.IN_KYC


async def test_hits_are_cleared_beside_one_another_and_each_takes_two_people(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    keys = await listed(house, ids[0], "NK-1", "NK-2")
    ruled(house, Eyes.CLEAR_HIT, Eyes.APPROVE_WITH_HIT)
    clears = [Proposal(Form.HIT, subject=key[:8], to=HitState.CLEARED, note="Another person.") for key in keys]
    first, other = [await staged(house, ids, ana, each) for each in clears]
    assert first.proposal.subject == keys[0], "whole, not as it was typed"
    with pytest.raises(InvalidState, match="waits for a second person"):
        await house.do(settle, *ids, replace(clears[0], subject=keys[0]), caller=acts(house, ana))
    with pytest.raises(ValidationFailed, match=rf"name one with --decision: {first.id}"):
        await house.do(confirm, *ids, "", caller=acts(house, bea))
    for each in (first, other):
        settled = await confirmed(house, ids, bea, each)
        assert (settled.changes, settled.frees_case) == ((), False), "the first is nothing new to who decided both"
    hits = await house.context.storage.screening.hits((await house.dossier(ids[0])).client)
    assert {hit.state for hit in hits} == {HitState.CLEARED}
    assert (await staged(house, ids, ana)).kinds == ("approve_with_hit",)


async def test_confirming_a_hit_is_no_clearing(house: House) -> None:
    ids = await case(house)
    ana, _ = await people(house)
    [key] = await listed(house, ids[0], "NK-1")
    ruled(house, Eyes.CLEAR_HIT)
    await looked(house, ana, *ids)
    confirms = Proposal(Form.HIT, subject=key, to=HitState.CONFIRMED, note="Her.")
    assert (await house.do(settle, *ids, confirms, caller=acts(house, ana))).approval is None


async def test_a_number_is_set_free_by_two_people(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    [document] = (await house.dossier(ids[0])).documents
    ruled(house, Eyes.RELEASE_NUMBER)
    approval = await staged(house, ids, ana, Proposal(Form.RELEASE, subject=document.id, note="A typing error."))
    holder = partial(house.context.storage.documents.holds_number, house.caller.company.id, ids[0], document.id)
    assert await holder()
    settled = await confirmed(house, ids, bea, approval)
    assert isinstance(settled.answer, Document)
    assert not await holder()


@pytest.mark.parametrize("to_this", [True, False])
async def test_whose_a_number_is_takes_two_people_and_nobody_loses_it_before(house: House, to_this: bool) -> None:
    first = await house.submitted()
    ids, _ = await second(house)
    ana, bea = await people(house)
    ruled(house, Eyes.RELEASE_NUMBER)
    await looked(house, ana, *ids)
    [document] = (await house.dossier(ids[0])).documents
    to = ids[0] if to_this else first[0]
    proposal = Proposal(Form.ASSIGN, subject=document.id, to=to, note="Seen at the branch.")
    settled = await settle_number(house.context, acts(house, ana), *ids, proposal)
    holder = partial(house.context.storage.documents.number_holder, house.caller.company.id, KEY)
    assert (settled.approval is not None, await holder()) == (True, first[0])
    await looked(house, bea, *ids)
    await confirm_number(house.context, acts(house, bea), *ids, "")
    assert (await holder(), await waits(house, ids)) == (to, [])
    assert "decision_confirmed" in house.actions(ids[0])


@pytest.mark.parametrize("is_changed", [True, False])
async def test_any_decision_is_confirmed_by_what_confirms_those_of_numbers(house: House, is_changed: bool) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    if is_changed:
        await house.do(update_client, ids[0], profile(email="AB1234567@example.com", reference="r-1"))
    await looked(house, bea, *ids)
    settled = await confirm_number(house.context, acts(house, bea), *ids, approval.id)
    assert bool(settled.changes) is is_changed
    if not is_changed:
        second_person.demand_effect(settled)
    assert (await house.enablement(*ids)).status is (Status.IN_KYC if is_changed else Status.ENABLED)


async def test_whose_a_number_is_is_decided_at_once_where_nobody_asks_for_two(house: House) -> None:
    await house.submitted()
    ids, _ = await second(house)
    ana, _ = await people(house)
    await looked(house, ana, *ids)
    [document] = (await house.dossier(ids[0])).documents
    proposal = Proposal(Form.ASSIGN, subject=document.id, to=ids[0], note="Seen at the branch.")
    assert (await settle_number(house.context, acts(house, ana), *ids, proposal)).approval is None
    assert await house.context.storage.documents.number_holder(house.caller.company.id, KEY) == ids[0]


async def test_a_client_who_is_rejected_leaves_nothing_waiting(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    other = await house.request(ids[0], "accounts_individuals")
    ruled(house, Eyes.APPROVE)
    await staged(house, ids, ana)
    await looked(house, bea, ids[0], other.id)
    await house.do(settle, ids[0], other.id, END, caller=acts(house, bea))
    assert await waits(house, ids) == []
    [*_, last] = await house.context.storage.audit.entries(house.caller.company.id, ids[0])
    assert (last.action, last.subject, last.codes[0]) == ("decision_withdrawn", ids[1], "client_rejected")


async def test_off_boarding_is_a_kind_of_its_own_also_by_rejecting_the_client(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    await house.do(apply_verdict, *ids, APPROVED)
    other = await house.request(ids[0], "accounts_individuals")
    ruled(house, Eyes.OFFBOARD)
    assert (await staged(house, (ids[0], other.id), ana, END)).kinds == ("offboard",)
    approval = await staged(house, ids, ana, REJECT)
    assert (await house.enablement(*ids)).status is Status.ENABLED
    await confirmed(house, ids, bea, approval)
    assert (await house.enablement(*ids)).status is Status.REJECTED


# ---- although a rule forbids it -------------------------------------------------------------------------------------


async def test_a_confirmed_hit_is_set_aside_by_an_approver_where_the_catalogue_allows_it(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    cora = await operator(house, "cora", Role.APPROVER)
    keys = await listed(house, ids[0], "NK-1", "NK-2")
    override = Proposal(Form.APPROVE, note="A senator, known to the board.", is_override=True)

    async def tried(who: Operator, proposal: Proposal = override) -> Settled:
        await looked(house, who, *ids)
        return await house.do(settle, *ids, proposal, caller=acts(house, who))

    async def decided(key: str, state: HitState) -> None:
        await tried(ana, Proposal(Form.HIT, subject=key, to=state, note="Checked."))

    await decided(keys[0], HitState.CONFIRMED)
    with pytest.raises(InvalidState, match="lets nobody set this rule aside"):
        await tried(bea)
    ruled(house, Eyes.OVERRIDE, override=Override)
    with pytest.raises(InvalidState, match="lets nobody set this rule aside"):
        await tried(bea)  # the catalogue that the request is pinned to does not
    ruled(house, Eyes.OVERRIDE, override=Override, is_pinned=True)
    with pytest.raises(InvalidState, match=r"although a rule forbids it: ana has to be .* approver"):
        await tried(ana)
    with pytest.raises(InvalidState, match=r"are not decided in its favour: \w+ \(open\)"):
        await tried(bea)
    await decided(keys[1], HitState.CLEARED)
    for wrong in ("", " ", "x" * 4001):
        with pytest.raises(ValidationFailed):
            await tried(bea, replace(override, note=wrong))
    with pytest.raises(InvalidState, match="has hits on lists"):
        await tried(bea, APPROVE)
    approval = (await tried(bea)).approval
    assert approval is not None
    assert approval.kinds == ("override",)
    await confirmed(house, ids, cora, approval)
    assert (await house.enablement(*ids)).status is Status.ENABLED
    entries = await house.context.storage.audit.entries(house.caller.company.id, ids[0])
    assert "override" in next(each.codes for each in entries if each.action == "verdict_approve")
