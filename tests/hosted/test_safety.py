"""The page reaches what its link is about, for who came by it, and from pages of its own; nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.ids import LENGTH
from ostiary.domain.times import HOUR_MS
from ostiary.hosted.table import TABLE, actions_at
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted.links import make_link
from ostiary.usecases.onboarding.products import request_product
from tests.hosted.desk import ORIGIN, SESSION, Guest, Hall, good, hall_of
from tests.hosted.test_journeys import PASSPORT, sent_passport
from tests.house import ACCOUNTS

MOST_FIRST_LOAD_BYTES = 100_000
ID = re.compile(rf"\b0[A-Za-z0-9]{{{LENGTH - 1}}}\b")
OVER = "Your session has ended"


async def test_a_scanner_that_looks_first_burns_no_link(hall: Hall) -> None:
    guest = await hall.guest()
    for method in ("GET", "HEAD", "GET"):
        answer = await hall.browser().http.request(method, f"/onboarding/{guest.token}")
        assert (answer.status_code, answer.headers.get("set-cookie")) == (200, None)
    browser = await guest.arrive()
    assert browser.path == "/onboarding/documents/1-identity_document"


async def test_a_link_works_once_but_who_is_here_goes_on(hall: Hall) -> None:
    guest = await hall.guest(wish=LinkWish(refresh_url="https://bank.example/again", state="7"))
    browser = await guest.arrive()
    await browser.open(f"/onboarding/{guest.token}")
    assert browser.path == "/onboarding/documents/1-identity_document"
    stranger = hall.browser()
    await stranger.open(f"/onboarding/{guest.token}")
    assert (stranger.page.status_code, stranger.heading) == (410, "This link was used already")
    assert 'href="https://bank.example/again?state=7"' in stranger.page.text
    assert await refuses(stranger.http, f"/onboarding/{guest.token}") == 403, "without the token of its form"


async def refuses(http: httpx.AsyncClient, path: str, **fields: str) -> int:
    answer = await http.post(path, data={"x": "y", **fields}, headers={"origin": ORIGIN})
    return answer.status_code


@pytest.mark.parametrize(("tag", "heading", "whom"), [
    ("en", "This link is too old", "Whom to ask: Acme Bank."),
    ("es", "Este enlace es demasiado antiguo", "A quién preguntar: Acme Bank."),
    ("pt", "Este link é antigo demais", "A quem perguntar: Acme Bank."),
])  # fmt: skip
async def test_what_is_wrong_with_a_link_is_said_in_the_readers_language(
    hall: Hall, tag: str, heading: str, whom: str
) -> None:
    guest = await hall.guest()
    hall.clock.ahead_ms += 2 * HOUR_MS
    browser = hall.browser(**{"accept-language": tag})
    await browser.open(f"/onboarding/{guest.token}")
    assert (browser.page.status_code, browser.heading) == (410, heading)
    assert whom in browser.text
    assert browser.page.headers["content-language"] == tag


async def test_the_links_language_counts_before_the_browsers_and_a_choice_before_both(hall: Hall) -> None:
    guest = await hall.guest(wish=LinkWish(language="pt"))
    browser = await guest.arrive()
    assert browser.page.headers["content-language"] == "pt"
    await browser.send({"language": "es", "next": browser.path}, to="/onboarding/language")
    assert browser.page.headers["content-language"] == "es"
    await browser.send({"language": "xx", "next": "https://evil.example"}, to="/onboarding/language")
    assert browser.page.headers["content-language"] == "es"


async def test_a_session_that_ends_midway_loses_nothing(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await browser.send({"kind": "passport"})
    await browser.send(picture=good(20))
    hall.clock.ahead_ms += HOUR_MS + 1
    await browser.send(PASSPORT)
    assert (browser.page.status_code, browser.heading) == (401, OVER)
    guest.token = await another_link(hall, guest)
    await guest.arrive()
    await sent_passport(browser)
    assert browser.path == "/onboarding/review"
    hall.clock.ahead_ms += HOUR_MS + 1
    assert await status_of(browser.http, "/onboarding/review") == 401
    guest.token = await another_link(hall, guest)
    await guest.arrive()
    assert browser.path == "/onboarding/review", "what was handed in is there"


async def another_link(hall: Hall, guest: Guest) -> str:
    caller = await operator_for(hall.parts.context, guest.company.id, "setup")
    link = await hall.do(caller, make_link, guest.client.id, LinkWish(), lambda url, plain: None)
    return str(link.token)


async def status_of(http: httpx.AsyncClient, path: str) -> int:
    return (await http.get(path)).status_code


async def test_whoever_stays_goes_on_and_whoever_leaves_does_not(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    for _ in range(3):
        hall.clock.ahead_ms += HOUR_MS - 60_000
        await browser.send({"next": browser.path}, to="/onboarding/stay")
        assert browser.path == "/onboarding/documents/1-identity_document"
    await browser.send(to="/onboarding/leave")
    assert (browser.page.status_code, browser.heading) == (200, "You have left")
    await browser.open()
    assert browser.page.status_code == 401


async def test_waiting_does_not_keep_a_session(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await sent_passport(browser)
    await browser.send()
    for _ in range(6):
        hall.clock.ahead_ms += 11 * 60_000
        await browser.open("/onboarding/state")
    assert browser.heading == OVER


async def test_two_tabs_disturb_nothing(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    choice = browser.page
    await sent_passport(browser)
    browser.page = choice
    await browser.send({"kind": "national_id"})
    assert browser.path.endswith("/front"), "another document instead"
    await browser.open()
    assert browser.path == "/onboarding/review"
    review = browser.page
    await browser.send()
    browser.page = review
    await browser.send()
    assert browser.path == "/onboarding/state", "sent twice is sent once"
    browser.page = choice
    await browser.send({"kind": "passport"})
    assert browser.path == "/onboarding/state"


@pytest.mark.parametrize("tag", ["xx", "es%0d%0aSet-Cookie:%20x=y", "es%00", ""])
async def test_no_language_but_an_offered_one_comes_into_a_cookie(hall: Hall, tag: str) -> None:
    guest = await hall.guest()
    await guest.browser.open(f"/onboarding/{guest.token}")
    await guest.browser.send(to=f"/onboarding/{guest.token}?language={tag}")
    answers = [*guest.browser.page.history, guest.browser.page]
    assert not [each for each in answers if "ostiary_language" in each.headers.get("set-cookie", "")]


async def test_of_two_who_press_the_button_one_begins(hall: Hall) -> None:
    guest = await hall.guest()
    first, second = hall.browser(), hall.browser()
    for browser in (first, second):
        await browser.open(f"/onboarding/{guest.token}")
    await first.send()
    await second.send()
    assert (first.page.status_code, second.page.status_code) == (200, 410)


@pytest.mark.parametrize("path", [
    "/onboarding/documents/2-identity_document", "/onboarding/documents/1-proof_of_address",
    "/onboarding/details/2-personal_information", "/onboarding/details/1-financial_profile",
    "/onboarding/documents/1-identity_document/inside", "/onboarding/documents/x", "/onboarding/details/%2e%2e",
    "/onboarding/static/nothing.css", "/onboarding/a/b/c/d", "/onboarding/nothing",
])  # fmt: skip
async def test_nothing_is_reached_but_what_the_link_asks_for(hall: Hall, path: str) -> None:
    guest = await hall.guest()
    caller = await operator_for(hall.parts.context, guest.company.id, "setup")
    await hall.do(caller, request_product, guest.client.id, ACCOUNTS)
    browser = await guest.arrive()
    await browser.send({"kind": "passport"})
    assert await status_of(browser.http, path) == 404


async def test_another_clients_session_and_draft_reach_nothing(hall: Hall) -> None:
    mine, other = await hall.guest(), await hall.guest()
    browser, stranger = await mine.arrive(), await other.arrive()
    await browser.send({"kind": "passport"})
    stranger.http.cookies.set("ostiary_draft", browser.http.cookies["ostiary_draft"])
    await stranger.open("/onboarding/documents/1-identity_document/front")
    assert stranger.path == "/onboarding/documents/1-identity_document", "it is not theirs"
    theirs = re.findall(r'name="form_token" value="(\w+)"', stranger.page.text)[-1]
    assert await refuses(browser.http, "/onboarding/review", form_token=theirs) == 403


POSTS = [
    each.path.replace("{place}", "1-identity_document").replace("{side}", "front")
    for each in TABLE
    if each.method == "POST" and "{token}" not in each.path
]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(("headers", "token"), [
    ({"origin": "https://evil.example"}, True), ({}, True), ({"origin": ORIGIN, "sec-fetch-site": "cross-site"}, True),
    ({"origin": ORIGIN}, False),
])  # fmt: skip
async def test_a_form_counts_only_from_a_page_of_this_session(
    hall: Hall, path: str, headers: dict[str, str], token: bool
) -> None:
    browser = await (await hall.guest()).arrive()
    own = re.findall(r'name="form_token" value="(\w+)"', browser.page.text)[-1]
    answer = await browser.http.post(path, data={"form_token": own if token else "0" * 64}, headers=headers)
    assert answer.status_code == 403
    assert (await hall.browser().http.post(path, headers={"origin": ORIGIN})).status_code == 401


@pytest.mark.parametrize(("body", "media_type", "status"), [
    (b"{}", "application/json", 415), (b"x", "multipart/form-data", 400),
    (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
    (b"a=%00", "application/x-www-form-urlencoded", 400), (b"--e\r\n", "multipart/form-data; boundary=e", 400),
])  # fmt: skip
async def test_a_hostile_form_is_a_page_with_words(hall: Hall, body: bytes, media_type: str, status: int) -> None:
    browser = await (await hall.guest()).arrive()
    headers = {"origin": ORIGIN, "content-type": media_type}
    answer = await browser.http.post("/onboarding/documents/1-identity_document/front", content=body, headers=headers)
    assert answer.status_code == status
    assert "<h1>" in answer.text


async def test_too_much_text_is_called_so_where_there_is_no_file_to_make_smaller(hall: Hall) -> None:
    browser = await (await hall.guest()).arrive()
    place = "/onboarding/documents/1-identity_document/front"
    form = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert "That is too much text" in (await browser.http.post(place, content=b"a=" + b"x" * 70_000, headers=form)).text
    files = {"origin": ORIGIN, "content-type": "multipart/form-data; boundary=e"}
    too_large = bytes(hall.parts.settings.max_body_bytes + 1)
    answer = await browser.http.post(place, content=too_large, headers=files)
    assert (answer.status_code, "That file is too large" in answer.text) == (413, True)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
async def test_what_is_typed_is_text(hall: Hall, typed: str) -> None:
    browser = await (await hall.guest()).arrive()
    await sent_passport(browser, expiration_date="2020-01-01", number=typed)
    assert typed not in browser.page.text or "<" not in typed
    assert "<script>alert" not in browser.page.text
    assert "49" not in browser.text


async def test_every_screen_keeps_to_itself_and_names_no_id(hall: Hall) -> None:
    guest = await hall.guest(wish=LinkWish(return_url="https://bank.example/"))
    browser = hall.browser()
    guest.browser = browser
    await browser.open(f"/onboarding/{guest.token}")
    pages = [browser.page]
    await browser.send()
    for fields, picture in (({"kind": "passport"}, b""), ({}, good(21)), (PASSPORT, b""), ({}, b"")):
        pages.append(browser.page)
        await browser.send(dict(fields), picture=picture)
    for page in [*pages, browser.page]:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self';" in policy
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page.text)
        assert not re.search(r'(?:src|action)="(?!/onboarding|\?)', page.text)
        assert not ID.findall(page.text), "no id of ours"
        assert "Acme Bank" not in re.findall(r"<title>(.*?)</title>", page.text)[0]


async def test_the_first_screen_is_small(hall: Hall) -> None:
    guest = await hall.guest()
    browser = hall.browser()
    await browser.open(f"/onboarding/{guest.token}")
    total = len(browser.page.content)
    for address in re.findall(r'(?:src|href)="(/onboarding/static/[^"]+)"', browser.page.text):
        file = await browser.http.get(address)
        assert "immutable" in file.headers["cache-control"]
        total += int(file.headers["content-length"])
    assert total <= MOST_FIRST_LOAD_BYTES / 8


@pytest.mark.parametrize(("public_url", "name", "more"), [
    ("", SESSION, set()), ("https://ostiary", f"__Host-{SESSION}", {"Secure"}),
])  # fmt: skip
async def test_cookies_are_this_sites_alone(hall: Hall, public_url: str, name: str, more: set[str]) -> None:
    parts = replace(hall.parts, settings=replace(hall.parts.settings, public_url=public_url))
    async with hall_of(parts) as own:
        guest = await own.guest()
        await guest.arrive()
        cookies = guest.browser.page.history[0].headers.get_list("set-cookie")
    [cookie] = [each for each in cookies if each.startswith(f"{name}=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} | more <= {part.strip() for part in cookie.split(";")}


async def test_who_asks_for_too_much_of_a_link_waits(hall: Hall) -> None:
    parts = replace(hall.parts, settings=replace(hall.parts.settings, rate_limit_per_second=15))
    async with hall_of(parts) as own:
        guest = await own.guest()
        await guest.arrive()
        answers = [await guest.browser.http.get("/onboarding/review") for _ in range(40)]
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    assert refused[0].headers["retry-after"] == "1"
    assert "<h1>" in refused[0].text


async def test_who_tries_links_waits_and_who_has_one_does_not(hall: Hall) -> None:
    parts = replace(hall.parts, settings=replace(hall.parts.settings, rate_limit_per_second=15))
    async with hall_of(parts) as own:
        guest = await own.guest()
        good_ones = [await status_of(guest.browser.http, f"/onboarding/{guest.token}") for _ in range(30)]
        bad_ones = [await status_of(guest.browser.http, f"/onboarding/{'x' * 64}") for _ in range(30)]
    assert set(good_ones) == {200}
    assert set(bad_ones) == {404, 429}


@pytest.mark.parametrize(("method", "status"), [("PUT", 405), ("DELETE", 405), ("PROPFIND", 405)])
async def test_other_methods_are_none(hall: Hall, method: str, status: int) -> None:
    answer = await hall.browser().http.request(method, "/onboarding/next")
    assert (answer.status_code, answer.headers["allow"]) == (status, "GET, HEAD")


def test_a_word_of_ours_comes_before_a_links_secret() -> None:
    assert actions_at("/onboarding/review")[0]["GET"].name == "hosted_review"
    actions, path = actions_at(f"/onboarding/{'x' * 64}")
    assert (set(actions), path) == ({"GET", "POST"}, {"token": "x" * 64})
    assert actions_at("/onboarding//x") == ({}, {})
