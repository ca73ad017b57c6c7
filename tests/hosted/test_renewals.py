"""A renewal on the onboarding page: only what ran out is asked, and that nothing has changed is one button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ostiary.app import Installation
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.renewals.deadlines import DeadlineState
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS, day_of
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted.links import make_link
from ostiary.usecases.lifecycle.renewals import ask_renewal
from tests.hosted.desk import Browser, Guest, Hall, good
from tests.hosted.test_journeys import PASSPORT, sent_passport
from tests.http.running import installation
from tests.renewing import renewing_catalogue


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("renewals")
    with installation(folder, OSTIARY_CATALOGUE=str(renewing_catalogue(folder))) as parts:
        yield parts


async def enabled(hall: Hall, expires: str = "2099-01-01") -> Guest:
    """A client whose cards are enabled and due again, asked for by an operator."""
    guest = await hall.guest()
    browser = await guest.arrive()
    await sent_passport(browser, expiration_date=expires)
    await browser.send()
    await guest.judge(Decision.APPROVE)
    caller = await operator_for(hall.parts.context, guest.company.id, "test")
    await hall.do(caller, ask_renewal, guest.client.id, guest.requests[0].id, "An article.")
    return guest


async def arrived(hall: Hall, guest: Guest) -> Browser:
    """By a new link, which is for the request that is enabled."""
    caller = await operator_for(hall.parts.context, guest.company.id, "test")
    link = await hall.do(caller, make_link, guest.client.id, LinkWish(), lambda url, plain: None)
    guest.token, guest.browser = link.token, hall.browser()
    return await guest.arrive()


async def state_of_renewal(hall: Hall, guest: Guest) -> DeadlineState:
    caller = await operator_for(hall.parts.context, guest.company.id, "test")
    [deadline] = (await load_dossier(hall.parts.context, caller, guest.client.id)).deadlines
    return deadline.state


async def test_that_nothing_has_changed_is_one_button(hall: Hall) -> None:
    guest = await enabled(hall)
    browser = await arrived(hall, guest)
    assert (browser.path, browser.heading) == ("/onboarding/review", "Is this still right?")
    assert "From time to time it has to be checked" in browser.text
    assert "Please send it by" in browser.text
    assert "Nothing has changed" in browser.text
    await browser.send()
    assert (browser.path, browser.heading) == ("/onboarding/state", "We are looking at it")
    assert "Cards being looked at" in browser.text
    assert await state_of_renewal(hall, guest) is DeadlineState.SUBMITTED
    assert [each.status for each in await guest.now()] == [Status.ENABLED]
    await guest.judge(Decision.APPROVE)
    await browser.open("/onboarding/state")
    assert (browser.heading, "Cards accepted" in browser.text) == ("Done", True)
    assert await state_of_renewal(hall, guest) is DeadlineState.WAITING


async def test_only_the_document_that_runs_out_is_asked_for(hall: Hall) -> None:
    soon = day_of(hall.clock.now_ms() + 20 * DAY_MS)
    guest = await enabled(hall, str(soon))
    browser = await arrived(hall, guest)
    assert browser.path == "/onboarding/documents/1-identity_document"
    await browser.send({"kind": "passport"})
    await browser.send(picture=good(7))
    await browser.send({**PASSPORT, "number": "AB7654321"})
    assert browser.path == "/onboarding/review"
    await browser.send()
    assert await state_of_renewal(hall, guest) is DeadlineState.SUBMITTED


async def test_details_that_changed_are_changed_on_the_way(hall: Hall) -> None:
    guest = await enabled(hall)
    browser = await arrived(hall, guest)
    await browser.open("/onboarding/details/1-personal_information")
    await browser.send({"phone": "011 6886-0999"})
    assert (browser.path, browser.heading) == ("/onboarding/review", "Check and send")
    assert "Send everything" in browser.text
    await browser.send()
    assert await state_of_renewal(hall, guest) is DeadlineState.SUBMITTED


async def test_a_client_with_nothing_due_sees_that_all_is_done(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await sent_passport(browser)
    await browser.send()
    await guest.judge(Decision.APPROVE)
    browser = await arrived(hall, guest)
    assert (browser.path, browser.heading) == ("/onboarding/state", "Done")
