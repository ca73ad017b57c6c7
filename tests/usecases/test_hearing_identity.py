"""A provider's verdict on who the client is: what it returned does not pass by it either, once changed to fit."""

from __future__ import annotations

from typing import Any

import pytest

from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.providers.provider import ProviderAnswer, Reason
from ostiary.domain.rejections import Code, Kind
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.review.decide import decide_request
from tests.house import House, upload
from tests.material import profile
from tests.usecases.test_hearing import hear, house, status

__all__ = ["house"]
NAME = Reason(Code.NAME_MISMATCH, "NAME", key="passport")
BORN = Reason(Code.BIRTH_DATE_MISMATCH, "DOB", key="passport")
TYPED_NAME = Reason(Code.DATA_INVALID, "NAME", Kind.DATA, "last_name")
BLURRED = Reason(Code.IMAGE_BLURRED, "BLUR", key="passport")
FORGED = Reason(Code.SUSPECTED_MANIPULATION, "FORGED", key="passport")
TAKEN = Reason(Code.USED_BY_ANOTHER_CLIENT, "DUPLICATE", key="passport")
A_PERSON, BACK = (Status.IN_KYC, Review.SUBMISSION), (Status.PENDING_DOCUMENTATION, None)


async def reasons(house: House, ids: tuple[str, str]) -> set[str]:
    return set((await house.enablement(*ids)).review_reasons)


async def again(house: House, ids: tuple[str, str], **person: Any) -> None:
    await house.do(update_client, ids[0], profile(**person))
    await house.send(*ids, upload(seed=5))
    await house.submit(*ids)


@pytest.mark.parametrize(
    ("causes", "stands", "why"),
    [
        ((NAME,), BACK, set()),
        ((TYPED_NAME,), BACK, set()),
        ((NAME, TYPED_NAME), BACK, set()),
        ((NAME, BORN), A_PERSON, {ReviewReason.IDENTITY_CONTRADICTED}),
        ((NAME, BORN, BLURRED), A_PERSON, {ReviewReason.IDENTITY_CONTRADICTED}),
        ((FORGED,), A_PERSON, {ReviewReason.PROVIDER_UNCLEAR}),
        ((BLURRED, FORGED), A_PERSON, {ReviewReason.PROVIDER_UNCLEAR}),
        ((TAKEN, NAME), A_PERSON, {ReviewReason.PROVIDER_UNCLEAR}),
    ],
    ids=str,
)
async def test_a_return_goes_back_unless_it_is_another_person_or_leads_nowhere(
    house: House, causes: tuple[Reason, ...], stands: tuple[Status, Review | None], why: set[str]
) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=causes)
    assert await status(house, ids) == stands
    assert await reasons(house, ids) == why


@pytest.mark.parametrize("reason", [NAME, TYPED_NAME])
@pytest.mark.parametrize(("person", "passes"), [({"last_name": "Other"}, False), ({"birth_date": "1990-01-01"}, True)])
async def test_what_it_returned_and_was_retyped_is_not_enabled_by_its_approval(
    house: House, reason: Reason, person: dict[str, Any], passes: bool
) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=(reason,))
    if reason is TYPED_NAME and passes:
        person = {**person, "last_name": "Barber "}  # as it was, but for what nobody sees
    await again(house, ids, **person)
    await hear(house, ids, ProviderAnswer.APPROVED, attempt=2)
    assert await status(house, ids) == ((Status.ENABLED, None) if passes else A_PERSON)
    assert await reasons(house, ids) == (set() if passes else {ReviewReason.IDENTITY_CHANGED})


async def test_a_new_request_hides_nothing_from_it(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=(NAME, BORN))
    await house.do(withdraw_product, *ids)
    ids = (ids[0], (await house.request(ids[0])).id)
    await again(house, ids, last_name="Other", birth_date="1990-01-01")
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == A_PERSON


async def test_contradicted_again_after_a_change_goes_to_a_person(house: House) -> None:
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=(NAME,))
    await again(house, ids, last_name="Other")
    await hear(house, ids, ProviderAnswer.RETURNED, attempt=2, reasons=(BORN,))
    assert await status(house, ids) == A_PERSON


async def test_a_number_that_was_another_clients_goes_to_a_person_with_its_approval(house: House) -> None:
    await house.submitted()
    client = await house.client(email="second@example.com")
    request = await house.request(client.id)
    ids = (client.id, request.id)
    await house.send(*ids, upload(seed=8))
    await house.send(*ids, upload(number="CD7654321", seed=9))
    await house.submit(*ids)
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == A_PERSON
    assert await reasons(house, ids) == {ReviewReason.IDENTITY_CHANGED}


async def test_a_contested_document_beside_one_that_counts_goes_to_a_person(house: House) -> None:
    first = await house.submitted()
    client = await house.client(email="second@example.com")
    request = await house.request(client.id)
    ids = (client.id, request.id)
    await house.send(*ids, upload(number="CD7654321", seed=9))
    await house.send(*ids, upload(seed=8))
    await house.submit(*ids)
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == A_PERSON
    assert ReviewReason.NUMBER_CONTESTED in await reasons(house, ids)
    assert (await house.look(*ids)).shared[0].client_id == first[0]


async def test_the_number_of_a_client_refused_as_such_goes_to_a_person_with_its_approval(house: House) -> None:
    first = await house.submitted()
    await house.look(*first)
    await house.do(decide_request, *first, Verdict(Decision.REJECT_CLIENT, "Forged."))
    client = await house.client(email="second@example.com")
    request = await house.request(client.id)
    ids = (client.id, request.id)
    await house.send(*ids, upload(seed=8))
    await house.submit(*ids)
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == A_PERSON
    assert await reasons(house, ids) == {ReviewReason.NUMBER_CONTESTED}
