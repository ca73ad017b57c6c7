"""Whole onboardings by the Python client, every scenario of the sandbox among them."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from ostiary_client import (
    AsyncOstiary,
    EndedOtherwise,
    InvalidState,
    NewDocument,
    NewTermsAcceptance,
    NotFound,
    Options,
    ValidationFailed,
    WaitedTooLong,
)
from ostiary_client.types import Acceptor, ActingAs, MissingData, MissingDocument, Reason, Status
from tests.acceptance.python_client.conftest import number_like, passport, someone, submitted
from tests.material import picture

PATIENCE_S = 120


async def test_what_is_missing_leads_to_an_enabled_product(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone(phone_country_code=None, phone_number=None))
    request = await ostiary.products.request(client, "cards_individuals")
    group = request.missing.next()
    assert isinstance(group, MissingData)
    assert [field.key for field in group.fields] == ["phone"]
    client = await ostiary.clients.update(client.changed(phone_country_code=54, phone_number=1168860622))
    request = await ostiary.products.read(request)
    wanted = request.missing.next()
    assert isinstance(wanted, MissingDocument)
    assert "passport" in [kind.id for kind in wanted.valid_documents]
    judged = await ostiary.products.upload(request, passport("AB1234567"))
    assert (judged.rejected_items, judged.product.missing.next(), len(judged.product.missing)) == ((), None, 0)
    await ostiary.products.submit(request)
    enabled = await ostiary.products.wait_until(request, Status.ENABLED, timeout_s=PATIENCE_S)
    assert enabled.status is Status.ENABLED
    assert (await ostiary.clients.read(client)).status == "active"


ENDINGS = {
    "REJECT1": Status.REJECTED,
    "FORGED1": Status.REJECTED,
    "EXPIRED1": Status.PENDING_DOCUMENTATION,
    "RETRY1": Status.PENDING_DOCUMENTATION,
    "AB1234567": Status.ENABLED,
}


@pytest.mark.parametrize(("number", "status"), ENDINGS.items())
async def test_a_document_s_number_chooses_the_verdict(ostiary: AsyncOstiary, number: str, status: Status) -> None:
    _, request = await submitted(ostiary, number)
    ended = await ostiary.products.wait_until(request, status, timeout_s=PATIENCE_S)
    assert ended.status is status
    if status is Status.REJECTED:
        assert ended.rejection_description
    if number == "EXPIRED1":
        assert [item.code for item in ended.rejected_items or ()] == [Reason.DOCUMENT_EXPIRED]


async def test_what_came_back_is_sent_again_and_enabled(ostiary: AsyncOstiary) -> None:
    _, request = await submitted(ostiary, "RETRY7")
    with pytest.raises(EndedOtherwise) as back:
        await ostiary.products.wait_until(request, "enabled", timeout_s=PATIENCE_S)
    [item] = back.value.product.rejected_items or ()
    assert pickle.loads(pickle.dumps(back.value)).product == back.value.product  # noqa: S301 - our own
    assert (item.code, item.field, item.retryable) == (Reason.IMAGE_NOT_READABLE, "image_front", True)
    await ostiary.products.upload(request, passport("RETRY7"))
    judged = await ostiary.products.submit(request)
    assert (await ostiary.products.wait_until(judged.product, "enabled", timeout_s=PATIENCE_S)).status == "enabled"


@pytest.mark.parametrize(("number", "last_name"), [("REVIEW1", "Barber"), ("AB7654321", "Sanctioned")])
async def test_what_a_person_reviews_takes_longer_than_one_waits(
    ostiary: AsyncOstiary, number: str, last_name: str
) -> None:
    _, request = await submitted(ostiary, number, last_name=last_name)
    with pytest.raises(WaitedTooLong) as late:
        await ostiary.products.wait_until(request, "enabled", "rejected", timeout_s=0.3)
    assert late.value.product.status == "in_kyc"
    assert str(pickle.loads(pickle.dumps(late.value))) == str(late.value)  # noqa: S301 - our own
    assert (await ostiary.sandbox.simulate(request, "rejected", reason="no")).status is Status.REJECTED
    with pytest.raises(EndedOtherwise):
        await ostiary.products.wait_until(request, "enabled", timeout_s=0.3)


async def test_a_slow_verdict_is_waited_for(ostiary: AsyncOstiary) -> None:
    _, request = await submitted(ostiary, "SLOW1")
    with pytest.raises(WaitedTooLong):
        await ostiary.products.wait_until(request, "enabled", timeout_s=0.1)
    assert (await ostiary.sandbox.simulate(request, "enabled")).status == "enabled"


async def test_scenarios_are_those_that_are_played_here(ostiary: AsyncOstiary) -> None:
    names = {scenario.id for scenario in await ostiary.sandbox.scenarios()}
    assert names == {"reject", "retry", "expired", "forged", "review", "listed", "slow", "usual"}


SOURCES: dict[str, Callable[[Path], object]] = {
    "path": lambda path: path,
    "text": str,
    "bytes": Path.read_bytes,
    "bytearray": lambda path: bytearray(path.read_bytes()),
    "file": lambda path: io.BytesIO(path.read_bytes()),
}


@pytest.mark.parametrize("source", SOURCES)
async def test_a_picture_comes_from_anywhere_and_tells_how_far_it_is(
    ostiary: AsyncOstiary, tmp_path: Path, source: str
) -> None:
    path = tmp_path / "front.jpg"
    path.write_bytes(picture(len(source)) + b"\0" * 200_000)  # what follows a JPEG's end does not matter
    client = await ostiary.clients.create(someone())
    request = await ostiary.products.request(client, "cards_individuals")
    steps: list[tuple[int, int]] = []
    front = SOURCES[source](path)
    document = NewDocument("passport", front=front, metadata={"number": number_like("P")})  # type: ignore[arg-type]
    judged = await ostiary.products.upload(request, document, progress=lambda *step: steps.append(step))
    assert judged.rejected_items == ()
    total = steps[-1][1]
    assert (steps[0], steps[-1]) == ((0, total), (total, total))
    assert steps == sorted(steps)
    assert len(steps) > 3


async def test_refused_pictures_say_why(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone())
    request = await ostiary.products.request(client, "cards_individuals")
    nothing = NewDocument("passport", front=b"no picture", metadata={"number": number_like("P")})
    judged = await ostiary.products.upload(request, nothing)
    assert [item.code for item in judged.rejected_items] == [Reason.IMAGE_NOT_READABLE]
    assert judged.product.missing.documents


async def test_reasons_are_in_the_language_asked_for(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone())
    request = await ostiary.products.request(client, "cards_individuals", options=Options(language="es"))
    judged = await ostiary.products.upload(request, NewDocument("passport"), options=Options(language="es"))
    front = next(item for item in judged.rejected_items if item.code == Reason.MISSING_FRONT)
    assert front.action == "Envíe el anverso del documento como image_front."


async def test_a_clock_is_moved_to_the_end_of_its_way(ostiary: AsyncOstiary) -> None:
    before = await ostiary.sandbox.clock()
    after = await ostiary.sandbox.advance("P2D")
    assert 0 <= 2 * 86_400 - (after.ahead_s - before.ahead_s) <= 1, "whole seconds are shown"
    assert (after.moving_to, after.resumed) == (None, None)


async def test_a_request_is_withdrawn_and_listed(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone())
    request = await ostiary.products.request(client, "cards_individuals")
    withdrawn = await ostiary.products.withdraw((client.id, request.id))
    assert withdrawn.status == "rejected"
    assert [each.id for each in await ostiary.products.of(client)] == [request.id]
    listed = [each.id async for each in ostiary.products.list(status="rejected", page_size=1)]
    assert request.id in listed
    async for deadline in ostiary.products.renewals(page_size=1):
        assert deadline.client_id != client.id


async def test_terms_say_what_they_lack(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone())
    assert await ostiary.terms.accepted(client) == ()
    with pytest.raises(NotFound):
        await ostiary.terms.read("no_such_terms")
    acceptance = NewTermsAcceptance(
        terms_id="general", version="1", language="en", sha256="0" * 64, channel="web",
        accepted_by=Acceptor(name="Maria", capacity=ActingAs.SELF), accepted_at="2026-04-15T10:30:00",
    )  # fmt: skip
    with pytest.raises((InvalidState, ValidationFailed)):
        await ostiary.terms.accept(client, acceptance)


async def test_a_link_leads_a_client_to_the_page(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone())
    request = await ostiary.products.request(client, "cards_individuals")
    link = await ostiary.links.create(request)
    assert link.url
    assert [each.id for each in await ostiary.links.of(client)] == [link.id]
    await ostiary.links.revoke(client, link.id)
    assert (await ostiary.links.read(client, link.id)).status == "revoked"


async def test_the_catalogue_says_what_a_form_needs(ostiary: AsyncOstiary) -> None:
    catalogue = await ostiary.catalogue.read(country="ARG")
    assert "cards_individuals" in [product.id for product in catalogue.products]
    assert catalogue.limits.max_picture_bytes == 12_000_000
