"""The form for a document's details, filled in by the real reader in the moment the last picture is there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ostiary.app import Installation
from ostiary.usecases.hosted import read_now
from tests.hosted.desk import Browser, Hall, good, hall_of
from tests.shared_reader import SharedReader
from tests.usecases.test_reading import BORN, EXPIRES, NUMBER, page

pytestmark = [pytest.mark.heavy, pytest.mark.asyncio(loop_scope="module")]
INPUT = re.compile(r'<input id="(\w+)"[^>]* value="([^"]*)"')
READ = "This is what we read on your document."


@pytest_asyncio.fixture(loop_scope="module")
async def library(shared: Installation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    """A page whose reader works; a busy machine may take its time."""
    monkeypatch.setattr(read_now, "READ_NOW_S", 20)
    async with hall_of(shared, SharedReader()) as opened:
        yield opened


def filled_in(browser: Browser) -> dict[str, str]:
    return dict(INPUT.findall(browser.page.text))


async def pictured(browser: Browser, content: bytes) -> Browser:
    await browser.send({"kind": "passport"})
    await browser.send(picture=content)
    return browser


async def test_a_document_fills_in_its_own_form_and_goes_on_with_one_press(library: Hall) -> None:
    browser = await pictured(await (await library.guest()).arrive(), page())
    assert browser.path.endswith("/details")
    assert READ in browser.text
    values = filled_in(browser)
    assert (values["number"], values["expiration_date"]) == (NUMBER, EXPIRES.isoformat())
    assert '<option value="ARG" selected>' in browser.page.text
    await browser.send({**values, "issuing_country": "ARG"})
    assert browser.path == "/onboarding/review"


async def test_what_differs_from_what_was_typed_is_said_before_anything_is_handed_in(library: Hall) -> None:
    browser = await pictured(await (await library.guest(last_name="Baker", birth_date="1984-12-21")).arrive(), page(2))
    assert "The last name on the document is BARBER; we know you as Baker." in browser.text
    assert f"The birth date on the document is {BORN}; the one we know of you is 1984-12-21." in browser.text
    [place] = re.findall(r'href="(/onboarding/details/[^"]+)"', browser.page.text)
    await browser.open(place)
    await browser.send({**filled_in(browser), "last_name": "Barber", "birth_date": BORN.isoformat(), "country": "ARG"})
    assert browser.path.endswith("/details"), "back where the document was left"
    assert "on the document is" not in browser.text
    assert filled_in(browser)["number"] == NUMBER


async def test_another_kind_of_document_is_said_to_be_one(library: Hall) -> None:
    browser = await (await library.guest()).arrive()
    await browser.send({"kind": "national_id"})
    await browser.send(picture=page(3))
    await browser.send(picture=good(4))
    assert "This seems to be another kind of document than the one you chose." in browser.text


async def test_what_cannot_be_read_leaves_the_form_empty(library: Hall) -> None:
    browser = await pictured(await (await library.guest()).arrive(), good(1))
    assert READ not in browser.text
    assert filled_in(browser)["number"] == ""


async def test_without_a_reader_the_form_is_empty(shared: Installation) -> None:
    async with hall_of(shared) as hall:
        browser = await pictured(await (await hall.guest()).arrive(), page())
        assert browser.path.endswith("/details")
        assert filled_in(browser)["number"] == ""


async def test_what_was_read_is_sealed_in_what_the_browser_keeps(library: Hall) -> None:
    browser = await pictured(await (await library.guest(last_name="Baker")).arrive(), page())
    kept_by_browser = browser.http.cookies["ostiary_draft"]
    assert not [word for word in (NUMBER, "BARBER", "Baker") if word in kept_by_browser]
    assert not [word for word in (NUMBER, "BARBER", "Baker") if word in str(browser.page.url)]
