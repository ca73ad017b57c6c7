"""The page looks as its company wants it to, and can be read in every colour that a company may choose."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ostiary.domain.hosted.brand import LEAST_CONTRAST, Brand, Ink, colour_fault, contrast
from ostiary.domain.times import HOUR_MS
from ostiary.domain.value import replace
from ostiary.hosted.brand_style import page_colours, style_of
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted.brand import remove_brand, set_brand, set_logo
from tests.hosted.desk import Guest, Hall

ACME = Brand(
    name="Acme <Pay>",
    primary_colour="#ffd400",
    text_on_primary=Ink.BLACK,
    support="help@example.com",
    privacy={"en": "What we keep.\n\nAnd <why>.", "es": "Lo que guardamos."},
)
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


async def branded(hall: Hall, brand: Brand = ACME, logo: bytes = b"a PNG") -> Guest:
    async def drawn(content: bytes) -> bytes | None:
        return content

    guest = await hall.guest()
    await hall.do(await operator_for(hall.parts.context, guest.company.id, "test"), set_brand, brand)
    if logo:
        await hall.do(await operator_for(hall.parts.context, guest.company.id, "test"), set_logo, logo, drawn)
    return guest


def places(html: str) -> tuple[str, str]:
    """Where a page says its colours and its logo are."""
    style = re.findall(r'<link rel="stylesheet" href="(/onboarding/[^"]*/style)\?v=[0-9a-zA-Z._-]+"', html)
    logo = re.findall(r'<img src="(/onboarding/[^"]*/logo)\?v=[0-9a-zA-Z._-]+"', html)
    return "".join(style), "".join(logo)


async def test_the_link_and_every_page_look_as_the_company_wants(hall: Hall) -> None:
    guest = await branded(hall)
    browser = guest.browser
    await browser.open(f"/onboarding/{guest.token}")
    for place in (f"/onboarding/{guest.token}", "/onboarding/brand"):
        assert places(browser.page.text) == (f"{place}/style", f"{place}/logo")
        assert "Acme <Pay>" in browser.text
        assert 'href="mailto:help@example.com"' in browser.page.text
        assert "And &lt;why&gt;." in browser.page.text
        style, logo = [await browser.http.get(each) for each in places(browser.page.text)]
        assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert "--button: #ffd400; --on-button: #000000;" in style.text
        assert (logo.content, logo.headers["content-type"]) == (b"a PNG", "image/png")
        assert {each.headers["cache-control"] for each in (style, logo)} == {"private, max-age=86400"}
        await browser.send()


async def test_where_a_link_or_a_session_is_over_the_company_is_named_with_whom_to_ask(hall: Hall) -> None:
    guest = await branded(hall)
    await guest.arrive()
    stranger = hall.browser()
    await stranger.open(f"/onboarding/{guest.token}")
    hall.clock.ahead_ms += HOUR_MS + 1
    await guest.browser.open()
    for browser, status in ((stranger, 410), (guest.browser, 401)):
        assert browser.page.status_code == status
        assert ACME.name in browser.text
        assert ACME.support_address in browser.page.text
        for address in re.findall(r'(?:href|src)="(/onboarding/[^"]*)"', browser.page.text):
            assert (await browser.http.get(address.replace("&amp;", "&"))).status_code == 200, address


async def test_the_notice_is_in_the_readers_language(hall: Hall) -> None:
    guest = await branded(hall)
    notices = {"es": '<p class="lines">Lo que guardamos.</p>', "pt": '<p class="lines" lang="en">What we keep.'}
    for tag, notice in notices.items():
        page = await guest.browser.http.get(f"/onboarding/{guest.token}?language={tag}")
        assert notice in page.text


async def test_without_a_logo_there_is_none_to_be_seen(hall: Hall) -> None:
    guest = await branded(hall, Brand(name="Acme"), logo=b"")
    await guest.arrive()
    assert places(guest.browser.page.text) == ("/onboarding/brand/style", "")
    assert (await guest.browser.http.get("/onboarding/brand/logo")).status_code == 404


async def test_without_a_brand_it_looks_as_anybodys(hall: Hall) -> None:
    guest = await branded(hall)
    await guest.arrive()
    await hall.do(await operator_for(hall.parts.context, guest.company.id, "test"), remove_brand)
    await guest.browser.open()
    assert places(guest.browser.page.text) == ("", "")
    assert "Acme Bank" in guest.browser.text
    for path in ("brand/style", "brand/logo", f"{guest.token}/style", f"{guest.token}/logo"):
        assert (await guest.browser.http.get(f"/onboarding/{path}")).status_code == 404


async def test_colours_are_for_who_is_here_or_has_a_link(hall: Hall) -> None:
    await branded(hall)
    http = hall.browser().http
    assert (await http.get("/onboarding/brand/style")).status_code == 401
    assert (await http.get("/onboarding/brand/logo")).status_code == 401
    assert (await http.get(f"/onboarding/{'x' * 64}/style")).status_code == 404


async def test_the_logo_that_is_shown_is_the_one_that_was_drawn(hall: Hall) -> None:
    out = BytesIO()
    Image.new("RGB", (4, 2), "#ffd400").save(out, "PNG")
    guest = await branded(hall, logo=out.getvalue())
    await guest.arrive()
    picture = await guest.browser.http.get("/onboarding/brand/logo?v=2")
    assert Image.open(BytesIO(picture.content)).size == (4, 2)


@given(COLOURS, COLOURS)
def test_every_text_can_be_read_on_every_ground(primary: str, background: str) -> None:
    ink = Ink.BLACK if colour_fault(background, Ink.BLACK) is None else Ink.WHITE
    on_primary = Ink.BLACK if colour_fault(primary, Ink.BLACK) is None else Ink.WHITE
    brand = replace(
        ACME,
        primary_colour=primary,
        text_on_primary=on_primary,
        background_colour=background,
        text_on_background=ink,
    )
    colours = page_colours(brand)
    for text in ("--text", "--quiet", "--accent", "--bad"):
        assert contrast(colours[text], colours["--ground"]) >= LEAST_CONTRAST, text
        assert contrast(colours[text], colours["--soft"]) >= LEAST_CONTRAST, text
    assert contrast(colours["--warn"], colours["--warn-soft"]) >= LEAST_CONTRAST
    assert contrast(colours["--accent"], colours["--on-accent"]) >= LEAST_CONTRAST


@pytest.mark.parametrize(("brand", "words"), [
    (ACME, "prefers-color-scheme: light) { :root { --accent: #000000; }"),
    (replace(ACME, primary_colour="#1d4f91"), "prefers-color-scheme: light) { :root { --accent: #1d4f91; }"),
    (replace(ACME, background_colour="#f4f0e8"), "color-scheme: light; --button: #ffd400;"),
    (replace(ACME, background_colour="#102030", text_on_background=Ink.WHITE), "color-scheme: dark; --button: "),
])  # fmt: skip
def test_light_and_dark_stay_where_the_ground_is_the_usual_one(brand: Brand, words: str) -> None:
    assert words in style_of(brand)
