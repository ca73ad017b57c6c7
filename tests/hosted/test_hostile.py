"""What people who mean harm, and browsers that are odd, send to the page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.hosted.forms.inputs import CHOOSE, AskedField
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.onboarding.submit import submit_product
from tests.hosted.desk import FIELD, ORIGIN, Hall, good, hall_of
from tests.hosted.test_journeys import sent_passport
from tests.house import ACCOUNTS, CARDS

ABOUT_YOU = {"first_name": "Maria", "last_name": "Barber", "birth_date": "1984-11-21", "country": "ARG"}


@pytest.mark.parametrize("language", ["en%0d%0aX-Evil:%20yes", "es;%20Domain=evil.example", "xx", "%C3%A9"])
async def test_no_address_writes_into_a_cookie(hall: Hall, language: str) -> None:
    guest = await hall.guest()
    browser = guest.browser
    await browser.open(f"/onboarding/{guest.token}")
    fields = {"form_token": FIELD.findall(browser.page.text)[-1]}
    answer = await browser.http.post(
        f"/onboarding/{guest.token}?language={language}", data=fields, headers={"origin": ORIGIN}
    )
    assert answer.status_code == 303
    assert not any("ostiary_language" in each for each in answer.headers.get_list("set-cookie"))


async def test_a_language_that_nobody_chose_is_not_kept_for_the_next_link(hall: Hall) -> None:
    guest = await hall.guest()
    await guest.arrive()
    assert "ostiary_language" not in guest.browser.http.cookies
    chosen = await hall.guest()
    await chosen.browser.open(f"/onboarding/{chosen.token}?language=es")
    await chosen.browser.send()
    assert chosen.browser.http.cookies["ostiary_language"] == "es"


@pytest.mark.parametrize("value", [b"Mar\xff", b"Mar\0ia"])
async def test_a_part_that_is_no_text_is_refused(hall: Hall, value: bytes) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    token = FIELD.findall(browser.page.text)[-1]
    fields = {"form_token": token, **ABOUT_YOU}
    parts = {name: (None, text) for name, text in fields.items()} | {"first_name": (None, value)}
    answer = await browser.http.post("/onboarding/details/1-about_you", files=parts, headers={"origin": ORIGIN})
    assert (answer.status_code, "<h1>" in answer.text) == (400, True)


@pytest.mark.parametrize("typed", ["maybe", "True", "1", "yes"])
def test_yes_or_no_is_nothing_else(typed: str) -> None:
    asked = AskedField("citizen", Field("citizen", "Citizen", DataType.BOOLEAN), "ARG", "en")
    assert [asked.values(each) for each in (typed, "true", "false")] == [CHOOSE, {"citizen": True}, {"citizen": False}]


async def test_without_room_the_page_says_whom_to_ask(hall: Hall) -> None:
    parts = replace(hall.parts, context=replace(hall.parts.context, quota_bytes=10))
    async with hall_of(parts) as own:
        browser = await (await own.guest()).arrive()
        await browser.send({"kind": "passport"})
        await browser.send(picture=good(31))
        assert browser.heading == "The company has no room for documents"
        assert "Tell the company that sent you here" in browser.text


async def test_what_another_request_is_looked_at_for_says_so_beside_it(hall: Hall) -> None:
    guest = await hall.guest(CARDS, ACCOUNTS)
    browser = await guest.arrive()
    await sent_passport(browser)
    caller = await operator_for(hall.parts.context, guest.company.id, "setup")
    await hall.do(caller, submit_product, guest.client.id, guest.requests[0].id)
    await browser.open("/onboarding/details/1-about_you")
    await browser.send({**ABOUT_YOU, "first_name": "Ana"})
    assert browser.page.status_code == 422
    assert "This is being looked at and stays as it is until that is done. Come back then." in browser.text
    assert 'value="Ana"' in browser.page.text
