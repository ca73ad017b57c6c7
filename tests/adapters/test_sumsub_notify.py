"""Telling Sumsub of a submission: one applicant, each document once, one check, whatever fails in between."""

from __future__ import annotations

from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from ostiary.adapters.providers.sumsub import Sumsub, requests
from ostiary.domain.providers.provider import ProviderRefused, ProviderSubmission, ProviderUnavailable
from tests.adapters.sumsub_server import (
    BILL,
    NATIONAL_ID,
    REFERENCE,
    SECRET,
    Applicant,
    FakeSumsub,
    Fault,
    Pictures,
    document,
    settings,
    submission,
    sumsub,
)
from tests.material import NOW_MS, profile

DAY_LATER_MS = NOW_MS + 86_400_000
REQUESTS_OF_A_FIRST = 6
"""Find, create, three pictures, check."""
REQUESTS_OF_ANOTHER = 9
"""Find, list pictures, update in two, put two pictures aside, upload two, check."""


@asynccontextmanager
async def connected(fake: FakeSumsub, **changes: Any) -> AsyncIterator[Sumsub]:
    provider = Sumsub(settings(fake.url, **changes))
    try:
        yield provider
    finally:
        await provider.close()


async def notify(fake: FakeSumsub, sent: ProviderSubmission, pictures: Pictures | None = None, **changes: Any) -> str:
    async with connected(fake, **changes) as provider:
        return await provider.notify(sent, pictures or Pictures())


def names(applicant: Applicant) -> list[str]:
    return [image.name for image in applicant.active()]


def judged(applicant: Applicant, at: str, **result: str | list[str]) -> None:
    """The check ends with this result."""
    applicant.status, applicant.result, applicant.reviewed = "completed", dict(result), at
    applicant.attempt += 1


METADATA = [
    {
        "idDocType": "ID_CARD",
        "country": "ARG",
        "idDocSubType": "FRONT_SIDE",
        "number": "AB1234567",
        "validUntil": "2031-05-01",
    },
    {
        "idDocType": "ID_CARD",
        "country": "ARG",
        "idDocSubType": "BACK_SIDE",
        "number": "AB1234567",
        "validUntil": "2031-05-01",
    },
    {"idDocType": "UTILITY_BILL", "country": "ARG", "issuedDate": "2026-03-01"},
]
"""Of the pictures of a first submission, in their order."""


async def test_a_submission_makes_an_applicant_with_its_documents_and_requests_the_check() -> None:
    pictures = Pictures()
    async with sumsub() as fake:
        applicant_id = await notify(fake, submission(), pictures)
    applicant = fake.of(REFERENCE)
    assert (applicant_id, applicant.level, applicant.status, applicant.checks) == (
        applicant.id,
        "id and poa",
        "pending",
        1,
    )
    assert applicant.details == {
        "externalUserId": REFERENCE,
        "type": "individual",
        "email": "mjuliabarber@example.com",
        "phone": "+541168860622",
        "fixedInfo": {
            "firstName": "Maria",
            "middleName": "Julia",
            "lastName": "Barber",
            "dob": "1984-11-21",
            "country": "ARG",
            "addresses": [
                {"street": "Florida 9860", "town": "Del Viso", "state": "B", "postCode": "1669", "country": "ARG"}
            ],
        },
    }
    assert [image.metadata for image in applicant.images] == METADATA
    assert names(applicant) == [
        f"national_id.image_front.{NATIONAL_ID.id}.jpg",
        f"national_id.image_back.{NATIONAL_ID.id}.jpg",
        f"utility_bill.image_front.{BILL.id}.jpg",
    ]
    for image, (document_id, side) in zip(applicant.images, pictures.asked, strict=True):
        assert image.content == await Pictures().content(document_id, side)
    assert len(fake.calls) == REQUESTS_OF_A_FIRST


async def test_what_is_not_known_of_a_client_is_left_out() -> None:
    bare = profile(second_name=None, phone_number=None, address={"state": None, "postal_code": None})
    async with sumsub() as fake:
        await notify(fake, submission(profile=bare))
    applicant = fake.of(REFERENCE)
    assert "phone" not in applicant.details
    assert "middleName" not in applicant.details["fixedInfo"]
    assert applicant.details["fixedInfo"]["addresses"] == [
        {"street": "Florida 9860", "town": "Del Viso", "country": "ARG"}
    ]


async def test_a_telephone_number_is_sent_as_it_is_dialled() -> None:
    async with sumsub() as fake:
        await notify(fake, submission(profile=profile(phone_country_code=39, phone_number=612345678)))
    assert fake.of(REFERENCE).details["phone"] == "+390612345678"


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("at", range(REQUESTS_OF_A_FIRST))
async def test_a_submission_repeated_after_any_failure_ends_the_same(at: int, fault: Fault) -> None:
    # for what does not hang the usual patience: a slow machine is no fault of theirs
    patience: dict[str, Any] = {"timeout_s": 0.5} if fault is Fault.HANGS else {}
    async with sumsub(faults={at: fault}) as fake:
        for _ in range(5):
            try:
                await notify(fake, submission(), **patience)
                break
            except (ProviderUnavailable, ProviderRefused):
                continue
        else:
            pytest.fail("it never went through")
        assert await notify(fake, submission()) == fake.of(REFERENCE).id
    assert (len(names(fake.of(REFERENCE))), len(fake.of(REFERENCE).images)) == (3, 3)
    assert len(set(names(fake.of(REFERENCE)))) == 3
    assert (fake.of(REFERENCE).checks, fake.of(REFERENCE).status) == (1, "pending")


async def test_an_applicant_that_another_process_makes_at_once_is_found() -> None:
    async with sumsub() as fake:
        fake.applicants["a"] = Applicant("a", "id and poa", {"externalUserId": REFERENCE, "fixedInfo": {}})
        fake.hidden = 1
        assert await notify(fake, submission()) == "a"
        fake.hidden = 2
        with pytest.raises(ProviderUnavailable, match="cannot be found"):
            await notify(fake, submission())
    assert fake.of(REFERENCE).checks == 1


@pytest.mark.parametrize("status", ["pending", "queued", "prechecked", "onHold", "awaitingUser", "awaitingService"])
async def test_a_check_that_runs_already_is_not_requested_again(status: str) -> None:
    async with sumsub() as fake:
        await notify(fake, submission())
        fake.of(REFERENCE).status = status
        await notify(fake, submission())
        other = submission(BILL, document("passport", 12))
        with pytest.raises(ProviderUnavailable, match="earlier submission"):
            await notify(fake, other)
    assert fake.of(REFERENCE).checks == 1


async def test_a_verdict_since_the_submission_is_enough_even_when_pictures_were_put_aside() -> None:
    async with sumsub() as fake:
        await notify(fake, submission())
        judged(fake.of(REFERENCE), "2026-04-15 10:31:00+0000", reviewAnswer="RED", reviewRejectType="RETRY")
        fake.of(REFERENCE).images[0].deactivated = True
        await notify(fake, submission())
    assert (fake.of(REFERENCE).checks, len(fake.of(REFERENCE).images)) == (1, 3)


async def test_another_attempt_updates_the_applicant_replaces_documents_and_requests_another_check() -> None:
    async with sumsub() as fake:
        await notify(fake, submission())
        judged(fake.of(REFERENCE), "2026-04-15 10:31:00+0000", reviewAnswer="RED", reviewRejectType="RETRY")
        newer = document("national_id", 99, "image_front", "image_back")
        again = submission(
            newer, BILL, attempt=2, submitted_at_ms=DAY_LATER_MS, profile=profile(last_name="Barbera", email="m@b.c")
        )
        assert await notify(fake, again) == fake.of(REFERENCE).id
    applicant = fake.of(REFERENCE)
    assert (applicant.details["fixedInfo"]["lastName"], applicant.details["email"]) == ("Barbera", "m@b.c")
    assert names(applicant) == [
        f"utility_bill.image_front.{BILL.id}.jpg",
        f"national_id.image_front.{newer.id}.jpg",
        f"national_id.image_back.{newer.id}.jpg",
    ]
    assert (applicant.checks, applicant.status) == (2, "pending")


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.CLOSED, Fault.LOST, Fault.LOST_ERROR])
@pytest.mark.parametrize("at", range(REQUESTS_OF_ANOTHER))
async def test_another_attempt_repeated_after_any_failure_ends_the_same(at: int, fault: Fault) -> None:
    newer = document("national_id", 99, "image_front", "image_back")
    again = submission(newer, BILL, attempt=2, submitted_at_ms=DAY_LATER_MS)
    async with sumsub() as fake:
        await notify(fake, submission())
        judged(fake.of(REFERENCE), "2026-04-15 10:31:00+0000", reviewAnswer="RED", reviewRejectType="RETRY")
        fake.faults[len(fake.calls) + at] = fault
        with suppress(ProviderUnavailable):  # a request that only reads or deletes is repeated by the client itself
            await notify(fake, again)
        await notify(fake, again)
        requests_of_a_repeat = len(fake.calls)
        await notify(fake, again)
        assert len(fake.calls) - requests_of_a_repeat == 2  # finds that all is done
    applicant = fake.of(REFERENCE)
    assert sorted(names(applicant)) == [
        f"national_id.image_back.{newer.id}.jpg",
        f"national_id.image_front.{newer.id}.jpg",
        f"utility_bill.image_front.{BILL.id}.jpg",
    ]
    assert (len(applicant.images), applicant.checks) == (5, 2)


async def test_two_processes_that_tell_of_the_same_submission_request_one_check() -> None:
    async with sumsub(knows_bytes=True) as fake:
        await gather(notify(fake, submission()), notify(fake, submission()), return_exceptions=True)
        await notify(fake, submission())
    assert (len(fake.of(REFERENCE).images), fake.of(REFERENCE).checks) == (3, 1)


async def test_a_review_without_a_date_is_no_verdict_on_this_submission() -> None:
    async with sumsub() as fake:
        await notify(fake, submission())
        judged(fake.of(REFERENCE), "", reviewAnswer="RED", reviewRejectType="RETRY")
        await notify(fake, submission(attempt=2, submitted_at_ms=DAY_LATER_MS))
    assert fake.of(REFERENCE).checks == 2


async def test_pictures_that_came_another_way_are_left_alone() -> None:
    async with sumsub() as fake:
        await notify(fake, submission())
        applicant = fake.of(REFERENCE)
        judged(applicant, "2026-04-15 10:31:00+0000", reviewAnswer="RED", reviewRejectType="RETRY")
        applicant.images.append(
            replace(applicant.images[0], id="77", name="selfie.from.somewhere.jpg", content=b"other")
        )
        await notify(fake, submission(attempt=2, submitted_at_ms=DAY_LATER_MS))
    assert "selfie.from.somewhere.jpg" in names(applicant)
    assert (len(applicant.images), applicant.checks) == (4, 2)


async def test_the_very_same_bytes_being_there_is_as_good_as_uploading_them() -> None:
    """As when Sumsub should not keep the names of files: then nothing is recognised, and each is uploaded again."""
    async with sumsub(faults={5: Fault.ERROR}, knows_bytes=True) as fake:
        with pytest.raises(ProviderUnavailable):
            await notify(fake, submission())
        for image in fake.of(REFERENCE).images:
            image.name = "image.jpg"
        await notify(fake, submission())
    assert (len(fake.of(REFERENCE).images), fake.of(REFERENCE).checks) == (3, 1)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (submission(product="loans"), "no level for the product loans"),
        (submission(document("hunting_license", 10)), "no word for the document type hunting_license"),
    ],
    ids=["a product without a level", "a document type without a word"],
)
async def test_what_is_not_configured_is_refused_before_anything_is_sent(sent: ProviderSubmission, why: str) -> None:
    async with sumsub() as fake:
        with pytest.raises(ProviderRefused, match=why):
            await notify(fake, sent)
    assert fake.calls == []


async def test_a_level_that_sumsub_does_not_know_is_refused() -> None:
    async with sumsub(levels=()) as fake:
        with pytest.raises(ProviderRefused, match="answers 400"):
            await notify(fake, submission())


async def test_an_applicant_that_was_rejected_for_good_is_refused_with_sumsubs_number() -> None:
    async with sumsub() as fake:
        await notify(fake, submission())
        judged(fake.of(REFERENCE), "2026-04-15 10:31:00+0000", reviewAnswer="RED", reviewRejectType="FINAL")
        with pytest.raises(
            requests.SumsubRefused, match="answers 409, error 1009, correlation req-7f5e-41cd"
        ) as refused:
            await notify(fake, submission(document("passport", 12), submitted_at_ms=DAY_LATER_MS))
    assert (refused.value.status, refused.value.error_code) == (409, 1009)


async def test_a_check_that_is_refused_for_another_reason_is_refused() -> None:
    async with sumsub() as fake, connected(fake) as provider:
        with pytest.raises(ProviderRefused, match="answers 409, error none"):
            await provider.notify(replace(submission(), documents=()), Pictures())
    assert fake.of(REFERENCE).checks == 0


async def test_a_wrong_secret_is_worth_another_try_because_somebody_will_mend_it() -> None:
    async with sumsub() as fake:
        provider = Sumsub(settings(fake.url, secret_key=SECRET + "!"))
        with pytest.raises(ProviderUnavailable, match="answers 401") as away:
            await provider.notify(submission(), Pictures())
        await provider.close()
    assert away.value.status == 401
