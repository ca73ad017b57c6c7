"""The page within a page of its company: where that lists the origin, and nowhere else."""

from __future__ import annotations

import re

import httpx
import pytest

from ostiary.domain.hosted.brand import Brand
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted.brand import set_brand
from tests.hosted.desk import Browser, Guest, Hall

SHOP, APP = "https://shop.example", "https://app.example:8443"
LISTED = Brand(name="Acme", frame_origins=(SHOP, APP))
WITHIN = {"sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin"}
NOBODY = "frame-ancestors 'none'"


async def listing(hall: Hall, brand: Brand | None = LISTED) -> Guest:
    guest = await hall.guest()
    if brand is not None:
        await hall.do(await operator_for(hall.parts.context, guest.company.id, "test"), set_brand, brand)
    return guest


def frames(page: httpx.Response) -> tuple[str, bool]:
    """Who may show a page, by the policy of content; and whether the older header forbids it to everybody."""
    policy = re.findall(r"frame-ancestors [^;]*", page.headers["content-security-policy"])
    return policy[0], page.headers.get("x-frame-options") == "DENY"


def cookies(page: httpx.Response) -> list[str]:
    return [each for answer in page.history for each in answer.headers.get_list("set-cookie")]


async def begun(browser: Browser, token: str) -> httpx.Response:
    """Begins in a browser that keeps what it is given for its frame, also over http as from this machine."""
    await browser.open(f"/onboarding/{token}")
    page = await browser.send()
    tokens = re.findall("ostiary_onboarding_framed=([^;]+)", " ".join(cookies(page)))
    browser.http.cookies.set("ostiary_onboarding_framed", tokens[0])
    return page


async def test_a_session_that_begins_in_a_frame_goes_on_there(hall: Hall) -> None:
    guest = await listing(hall)
    browser = hall.browser(**WITHIN)
    given = cookies(await begun(browser, guest.token))
    session = next(each for each in given if each.startswith("ostiary_onboarding_framed="))
    assert session.endswith("; Path=/; HttpOnly; SameSite=None; Secure; Partitioned")
    assert not [each for each in given if each.startswith("ostiary_onboarding=")]
    page = await browser.open()
    assert (page.status_code, frames(page)) == (200, (f"frame-ancestors {SHOP} {APP}", False))


async def test_it_is_left_there_and_says_so_there(hall: Hall) -> None:
    guest = await listing(hall)
    browser = hall.browser(**WITHIN)
    await begun(browser, guest.token)
    await browser.open()
    left = await browser.send(to="/onboarding/leave")
    assert frames(left) == (f"frame-ancestors {SHOP} {APP}", False)
    assert browser.heading == "You have left"


async def test_a_browser_that_keeps_no_cookie_there_is_told_so_there(hall: Hall) -> None:
    guest = await listing(hall)
    browser = hall.browser(**WITHIN)
    await browser.open(f"/onboarding/{guest.token}")
    page = await browser.send()  # over http this browser sends no Secure cookie back
    assert page.status_code == 401
    assert browser.heading == "Your browser keeps no cookies here"
    assert frames(page) == (f"frame-ancestors {SHOP} {APP}", False)


async def test_a_session_of_a_window_of_its_own_is_shown_within_nothing(hall: Hall) -> None:
    guest = await listing(hall)
    landing = await guest.browser.open(f"/onboarding/{guest.token}")
    page = await guest.browser.send()
    assert frames(landing) == (f"frame-ancestors {SHOP} {APP}", False)
    assert frames(page) == (NOBODY, True)
    assert {each.partition("=")[0] for each in cookies(page)} == {"ostiary_draft", "ostiary_onboarding"}
    assert all("SameSite=Lax" in each for each in cookies(page))


@pytest.mark.parametrize("brand", [None, Brand(name="Acme")])
async def test_who_lists_nothing_is_framed_by_nobody(hall: Hall, brand: Brand | None) -> None:
    guest = await listing(hall, brand)
    browser = hall.browser(**WITHIN)
    landing = await browser.open(f"/onboarding/{guest.token}")
    page = await browser.send()
    assert frames(landing) == frames(page) == (NOBODY, True)
    assert not [each for each in cookies(page) if "SameSite=None" in each]


async def test_a_session_of_the_other_kind_ends_when_one_begins(hall: Hall) -> None:
    guest = await listing(hall)
    browser = hall.browser(**WITHIN)
    browser.http.headers["cookie"] = f"ostiary_onboarding={'x' * 64}"
    await browser.open(f"/onboarding/{guest.token}")
    assert "ostiary_onboarding=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0" in cookies(await browser.send())


async def test_another_companys_origins_say_nothing_about_this_one(hall: Hall) -> None:
    await listing(hall)
    guest = await hall.guest()
    assert frames(await guest.browser.open(f"/onboarding/{guest.token}")) == (NOBODY, True)
