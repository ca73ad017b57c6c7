"""A document's number is held by accepted documents of live requests only; two clients that give one are both named,
and a person decides whose it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Review, Status
from ostiary.domain.onboarding.next_action import Owner, next_action
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.review.routing import Fact
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.dossiers import state_of
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.review.decide import decide_request
from ostiary.usecases.review.standing import standing_facts
from ostiary.usecases.verification.numbers import Assignment, decide_number, shared_numbers, yield_number
from tests.house import ACCOUNTS, CARDS, House, upload
from tests.material import picture, profile

TAKEN = ["used_by_another_client"]
KEY = "ARG|passport|AB1234567"
Ids = tuple[str, str]


async def second(house: House, email: str = "second@example.com", number: str = "AB1234567") -> tuple[Ids, list[str]]:
    """Another client's request with a passport; what was refused of it."""
    client = await house.client(email=email)
    request = await house.request(client.id)
    state = await house.send(client.id, request.id, upload(number=number, seed=9))
    return (client.id, request.id), [rejection.code.value for rejection in state.rejections]


async def rejected_client(house: House, ids: Ids) -> None:
    await house.look(*ids)
    await house.do(decide_request, *ids, Verdict(Decision.REJECT_CLIENT, "Not wanted."))


async def refused_document(house: House, ids: Ids) -> None:
    await house.judge(*ids, Decision.RETURN, reject(Kind.DOCUMENT, "passport", Code.DOCUMENT_EXPIRED, ""))


async def refused_request(house: House, ids: Ids) -> None:
    await house.judge(*ids, Decision.REJECT)


async def withdrawn(house: House, ids: Ids) -> None:
    await house.do(withdraw_product, *ids)


async def off_boarded(house: House, ids: Ids) -> None:
    await house.judge(*ids, Decision.APPROVE)
    await house.judge(*ids, Decision.REJECT)


@pytest.mark.parametrize("ending", [rejected_client, refused_document, refused_request, withdrawn, off_boarded])
async def test_what_is_over_holds_no_number(house: House, ending: object) -> None:
    ids = await house.submitted()
    assert await house.context.storage.documents.number_holder(house.caller.company.id, KEY) == ids[0]
    await ending(house, ids)  # type: ignore[operator]
    assert await house.context.storage.documents.number_holder(house.caller.company.id, KEY) is None
    _, refused = await second(house)
    assert refused == []


@pytest.mark.parametrize("decision", [None, Decision.APPROVE])
async def test_what_is_live_or_enabled_holds_its_number(house: House, decision: Decision | None) -> None:
    ids = await house.submitted()
    if decision is not None:
        await house.judge(*ids, decision)
    _, refused = await second(house)
    assert refused == TAKEN


async def test_a_clash_opens_a_review_that_names_both_and_shows_the_document(house: House) -> None:
    first = await house.submitted()
    ids, refused = await second(house)
    assert refused == TAKEN
    enablement = await house.enablement(*ids)
    assert (enablement.status, enablement.review) == (Status.PENDING_DOCUMENTATION, Review.CLASH)
    assert enablement.review_reasons == (ReviewReason.USED_BY_ANOTHER_CLIENT,)
    details = await house.look(*ids)
    [document] = details.documents
    assert (document.status, document.metadata["number"]) == (DocumentStatus.REFUSED, "AB1234567")
    assert [(shared.document_id, shared.client_id, shared.holds) for shared in details.shared] == [
        (document.id, first[0], True)
    ]
    assert details.dossier.client.contradictions[0].other_client_id == first[0]
    step = next_action(enablement, details.state.assessment)
    assert step.owner is Owner.OPERATOR
    assert "another document may be sent" in step.description


async def test_asking_again_and_again_keeps_one_question_open(house: House) -> None:
    await house.submitted()
    ids, _ = await second(house)
    for seed in (21, 22):
        await house.send(*ids, upload(seed=seed))
    statuses = [
        document.status
        for document in await house.context.storage.documents.every((await house.dossier(ids[0])).client)
    ]
    assert sorted(statuses) == [DocumentStatus.REFUSED, DocumentStatus.REPLACED, DocumentStatus.REPLACED]
    assert len((await house.dossier(ids[0])).client.refusals) == 1


async def test_another_document_closes_the_question_but_a_person_sees_the_submission(house: House) -> None:
    await house.submitted()
    ids, _ = await second(house)
    assert (await house.send(*ids, upload(number="CD7654321", seed=30))).rejections == ()
    assert (await house.enablement(*ids)).review is None
    state = await house.submit(*ids)
    assert state.enablement.status is Status.IN_KYC
    assert (await house.dossier(ids[0])).client.contradictions, "which a person decides on"


async def test_a_reviewer_gives_the_number_to_the_second_client(house: House) -> None:
    first = await house.submitted()
    await house.judge(*first, Decision.APPROVE)
    ids, _ = await second(house)
    [document] = (await house.look(*ids)).documents
    taken = Assignment(document.id, ids[0], "passport seen at the branch")
    await decide_number(house.context, house.caller, *ids, taken)
    enablement = await house.enablement(*ids)
    assert (enablement.status, enablement.review) == (Status.PENDING_DOCUMENTATION, None)
    assert state_of(house.context, house.caller.company, await house.dossier(ids[0]), enablement).assessment.is_complete
    assert await house.context.storage.documents.number_holder(house.caller.company.id, KEY) == ids[0]
    before = await house.enablement(*first)
    assert (before.status, before.review) == (Status.ENABLED, Review.CHANGE)
    assert before.review_reasons == (ReviewReason.NUMBER_REASSIGNED,)
    assert "number_assigned" in house.actions(ids[0])
    assert "number_released" in house.actions(first[0])
    assert [remark.text for remark in (await house.look(*ids)).remarks] == ["passport seen at the branch"]
    assert (await house.dossier(ids[0])).client.contradictions == ()


async def test_a_reviewer_leaves_the_number_where_it_is(house: House) -> None:
    first = await house.submitted()
    ids, _ = await second(house)
    [document] = (await house.look(*ids)).documents
    await decide_number(house.context, house.caller, *ids, Assignment(document.id, first[0], "a photograph of a copy"))
    enablement = await house.enablement(*ids)
    assert (enablement.status, enablement.review) == (Status.PENDING_DOCUMENTATION, None)
    assert next_action(
        enablement, state_of(house.context, house.caller.company, await house.dossier(ids[0]), enablement).assessment
    ).missing
    assert await house.context.storage.documents.number_holder(house.caller.company.id, KEY) == first[0]
    assert "number_denied" in house.actions(ids[0])


async def test_whose_a_number_is_is_decided_by_who_looked_with_a_reason_between_the_two(house: House) -> None:
    first = await house.submitted()
    ids, _ = await second(house)
    [document] = (await house.dossier(ids[0])).documents
    place = (house.context, house.caller, *ids)
    with pytest.raises(InvalidState, match="has to look first"):
        await decide_number(*place, Assignment(document.id, ids[0], "seen"))
    await house.look(*ids)
    with pytest.raises(ValidationFailed, match="note must not be blank"):
        await decide_number(*place, Assignment(document.id, ids[0], " "))
    with pytest.raises(ValidationFailed, match=f"concerns the clients .*{first[0]}"):
        await decide_number(*place, Assignment(document.id, "0" * 32, "seen"))
    with pytest.raises(NotFound, match="no document"):
        await decide_number(*place, Assignment("0" * 32, ids[0], "seen"))
    assert await house.context.storage.documents.number_holder(house.caller.company.id, KEY) == first[0]


async def test_who_comes_back_after_another_took_the_number_gets_a_question_and_no_dead_end(house: House) -> None:
    first = await house.submitted()
    await withdrawn(house, first)
    ids, refused = await second(house)
    assert refused == []
    again = await house.request(first[0], CARDS)
    assert (again.status, again.review) == (Status.PENDING_DOCUMENTATION, Review.CLASH)
    details = await house.look(first[0], again.id)
    assert [(shared.client_id, shared.holds) for shared in details.shared] == [(ids[0], True)]
    await withdrawn(house, ids)
    await house.do(withdraw_product, first[0], again.id)
    third = await house.request(first[0], CARDS)
    assert third.status in OPEN_TO_DOCUMENTS
    assert (await house.send(first[0], third.id)).rejections == ()


async def test_who_comes_back_in_time_has_its_number_again(house: House) -> None:
    first = await house.submitted()
    await withdrawn(house, first)
    again = await house.request(first[0], CARDS)
    assert again.status is Status.REQUESTED
    _, refused = await second(house)
    assert refused == TAKEN


async def test_who_loses_a_number_in_review_is_looked_at(house: House) -> None:
    first = await house.submitted()
    ids, _ = await second(house)
    [document] = (await house.look(*ids)).documents
    await decide_number(house.context, house.caller, *ids, Assignment(document.id, ids[0], "seen"))
    lost = await house.enablement(*first)
    assert (lost.status, lost.review) == (Status.IN_KYC, Review.SUBMISSION)
    await house.look(*first)
    with pytest.raises(InvalidState, match="number_reassigned"):
        await house.do(decide_request, *first, Verdict(Decision.APPROVE))


async def test_a_client_refused_as_such_leaves_its_numbers_to_be_looked_at(house: House) -> None:
    first = await house.submitted()
    await rejected_client(house, first)
    ids, refused = await second(house)
    assert refused == []
    dossier = await house.dossier(ids[0])
    product = dossier.product_of(await house.enablement(*ids), house.context.catalogues.by_version())
    assert [(shared.client_id, shared.holds) for shared in await shared_numbers(house.context, dossier, product)] == [
        (first[0], False)
    ]


async def test_the_same_decision_given_again_changes_nothing(house: House) -> None:
    """As after a crash between the two clients' units."""
    await house.submitted()
    ids, _ = await second(house)
    [document] = (await house.look(*ids)).documents
    decision = Assignment(document.id, ids[0], "seen")
    for _ in range(2):
        await decide_number(house.context, house.caller, *ids, decision)
    assert await house.context.storage.documents.number_holder(house.caller.company.id, KEY) == ids[0]
    assert replace(decision, note="x").client_id == ids[0]


async def test_a_document_whose_number_went_to_another_meanwhile_is_contested(house: House) -> None:
    first = await house.submitted()
    await refused_request(house, first)
    ids, refused = await second(house)
    assert (refused, await house.context.storage.documents.number_holder(house.caller.company.id, KEY)) == ([], ids[0])
    again = await house.request(first[0])
    facts = await standing_facts(house.context, house.caller, await house.dossier(first[0]), again)
    assert Fact.CONTESTED in facts


async def test_a_number_that_is_anothers_however_that_came_about_is_contested(house: House) -> None:
    """As when two processes wrote in the same moment: the row says whose it is."""
    ids = await house.submitted()
    other, _ = await second(house, number="CD7654321")
    [document] = (await house.dossier(other[0])).documents
    with closing(sqlite3.connect(house.path)) as database, database:
        database.execute(
            "UPDATE document_numbers SET client_id = ?, document_id = ? WHERE client_id = ?",
            (other[0], document.id, ids[0]),
        )
    facts = await standing_facts(house.context, house.caller, await house.dossier(ids[0]), await house.enablement(*ids))
    assert Fact.CONTESTED in facts


async def test_who_holds_nothing_any_more_gives_nothing_up(house: House) -> None:
    ids = await house.submitted()
    before = len(house.actions(ids[0]))
    assert await house.do(yield_number, ids[0], ("ARG|passport|OTHER",), ids[1]) == ()
    await refused_document(house, ids)
    assert await house.do(yield_number, ids[0], (KEY,), ids[1]) == ()
    assert len(house.actions(ids[0])) == before + 1, "the refusal"


async def test_a_document_for_something_else_leaves_the_question_open(house: House) -> None:
    await house.submitted()
    client = await house.client(email="second@example.com")
    request = await house.request(client.id, ACCOUNTS)
    await house.send(client.id, request.id, upload(seed=9))
    assert (await house.send(client.id, request.id, upload("utility_bill", 41, None))).rejections == ()
    assert (await house.enablement(client.id, request.id)).review is Review.CLASH
    card = upload("national_id", 43, "DNI12345")
    assert (await house.send(client.id, request.id, replace(card, back=picture(44)))).rejections == ()
    assert (await house.enablement(client.id, request.id)).review is None, "it serves the same requirement"


@pytest.mark.parametrize("who", ["holder", "second"])
@pytest.mark.parametrize("is_for_second", [True, False])
async def test_who_moves_to_another_country_meanwhile_leaves_no_dead_end(
    house: House, who: str, is_for_second: bool
) -> None:
    """No issuing country was given, so that the residence stood for it."""
    client = await house.client()
    first = (client.id, (await house.request(client.id)).id)
    await house.send(*first)
    ids, refused = await second(house)
    assert refused == TAKEN
    mover, email = (first[0], client.profile.email) if who == "holder" else (ids[0], "second@example.com")
    await house.do(update_client, mover, profile(email=email, address={"country": "BRA", "state": None}))
    [document] = (await house.look(*ids)).documents
    to = Assignment(document.id, ids[0] if is_for_second else first[0], "seen")
    await decide_number(house.context, house.caller, *ids, to)
    assert (await house.enablement(*ids)).review is None
    held = [document.status for document in (await house.dossier(first[0])).documents]
    taken = [document.status for document in (await house.dossier(ids[0])).documents]
    accepted, gone = [DocumentStatus.ACCEPTED], [DocumentStatus.REFUSED]
    assert (held, taken) == ((gone, accepted) if is_for_second else (accepted, gone))
