"""What a provider says against who a client is is remembered whatever becomes of its verdict; so is the number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.providers.provider import ProviderAnswer, Reason
from ostiary.domain.rejections import Code
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.providers.receive_verdict import Heard
from ostiary.usecases.review.decide import SendBack, decide_request, return_request
from tests.auditing import faults
from tests.house import ACCOUNTS, House, open_house, upload
from tests.material import picture, profile
from tests.provided import catalogue, providers
from tests.usecases.test_hearing import hear, house, status
from tests.usecases.test_hearing_identity import A_PERSON, BLURRED, BORN, FORGED, NAME, TAKEN, TYPED_NAME, reasons

__all__ = ["house"]
Ids = tuple[str, str]
Causes = tuple[Reason, ...]
Route = Callable[[House, Ids, Causes], Awaitable[None]]
OTHER: dict[str, Any] = {"last_name": "Other", "birth_date": "1990-01-01"}


async def withdrawn_after(house: House, ids: Ids, causes: Causes) -> None:
    """Returned, or put before a person, and withdrawn."""
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=causes)
    await house.do(withdraw_product, *ids)


async def withdrawn_before(house: House, ids: Ids, causes: Causes) -> None:
    await house.do(withdraw_product, *ids)
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=causes)


async def rejected(house: House, ids: Ids, causes: Causes) -> None:
    await hear(house, ids, ProviderAnswer.REJECTED, reasons=causes)


async def revised(house: House, ids: Ids, causes: Causes) -> None:
    """The provider changes its mind once it is enabled, and a person ends it."""
    await hear(house, ids, ProviderAnswer.APPROVED)
    house.clock.now_ms += 10_000
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=causes)
    await house.look(*ids)
    await house.do(decide_request, *ids, Verdict(Decision.REJECT, "Not theirs."))


ROUTES: list[Route] = [withdrawn_after, withdrawn_before, rejected, revised]
AGAINST = [(NAME,), (TYPED_NAME,), (NAME, BORN), (NAME, FORGED), (TAKEN, BORN), (BLURRED, NAME)]


async def anew(house: House, client_id: str, **person: Any) -> Ids:
    """The client as somebody else, with a new request in review."""
    await house.do(update_client, client_id, profile(**person))
    ids = (client_id, (await house.request(client_id)).id)
    await house.send(*ids, upload(seed=5))
    assert (await house.submit(*ids)).enablement.status is Status.IN_KYC
    return ids


@pytest.mark.parametrize("causes", AGAINST, ids=str)
@pytest.mark.parametrize("route", ROUTES)
async def test_retyped_and_asked_for_anew_it_goes_to_a_person_with_its_approval(
    house: House, route: Route, causes: Causes
) -> None:
    first = await house.submitted()
    await route(house, first, causes)
    ids = await anew(house, first[0], **OTHER)
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == A_PERSON
    assert await reasons(house, ids) == {ReviewReason.IDENTITY_CHANGED}


@pytest.mark.parametrize("route", ROUTES)
async def test_who_is_still_the_same_passes(house: House, route: Route) -> None:
    first = await house.submitted()
    await route(house, first, (NAME, BORN))
    ids = await anew(house, first[0])
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == (Status.ENABLED, None)


@pytest.mark.parametrize("causes", AGAINST, ids=str)
@pytest.mark.parametrize("route", ROUTES)
async def test_a_second_client_with_the_document_goes_to_a_person(house: House, route: Route, causes: Causes) -> None:
    first = await house.submitted()
    await route(house, first, causes)
    ids = await house.submitted(email="second@example.com", **OTHER)
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == A_PERSON
    assert await reasons(house, ids) == {ReviewReason.NUMBER_CONTESTED}


async def test_what_is_no_objection_to_the_holder_makes_nobody_look(house: House) -> None:
    first = await house.submitted()
    await withdrawn_after(house, first, (BLURRED,))
    ids = await anew(house, first[0], **OTHER)
    await hear(house, ids, ProviderAnswer.APPROVED)
    assert await status(house, ids) == (Status.ENABLED, None)
    await house.look(*ids)
    await house.do(decide_request, *ids, Verdict(Decision.REJECT, "Closed."))
    second = await house.submitted(email="second@example.com")
    await hear(house, second, ProviderAnswer.APPROVED)
    assert await status(house, second) == (Status.ENABLED, None)


async def test_a_verdict_that_comes_twice_holds_nothing_against_the_correction(house: House) -> None:
    """The first is about who the client was said to be; that it comes again after a change says nothing of that."""
    ids = await house.submitted()
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=(NAME,))
    house.clock.now_ms += 1_000
    await house.do(update_client, ids[0], profile(last_name="Other"))
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=(NAME,))
    given = [each.given for each in (await house.dossier(ids[0])).client.contradictions]
    assert given == ["Maria Julia Barber"]


async def test_what_comes_too_late_is_looked_at_before_anything_is_approved(house: House) -> None:
    first = await house.submitted()
    await house.do(withdraw_product, *first)
    ids = await anew(house, first[0], **OTHER)
    await hear(house, ids, ProviderAnswer.RETURNED, reasons=(FORGED,))
    await house.look(*ids)
    await hear(house, first, ProviderAnswer.REJECTED, reasons=(NAME,))
    assert "identity_contradicted" in house.actions(ids[0])
    with pytest.raises(InvalidState, match="identity_contradicted"):
        await house.do(decide_request, *ids, Verdict(Decision.APPROVE), "seen")


@pytest.mark.parametrize("house", ["manual"], indirect=True)
async def test_what_is_held_against_a_client_is_on_the_record_though_the_review_is_open_already(house: House) -> None:
    ids = await house.submitted()
    for reason in (Reason(Code.OTHER, "X", key="passport"), Reason(Code.NAME_MISMATCH, "X", key="passport")):
        for _ in range(3):
            assert await hear(house, ids, ProviderAnswer.REJECTED, reasons=(reason,)) is Heard.APPLIED
    assert len((await house.dossier(ids[0])).client.contradictions) == 1
    actions = house.actions(ids[0])
    assert (actions.count("review_opened"), actions.count("identity_contradicted")) == (1, 1)
    assert faults(house.parts.store, house.parts.cipher) == {}


@pytest.mark.parametrize("by", ["provider", "operator"])
async def test_every_number_of_a_client_refused_as_such_is_looked_at_whatever_product_it_was_for(
    tmp_path: Path, by: str
) -> None:
    """Here cards take only passports, and accounts only identity cards."""
    path = catalogue(tmp_path)
    source = path.read_text().replace("one_of: [passport, national_id, drivers_license]", "one_of: [passport]")
    own = "identity_document: {name: Card, description: An identity card, one_of: [national_id]}"
    path.write_text(source.replace("identity_document: *identity_document", own))
    settings = {
        "OSTIARY_CATALOGUE": str(path),
        "OSTIARY_PROVIDERS": str(providers(tmp_path)),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }
    with open_house(tmp_path / "data", **settings) as house:
        house.caller = await house.found_company("Real", Environment.PRODUCTION)
        ids = await house.submitted()
        other = await house.request(ids[0], ACCOUNTS)
        card = replace(upload("national_id", 31, "ZZ1234567"), back=picture(32))
        assert (await house.send(ids[0], other.id, card)).rejections == ()
        if by == "provider":
            await hear(house, ids, ProviderAnswer.REJECTED, rejects_client=True)
        else:
            await house.look(*ids)
            await house.do(decide_request, *ids, Verdict(Decision.REJECT_CLIENT, "Forged."))
        for key in ("ARG|passport|AB1234567", "ARG|national_id|ZZ1234567"):
            assert await house.context.storage.documents.contested_by(house.caller.company.id, "", key, 9) == [ids[0]]


async def test_what_an_operator_returned_for_the_holder_is_looked_at_with_the_next_client(house: House) -> None:
    first = await house.submitted()
    await house.look(*first)
    await house.do(return_request, *first, SendBack(["name_mismatch"], ["passport"]))
    await house.do(withdraw_product, *first)
    second = await house.submitted(email="second@example.com")
    await hear(house, second, ProviderAnswer.APPROVED)
    assert await status(house, second) == (Status.IN_KYC, Review.SUBMISSION)
