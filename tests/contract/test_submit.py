"""Submit: advances when nothing is missing, says what is otherwise, and is safe to repeat."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.rejections import Code
from tests.contract.partner import ACCOUNTS, PROFILE, Json, Partner, codes, document, missing


@pytest.mark.parametrize("documents", [[], [document()], [document("utility_bill", 1)]])
@pytest.mark.parametrize("details", [{}, PROFILE, PROFILE | {"tax_id": None}])
async def test_with_something_missing_it_stays_and_says_what(
    partner: Partner, documents: list[Json], details: Json
) -> None:
    at = await partner.request(await partner.client(**details), ACCOUNTS)
    for body in documents:
        await partner.send(at, body)
    before = await partner.read(at)
    partner.clock.now_ms += 60_000
    judged = await partner.submit(at)
    assert judged == {"product": before, "rejected_items": []}
    assert missing(judged["product"])
    assert await partner.rounds() == []


async def test_with_nothing_missing_it_goes_to_the_provider(partner: Partner) -> None:
    await partner.subscribe()
    at = await partner.request(await partner.client())
    await partner.send(at)
    partner.clock.now_ms += 60_000
    judged = await partner.submit(at)
    assert judged["rejected_items"] == []
    assert (judged["product"]["status"], judged["product"]["updated_at"]) == ("in_kyc", "2026-04-15T10:31:00")
    assert judged["product"]["missing_requirements"] == {"documents": [], "data": []}
    assert await partner.read(at) == judged["product"]


async def test_again_it_is_the_same_answer_and_no_second_notification(partner: Partner) -> None:
    _, at = await partner.submitted("REVIEW1")
    first = await partner.submit(at)
    partner.clock.now_ms += 3_600_000
    assert [await partner.submit(at) for _ in range(3)] == [first] * 3
    assert await partner.rounds() == ["in_kyc"]
    assert await partner.submit(at) == first


async def test_at_once_it_is_one_submission(partner: Partner) -> None:
    await partner.subscribe()
    at = await partner.request(await partner.client())
    await partner.send(at, document(number="REVIEW1"))
    answers = await asyncio.gather(*(partner.submit(at) for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert sorted(await partner.rounds()) == ["delivered", "in_kyc"]
    assert [body["data"]["status"] for body in partner.endpoint.bodies()] == ["in_kyc"]


async def test_requests_of_one_client_are_submitted_each_for_itself(partner: Partner) -> None:
    client, cards = await partner.submitted(**PROFILE)
    accounts = await partner.request(client, ACCOUNTS)
    assert (await partner.submit(accounts))["product"]["status"] == "pending_documentation"
    await partner.send(accounts, document("lease_agreement", 1))
    assert (await partner.submit(accounts))["product"]["status"] == "in_kyc"
    assert (await partner.read(cards))["status"] == "in_kyc"


async def test_what_failed_since_is_named_beside_what_is_missing(partner: Partner) -> None:
    at = await partner.request(await partner.client(birth_date="2010-01-01"), ACCOUNTS)
    await partner.send(at, document(expiration_date="2026-04-20"))
    partner.clock.noon_of("2026-05-01")
    judged = await partner.submit(at)
    assert codes(judged) == [("document_expired", "metadata.expiration_date"), ("underage", "birth_date")]
    assert {"identity_document", "proof_of_address", "minimum_age"} <= set(missing(judged["product"]))


async def test_what_a_verdict_refused_is_named_until_it_is_mended(partner: Partner) -> None:
    _, at = await partner.submitted()
    await partner.send_back(at, "passport", Code.MRZ_INVALID)
    for _ in range(2):
        judged = await partner.submit(at)
        assert codes(judged) == [("mrz_invalid", "image_front")]
        assert judged["product"]["status"] == "pending_documentation"
    await partner.send(at, document(seed=1))
    assert codes(await partner.submit(at)) == []


async def test_documents_arriving_beside_a_submission_are_in_it_or_refused(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    await partner.send(at)
    sent, judged = await asyncio.gather(
        partner.call("POST", f"{at}/documentation", {"document": document(seed=1, number="CD7654321")}),
        partner.submit(at),
    )
    assert judged["product"]["status"] == "in_kyc"
    assert sent.status_code in (200, 412)
    assert (await partner.read(at))["status"] == "in_kyc"
