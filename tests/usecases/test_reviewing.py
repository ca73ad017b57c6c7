"""What operators do, over a real database: see what waits, look, decide, give numbers free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from ostiary.app import Installation, opened
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.documents.document import Document
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.unit import AddDocument, Unit
from ostiary.settings import read_settings
from ostiary.usecases.clients import individuals
from ostiary.usecases.companies import companies
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.onboarding import add_document, products, submit
from ostiary.usecases.review import decide
from ostiary.usecases.review.apply_verdict import open_review
from ostiary.usecases.transaction import Outcome, execute
from tests.material import picture, profile

T = TypeVar("T")
ELSEWHERE = "0" * 32
_numbers = count(1)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("reviewing") / "data"
    with opened(read_settings({"OSTIARY_DATA_DIR": str(folder)}), may_make=True) as installation:
        yield installation


@pytest.fixture
def context(parts: Installation) -> Context:
    return parts.context


@dataclass
class Request:
    """A request of one client of one company, in KYC."""

    context: Context
    company: Company
    client_id: str
    id: str
    document: Document

    @property
    def operator(self) -> Caller:
        return Caller(self.company, "operator:ana", 5)

    async def done(self, decided: Outcome[T]) -> T:
        return await done(self.context, self.company, decided)

    async def reviewed(self) -> Request:
        await self.done(await open_review(self.context, self.operator, self.client_id, self.id))
        return self

    async def looked(self) -> Request:
        """As an operator who has just looked."""
        await self.done(
            await decide.inspect_request(self.context, self.operator, self.client_id, self.id, pictures=False)
        )
        return self

    async def now(self) -> Enablement:
        return (await load_dossier(self.context, self.operator, self.client_id)).enablement(self.id)

    async def actions(self) -> list[tuple[str, str, tuple[str, ...]]]:
        entries = await self.context.storage.audit.entries(self.company.id, self.client_id)
        return [(entry.action, entry.actor, entry.codes) for entry in entries]


async def done(context: Context, company: Company, decided: Outcome[T]) -> T:
    async def again() -> Outcome[T]:
        return decided

    return await execute(context, Caller(company, "test", 5), again)


async def new_company(context: Context) -> Company:
    outcome = await companies.create_company(context, "Acme", Environment.PRODUCTION, None, "operator:root")
    return await done(context, outcome.answer, outcome)


async def submitted(context: Context, company: Company | None = None) -> Request:
    """A client whose cards request waits for the provider."""
    company, number = company or await new_company(context), next(_numbers)
    caller = Caller((await context.storage.companies.find(company.id)) or company, "key:K", 3)
    person = profile(email=f"maria{number}@example.com")
    client = await done(context, company, await individuals.create_client(context, caller, person))
    asked = await done(
        context, company, await products.request_product(context, caller, client.id, "cards_individuals")
    )
    upload = add_document.Upload("passport", {"number": f"AB{number:07}"}, picture(number))
    request_id = asked.enablement.id
    await done(context, company, await add_document.add_document(context, caller, client.id, request_id, upload))
    await done(context, company, await submit.submit_product(context, caller, client.id, request_id))
    dossier = await load_dossier(context, caller, client.id)
    return Request(context, caller.company, client.id, request_id, dossier.documents[0])


# ---- what waits -----------------------------------------------------------------------------------------------------


async def test_what_waits_is_listed_oldest_first_whoever_it_belongs_to(context: Context) -> None:
    first, second = await (await submitted(context)).reviewed(), await (await submitted(context)).reviewed()
    third = await (await submitted(context, first.company)).reviewed()
    mine = {request.id for request in (first, second, third)}
    listed = [review for review in await decide.list_reviews(context) if review.enablement.id in mine]
    assert [review.enablement.id for review in listed] == [first.id, second.id, third.id]
    assert [review.company.id for review in listed] == [first.company.id, second.company.id, first.company.id]
    alone = await decide.list_reviews(context, first.company.id)
    assert [review.enablement.id for review in alone] == [first.id, third.id]


async def test_an_unknown_company_is_not_an_empty_list(context: Context) -> None:
    with pytest.raises(NotFound, match="no such company"):
        await decide.list_reviews(context, ELSEWHERE)


async def test_a_request_is_found_by_its_id_alone_under_review_or_not(context: Context) -> None:
    waiting, other = await (await submitted(context)).reviewed(), await submitted(context)
    for request in (waiting, other):
        place = await decide.find_request(context, request.id)
        assert place == decide.RequestPlace(request.company.id, request.client_id)
    with pytest.raises(NotFound, match="no request"):
        await decide.find_request(context, ELSEWHERE)


# ---- looking --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pictures", "noted"), [(False, ["review_looked"]), (True, ["review_looked", "pictures_looked"])]
)
async def test_looking_is_written_down_with_the_documents(context: Context, pictures: bool, noted: list[str]) -> None:
    request = await submitted(context)
    look = await decide.inspect_request(context, request.operator, request.client_id, request.id, pictures=pictures)
    before = len(await request.actions())
    details = await request.done(look)
    assert [document.id for document in details.documents] == [request.document.id]
    assert details.state.enablement.id == request.id
    assert (await request.actions())[before:] == [(action, "operator:ana", (request.document.id,)) for action in noted]


async def test_documents_that_the_product_does_not_take_stay_unseen(context: Context) -> None:
    request = await submitted(context)
    bill = replace(request.document, id=context.new_id(), type="utility_bill", sides=())
    client = (await load_dossier(context, request.operator, request.client_id)).client
    await request.done(
        Outcome(None, Unit(request.company.id, context.now_ms(), owner=client, changes=(AddDocument(bill),)))
    )
    look = await decide.inspect_request(context, request.operator, request.client_id, request.id, pictures=False)
    assert [document.id for document in look.answer.documents] == [request.document.id]
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
    context: Context, decision: Decision, status: Status, client_status: ClientStatus, opened_before: bool
) -> None:
    request = await submitted(context)
    if opened_before:
        await request.reviewed()
    await request.looked()
    verdict = Verdict(decision, "not eligible")
    await request.done(await decide.decide_request(context, request.operator, request.client_id, request.id, verdict))
    after = await request.now()
    client = (await load_dossier(context, request.operator, request.client_id)).client
    assert (after.status, after.review, client.status) == (status, None, client_status)
    position = len(await request.actions()) - 1
    assert (await request.actions())[-1] == (f"verdict_{decision}", "operator:ana", ("attempt_1", f"looked_{position}"))


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.REJECT_CLIENT])
async def test_what_is_rejected_cannot_be_rejected_again(context: Context, decision: Decision) -> None:
    request, verdict = await submitted(context), Verdict(decision, "no")
    place = (request.operator, request.client_id, request.id)
    await request.looked()
    await request.done(await decide.decide_request(context, *place, verdict))
    with pytest.raises(InvalidState):
        await decide.decide_request(context, *place, verdict)


async def test_what_is_returned_is_missing_again(context: Context) -> None:
    request = await (await submitted(context)).reviewed()
    place = (request.operator, request.client_id, request.id)
    await request.looked()
    back = decide.SendBack(["image_blurred"], ["passport"], "Too soft.")
    await request.done(await decide.return_request(context, *place, back))
    state = await products.read_product(context, *place)
    assert state.enablement.status is Status.PENDING_DOCUMENTATION
    assert [document.requirement.id for document in state.assessment.documents] == ["identity_document"]
    assert [(rejection.code, rejection.reason) for rejection in state.assessment.rejections] == [
        ("image_blurred", "Too soft.")
    ]


# ---- numbers --------------------------------------------------------------------------------------------------------


async def test_a_released_number_may_serve_another_client(context: Context) -> None:
    request = await submitted(context)
    place = (request.operator, request.client_id, request.id)
    assert await context.storage.documents.holds_number(request.company.id, request.client_id, request.document.id)
    freed = await request.done(await decide.release_number(context, *place, request.document.id))
    assert freed.id == request.document.id
    assert not await context.storage.documents.holds_number(request.company.id, request.client_id, request.document.id)
    assert (await request.actions())[-1] == ("number_released", "operator:ana", ())
    with pytest.raises(ValidationFailed, match="keeps no number"):
        await decide.release_number(context, *place, request.document.id)


async def test_only_a_document_of_the_client_can_be_released(context: Context) -> None:
    request, other = await submitted(context), await submitted(context)
    with pytest.raises(NotFound, match=rf"its documents: {request.document.id} \(passport\)"):
        await decide.release_number(context, request.operator, request.client_id, request.id, other.document.id)
