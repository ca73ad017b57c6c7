"""What operators do, over a real database: see what waits, look, decide, give numbers free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from ostiary.app import Opened, opened
from ostiary.domain.clients import ClientStatus
from ostiary.domain.companies import Caller, Company, Environment
from ostiary.domain.documents import Document
from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.units import Unit
from ostiary.domain.verdicts import Decision, Verdict
from ostiary.settings import read_settings
from ostiary.usecases import clients, companies, documentation, products, reviewing, submission
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.judging import open_review
from ostiary.usecases.loading import load_dossier
from ostiary.usecases.world import World
from tests.material import picture, profile

T = TypeVar("T")
ELSEWHERE = "0" * 32
_numbers = count(1)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder: Path = tmp_path_factory.mktemp("reviewing") / "data"
    with opened(read_settings({"OSTIARY_DATA_DIR": str(folder)})) as made:
        yield made


@pytest.fixture
def world(parts: Opened) -> World:
    return parts.world


@dataclass
class Request:
    """A request of one client of one company, in KYC."""

    world: World
    company: Company
    client_id: str
    id: str
    document: Document

    @property
    def operator(self) -> Caller:
        return Caller(self.company, "operator:ana", 5)

    async def done(self, decided: Decided[T]) -> T:
        return await done(self.world, self.company, decided)

    async def reviewed(self) -> Request:
        await self.done(await open_review(self.world, self.operator, self.client_id, self.id))
        return self

    async def now(self) -> Enablement:
        return (await load_dossier(self.world, self.operator, self.client_id)).enablement(self.id)

    async def actions(self) -> list[tuple[str, str, tuple[str, ...]]]:
        entries = await self.world.storage.entries(self.company.id, self.client_id)
        return [(one.action, one.actor, one.codes) for one in entries]


async def done(world: World, company: Company, decided: Decided[T]) -> T:
    async def again() -> Decided[T]:
        return decided

    return await settle(world, Caller(company, "test", 5), again)


async def new_company(world: World) -> Company:
    made = await companies.create_company(world, "Acme", Environment.PRODUCTION, None, "operator:root")
    return await done(world, made.answer, made)


async def submitted(world: World, company: Company | None = None) -> Request:
    """A client whose cards request waits for the provider."""
    company, number = company or await new_company(world), next(_numbers)
    caller = Caller((await world.storage.company(company.id)) or company, "key:K", 3)
    person = profile(email=f"maria{number}@example.com")
    client = await done(world, company, await clients.create_client(world, caller, person))
    asked = await done(world, company, await products.request_product(world, caller, client.id, "cards_individuals"))
    upload = documentation.Upload("passport", {"number": f"AB{number:07}"}, picture(number))
    request_id = asked.enablement.id
    await done(world, company, await documentation.add_document(world, caller, client.id, request_id, upload))
    await done(world, company, await submission.submit_product(world, caller, client.id, request_id))
    dossier = await load_dossier(world, caller, client.id)
    return Request(world, caller.company, client.id, request_id, dossier.documents[0])


# ---- what waits -----------------------------------------------------------------------------------------------------


async def test_what_waits_is_listed_oldest_first_whoever_it_belongs_to(world: World) -> None:
    first, second = await (await submitted(world)).reviewed(), await (await submitted(world)).reviewed()
    third = await (await submitted(world, first.company)).reviewed()
    mine = {one.id for one in (first, second, third)}
    listed = [one for one in await reviewing.list_reviews(world) if one.enablement.id in mine]
    assert [one.enablement.id for one in listed] == [first.id, second.id, third.id]
    assert [one.company.id for one in listed] == [first.company.id, second.company.id, first.company.id]
    alone = await reviewing.list_reviews(world, first.company.id)
    assert [one.enablement.id for one in alone] == [first.id, third.id]


async def test_an_unknown_company_is_not_an_empty_list(world: World) -> None:
    with pytest.raises(NotFound, match="no such company"):
        await reviewing.list_reviews(world, ELSEWHERE)


async def test_a_request_is_found_by_its_id_alone_under_review_or_not(world: World) -> None:
    waiting, other = await (await submitted(world)).reviewed(), await submitted(world)
    for one in (waiting, other):
        place = await reviewing.find_request(world, one.id)
        assert place == reviewing.Place(one.company.id, one.client_id)
    with pytest.raises(NotFound, match="no request"):
        await reviewing.find_request(world, ELSEWHERE)


# ---- looking --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pictures", "noted"), [(False, ["review_looked"]), (True, ["review_looked", "pictures_looked"])]
)
async def test_looking_is_written_down_with_the_documents(world: World, pictures: bool, noted: list[str]) -> None:
    request = await submitted(world)
    look = await reviewing.look_at(world, request.operator, request.client_id, request.id, pictures=pictures)
    before = len(await request.actions())
    seen = await request.done(look)
    assert [one.id for one in seen.documents] == [request.document.id]
    assert seen.state.enablement.id == request.id
    assert (await request.actions())[before:] == [(one, "operator:ana", (request.document.id,)) for one in noted]


async def test_documents_that_the_product_does_not_take_stay_unseen(world: World) -> None:
    request = await submitted(world)
    bill = replace(request.document, id=world.new_id(), type="utility_bill", sides=())
    client = (await load_dossier(world, request.operator, request.client_id)).client
    await request.done(Decided(None, Unit(request.company.id, world.now_ms(), client=client, documents_added=(bill,))))
    look = await reviewing.look_at(world, request.operator, request.client_id, request.id, pictures=False)
    assert [one.id for one in look.answer.documents] == [request.document.id]
    assert len(look.answer.dossier.documents) == 2


# ---- deciding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opened_before", [True, False])
@pytest.mark.parametrize(
    ("decision", "status", "client_status"),
    [
        (Decision.APPROVE, Status.ENABLED, ClientStatus.ACTIVE),
        (Decision.REJECT, Status.REJECTED, ClientStatus.PENDING),
        (Decision.REJECT_CLIENT, Status.REJECTED, ClientStatus.REJECTED),
    ],
)
async def test_a_verdict_counts_with_or_without_an_open_review(
    world: World, decision: Decision, status: Status, client_status: ClientStatus, opened_before: bool
) -> None:
    request = await submitted(world)
    if opened_before:
        await request.reviewed()
    verdict = Verdict(decision, "not eligible")
    await request.done(await reviewing.decide_request(world, request.operator, request.client_id, request.id, verdict))
    after = await request.now()
    client = (await load_dossier(world, request.operator, request.client_id)).client
    assert (after.status, after.review, client.status) == (status, None, client_status)
    assert (await request.actions())[-1] == (f"verdict_{decision}", "operator:ana", ())


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.REJECT_CLIENT])
async def test_what_is_rejected_cannot_be_rejected_again(world: World, decision: Decision) -> None:
    request, verdict = await submitted(world), Verdict(decision, "no")
    place = (request.operator, request.client_id, request.id)
    await request.done(await reviewing.decide_request(world, *place, verdict))
    with pytest.raises(InvalidState):
        await reviewing.decide_request(world, *place, verdict)


async def test_what_is_returned_is_missing_again(world: World) -> None:
    request = await (await submitted(world)).reviewed()
    place = (request.operator, request.client_id, request.id)
    await request.done(await reviewing.return_request(world, *place, ["image_blurred"], ["passport"], "Too soft."))
    state = await products.read_product(world, *place)
    assert state.enablement.status is Status.PENDING_DOCUMENTATION
    assert [one.requirement.id for one in state.assessment.documents] == ["identity_document"]
    assert [(one.code, one.reason) for one in state.assessment.rejections] == [("image_blurred", "Too soft.")]


# ---- numbers --------------------------------------------------------------------------------------------------------


async def test_a_released_number_may_serve_another_client(world: World) -> None:
    request = await submitted(world)
    place = (request.operator, request.client_id, request.id)
    assert await world.storage.holds_number(request.company.id, request.client_id, request.document.id)
    freed = await request.done(await reviewing.release_number(world, *place, request.document.id))
    assert freed.id == request.document.id
    assert not await world.storage.holds_number(request.company.id, request.client_id, request.document.id)
    assert (await request.actions())[-1] == ("number_released", "operator:ana", ())
    with pytest.raises(ValidationFailed, match="keeps no number"):
        await reviewing.release_number(world, *place, request.document.id)


async def test_only_a_document_of_the_client_can_be_released(world: World) -> None:
    request, other = await submitted(world), await submitted(world)
    with pytest.raises(NotFound, match=rf"its documents: {request.document.id} \(passport\)"):
        await reviewing.release_number(world, request.operator, request.client_id, request.id, other.document.id)
