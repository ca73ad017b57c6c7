"""Terms on the onboarding page: the exact text is shown, what was shown is what is accepted, once, by whom and from
where; nothing of a text becomes HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.app import Installation
from ostiary.domain.hosted.links import LinkStatus, LinkWish
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.terms.acceptance import Acceptance, ActingAs, Channel
from ostiary.hosted import services
from ostiary.storage import opening
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted.links import make_link
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.lifecycle.daily import due_work
from ostiary.usecases.terms.read_terms import list_acceptances, prove_acceptance
from tests.hosted.desk import Browser, Guest, Hall, hall_of
from tests.http.running import installation
from tests.material import NOW_MS
from tests.terms import ENGLISH, SPANISH, hash_of, write

PLACE = "/onboarding/terms/1-rules"
HOSTILE = "# You may pay\r\n\r\n<script>alert(1)</script> <b>&amp;</b> {{ 7 * 7 }}\r\n    indented\n"
LATER = {"en": "You may pay more.\n"}
YES = {"accepted": "yes"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("terms")
    with installation(folder, OSTIARY_CATALOGUE=str(write(folder))) as parts:
        yield parts


async def accepted(guest: Guest) -> tuple[Acceptance, ...]:
    caller = await operator_for(guest.hall.parts.context, guest.company.id, "test")
    return await list_acceptances(guest.hall.parts.context, caller, guest.client.id)


async def accepts(browser: Browser, **fields: str) -> None:
    """The form as it is shown, with the box ticked."""
    [shown] = re.findall(r'name="sha256" value="(\w+)"', browser.page.text)
    await browser.send({"sha256": shown, **YES, **fields})


def under(parts: Installation, path: Path) -> Installation:
    """As a restart with another catalogue file would be."""
    current, store = catalogue_file.load(path), parts.store
    opening.keep_catalogue(store.engine, current.version, current.source, NOW_MS, current.texts)
    versions = store.installation.catalogue_versions()
    catalogues = PinnedCatalogues(current, versions, store.installation.catalogue_source)
    return replace(parts, context=replace(parts.context, catalogues=catalogues))


async def test_a_link_that_only_terms_are_missing_of_goes_from_the_text_to_the_end(hall: Hall) -> None:
    guest = await hall.guest("pay")
    guest.browser = hall.browser(**{"user-agent": "Mozilla/5.0 (Telephone)"})
    browser = await guest.arrive()
    assert (browser.path, browser.heading) == (PLACE, "Rules")
    assert f">{ENGLISH}</div>" in browser.page.text, "as it is, with its lines and blanks"
    assert 'role="region" aria-label="Text: Rules" tabindex="0" lang="en"' in browser.page.text
    await accepts(browser)
    assert (browser.path, browser.heading) == ("/onboarding/review", "Check and send")
    await browser.send()
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]
    [acceptance] = await accepted(guest)
    assert (acceptance.terms_id, acceptance.version, acceptance.language) == ("rules", "v1", "en")
    assert acceptance.sha256 == hash_of(ENGLISH)
    given = acceptance.circumstances
    assert (given.name, given.capacity, given.channel) == ("Maria Julia Barber", ActingAs.SELF, Channel.HOSTED_PAGE)
    assert (given.ip_address, given.user_agent) == ("192.0.2.9", "Mozilla/5.0 (Telephone)")


async def test_the_proof_names_the_link_by_which_it_was_accepted(hall: Hall) -> None:
    guest = await hall.guest("pay")
    await accepts(await guest.arrive())
    [acceptance] = await accepted(guest)
    caller = await operator_for(hall.parts.context, guest.company.id, "test")
    proof = await prove_acceptance(hall.parts.context, caller, guest.client.id, acceptance.id)
    assert proof.entry.actor.startswith("link:")
    assert proof.text == ENGLISH


@pytest.mark.parametrize(("tag", "text", "heading"), [
    ("es", SPANISH, "Reglas"), ("pt", ENGLISH, "Rules"), ("en", ENGLISH, "Rules"),
])  # fmt: skip
async def test_the_text_is_in_the_readers_language_where_there_is_one(
    hall: Hall, tag: str, text: str, heading: str
) -> None:
    guest = await hall.guest("pay", wish=LinkWish(language=tag))
    browser = await guest.arrive()
    assert browser.heading == heading
    assert f">{text}</div>" in browser.page.text
    await accepts(browser)
    [acceptance] = await accepted(guest)
    assert acceptance.sha256 == hash_of(text)


async def test_who_changes_the_language_meanwhile_accepts_what_was_shown(hall: Hall) -> None:
    guest = await hall.guest("pay", wish=LinkWish(language="es"))
    browser = await guest.arrive()
    form = browser.page
    await browser.send({"language": "en", "next": PLACE}, to="/onboarding/language")
    assert ENGLISH in browser.page.text
    browser.page = form
    await accepts(browser, accepted="")
    assert SPANISH in browser.page.text, "the text stays the one that was read"
    assert "Tick the box if you accept." in browser.text
    await accepts(browser)
    assert [each.language for each in await accepted(guest)] == ["es"]


async def test_without_the_box_nothing_is_accepted(hall: Hall) -> None:
    guest = await hall.guest("pay")
    browser = await guest.arrive()
    await accepts(browser, accepted="no")
    assert (browser.page.status_code, browser.path) == (422, PLACE)
    assert 'aria-describedby="accepted-problem" aria-invalid="true" autofocus' in browser.page.text
    assert await accepted(guest) == ()


@pytest.mark.parametrize("shown", ["", "0" * 64, hash_of(LATER["en"])])
async def test_what_was_not_shown_is_not_accepted(hall: Hall, shown: str) -> None:
    guest = await hall.guest("pay")
    browser = await guest.arrive()
    await accepts(browser, sha256=shown)
    assert browser.page.status_code == 422
    assert "The text was changed meanwhile." in browser.text
    assert await accepted(guest) == ()


async def test_a_text_that_changed_meanwhile_is_shown_anew_and_accepted_in_its_place(
    hall: Hall, tmp_path: Path
) -> None:
    guest = await hall.guest("pay")
    form = (await guest.arrive()).page
    later = under(hall.parts, write(tmp_path, "v2", LATER, re_accept="all"))
    async with hall_of(later) as now:
        browser = now.browser()
        browser.http.cookies = guest.browser.http.cookies
        browser.page = form
        await accepts(browser)
        assert "This is the one that counts now: nothing was accepted yet." in browser.text
        assert f">{LATER['en']}</div>" in browser.page.text
        assert await accepted(guest) == ()
        await accepts(browser)
        assert browser.path == "/onboarding/review"
    assert [each.version for each in await accepted(guest)] == ["v2"]


async def test_sent_twice_it_is_accepted_once(hall: Hall) -> None:
    guest = await hall.guest("pay")
    browser = await guest.arrive()
    form = browser.page
    await accepts(browser)
    browser.page = form
    await accepts(browser)
    assert browser.path == "/onboarding/review"
    assert (await browser.open(PLACE)).url.path == "/onboarding/review"
    assert (await browser.open(f"{PLACE}/text")).url.path == "/onboarding/review"
    assert len(await accepted(guest)) == 1


async def test_a_text_is_text_and_its_file_has_every_byte(shared: Installation, tmp_path: Path) -> None:
    async with hall_of(under(shared, write(tmp_path, "v3", {"en": HOSTILE}))) as hall:
        guest = await hall.guest("pay")
        browser = await guest.arrive()
        assert "<script>alert" not in browser.page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;&amp;amp;&lt;/b&gt; {{ 7 * 7 }}\n    indented" in (
            browser.page.text
        )
        assert "\\x0d" not in browser.page.text
        [address] = re.findall(r'href="([^"]+)" download', browser.page.text)
        file = await browser.http.get(address)
        assert file.content == HOSTILE.encode()
        assert file.headers["content-disposition"] == 'attachment; filename="rules-en.txt"'
        assert file.headers["content-type"] == "text/plain; charset=utf-8"
        assert file.headers["cache-control"] == "no-store"
        assert file.headers["x-content-type-options"] == "nosniff"
        await accepts(browser)
        assert [each.sha256 for each in await accepted(guest)] == [hash_of(HOSTILE)]


@pytest.mark.parametrize("path", [
    "/onboarding/terms/1-others", "/onboarding/terms/2-rules", "/onboarding/terms/rules", f"{PLACE}/text",
    f"{PLACE}/text?sha256={'0' * 64}", "/onboarding/details/1-rules", "/onboarding/documents/1-rules",
])  # fmt: skip
async def test_nothing_is_reached_but_the_terms_that_are_asked_for(hall: Hall, path: str) -> None:
    browser = await (await hall.guest("pay")).arrive()
    assert (await browser.http.get(path)).status_code == 404


async def test_too_much_within_an_hour_is_told_and_the_text_stays(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CHANGES_AN_HOUR", 0)
    async with hall_of(hall.parts) as own:
        guest = await own.guest("pay")
        browser = await guest.arrive()
        await accepts(browser)
        assert "Very much was sent within an hour." in browser.text
        assert f">{ENGLISH}</div>" in browser.page.text
        assert await accepted(guest) == ()


async def test_of_a_product_that_is_enabled_the_terms_alone_are_asked_for(hall: Hall, tmp_path: Path) -> None:
    """There is nothing to send, and the link has done what it was made for."""
    guest = await hall.guest("pay")
    browser = await guest.arrive()
    await accepts(browser)
    await browser.send()
    await guest.judge(Decision.APPROVE)
    parts = under(hall.parts, write(tmp_path, "v2", LATER, re_accept="all"))
    context = parts.context
    assert await date_requests(context, guest.company, "pay", "") is None
    assert await due_work(context, guest.company, context.now_of(guest.company)) == 1
    async with hall_of(parts) as later:
        caller = await operator_for(context, guest.company.id, "test")
        link = await later.do(caller, make_link, guest.client.id, LinkWish(), lambda url, plain: None)
        guest.hall, guest.token, guest.browser = later, link.token, later.browser()
        browser = await guest.arrive()
        assert (browser.path, LATER["en"].strip() in browser.text) == (PLACE, True)
        await accepts(browser)
        assert (browser.path, browser.heading) == ("/onboarding/state", "Done")
        [status] = [
            each.status
            for each in await context.storage.onboarding_links.of_client(guest.client)
            if each.id == link.link.id
        ]
        assert status is LinkStatus.FINISHED
