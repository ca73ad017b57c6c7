"""A case that is handed up: only approvers decide it, it keeps its age, and goes back to who handed it up."""

from __future__ import annotations

import pytest

from ostiary.domain.catalogue.catalogue import Eyes
from ostiary.domain.errors import InvalidState, ValidationFailed
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Role
from ostiary.domain.review.waiting import Holding, QueueFilters
from ostiary.usecases.review import claims
from ostiary.usecases.review.escalations import hand_down, hand_up
from ostiary.usecases.review.four_eyes import settle
from ostiary.usecases.review.queue import queue_page
from ostiary.usecases.review.second_person import send_back_to_maker
from tests.house import House
from tests.reviewing import acts, case, looked, operator, ruled
from tests.usecases.two_people import APPROVE, gone, people, staged, waits


async def test_a_case_that_is_handed_up_is_decided_by_an_approver(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    rob = await operator(house, "rob")
    company_id, before = house.caller.company.id, await house.enablement(*ids)
    await claims.claim_case(house.context, ana, company_id, ids[1])
    house.clock.now_ms += 1_000
    await hand_up(house.context, acts(house, ana), *ids, "A relative of mine.")
    assert await claims.claim_of(house.context, company_id, ids[1]) is None
    for_approvers = QueueFilters(holding=Holding.APPROVAL)
    [queued] = (await queue_page(house.context, bea, for_approvers)).cases
    assert (queued.maker, queued.case.since_ms) == ("ana", before.review_since_ms)
    assert (await queue_page(house.context, bea, QueueFilters(holding=Holding.FREE))).cases == ()
    for who in (ana, rob):
        await looked(house, who, *ids)
        with pytest.raises(InvalidState, match=r"^ana handed this case up: \w+ has to be an operator"):
            await house.do(settle, *ids, APPROVE, caller=acts(house, who))
    await looked(house, bea, *ids)
    await house.do(settle, *ids, APPROVE, caller=acts(house, bea))
    assert ((await house.enablement(*ids)).status, await waits(house, ids)) == (Status.ENABLED, [])
    assert [each.text for each in (await house.look(*ids)).remarks] == ["A relative of mine.", "Seen."]


async def test_a_case_that_is_given_back_is_its_makers_again(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    with pytest.raises(InvalidState, match="not handed up"):
        await hand_down(house.context, acts(house, bea), *ids, "Decide it.")
    await hand_up(house.context, acts(house, ana), *ids, "A relative of mine.")
    with pytest.raises(InvalidState, match="waits for an approver already"):
        await hand_up(house.context, acts(house, bea), *ids, "Of mine, too.")
    with pytest.raises(InvalidState, match="ana has to be an operator"):
        await hand_down(house.context, acts(house, ana), *ids, "Decide it.")
    await hand_down(house.context, acts(house, bea), *ids, "Decide it.")
    held = await claims.claim_of(house.context, house.caller.company.id, ids[1])
    assert held is not None
    assert (held.holder, await waits(house, ids)) == ("ana", [])
    assert [each for each in house.actions(ids[0]) if each.startswith("case_")] == ["case_escalated", "case_given_back"]


@pytest.mark.parametrize("how", ["disabled", "only looks"])
async def test_nothing_goes_back_to_who_decides_no_more(house: House, how: str) -> None:
    """What somebody has who is not there, nobody else could take for a working day."""
    handed_up, decided = await case(house), await case(house, "AB7654321")
    ana, bea = await people(house)
    company_id = house.caller.company.id
    await hand_up(house.context, acts(house, ana), *handed_up, "A relative of mine.")
    ruled(house, Eyes.APPROVE)
    approval = await staged(house, decided, ana)
    await gone(house, ana, how)
    for ids in (handed_up, decided):
        await claims.claim_case(house.context, bea, company_id, ids[1])
    await hand_down(house.context, acts(house, bea), *handed_up, "Decide it.")
    await send_back_to_maker(house.context, acts(house, bea), *decided, approval.id, "See the back.")
    assert [await claims.claim_of(house.context, company_id, ids[1]) for ids in (handed_up, decided)] == [None, None]
    assert [await waits(house, ids) for ids in (handed_up, decided)] == [[], []]


async def test_what_does_not_wait_is_not_handed_up_nor_without_a_note_or_an_account(house: House) -> None:
    ids = await case(house)
    ana, bea = await people(house)
    viewer = await operator(house, "vic", Role.VIEWER)
    with pytest.raises(ValidationFailed):
        await hand_up(house.context, acts(house, ana), *ids, " ")
    with pytest.raises(InvalidState, match="vic has to be an operator"):
        await hand_up(house.context, acts(house, viewer), *ids, "A relative of mine.")
    await looked(house, bea, *ids)
    await house.do(settle, *ids, APPROVE, caller=acts(house, bea))
    with pytest.raises(InvalidState, match="Nothing of this request waits"):
        await hand_up(house.context, acts(house, ana), *ids, "A relative of mine.")
