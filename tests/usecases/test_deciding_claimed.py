"""Deciding what one has claimed, with the notes, previews and pictures beside it; nobody decides another's case."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import Any

import pytest

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import FRONT
from ostiary.domain.errors import InvalidState, NotFound, Refused, ValidationFailed
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.operators.operator import Operator
from ostiary.domain.review.claims import LEASE_MS
from ostiary.domain.review.remarks import NOTE_CHARACTERS
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.clients.find import Sought
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.review import claims
from ostiary.usecases.review.decide import SendBack, decide_request, inspect_request, release_number, return_request
from ostiary.usecases.review.drafts import draft_of, keep_draft
from ostiary.usecases.review.looked import demand_look_at
from ostiary.usecases.review.other_client import look_at_other
from ostiary.usecases.review.pictures import PicturePlace, see_picture
from ostiary.usecases.review.preview import preview_of
from ostiary.usecases.review.queue import find_cases
from ostiary.usecases.transaction import Outcome
from tests.house import House, upload
from tests.material import picture, profile
from tests.reviewing import APPROVED, REJECTED, acts, approving, case, looked, operator

# ---- deciding -------------------------------------------------------------------------------------------------------


async def test_whoever_claimed_a_case_decides_it_and_the_claim_ends_with_it(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    await looked(house, ana, client_id, request_id)
    decide = approving(house, ana, client_id, request_id)
    after = await claims.settle_case(house.context, ana, acts(house, ana), request_id, decide)
    assert after.status is Status.ENABLED
    assert await claims.claim_of(house.context, house.caller.company.id, request_id) is None


async def test_a_decision_that_is_refused_leaves_the_claim(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    decide = approving(house, ana, client_id, request_id)
    with pytest.raises(InvalidState, match="has to look first"):
        await claims.settle_case(house.context, ana, acts(house, ana), request_id, decide)
    held = await claims.claim_of(house.context, house.caller.company.id, request_id)
    assert held is not None
    assert held.holder == "ana"


async def test_what_does_not_end_a_case_leaves_the_claim(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    document_id = (await house.dossier(client_id)).documents[0].id
    release = partial(release_number, house.context, acts(house, ana), client_id, request_id, document_id)
    await claims.settle_case(house.context, ana, acts(house, ana), request_id, release)
    assert await claims.claim_of(house.context, house.caller.company.id, request_id) is not None


async def test_nobody_decides_a_case_that_somebody_else_has_at_a_command_line_neither(house: House) -> None:
    client_id, request_id = await case(house)
    ana, bob, company_id = await operator(house, "ana"), await operator(house, "bob"), house.caller.company.id
    await claims.claim_case(house.context, ana, company_id, request_id)
    await looked(house, bob, client_id, request_id)
    back = SendBack(["image_blurred"])
    document_id = (await house.dossier(client_id)).documents[0].id
    refused: tuple[tuple[Any, object], ...] = (
        (decide_request, APPROVED),
        (decide_request, REJECTED),
        (return_request, back),
        (release_number, document_id),
    )
    for use_case, what in refused:
        with pytest.raises(InvalidState, match=r"^ana works on this case"):
            await house.do(use_case, client_id, request_id, what, caller=acts(house, bob))
    await looked(house, ana, client_id, request_id)
    typed = Caller(house.caller.company, "operator:ANA", 5)
    await house.look(client_id, request_id, typed)
    assert (await house.do(decide_request, client_id, request_id, APPROVED, caller=typed)).status is Status.ENABLED


async def test_of_two_who_decide_at_once_one_does(house: House) -> None:
    client_id, request_id = await case(house)
    ana, bob = await operator(house, "ana"), await operator(house, "bob")
    for who in (ana, bob):
        await looked(house, who, client_id, request_id)

    async def decided(who: Operator) -> object:
        decide = approving(house, who, client_id, request_id)
        return await claims.settle_case(house.context, who, acts(house, who), request_id, decide)

    answers = await asyncio.gather(decided(ana), decided(bob), return_exceptions=True)
    assert sorted(isinstance(each, Refused) for each in answers) == [False, True]
    assert house.actions(client_id).count("verdict_approve") == 1


async def test_a_decision_on_an_older_look_is_refused_with_what_changed(house: House) -> None:
    """Two windows of one operator: he looked again in the other one."""
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    old = await looked(house, ana, client_id, request_id)
    await house.do(update_client, client_id, profile(email="AB1234567@example.com", reference="r-1"))
    new = await looked(house, ana, client_id, request_id)
    with pytest.raises(InvalidState, match="It changed since you looked: client_updated"):
        await demand_look_at(house.context, acts(house, ana), client_id, request_id, old)
    await demand_look_at(house.context, acts(house, ana), client_id, request_id, new)


async def test_a_look_is_ones_own_and_at_this_request(house: House) -> None:
    client_id, request_id = await case(house)
    ana, bob = await operator(house, "ana"), await operator(house, "bob")
    position = await looked(house, ana, client_id, request_id)
    for who, claimed in ((bob, position), (ana, position - 1), (ana, position + 1), (ana, 999_999_999)):
        with pytest.raises(InvalidState, match="Who decides has to look first"):
            await demand_look_at(house.context, acts(house, who), client_id, request_id, claimed)


# ---- drafts and previews --------------------------------------------------------------------------------------------


async def test_a_draft_is_kept_until_it_is_given_up(house: House) -> None:
    client_id, request_id = await case(house)
    ana, bob = await operator(house, "ana"), await operator(house, "bob")
    await keep_draft(house.context, acts(house, ana), ana, (client_id, request_id), "A twin?\n\nThe picture says no.")
    draft = await draft_of(house.context, acts(house, ana), ana, (client_id, request_id))
    assert draft is not None
    assert (draft.text, draft.at_ms) == ("A twin?\n\nThe picture says no.", house.clock.now_ms)
    assert await draft_of(house.context, acts(house, bob), bob, (client_id, request_id)) is None
    with pytest.raises(ValidationFailed):
        await keep_draft(house.context, acts(house, ana), ana, (client_id, request_id), "x" * (NOTE_CHARACTERS + 1))
    await keep_draft(house.context, acts(house, ana), ana, (client_id, request_id), " \n")
    assert await draft_of(house.context, acts(house, ana), ana, (client_id, request_id)) is None
    with pytest.raises(NotFound):
        await keep_draft(house.context, acts(house, ana), ana, (client_id, "0" * 32), "A twin?")


async def test_a_preview_says_what_the_company_would_get_and_changes_nothing(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    await looked(house, ana, client_id, request_id)
    before = house.actions(client_id)

    def rejecting(caller: Caller) -> Awaitable[Outcome[Enablement]]:
        return decide_request(house.context, caller, client_id, request_id, REJECTED)

    [event] = await preview_of(acts(house, ana), rejecting)
    assert (event["status"], event["rejection_description"]) == ("rejected", "Not eligible.")
    assert house.actions(client_id) == before
    assert (await house.enablement(client_id, request_id)).status is Status.IN_KYC


# ---- pictures -------------------------------------------------------------------------------------------------------


async def place(house: House, client_id: str, request_id: str) -> PicturePlace:
    document = (await house.dossier(client_id)).documents[0]
    return PicturePlace(client_id, request_id, document.id, FRONT)


async def test_a_picture_is_on_the_record_before_it_is_given_out(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    where = await place(house, client_id, request_id)
    shown = await see_picture(house.context, acts(house, ana), where)
    assert (shown.content, shown.media_type) == (picture(0), "image/jpeg")
    assert house.actions(client_id)[-1] == "pictures_looked"
    await see_picture(house.context, acts(house, ana), where)
    assert house.actions(client_id).count("pictures_looked") == 1, "the same look"
    await see_picture(house.context, acts(house, await operator(house, "bob")), where)
    house.clock.now_ms += LEASE_MS + 1
    await see_picture(house.context, acts(house, ana), where)
    assert house.actions(client_id).count("pictures_looked") == 3


async def test_a_case_that_is_opened_with_its_pictures_has_them_on_the_record(house: House) -> None:
    client_id, request_id = await case(house)
    ana = acts(house, await operator(house, "ana"))
    await house.do(partial(inspect_request, pictures=True), client_id, request_id, caller=ana)
    before = house.actions(client_id)
    await see_picture(house.context, ana, await place(house, client_id, request_id))
    assert house.actions(client_id) == before


@pytest.mark.parametrize("wrong", [{"document_id": "0" * 32}, {"side": "image_back"}, {"enablement_id": "0" * 32}])
async def test_a_picture_that_there_is_not_leaves_no_trace(house: House, wrong: dict[str, str]) -> None:
    client_id, request_id = await case(house)
    ana = acts(house, await operator(house, "ana"))
    where, before = await place(house, client_id, request_id), house.actions(client_id)
    asked = PicturePlace(
        **{
            "client_id": where.client_id,
            "enablement_id": where.enablement_id,
            "document_id": where.document_id,
            "side": where.side,
            **wrong,
        }
    )
    with pytest.raises(NotFound):
        await see_picture(house.context, ana, asked)
    assert house.actions(client_id) == before


async def test_a_rejected_client_is_still_found(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    await looked(house, ana, client_id, request_id)
    rejected = Verdict(Decision.REJECT_CLIENT, "Forged.")
    await house.do(decide_request, client_id, request_id, rejected, caller=acts(house, ana))
    [match] = (await find_cases(house.context, ana, Sought(id=client_id))).clients
    assert match.dossier.client.status is ClientStatus.REJECTED


# ---- the other client -----------------------------------------------------------------------------------------------


async def clashing(house: House) -> tuple[str, str, str]:
    """A client, the request that waits since his document's number is another client's, and that client."""
    holder, _ = await house.submitted("AB1234567", email="holder@example.com")
    client = await house.client(email="second@example.com")
    request = await house.request(client.id)
    await house.send(client.id, request.id, upload(number="AB1234567", seed=3))
    return client.id, request.id, holder


async def test_looking_at_the_other_client_of_a_number_stands_on_that_clients_record(house: House) -> None:
    client_id, request_id, other_id = await clashing(house)
    ana = acts(house, await operator(house, "ana"))
    before = house.actions(other_id)
    other = await house.do(look_at_other, client_id, request_id, other_id, caller=ana)
    assert other.client.id == other_id
    assert house.actions(other_id) == [*before, "other_client_looked", "pictures_looked"]
    where = PicturePlace(client_id, request_id, other.documents[0].id, FRONT, other_id)
    assert (await see_picture(house.context, ana, where)).media_type == "image/jpeg"
    assert house.actions(other_id) == [*before, "other_client_looked", "pictures_looked"]


async def test_a_client_whom_the_case_does_not_concern_is_not_shown(house: House) -> None:
    client_id, request_id, _ = await clashing(house)
    stranger = await house.client(email="stranger@example.com")
    ana = acts(house, await operator(house, "ana"))
    for other_id in (stranger.id, client_id, ""):
        with pytest.raises(NotFound):
            await house.do(look_at_other, client_id, request_id, other_id, caller=ana)
    assert house.actions(stranger.id) == ["client_created"]


async def test_another_client_without_documents_has_one_entry(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id, request_id, _ = await clashing(house)
    stranger = await house.client(email="stranger@example.com")

    async def concerned(*values: object) -> None:
        return None

    monkeypatch.setattr("ostiary.usecases.review.other_client.demand_concerned", concerned)
    ana = acts(house, await operator(house, "ana"))
    await house.do(look_at_other, client_id, request_id, stranger.id, caller=ana)
    assert house.actions(stranger.id) == ["client_created", "other_client_looked"]
