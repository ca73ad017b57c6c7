"""Going on on a phone: a code to scan, two browsers on one link, and nothing lost by either."""

from __future__ import annotations

import asyncio
import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from ostiary.domain.onboarding.enablement import Status
from ostiary.hosted.pages import phone
from tests.hosted.desk import Browser, Guest, Hall, good
from tests.hosted.test_journeys import PASSPORT, PHONE, sent_passport

ADDRESS = "http://ostiary/onboarding/"


async def scanned(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> tuple[Browser, str]:
    """The computer's browser with a code, and the address in it."""
    browser, addresses = await guest.arrive(), list[str]()
    draw = phone.drawing

    def noted(url: str) -> str:
        addresses.append(url)
        return draw(url)

    monkeypatch.setattr(phone, "drawing", noted)
    await browser.open("/onboarding/phone")
    assert "<svg" not in browser.page.text, "looking makes no link"
    await browser.send()
    [address] = addresses
    return browser, address


async def on_phone(guest: Guest, address: str) -> Browser:
    browser = guest.hall.browser()
    await browser.open(address.removeprefix("http://ostiary"))
    await browser.send()
    return browser


async def test_a_phone_goes_on_and_the_computer_follows_to_the_end(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = await hall.guest(**PHONE)
    computer, address = await scanned(guest, monkeypatch)
    await computer.open("/onboarding/phone/follow")
    assert "Nobody has scanned the code yet." in computer.text
    assert "Identity document" in computer.text
    assert 'http-equiv="refresh"' in computer.page.text
    by_phone = await on_phone(guest, address)
    assert by_phone.path == "/onboarding/documents/1-identity_document"
    await computer.open("/onboarding/phone/follow")
    assert "Your phone is connected." in computer.text
    await sent_passport(by_phone)
    await computer.open("/onboarding/phone/follow")
    assert "Identity document" not in computer.text
    assert "Personal information" in computer.text
    await by_phone.send({"phone": "011 6886-0622"})
    await computer.open("/onboarding/phone/follow")
    assert computer.path == "/onboarding/review"
    await computer.send()
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]
    await by_phone.open()
    assert by_phone.path == "/onboarding/state"


async def test_what_is_begun_on_both_at_once_is_lost_on_neither(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = await hall.guest(**PHONE)
    computer, address = await scanned(guest, monkeypatch)
    by_phone = await on_phone(guest, address)
    await computer.open()
    for browser, seed in ((computer, 11), (by_phone, 12)):
        await browser.send({"kind": "passport"})
        await browser.send(picture=good(seed))
    await asyncio.gather(computer.send(PASSPORT), by_phone.send(PASSPORT))
    for browser in (computer, by_phone):
        assert browser.path == "/onboarding/details/1-personal_information"
    await by_phone.send({"phone": "011 6886-0622"})
    await by_phone.send()
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]


async def test_a_code_is_scanned_once_and_a_phone_makes_no_further_one(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await hall.guest()
    computer, address = await scanned(guest, monkeypatch)
    assert address.removeprefix(ADDRESS) not in computer.page.text
    by_phone = await on_phone(guest, address)
    await by_phone.send({"kind": "passport"})
    assert "Continue on a phone" not in by_phone.text
    again = guest.hall.browser()
    await again.open(address.removeprefix("http://ostiary"))
    assert not re.search(r"<form[^>]*action=\"/onboarding/[^\"]{60}", again.page.text)
    await computer.open()
    await computer.send({"kind": "passport"})
    assert "Continue on a phone" in computer.text


async def test_too_many_codes_are_refused_in_words(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = await hall.guest()
    computer, _ = await scanned(guest, monkeypatch)
    for _ in range(12):
        await computer.open("/onboarding/phone")
        await computer.send()
    assert computer.page.status_code == 409
    assert "tries to go on on a phone" in computer.text


def test_the_drawing_is_the_address() -> None:
    import segno

    url = f"{ADDRESS}{'Aa0_-' * 12}"
    shown = phone.drawing(url)
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="png", scale=4, border=4)
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(picture.getvalue())))
    assert code.text == url
    assert "style" not in shown
