"""Two people for one decision: what is staged, what becomes of it, and that one person alone changes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import Eyes
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, NotFound, Refused, ValidationFailed
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.operators.operator import Role
from ostiary.domain.review.approvals import Form, Proposal
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.review import claims, second_person
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.review.drafts import draft_of, keep_draft
from ostiary.usecases.review.four_eyes import settle
from ostiary.usecases.review.second_person import confirm, confirm_number, send_back_to_maker, take_back
from tests.house import House
from tests.material import profile
from tests.reviewing import APPROVED, acts, case, looked, operator, ruled
from tests.usecases.two_people import APPROVE, BACK, END, REJECT, Ids, confirmed, people, staged, waits

# ---- staged and confirmed -------------------------------------------------------------------------------------------


async def test_a_decision_of_one_person_changes_nothing_until_another_confirms_it(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    await claims.claim_case(house.context, ana, house.caller.company.id, ids[1])
    messages = house.messages("webhook")
    approval = await staged(house, ids, ana)
    assert (approval.maker, approval.operator_id, approval.kinds) == ("operator:ana", ana.id, ("approve",))
    assert (await house.enablement(*ids)).status is Status.IN_KYC
    assert (house.actions(ids[0])[-1], house.messages("webhook")) == ("decision_staged", messages)
    assert await waits(house, ids) == [approval]
    sealed = house.rows("SELECT content FROM approvals")[0][0]
    assert b"Seen." not in sealed
    await claims.release_case(house.context, ana, house.caller.company.id, ids[1])
    settled = await confirmed(house, ids, bea, approval, "So it is.")
    assert settled.frees_case
    assert (await house.enablement(*ids)).status is Status.ENABLED
    assert await waits(house, ids) == []
    entries = await house.context.storage.audit.entries(house.caller.company.id, ids[0])
    mark = f"staged_{approval.position}"
    [decided, both] = entries[-2:]
    assert (decided.action, decided.actor) == ("verdict_approve", "operator:bea")
    assert mark in decided.codes
    assert (both.action, both.actor, both.subject) == ("decision_confirmed", "operator:bea", "operator:ana")
    assert entries[approval.position - 1].action == "decision_staged"
    remarks = (await house.look(*ids)).remarks
    assert [(each.actor, each.action, each.text) for each in remarks] == [
        ("operator:ana", "verdict_approve", "Seen."),
        ("operator:bea", "decision_confirmed", "So it is."),
    ]


@pytest.mark.parametrize(
    ("proposal", "kind", "status"),
    [
        (APPROVE, Eyes.APPROVE, Status.ENABLED),
        (REJECT, Eyes.REJECT, Status.REJECTED),
        (BACK, Eyes.RETURN, Status.PENDING_DOCUMENTATION),
        (END, Eyes.REJECT_CLIENT, Status.REJECTED),
    ],
)
async def test_each_verdict_takes_two_people_only_where_the_catalogue_says_so(
    house: House, proposal: Proposal, kind: Eyes, status: Status
) -> None:
    ana, bea = await people(house)
    at_once, ids = await case(house), await case(house, "CD7654321")
    ruled(house, *(each for each in Eyes if each is not kind))
    await looked(house, ana, *at_once)
    assert (await house.do(settle, *at_once, proposal, caller=acts(house, ana))).approval is None
    assert (await house.enablement(*at_once)).status is status
    ruled(house, kind)
    approval = await staged(house, ids, ana, proposal)
    assert (approval.kinds, (await house.enablement(*ids)).status) == ((kind.value,), Status.IN_KYC)
    await confirmed(house, ids, bea, approval)
    assert (await house.enablement(*ids)).status is status


async def test_what_is_wrong_with_a_decision_is_said_when_it_is_made(house: House) -> None:
    ids = await case(house)
    ana, _ = await people(house)
    ruled(house, *Eyes)
    caller = acts(house, ana)
    with pytest.raises(InvalidState, match="has to look first"):
        await house.do(settle, *ids, APPROVE, caller=caller)
    await looked(house, ana, *ids)
    for wrong in (replace(REJECT, text=" "), replace(REJECT, note="x" * 4001), replace(BACK, codes=("none",))):
        with pytest.raises(ValidationFailed):
            await house.do(settle, *ids, wrong, caller=caller)
    with pytest.raises(ValidationFailed, match="decides nothing"):
        await house.do(settle, *ids, Proposal(Form.ESCALATE), caller=caller)
    assert await waits(house, ids) == []


# ---- what becomes of it ---------------------------------------------------------------------------------------------


async def test_nothing_else_is_decided_of_a_case_while_a_decision_waits(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    await staged(house, ids, ana)
    for who, proposal in ((ana, APPROVE), (bea, REJECT), (bea, BACK)):
        await looked(house, who, *ids)
        with pytest.raises(InvalidState, match=r"A decision of ana \(approve\) waits for a second person since"):
            await house.do(settle, *ids, proposal, caller=acts(house, who))


async def test_a_case_that_changed_makes_a_decision_void_and_says_what_changed(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    await house.do(update_client, ids[0], profile(email="AB1234567@example.com", reference="r-1"))
    settled = await confirmed(house, ids, bea, approval)
    assert [each.action for each in settled.changes] == ["client_updated"]
    assert not settled.frees_case
    with pytest.raises(InvalidState, match=r"changed since the decision was made: client_updated .* is withdrawn"):
        second_person.demand_effect(settled)
    assert ((await house.enablement(*ids)).status, await waits(house, ids)) == (Status.IN_KYC, [])
    [*_, last] = await house.context.storage.audit.entries(house.caller.company.id, ids[0])
    assert (last.action, last.codes[:2]) == ("decision_withdrawn", ("approve", "case_changed"))
    with pytest.raises(InvalidState, match="No such decision waits any more"):
        await confirmed(house, ids, bea, approval)


async def test_looking_and_fetching_make_no_decision_void(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    await house.look(*ids, acts(house, await operator(house, "rob")))
    assert not (await confirmed(house, ids, bea, approval)).changes


async def test_a_machine_decides_alone_and_what_waits_is_void(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, *Eyes)
    approval = await staged(house, ids, ana)
    provider = Caller(house.caller.company, "provider:builtin", 5)
    await house.do(apply_verdict, *ids, APPROVED, caller=provider)
    assert (await house.enablement(*ids)).status is Status.ENABLED
    assert (await confirmed(house, ids, bea, approval)).changes


async def test_what_is_sent_back_is_its_makers_again_with_all_that_was_typed(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    await looked(house, bea, *ids)
    with pytest.raises(ValidationFailed):
        await send_back_to_maker(house.context, acts(house, bea), *ids, approval.id, " ")
    await send_back_to_maker(house.context, acts(house, bea), *ids, approval.id, "See the back.")
    held = await claims.claim_of(house.context, house.caller.company.id, ids[1])
    assert held is not None
    assert held.holder == "ana"
    draft = await draft_of(house.context, acts(house, ana), ana, ids)
    assert draft is not None
    assert draft.text == "Seen."
    assert [each.text for each in (await house.look(*ids)).remarks] == ["See the back."]
    assert (house.actions(ids[0])[-2], await waits(house, ids)) == ("decision_sent_back", [])
    again = await staged(house, ids, ana)
    await claims.release_case(house.context, ana, house.caller.company.id, ids[1])
    assert (await confirmed(house, ids, bea, again)).frees_case


async def test_only_its_maker_withdraws_a_decision(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    await keep_draft(house.context, acts(house, ana), ana, ids, "Something newer.")
    with pytest.raises(InvalidState, match="ana made this decision"):
        await take_back(house.context, acts(house, bea), *ids, approval.id)
    await take_back(house.context, acts(house, ana), *ids, "")
    draft = await draft_of(house.context, acts(house, ana), ana, ids)
    assert draft is not None
    assert draft.text == "Something newer."
    assert (house.actions(ids[0])[-1], await waits(house, ids)) == ("decision_withdrawn", [])
    with pytest.raises(NotFound):
        await take_back(house.context, acts(house, ana), ids[0], "0" * 32, "")


# ---- at once --------------------------------------------------------------------------------------------------------


async def test_of_two_who_confirm_at_once_one_does(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    cora = await operator(house, "cora", Role.APPROVER)
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, ids, ana)
    for who in (bea, cora):
        await looked(house, who, *ids)
    confirming = (house.do(confirm, *ids, approval.id, caller=acts(house, who)) for who in (bea, cora))
    answers = await asyncio.gather(*confirming, return_exceptions=True)
    assert sorted(isinstance(each, Refused) for each in answers) == [False, True]
    assert house.actions(ids[0]).count("verdict_approve") == 1


async def test_who_withdraws_while_another_confirms_has_one_answer(house: House) -> None:
    for number in ("AB1234567", "CD7654321", "EF1111111"):
        ids = await case(house, number)
        ana = await operator(house, f"ana {number}")
        bea = await operator(house, f"bea {number}", Role.APPROVER)
        ruled(house, Eyes.APPROVE)
        approval = await staged(house, ids, ana)
        await looked(house, bea, *ids)
        answers: Any = await asyncio.gather(
            house.do(second_person.withdraw, *ids, approval.id, caller=acts(house, ana)),
            house.do(confirm, *ids, approval.id, caller=acts(house, bea)),
            return_exceptions=True,
        )
        assert sorted(isinstance(each, Refused) for each in answers) == [False, True]
        is_enabled = (await house.enablement(*ids)).status is Status.ENABLED
        assert is_enabled is isinstance(answers[0], Refused)
        assert await waits(house, ids) == []


@pytest.mark.parametrize("kind", [Eyes.APPROVE, Eyes.REJECT, Eyes.RETURN, Eyes.REJECT_CLIENT])
async def test_no_order_of_steps_by_one_person_lets_a_decision_take_effect(house: House, kind: Eyes) -> None:
    """Whatever one person tries, under whatever spelling of the name, in whatever order."""
    proposals = {Eyes.APPROVE: APPROVE, Eyes.REJECT: REJECT, Eyes.RETURN: BACK, Eyes.REJECT_CLIENT: END}
    proposal = proposals[kind]
    ruled(house, kind)
    ana = await operator(house, "ana", Role.ADMIN)

    async def step(name: str, ids: Ids) -> None:
        caller = Caller(house.caller.company, f"operator:{'ANA' if name.isupper() else ana.name}", 5)
        await house.look(*ids, caller)
        if name.lower() == "settle":
            await house.do(settle, *ids, proposal, caller=caller)
        elif name.lower() == "confirm":
            await confirm_number(house.context, caller, *ids, "")
        elif name == "send back":
            await send_back_to_maker(house.context, caller, *ids, "", "No.")
        else:
            await take_back(house.context, caller, *ids, "")

    steps = ("settle", "CONFIRM", "confirm", "SETTLE", "withdraw")
    for number, order in enumerate(list(permutations(steps, 4))[::9]):
        ids = await case(house, f"ZZ{number:07}")
        for name in (*order, "send back"):
            try:
                await step(name, ids)
            except Refused:
                continue
        stands = await house.enablement(*ids)
        assert (stands.status, stands.review) == (Status.IN_KYC, Review.SUBMISSION), order
