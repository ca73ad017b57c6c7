"""What an admin does for companies and sees of the installation: a company made, its webhook and quota, findings."""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from ostiary.adapters import checkup
from ostiary.adapters.checkup import Checkup, CheckupFailed, CheckupFinding
from ostiary.domain.companies.company import Company
from ostiary.domain.operators.operator import Role
from ostiary.domain.times import LAST_MS
from ostiary.usecases.companies.companies import create_key
from tests.console.cases import caller_of
from tests.console.desk import Desk, text_of

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


async def current(desk: Desk, company_id: str) -> Company:
    company = await desk.parts.context.storage.companies.find(company_id)
    assert company is not None
    return company


async def noted(desk: Desk, company_id: str) -> list[tuple[str, str]]:
    entries = await desk.parts.context.storage.audit.entries(company_id, company_id)
    return [(entry.action, entry.actor) for entry in entries]


async def test_a_company_is_made_by_who_works_for_all(desk: Desk) -> None:
    ada = await desk.signed_in("Ada of making")
    assert "Make a company" in text_of(await ada.get("/console/companies"))
    made_by = {"name": "Made by Ada", "environment": "production", "email": "ops@example.com"}
    answer = await ada.post("/console/companies", made_by)
    place, _, notice = answer.headers["location"].partition("?")
    assert notice == "notice=company_created"
    company = await current(desk, place.rpartition("/")[2])
    assert (company.name, company.environment.value, company.email) == ("Made by Ada", "production", "ops@example.com")
    assert await noted(desk, company.id) == [("company_created", "operator:Ada of making")]
    page = text_of(await ada.get(answer.headers["location"]))
    assert "The company is made." in page
    of_some = await desk.signed_in("Sam of making", Role.ADMIN, company.id)
    assert "Make a company" not in text_of(await of_some.get("/console/companies"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "environment": "sandbox"}, "must not be blank"),
        ({"name": "x"}, "choose what it is for"),
        ({"name": "x", "environment": "moon"}, "choose what it is for"),
        ({"name": "x", "environment": "production", "email": "nobody"}, "email"),
    ],
)
async def test_what_is_wrong_with_a_new_company_is_said_at_the_field(
    desk: Desk, fields: dict[str, str], words: str
) -> None:
    ada = await desk.signed_in(f"Ada of {fields}")
    before = len(await desk.parts.context.storage.companies.every())
    refused = await ada.post("/console/companies", fields)
    assert (refused.status_code, words in text_of(refused)) == (400, True)
    assert len(await desk.parts.context.storage.companies.every()) == before


async def test_a_webhook_is_set_its_secret_shown_once_and_ended(desk: Desk) -> None:
    company = await desk.company("Acme of hooks")
    sam = await desk.signed_in("Sam of hooks", Role.ADMIN, company.id)
    place = f"/console/companies/{company.id}"
    answer = await sam.post(f"{place}/webhook", {"url": "https://example.com/hook", "webhook_key": "sesame-7"})
    assert answer.headers["location"] == f"{place}?notice=webhook_set"
    hook = (await current(desk, company.id)).webhook
    assert (hook.url, hook.key, hook.with_sequence) == ("https://example.com/hook", "sesame-7", False)
    before = (await current(desk, company.id)).signing_secret
    shown = await sam.post(f"{place}/webhook/secret", {"overlap_hours": "2"})
    [secret] = set(SECRET.findall(shown.text))
    after = await current(desk, company.id)
    assert (after.signing_secret, after.previous_secret) == (secret, before)
    page = await sam.get(place)
    assert "End the webhook" in text_of(page)
    assert not SECRET.findall(page.text)
    assert "sesame-7" not in page.text
    await sam.post(f"{place}/webhook/end")
    assert (await current(desk, company.id)).webhook.url is None
    actor = "operator:Sam of hooks"
    done = ["webhook_subscribed", "webhook_secret_rotated", "webhook_ended"]
    assert (await noted(desk, company.id))[1:] == [(action, actor) for action in done]


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("webhook", {"url": "ftp://example.com", "webhook_key": "k"}, "url "),
        ("webhook", {"url": "https://127.0.0.1/", "webhook_key": "k"}, "url "),
        ("webhook", {"url": "https://example.com/", "webhook_key": "\u00e9"}, "printable ASCII"),
        ("webhook/secret", {"overlap_hours": "169"}, "overlap_hours must be a whole number from 0 to 168"),
        ("webhook/secret", {"overlap_hours": "-1"}, "a whole number from 0 to"),
        ("quota", {"gb": "1.5"}, "a whole number from 0 to 1000000"),
        ("quota", {"gb": "9999999"}, "a whole number from 0 to 1000000"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused_where_it_stands(
    desk: Desk, action: str, fields: dict[str, str], words: str
) -> None:
    company = await desk.company("Acme of refused settings")
    ada = await desk.signed_in(f"Ada of {action} {words} {fields}")
    before = await current(desk, company.id)
    refused = await ada.post(f"/console/companies/{company.id}/{action}", fields)
    assert (refused.status_code, words in text_of(refused)) == (400, True), text_of(refused)
    assert "<details open>" in refused.text
    assert await current(desk, company.id) == before


async def test_a_quota_is_set_and_given_back_by_who_works_for_all(desk: Desk) -> None:
    company = await desk.company("Acme of quotas")
    ada, place = await desk.signed_in("Ada of quotas"), f"/console/companies/{company.id}"
    assert "(as of every company)" in text_of(await ada.get(place))
    for typed, quota_bytes, words in (
        ("250", 250 * 10**9, "250 GB (its own)"),
        ("0", 0, "no limit (its own)"),
        ("", None, "(as of every company)"),
    ):
        await ada.post(f"{place}/quota", {"gb": typed})
        assert (await current(desk, company.id)).quota_bytes == quota_bytes
        assert words in text_of(await ada.get(place))
    assert [action for action, _ in await noted(desk, company.id)].count("quota_set") == 3
    sam = await desk.signed_in("Sam of quotas", Role.ADMIN, company.id)
    assert "Another quota" not in text_of(await sam.get(place))


async def test_a_key_that_ends_with_the_last_day_there_is_does_not_break_the_page(desk: Desk) -> None:
    company = await desk.company("Acme of the last day")
    ada = await desk.signed_in("Ada of the last day")
    caller = await caller_of(desk, company)
    await desk.commit(caller, await create_key(desk.parts.context, caller, 3, (), LAST_MS + 1))
    assert "31 Dec 9999, 23:59 UTC" in text_of(await ada.get(f"/console/companies/{company.id}"))


async def test_looks_that_open_clients_go_one_after_another(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await desk.signed_in("Ada of searches")
    async with desk.console.searching:
        monkeypatch.setattr("ostiary.console.pages.cases.turns.MOST_WAIT_S", 0.01)
        looks = (
            ada.post("/console/search", {"words": "AB1234567"}),
            ada.get("/console/queue?country=DEU"),
            ada.get("/console/queue/next?view=country%3DDEU"),
        )
        for refused in [await look for look in looks]:
            assert (refused.status_code, "Somebody else is searching" in text_of(refused)) == (429, True)
        assert (await ada.get("/console/queue")).status_code == 200
        assert (await ada.post("/console/search", {"words": "nobody@example.com"})).status_code == 200
    assert (await ada.post("/console/search", {"words": "AB1234567"})).status_code == 200


@pytest.mark.heavy
async def test_the_installation_is_looked_at_as_the_command_does(desk: Desk) -> None:
    await desk.company("Acme of findings")
    ada = await desk.signed_in("Ada of findings")
    assert "Look now" in text_of(await ada.get("/console/doctor"))
    page = text_of(await ada.post("/console/doctor"))
    for words in ("python", "data folder", "database", "ok"):
        assert words in page
    assert str(desk.parts.settings.data_dir) in page, "this installation, not another that the environment may name"


async def test_findings_are_shown_the_worst_first_and_as_text(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def findings(checkup: Checkup) -> list[CheckupFinding]:
        return [
            CheckupFinding("python", "ok", "Python 3"),
            CheckupFinding("lists", "warning", "<b>old</b>", "Get a newer one."),
            CheckupFinding("key", "problem", "lost"),
        ]

    monkeypatch.setattr(Checkup, "_run", findings)
    ada = await desk.signed_in("Ada of ranks")
    answer = await ada.post("/console/doctor")
    page = text_of(answer)
    assert "<b>old</b>" not in answer.text
    assert page.index("lost") < page.index("Get a newer one.") < page.index("Python 3")
    assert "1 problems and 1 warnings." in page


async def test_two_look_one_after_the_other_and_who_is_late_hears_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(checkup: Checkup) -> list[CheckupFinding]:
        begun.set()
        await go_on.wait()
        return []

    monkeypatch.setattr(Checkup, "_run", slow)
    ada = await desk.signed_in("Ada of turns")
    first = asyncio.ensure_future(ada.post("/console/doctor"))
    await begun.wait()
    late = await ada.post("/console/doctor")
    assert (late.status_code, "Somebody has it looked at right now" in text_of(late)) == (503, True)
    go_on.set()
    assert (await first).status_code == 200


async def test_a_look_that_takes_too_long_is_ended() -> None:
    with pytest.raises(CheckupFailed, match=r"more than 0 s"):
        await Checkup({}, longest_s=0.0).run()


@pytest.mark.parametrize("program", ["raise RuntimeError", "print('{}'); raise SystemExit(1)", "raise SystemExit(2)"])
async def test_a_look_that_breaks_says_so_and_shows_no_findings(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Python ends what broke with the status of a command that found problems."""
    monkeypatch.setattr(checkup, "_COMMAND", (sys.executable, "-c", program))
    with pytest.raises(CheckupFailed, match="broke off"):
        await Checkup({}).run()


async def test_an_earlier_version_of_the_catalogue_is_there_in_words(desk: Desk) -> None:
    context = desk.console.context
    current = context.catalogues.current
    cards = replace(current.products["cards_individuals"], name="Cards as they were")
    before = replace(current, version="0" * 16, products={"cards_individuals": cards})
    by_version = {current.version: current, before.version: before}
    catalogues = SimpleNamespace(current=current, attributes=current.attributes, by_version=lambda: by_version)
    object.__setattr__(desk.console, "context", replace(context, catalogues=catalogues))
    reader = await desk.signed_in("reader of versions", Role.VIEWER)
    now, then = [text_of(await reader.get(f"/console/about{query}")) for query in ("", f"?catalogue={before.version}")]
    assert "Cards as they were" not in now
    assert "Cards as they were" in then
    for text in (now, then):
        assert f"Catalogue in force {current.version}" in text
        assert f"{current.version} in force {before.version}" in text
    assert (await reader.get("/console/about?catalogue=%3Cb%3E")).status_code == 404
