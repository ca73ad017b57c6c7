"""What people who mean harm, and browsers that are odd, send to the page."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import httpx
import pytest

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.hosted.brand import Brand
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.times import HOUR_MS
from ostiary.hosted import allowance, services
from ostiary.hosted.forms.inputs import CHOOSE, AskedField
from ostiary.storage.stored.forms import encode
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted.brand import set_brand
from ostiary.usecases.hosted.sessions import PRESS_CHARACTERS, PRESSED_TWICE_MS
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.web.rate_limiter import RateLimiter
from tests.hosted.desk import FIELD, ORIGIN, SESSION, Hall, good, hall_of
from tests.hosted.test_journeys import PASSPORT, sent_passport
from tests.house import ACCOUNTS, CARDS
from tests.material import dark_picture

PRESSED = re.compile(r'name="press" value="([0-9a-f]{40})"')

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


async def test_a_button_pressed_twice_begins_once_and_lets_in(hall: Hall) -> None:
    """The browser gave up the first answer, and its cookie with it."""
    guest = await hall.guest()
    browser = guest.browser
    await browser.open(f"/onboarding/{guest.token}")
    form = {"form_token": FIELD.findall(browser.page.text)[-1], "press": PRESSED.findall(browser.page.text)[0]}
    first, second = await asyncio.gather(*(post(hall, guest.token, form) for _ in range(2)))
    assert first.status_code == second.status_code == 303
    assert first.cookies[SESSION] == second.cookies[SESSION]
    other = {**form, "press": "0" * PRESS_CHARACTERS}
    assert [(await post(hall, guest.token, each)).status_code for each in (other, {**form, "press": ""})] == [410, 410]
    hall.clock.ahead_ms += PRESSED_TWICE_MS
    assert (await post(hall, guest.token, form)).status_code == 410


async def post(hall: Hall, token: str, form: dict[str, str]) -> httpx.Response:
    return await hall.browser().http.post(f"/onboarding/{token}", data=form, headers={"origin": ORIGIN})


async def test_who_leaves_is_told_that_he_did(hall: Hall) -> None:
    browser = await (await hall.guest()).arrive()
    await browser.send(to="/onboarding/leave")
    assert (browser.page.status_code, browser.heading) == (200, "You have left")
    assert "ask the company that sent you here for a new link" in browser.text


async def test_a_picture_is_of_the_document_that_its_page_names(hall: Hall) -> None:
    browser = await (await hall.guest()).arrive()
    choice = browser.page
    await browser.send({"kind": "passport"})
    front = browser.page
    browser.page = choice
    await browser.send({"kind": "national_id"})
    browser.page = front
    await browser.send({"kind": "passport"}, picture=good(32))
    assert browser.path.endswith("/details")
    assert "Passport" in browser.text
    browser.http.cookies.delete("ostiary_draft")
    browser.page = front
    await browser.send({"kind": "passport"}, picture=good(33))
    assert browser.path.endswith("/details"), "a draft of another step took its place"


async def test_one_link_sends_only_so_many_pictures(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PICTURES_AN_HOUR", 2)
    async with hall_of(hall.parts) as own:
        await sends_too_many(own)


async def sends_too_many(hall: Hall) -> None:
    browser = await (await hall.guest()).arrive()
    await browser.send({"kind": "passport"})
    page = browser.page
    for _ in range(3):
        browser.page = page
        await browser.send({"kind": "passport"}, picture=dark_picture(34))
    assert browser.page.status_code == 422
    assert "Very much was sent within an hour." in browser.text


def test_an_hour_later_there_is_room_again() -> None:
    counted = allowance.Allowance(allowance.PICTURES_AN_HOUR)
    taken = [counted.takes("a", at) for at in range(allowance.PICTURES_AN_HOUR + 1)]
    assert taken == [True] * allowance.PICTURES_AN_HOUR + [False]
    assert counted.takes("b", 5)
    assert not counted.takes("a", HOUR_MS - 1)
    assert counted.takes("a", HOUR_MS)


def test_no_more_links_are_counted_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_LINKS", 2)
    counted = allowance.Allowance(1)
    assert [counted.takes(each, 1) for each in "abca"] == [True, True, True, True]
    assert not counted.takes("c", 1)


async def test_two_companies_brands_have_two_addresses(hall: Hall) -> None:
    places = set()
    for _ in range(2):
        guest = await hall.guest()
        caller = await operator_for(hall.parts.context, guest.company.id, "setup")
        await hall.do(caller, set_brand, Brand(name="Bank"))
        browser = await guest.arrive()
        places |= set(re.findall(r'href="(/onboarding/brand/style\?v=\w+)"', browser.page.text))
    assert len(places) == 2


@pytest.mark.parametrize("host", ["a" * 3_000, 'evil"><script>', "a b", "evil.example/x?"])
async def test_a_code_leads_to_no_host_that_is_none(hall: Hall, host: str) -> None:
    browser = await (await hall.guest()).arrive()
    fields = {"form_token": FIELD.findall(browser.page.text)[-1]}
    headers = {"host": host, "sec-fetch-site": "same-origin"}
    answer = await browser.http.post("/onboarding/phone", data=fields, headers=headers)
    assert (answer.status_code, "<svg" in answer.text) == (400, False)


async def test_marks_that_nobody_sees_are_not_typed(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await browser.open("/onboarding/details/1-about_you")
    await browser.send({**ABOUT_YOU, "first_name": "A\u200bn\u202ea", "last_name": ""})
    assert 'value="A\u200bn\u202ea"' in browser.page.text, "as it was typed, and not as an escape that could be sent"
    await browser.send({**ABOUT_YOU, "first_name": "A\u200bn\u202ea\u2066"})
    await browser.open("/onboarding/details/1-about_you")
    assert 'value="Ana"' in browser.page.text


@pytest.mark.parametrize("typed", ["9" * 18, "-" + "9" * 18])
def test_a_whole_number_is_one_that_can_be_stored(typed: str) -> None:
    asked = AskedField("count", Field("count", "Count", DataType.INTEGER), "ARG", "en")
    assert asked.values(typed) == {"count": int(typed)}
    assert encode(int(typed))
    assert isinstance(asked.values(f"{typed}9"), str), "and no other one, which would break on its way"


async def test_a_form_counts_once_for_its_link(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await (await hall.guest()).arrive()
    fields = {"form_token": FIELD.findall(browser.page.text)[-1]}
    counted = list[str]()
    monkeypatch.setattr(RateLimiter, "count", lambda limiter, who, now_ms: counted.append(who))
    await browser.http.post("/onboarding/language", data=fields, headers={"origin": ORIGIN})
    assert [who.split()[0] for who in counted] == ["hosted", "link"]


async def test_one_link_changes_details_only_so_often(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CHANGES_AN_HOUR", 1)
    async with hall_of(hall.parts) as own:
        browser = await (await own.guest()).arrive()
        for name in ("Ana", "Eva"):
            await browser.open("/onboarding/details/1-about_you")
            await browser.send({**ABOUT_YOU, "first_name": name})
        assert browser.page.status_code == 422
        assert "Very much was sent within an hour." in browser.text
        assert 'value="Eva"' in browser.page.text


async def test_a_document_that_is_sent_twice_is_kept_once(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await browser.send({"kind": "passport"})
    await browser.send(picture=good(41))
    details, draft = browser.page, browser.http.cookies["ostiary_draft"]
    for _ in range(3):
        browser.page = details
        browser.http.cookies.set("ostiary_draft", draft)
        await browser.send({**PASSPORT, "kind": "passport"})
        assert browser.path == "/onboarding/review"
    caller = await operator_for(hall.parts.context, guest.company.id, "setup")
    dossier = await load_dossier(hall.parts.context, caller, guest.client.id)
    assert len(dossier.documents) == 1


async def test_who_was_not_led_on_sends_the_details_again_and_is_asked_for_no_picture(hall: Hall) -> None:
    """The answer came, the page after it did not: the browser keeps nothing of the document any more."""
    browser = await (await hall.guest()).arrive()
    await browser.send({"kind": "passport"})
    await browser.send(picture=good(42))
    details = browser.page
    await browser.send({**PASSPORT, "kind": "passport"})
    assert "ostiary_draft" not in browser.http.cookies
    browser.page = details
    await browser.send({**PASSPORT, "kind": "passport"})
    assert browser.path == "/onboarding/review"
    browser.page = details
    await browser.send({**PASSPORT, "number": "XY1234567", "kind": "passport"})
    assert browser.path.endswith("/front"), "that is another document"


NAMED = b'Content-Disposition: form-data; name="image_front"; filename='


@pytest.mark.parametrize(("head", "status"), [
    (NAMED + b'"../../etc/passwd"', 303), (NAMED + b'"' + b"a" * 7_000 + b'"', 303),
    (NAMED + b'"' + b"a" * 70_000 + b'"', 400), (b"Content-Disposition: form-data", 400), (b"X: y", 400),
    (b"X: y\r\n" * 50 + NAMED + b'"a"', 400), (NAMED.replace(b"image_front", b"image_inside") + b'"a"', 422),
    (NAMED.replace(b"image_front", b"image_front\xff") + b'"a"', 422),
    (NAMED.replace(b"image_front", b"form_token") + b'"a"', 400),
])  # fmt: skip
async def test_a_part_is_what_its_name_says_whatever_the_file_is_called(hall: Hall, head: bytes, status: int) -> None:
    browser = await (await hall.guest()).arrive()
    await browser.send({"kind": "passport"})
    token = FIELD.findall(browser.page.text)[-1].encode()
    parts = [(b'Content-Disposition: form-data; name="form_token"', token), (head, good(43))]
    body = b"".join(b"--e\r\n%s\r\n\r\n%s\r\n" % part for part in parts) + b"--e--\r\n"
    headers = {"origin": ORIGIN, "content-type": "multipart/form-data; boundary=e"}
    answer = await browser.http.post("/onboarding/documents/1-identity_document/front", content=body, headers=headers)
    assert (answer.status_code, "<h1>" in answer.text) == (status, status != 303)


@pytest.mark.parametrize("to", ["/onboarding/stay", "/onboarding/leave", "/onboarding/language"])
async def test_who_is_here_no_more_finds_the_way_in_each_language(hall: Hall, to: str) -> None:
    guest = await hall.guest(wish=LinkWish(refresh_url="https://bank.example/again"))
    browser = await guest.arrive()
    hall.clock.ahead_ms += HOUR_MS
    await browser.send(to=to)
    assert browser.page.status_code == 401
    [spanish] = re.findall(r'href="([^"]*\?language=es)"', browser.page.text)
    await browser.open(str(browser.page.url.join(spanish)))
    assert (browser.page.status_code, browser.heading) == (401, "Su sesión ha terminado")
    await browser.open("/onboarding")
    assert 'href="https://bank.example/again"' in browser.page.text, "where a page that knows nobody leads on to"


async def test_a_browser_that_keeps_no_cookies_is_told_so_and_comes_in_once_it_does(hall: Hall) -> None:
    guest = await hall.guest()
    browser = guest.browser
    await browser.open(f"/onboarding/{guest.token}")
    landing = browser.page
    answer = await browser.http.post(
        str(landing.url),
        data={"form_token": FIELD.findall(landing.text)[-1], "press": PRESSED.findall(landing.text)[0]},
        headers={"origin": ORIGIN},
    )
    browser.http.cookies.clear()
    await browser.open(answer.headers["location"])
    assert (browser.page.status_code, browser.heading) == (401, "Your browser keeps no cookies")
    browser.page = landing
    await browser.send({"press": PRESSED.findall(landing.text)[0]})
    assert browser.path == "/onboarding/documents/1-identity_document"
