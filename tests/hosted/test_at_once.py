"""Two fingers, two tabs, a desktop and a phone: at once, on both engines, nothing is lost and nothing done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from ostiary.app import Installation
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted.links import list_links, revoke_link
from tests.hosted.desk import FIELD, ORIGIN, SESSION, Browser, Guest, Hall, good, hall_of
from tests.hosted.test_journeys import PASSPORT, sent_passport
from tests.http.running import installation
from tests.servers.postgresql import shared as shared_cluster

ABOUT_YOU = {"first_name": "Maria", "last_name": "Barber", "birth_date": "1984-11-21", "country": "ARG"}
TIMES = 5


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    settings = dict[str, str]()
    if request.param == "postgres":
        cluster = shared_cluster()
        database = cluster.create()
        settings["OSTIARY_DATABASE_URL"] = cluster.url(database)
    with installation(tmp_path_factory.mktemp(request.param), **settings) as parts:
        yield parts
    if settings:
        cluster.drop([database])


@pytest.fixture
async def both(engine: Installation) -> AsyncIterator[Hall]:
    async with hall_of(engine) as opened:
        yield opened
        await engine.store.release()


async def on_phone(guest: Guest) -> Browser:
    """A second browser of the same link: its session is the first one's, as a phone's is another one of it."""
    browser = guest.hall.browser()
    browser.http.cookies.set(SESSION, guest.browser.http.cookies[SESSION])
    await browser.open()
    return browser


async def posted(browser: Browser, path: str, fields: dict[str, str]) -> tuple[int, str]:
    given = {"form_token": FIELD.findall(browser.page.text)[-1], **fields}
    answer = await browser.http.post(path, data=given, headers={"origin": ORIGIN})
    return answer.status_code, answer.headers.get("location", "")


async def test_of_many_who_press_at_once_one_begins(both: Hall) -> None:
    guest = await both.guest()
    browsers = [both.browser() for _ in range(TIMES)]
    for browser in browsers:
        await browser.open(f"/onboarding/{guest.token}")
    answers = await asyncio.gather(*(browser.send() for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * (TIMES - 1)


async def test_a_desktop_and_a_phone_type_at_once_and_both_are_kept(both: Hall) -> None:
    guest = await both.guest()
    desktop = await guest.arrive()
    phone = await on_phone(guest)
    names = [(browser, f"Ana{at}") for at, browser in enumerate((desktop, phone) * TIMES)]
    answers = await asyncio.gather(
        *(posted(each, "/onboarding/details/1-about_you", {**ABOUT_YOU, "first_name": name}) for each, name in names)
    )
    assert set(answers) == {(303, "/onboarding/next")}
    assert (await stored(both, guest)).client.profile.first_name in {name for _, name in names}


async def test_a_document_and_a_submission_at_once_are_done_once(both: Hall) -> None:
    guest = await both.guest()
    desktop = await guest.arrive()
    await desktop.send({"kind": "passport"})
    await desktop.send(picture=good(61))
    details = {**PASSPORT, "kind": "passport"}
    where = "/onboarding/documents/1-identity_document/details"
    answers = await asyncio.gather(*(posted(desktop, where, details) for _ in range(TIMES)))
    assert set(answers) == {(303, "/onboarding/next")}
    phone = await on_phone(guest)
    await desktop.open()
    assert desktop.path == phone.path == "/onboarding/review"
    answers = await asyncio.gather(*(posted(each, "/onboarding/review", {}) for each in (desktop, phone) * TIMES))
    assert set(answers) == {(303, "/onboarding/next")}
    [request] = await guest.now()
    assert (request.status, request.attempt) == (Status.IN_KYC, 1)


async def test_who_is_revoked_while_submitting_has_submitted_or_not(both: Hall) -> None:
    guest = await both.guest()
    browser = await guest.arrive()
    await sent_passport(browser, seed=62)
    caller = await operator_for(both.parts.context, guest.company.id, "setup")
    [link] = await list_links(both.parts.context, caller, guest.client.id)
    answer, _ = await asyncio.gather(
        posted(browser, "/onboarding/review", {}), both.do(caller, revoke_link, guest.client.id, link.id)
    )
    [after] = await list_links(both.parts.context, caller, guest.client.id)
    assert after.status == "revoked", "whoever was first"
    [request] = await guest.now()
    assert (request.status is Status.IN_KYC) == (answer[0] == 303)
    await browser.open()
    assert browser.page.status_code == 401


async def stored(hall: Hall, guest: Guest) -> Dossier:
    caller = await operator_for(hall.parts.context, guest.company.id, "setup")
    return await load_dossier(hall.parts.context, caller, guest.client.id)
