"""Another person's passport is never enabled unseen: whatever is retyped, withdrawn, asked for again or sent anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.domain.companies.company import Environment
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.reading import Reading
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.review.decide import SendBack, decide_request, return_request
from tests.house import ACCOUNTS, CARDS, House, open_house
from tests.judgement_material import zone
from tests.material import picture, profile

EXPIRES = "2030-01-01"
THIEF: dict[str, Any] = {"first_name": "Juan", "second_name": None, "last_name": "Perez", "birth_date": "1990-02-03"}
"""Who holds Maria's passport."""
HELD_BY_A_PERSON = (Status.IN_KYC, Review.SUBMISSION)


@dataclass(slots=True)
class Printed:
    """A reader that sees what is printed on each picture: Maria's passport unless another was laid under it."""

    pages: dict[bytes, Zone]
    likeness: dict[bytes, bytes]
    seen: dict[bytes, dict[str, Any]] = field(default_factory=dict)

    def warm(self) -> None:
        pass

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str
    ) -> Reading:
        [(_, content)] = pictures
        page = self.pages.get(content, zone())
        alike = self.likeness.get(content, content[-72:])
        reading = Reading(page, FRONT, 0.99, likeness=((FRONT, alike),))
        return replace(reading, **self.seen.get(content, {}))


@pytest.fixture(params=["auto", "assisted", "manual"])
async def bank(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A production company; every product of the shipped catalogue under one policy. Accounts ask for no bill here,
    which no machine reads."""
    source = catalogue_file.default_source()
    for policy in ("auto", "assisted"):
        source = source.replace(f"policy: {policy}", f"policy: {request.param}")
    (tmp_path / "catalogue.yaml").write_text(source)
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(tmp_path / "catalogue.yaml")) as house:
        house.caller = await house.found_company("Bank", Environment.PRODUCTION)
        house.context = replace(house.context, reader=Printed({}, {}))
        yield house


def passport(seed: int = 0, number: str = "AB1234567") -> Upload:
    details = {"number": number, "issuing_country": "ARG", "expiration_date": EXPIRES}
    return Upload("passport", details, picture(seed))


async def applied(house: House, seed: int = 0, email: str = "thief@example.com", **person: Any) -> tuple[str, str]:
    """Somebody with a passport in review, or back."""
    client = await house.client(email=email, **person)
    request = await house.request(client.id, CARDS)
    await house.send(client.id, request.id, passport(seed))
    await house.submit(client.id, request.id)
    await house.work()
    return client.id, request.id


async def retyped(house: House, client_id: str, **person: Any) -> None:
    await house.do(update_client, client_id, profile(email="thief@example.com", **person))


async def again(house: House, ids: tuple[str, str], seed: int = 0) -> None:
    """The same request once more, with a passport."""
    house.clock.now_ms += 1_000
    await house.send(*ids, passport(seed))
    await house.submit(*ids)
    await house.work()


async def stands(house: House, ids: tuple[str, str]) -> tuple[Status, Review | None]:
    enablement = await house.enablement(*ids)
    return enablement.status, enablement.review


async def why(house: House, ids: tuple[str, str]) -> set[str]:
    return set((await house.enablement(*ids)).review_reasons)


async def test_two_contradictions_at_once_go_to_a_person_and_nobody_is_told_what_to_retype(bank: House) -> None:
    ids = await applied(bank, **THIEF)
    assert await stands(bank, ids) == HELD_BY_A_PERSON
    assert ReviewReason.IDENTITY_CONTRADICTED in await why(bank, ids)
    assert (await bank.dossier(ids[0])).client.refusals == ()


@pytest.mark.parametrize("steps", [
    [{**THIEF, "first_name": "Maria", "second_name": "Julia", "birth_date": "1984-11-21"}, {}],
    [{"birth_date": "1990-02-03"}, {}],
    [{"last_name": "Perez"}, {"first_name": "Juana"}, {}],
    [{"birth_date": "1990-02-03"}, {"birth_date": "1990-02-04"}, {}],
    [{"last_name": "Perez"}, {"birth_date": "1990-02-03"}, {}],
], ids=str)  # fmt: skip
async def test_one_field_after_the_other_changed_to_fit_goes_to_a_person(
    bank: House, steps: list[dict[str, Any]]
) -> None:
    """The last step is Maria as printed."""
    ids = await applied(bank, **steps[0])
    for seed, step in enumerate(steps[1:], start=1):
        if (await bank.enablement(*ids)).status is Status.IN_KYC:
            await bank.do(withdraw_product, *ids)
            ids = (ids[0], (await bank.request(ids[0], CARDS)).id)
        await retyped(bank, ids[0], **step)
        await again(bank, ids, seed)
    assert await stands(bank, ids) == HELD_BY_A_PERSON
    assert ReviewReason.IDENTITY_CHANGED in await why(bank, ids)


@pytest.mark.parametrize("product", [CARDS, ACCOUNTS])
@pytest.mark.parametrize("seed", [0, 7], ids=["same picture", "another picture"])
async def test_withdrawing_and_asking_anew_for_any_product_hides_nothing(bank: House, product: str, seed: int) -> None:
    ids = await applied(bank, **THIEF)
    await bank.do(withdraw_product, *ids)
    attributes = {
        "occupation": "Teacher",
        "annual_salary": 30_000,
        "account_purpose": "savings",
        "expected_monthly_volume": 900,
        "tax_id": "20267565393",
    }
    await retyped(bank, ids[0], attributes=attributes)
    request = await bank.request(ids[0], product)
    if product == ACCOUNTS:
        await bank.send(ids[0], request.id, Upload("utility_bill", {}, picture(90)))
    await again(bank, (ids[0], request.id), seed)
    assert await stands(bank, (ids[0], request.id)) == HELD_BY_A_PERSON
    assert ReviewReason.IDENTITY_CHANGED in await why(bank, (ids[0], request.id))


async def test_a_second_client_with_the_same_picture_goes_to_a_person_though_the_first_replaced_it(
    bank: House,
) -> None:
    first = await applied(bank, **THIEF)
    await bank.do(withdraw_product, *first)
    first = (first[0], (await bank.request(first[0], CARDS)).id)
    await bank.send(*first, passport(5, "ZZ7654321"))  # takes the place of Maria's
    second = await applied(bank, email="second@example.com")
    assert await stands(bank, second) == HELD_BY_A_PERSON
    assert ReviewReason.LOOKS_LIKE_ANOTHER in await why(bank, second)
    assert {match[1] for match in (await bank.look(*second)).alike} == {first[0]}


async def test_a_second_client_with_another_picture_of_the_document_goes_to_a_person(bank: House) -> None:
    first = await applied(bank, **THIEF)
    await bank.do(withdraw_product, *first)
    second = await applied(bank, 8, "second@example.com")
    assert await stands(bank, second) == HELD_BY_A_PERSON
    assert ReviewReason.NUMBER_CONTESTED in await why(bank, second)
    assert [(shared.client_id, shared.holds) for shared in (await bank.look(*second)).shared] == [(first[0], False)]


@pytest.mark.parametrize(
    "changes", [{"certainty": 0.3}, {"zone": zone(checks={"number": False})}], ids=["unsure", "digits"]
)
async def test_a_second_client_goes_to_a_person_also_where_the_first_look_only_doubted(
    bank: House, changes: dict[str, Any]
) -> None:
    """A blurred picture first, withdrawn, and a sharp one by another client that says what is printed."""
    assert isinstance(bank.context.reader, Printed)
    bank.context.reader.seen[picture(0)] = changes
    first = await applied(bank, **THIEF)
    assert await stands(bank, first) == HELD_BY_A_PERSON
    await bank.do(withdraw_product, *first)
    second = await applied(bank, 8, "second@example.com")
    assert await stands(bank, second) == HELD_BY_A_PERSON
    assert ReviewReason.NUMBER_CONTESTED in await why(bank, second)


async def test_another_clients_picture_beside_any_contradiction_goes_to_a_person(bank: House) -> None:
    await applied(bank, email="maria@example.com")
    assert isinstance(bank.context.reader, Printed)
    bank.context.reader.pages[picture(3)] = zone(number="CD1111111")
    bank.context.reader.likeness[picture(3)] = picture(0)[-72:]
    client = await bank.client(email="thief@example.com", last_name="Perez")
    request = await bank.request(client.id, CARDS)
    await bank.send(client.id, request.id, passport(3, "CD1111111"))
    await bank.submit(client.id, request.id)
    await bank.work()
    assert await stands(bank, (client.id, request.id)) == HELD_BY_A_PERSON
    assert await why(bank, (client.id, request.id)) >= {ReviewReason.LOOKS_LIKE_ANOTHER, ReviewReason.NAME_DOUBTFUL}


async def test_what_an_operator_returned_for_the_name_does_not_pass_by_machine_either(bank: House) -> None:
    ids = await applied(bank, **THIEF)
    ana = await bank.operator("ana")
    await bank.look(*ids, ana)
    await bank.do(return_request, *ids, SendBack(["name_mismatch"], ["passport"]), caller=ana)
    await retyped(bank, ids[0])
    await again(bank, ids)
    assert await stands(bank, ids) == HELD_BY_A_PERSON


async def test_that_person_sees_what_was_given_before_and_after_and_decides_for_good(bank: House) -> None:
    ids = await applied(bank, **THIEF)
    await bank.do(withdraw_product, *ids)
    await retyped(bank, ids[0])
    ids = (ids[0], (await bank.request(ids[0], CARDS)).id)
    await again(bank, ids)
    ana = await bank.operator("ana")
    details = await bank.look(*ids, ana)
    given = {
        (contradiction.aspect.value, contradiction.given, contradiction.read)
        for contradiction in details.dossier.client.contradictions
    }
    assert {("name", "Juan Perez", "BARBER"), ("birth_date", "1990-02-03", "1984-11-21")} <= given
    assert [version.profile.last_name for version in details.past] == ["Perez"]
    await bank.do(decide_request, *ids, Verdict(Decision.APPROVE), "seen at the branch", caller=ana)
    assert await stands(bank, ids) == (Status.ENABLED, None)
    assert (await bank.dossier(ids[0])).client.contradictions == ()


async def test_the_clients_own_document_sent_instead_needs_nobody_more(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company("Bank", Environment.PRODUCTION)
        own = zone(surname="PEREZ", given_names="MARIA JULIA", number="CD1111111")
        house.context = replace(house.context, reader=Printed({picture(4): own}, {}))
        ids = await applied(house, last_name="Perez")
        assert await stands(house, ids) == (Status.PENDING_DOCUMENTATION, None)
        await house.send(*ids, passport(4, "CD1111111"))
        await house.submit(*ids)
        await house.work()
        assert await stands(house, ids) == (Status.ENABLED, None)


async def test_an_enabled_client_that_becomes_somebody_else_gets_nothing_more_by_machine(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company("Bank", Environment.PRODUCTION)
        other = zone(surname="PEREZ", given_names="JUAN", number="CD1111111", birth_date=PartialDate(1990, 2, 3))
        assert other.format is Format.TD3
        house.context = replace(house.context, reader=Printed({picture(4): other}, {}))
        ids = await applied(house)
        assert await stands(house, ids) == (Status.ENABLED, None)
        attributes = {
            "occupation": "Teacher",
            "annual_salary": 30_000,
            "account_purpose": "savings",
            "expected_monthly_volume": 900,
            "tax_id": "20267565393",
        }
        await retyped(house, ids[0], attributes=attributes, **THIEF)
        request = await house.request(ids[0], ACCOUNTS)
        await house.send(ids[0], request.id, passport(4, "CD1111111"))
        await house.send(ids[0], request.id, Upload("utility_bill", {}, picture(90)))
        await house.submit(ids[0], request.id)
        await house.work()
        assert await why(house, (ids[0], request.id)) >= {ReviewReason.CLIENT_CHANGED}
