"""Telling a provider and asking it again: the real Sumsub adapter, and a server that checks what it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.errors import NotFound
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.providers.provider import Ticket
from ostiary.usecases.delivery.deliver import handle_message
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.providers.serve_picture import fetch_picture
from ostiary.usecases.providers.submit_to_provider import submission_of
from tests.adapters.sumsub_server import FakeSumsub, Fault, sumsub
from tests.house import House, open_house, upload
from tests.usecases.test_sumsub_end_to_end import configured

HOUR_MS = 3_600_000
GREEN = {"reviewAnswer": "GREEN"}


@dataclass
class Desk:
    """A production company whose submissions go to the server."""

    house: House
    server: FakeSumsub

    def reference(self, ids: tuple[str, str]) -> str:
        return f"{self.house.caller.company.id}.{ids[0]}.{ids[1]}"

    async def stands(self, ids: tuple[str, str]) -> tuple[Status, Review | None]:
        enablement = await self.house.enablement(*ids)
        return enablement.status, enablement.review

    def states(self, topic: str) -> list[str]:
        return self.house.messages(topic)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with sumsub() as server:
        with open_house(tmp_path / "data", **configured(tmp_path, server.url)) as house:
            house.caller = await house.found_company("Real", Environment.PRODUCTION)
            yield Desk(house, server)
            await house.parts.close_connections()


async def test_a_provider_that_is_silent_is_asked_and_its_verdict_counts(desk: Desk) -> None:
    ids = await desk.house.submitted()
    assert await desk.house.work() == ["delivered"]
    assert desk.states("enquiry") == ["pending"]
    desk.house.clock.now_ms += HOUR_MS
    assert await desk.house.work() == ["pending"], "it has not decided yet"
    applicant = desk.server.of(desk.reference(ids))
    applicant.status, applicant.result, applicant.reviewed = "completed", GREEN, "2099-01-01 00:00:00+0000"
    desk.house.clock.now_ms += 4 * HOUR_MS
    assert await desk.house.work() == ["applied"]
    assert await desk.stands(ids) == (Status.ENABLED, None)
    assert desk.states("enquiry") == ["delivered"]


async def test_an_enquiry_about_what_moved_on_ends(desk: Desk) -> None:
    ids = await desk.house.submitted()
    await desk.house.work()
    await desk.house.do(withdraw_product, *ids)
    desk.house.clock.now_ms += HOUR_MS
    assert await desk.house.work() == ["dropped"]


async def test_an_enquiry_that_fails_comes_again(desk: Desk) -> None:
    await desk.house.submitted()
    await desk.house.work()
    desk.server.faults = {len(desk.server.calls): Fault.LOST_ERROR}
    desk.house.clock.now_ms += HOUR_MS
    assert await desk.house.work() == ["pending"]


async def test_a_provider_that_left_the_file_leaves_its_submissions_to_people(desk: Desk) -> None:
    ids = await desk.house.submitted()
    desk.house.context = replace(desk.house.context, providers={})
    assert await desk.house.work() == ["delivered"]
    assert await desk.stands(ids) == (Status.IN_KYC, Review.SUBMISSION)


async def test_a_submission_that_a_provider_never_takes_goes_to_a_person(desk: Desk) -> None:
    desk.server.levels = ()
    ids = await desk.house.submitted()
    assert await desk.house.work() == ["delivered"]
    assert await desk.stands(ids) == (Status.IN_KYC, Review.SUBMISSION)


async def test_what_was_withdrawn_while_a_provider_refused_it_stays_withdrawn(desk: Desk) -> None:
    """The answer comes after the company changed its mind."""
    desk.server.levels = ()
    ids = await desk.house.submitted()
    lease, due = await desk.house.claimed()
    [(message, company)] = due
    provider = desk.house.context.providers["acme"]

    class Slow:
        name = provider.name

        async def notify(self, submission: object, links: object) -> str:
            await desk.house.do(withdraw_product, *ids)
            return await provider.notify(submission, links)  # type: ignore[arg-type]

    desk.house.context = replace(desk.house.context, providers={"acme": Slow()})  # type: ignore[dict-item]
    assert await handle_message(desk.house.context, desk.house.endpoint, company, message, lease) == "dropped"
    assert await desk.stands(ids) == (Status.REJECTED, None)


async def test_what_a_provider_is_told(desk: Desk) -> None:
    client = await desk.house.client()
    enablement = await desk.house.request(client.id)
    await desk.house.send(client.id, enablement.id, upload(number="AB1234567", issuing_country="BRA"))
    await desk.house.submit(client.id, enablement.id)
    dossier = await desk.house.dossier(client.id)
    submission = submission_of(desk.house.context, desk.house.caller, dossier, dossier.enablement(enablement.id), "m1")
    [document] = submission.documents
    assert (document.type, document.country, document.metadata["number"]) == ("passport", "BRA", "AB1234567")
    assert [(side.field, side.media_type) for side in document.sides] == [("image_front", "image/jpeg")]
    assert (submission.attempt, submission.message_id, submission.profile) == (1, "m1", dossier.client.profile)


# ---- pictures by link -----------------------------------------------------------------------------------------------


async def test_a_picture_is_fetched_by_its_link_and_that_is_on_the_record(desk: Desk) -> None:
    ids = await desk.house.submitted()
    dossier = await desk.house.dossier(ids[0])
    [document] = dossier.documents
    links = desk.house.context.links(dossier, "acme")
    token = links.link(document.id, "image_front").rpartition("/")[2]
    ticket = desk.house.parts.linker.ticket("acme", token)
    picture = await fetch_picture(desk.house.context, ticket)
    assert picture.content == await links.content(document.id, "image_front")
    assert picture.media_type == "image/jpeg"
    assert desk.house.actions(ids[0])[-1] == "document_fetched"
    with pytest.raises(NotFound):
        await links.content(document.id, "image_back")


@pytest.mark.parametrize("change", ["company_id", "client_id", "document_id", "side"])
async def test_what_is_not_there_is_not_fetched(desk: Desk, change: str) -> None:
    ids = await desk.house.submitted()
    [document] = (await desk.house.dossier(ids[0])).documents
    good = Ticket("acme", desk.house.caller.company.id, ids[0], document.id, "image_front", 1 << 50)
    with pytest.raises(NotFound):
        await fetch_picture(desk.house.context, replace(good, **{change: "0" * 32}))  # type: ignore[arg-type]


async def test_a_link_that_was_changed_or_has_ended_opens_nothing(desk: Desk) -> None:
    linker = desk.house.parts.linker
    good = Ticket("acme", "c", "d", "e", "image_front", linker.now_ms() + 1_000)
    token = linker.url(good).rpartition("/")[2]
    assert linker.ticket("acme", token) == good
    ended = linker.url(replace(good, until_ms=linker.now_ms() - 1)).rpartition("/")[2]
    for wrong in (ended, token[:-4] + "AAAA", "é.é", "x"):
        with pytest.raises(NotFound):
            linker.ticket("acme", wrong)
    with pytest.raises(NotFound):
        linker.ticket("other", token)
