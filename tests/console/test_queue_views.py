"""A filtered queue goes along: into a case, to the next one and the one before, back after a decision, nowhere else."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from ostiary.domain.companies.company import Caller
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Role
from ostiary.usecases.operators.views import save_view
from tests.console.cases import WaitingRequest, state, waiting
from tests.console.desk import Desk, Visitor, text_of

STEPS = re.compile(r'href="([^"]+)" data-step="([jk])"')
GERMAN = {"country": "DEU", "state": None, "postal_code": "10115"}
HIDDEN = re.compile(r'name="(form_token|look|view|at)" value="([^"]*)"')


async def shown(visitor: Visitor, address: str) -> tuple[dict[str, str], dict[str, str]]:
    """A case: where its keys lead, and the hidden fields of its forms."""
    page = await visitor.get(address)
    assert page.status_code == 200, text_of(page)
    steps = {key: unescape(step) for step, key in STEPS.findall(page.text)}
    return steps, {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


async def led(visitor: Visitor, address: str) -> str:
    """Where an address leads on to."""
    answer = await visitor.get(address)
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"]


def listed(text: str, request: WaitingRequest) -> str:
    """The address of a case as a page links it."""
    [address] = re.findall(rf'href="({re.escape(request.place)}[^"]*)"', text)
    return unescape(address)


async def test_keys_go_from_case_to_case_of_the_view_and_back_to_it(desk: Desk) -> None:
    company = await desk.company("Acme of steps")
    first, other, second = [
        await waiting(desk, company, *reasons) for reasons in (["name_doubtful"], ["no_expiration"], ["name_doubtful"])
    ]
    ana = await desk.signed_in("Ana of steps", Role.VIEWER, company.id)
    view = "reason=name_doubtful"
    queue = await ana.get(f"/console/queue?{view}")
    steps, _ = await shown(ana, listed(queue.text, first))
    assert f'href="/console/queue?{view}" data-back' in (await ana.get(listed(queue.text, first))).text
    there = await led(ana, steps["j"])
    assert urlsplit(there).path == second.place, "not the one of another reason"
    assert parse_qs(urlsplit(there).query) == {"view": [view]}
    steps, _ = await shown(ana, there)
    assert await led(ana, steps["k"]) == listed(queue.text, first)
    assert await led(ana, steps["j"]) == f"/console/queue?{view}&notice=queue_ends"
    steps, _ = await shown(ana, listed(queue.text, first))
    assert await led(ana, steps["k"]) == f"/console/queue?{view}&notice=queue_begins"
    steps, _ = await shown(ana, other.place)
    assert [await led(ana, steps[key]) for key in "kj"] == [first.place, second.place], "all, where nothing is carried"


async def test_a_queue_of_one_country_says_that_clients_are_opened_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await desk.company("Acme of countries")
    argentine, german = [await waiting(desk, company, address=each) for each in ({}, GERMAN)]
    ana = await desk.signed_in("Ana of countries", Role.VIEWER, company.id)
    page = await ana.get("/console/queue?country=DEU")
    assert (german.place in page.text, argentine.place in page.text) == (True, False)
    assert "1 case waits for a person with these filters." in text_of(page)
    assert '<option value="DEU" selected>Germany</option>' in page.text
    monkeypatch.setattr("ostiary.usecases.clients.residence.MOST_OPENED", 1)
    monkeypatch.setattr("ostiary.usecases.clients.residence.TOGETHER", 1)
    page = await ana.get("/console/queue?country=DEU")
    assert "None of these clients lives there." in text_of(page)
    [onward] = re.findall(r'rel="next" href="([^"]*)"', page.text)
    page = await ana.get(unescape(onward))
    assert german.place in page.text
    assert "are not counted, since clients are opened for it" in text_of(page)


async def test_steps_and_views_of_a_country_never_say_that_the_queue_ends_where_looking_did(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await desk.company("Acme of long looks")
    cases = [await waiting(desk, company) for _ in range(3)]
    ana = await desk.signed_in("Ana of long looks", Role.REVIEWER, company.id)
    steps, _ = await shown(ana, f"{cases[1].place}?view=country%3DDEU")
    monkeypatch.setattr("ostiary.usecases.clients.residence.MOST_OPENED", 1)
    monkeypatch.setattr("ostiary.usecases.clients.residence.TOGETHER", 1)
    onward, back = [await led(ana, steps[key]) for key in "jk"]
    assert (onward.partition("&after=")[0], onward[-20:]) == ("/console/queue?country=DEU", "&notice=look_goes_on")
    assert back == "/console/queue?country=DEU&notice=look_goes_on"
    assert "Nobody who lives there is among as many clients" in text_of(await ana.get(onward))
    await ana.post("/console/queue/views", {"name": "of the Germans", "view": "country=DEU"})
    views = text_of(await ana.get("/console/queue/views"))
    assert "of the Germans not counted: clients are opened for it" in views
    for address in ("/console/queue?country=ZZZ", "/console/queue/views?view=country%3DZZZ"):
        refused = await (ana.post(address, {"name": "nowhere"}) if "views" in address else ana.get(address))
        assert (refused.status_code, "country must be a three-letter country code" in text_of(refused)) == (412, True)


async def test_a_decision_is_no_worse_for_others_who_search_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await desk.company("Acme of searching meanwhile")
    first, _ = [await waiting(desk, company, address=GERMAN) for _ in range(2)]
    ana = await desk.signed_in("Ana of searching meanwhile", Role.REVIEWER, company.id)
    _, form = await shown(ana, f"{first.place}?view=country%3DDEU")
    monkeypatch.setattr("ostiary.console.pages.cases.turns.MOST_WAIT_S", 0.01)
    async with desk.console.searching:
        answer = await ana.post(f"{first.place}/decide/approve", {**form, "note": "Seen.", "go_on": "1"})
    assert answer.headers["location"] == "/console/queue?country=DEU&notice=case_approved"


@pytest.mark.parametrize("goes_on", [False, True])
async def test_a_decision_leads_back_to_the_view_or_on_to_its_next_case(desk: Desk, goes_on: bool) -> None:
    company = await desk.company(f"Acme of going on {goes_on}")
    first, second, third = [await waiting(desk, company) for _ in range(3)]
    ana = await desk.signed_in(f"Ana of going on {goes_on}", Role.REVIEWER, company.id)
    bob = await desk.signed_in(f"Bob of going on {goes_on}", Role.REVIEWER, company.id)
    await bob.get(second.place)
    queue = await ana.get("/console/queue?holding=unassigned")
    _, fields = await shown(ana, listed(queue.text, first))
    fields |= {"go_on": "1"} if goes_on else {}
    answer = await ana.post(f"{first.place}/decide/approve", {**fields, "form": "approve"})
    assert (await state(desk, first)).status is Status.ENABLED
    carried = urlencode({"view": "holding=unassigned"})
    if goes_on:
        assert answer.headers["location"] == f"{third.place}?{carried}&notice=case_approved", "not Bob's"
        assert "The case is approved." in text_of(await ana.get(answer.headers["location"]))
    else:
        assert answer.headers["location"] == "/console/queue?holding=unassigned&notice=case_approved"


async def test_what_is_done_beside_a_decision_keeps_the_view(desk: Desk) -> None:
    company = await desk.company("Acme of keeping")
    request = await waiting(desk, company)
    ana = await desk.signed_in("Ana of keeping", Role.REVIEWER, company.id)
    place = f"{request.place}?{urlencode({'view': 'kind=submission'})}"
    _, fields = await shown(ana, place)
    claimed = await ana.post(f"{request.place}/claim", fields)
    assert claimed.headers["location"] == place
    refused = await ana.post(f"{request.place}/decide/return", {**fields, "form": "return"})
    assert refused.status_code == 412
    assert f'name="view" value="{fields["view"]}"' in refused.text
    gone = await ana.post(f"{request.place}/let-go", fields)
    assert gone.headers["location"] == "/console/queue?kind=submission&notice=case_let_go"


@pytest.mark.parametrize(
    "view",
    [
        "//evil.example",
        "https://evil.example/",
        "next=https://evil.example",
        "company=//evil.example",
        "\\\\evil.example",
    ],
)
async def test_no_view_leads_out_of_the_console(desk: Desk, view: str) -> None:
    company = await desk.company("Acme of the outside")
    request = await waiting(desk, company)
    ana = await desk.signed_in(f"Ana with {view}", Role.REVIEWER, company.id)
    page = await ana.get(f"{request.place}?{urlencode({'view': view})}")
    [back] = re.findall(r'href="([^"]+)" data-back', page.text)
    assert urlsplit(unescape(back))[:3] == ("", "", "/console/queue")
    for word in ("next", "previous"):
        address = await led(ana, f"/console/queue/{word}?{urlencode({'view': view})}")
        assert urlsplit(address)[:2] == ("", "")
        assert urlsplit(address).path in ("/console/queue", request.place)
    await ana.post(f"{request.place}/let-go", {"view": view})


@pytest.mark.parametrize(
    "carried", [{"view": "kind=nonsense"}, {"view": "holding=nonsense"}, {"at": "nonsense"}, {"view": "reason=\u00e9"}]
)
async def test_a_view_that_there_is_not_is_refused_before_anything_is_decided(
    desk: Desk, carried: dict[str, str]
) -> None:
    company = await desk.company("Acme of nonsense")
    request = await waiting(desk, company)
    ana = await desk.signed_in(f"Ana with {carried}", Role.REVIEWER, company.id)
    _, fields = await shown(ana, request.place)
    answer = await ana.post(f"{request.place}/decide/approve", {**fields, "form": "approve", "go_on": "1", **carried})
    assert answer.status_code in (400, 412)
    assert (await state(desk, request)).status is Status.IN_KYC
    assert (await ana.get(f"/console/queue/next?{urlencode(carried)}")).status_code in (400, 412)
    await ana.post(f"{request.place}/let-go")


# ---- views that are kept --------------------------------------------------------------------------------------------

ROW = re.compile(r'<nav class="views" aria-label="Saved views"[^>]*hx-get="([^"]+)"[^>]*>(.*?)</nav>', re.DOTALL)
LINKS = re.compile(r'<a href="([^"]+)"[^>]*>([^<]+?)(?: <span class="badge">([^<]+)</span>)?</a>')


async def test_a_view_is_kept_above_the_queue_counted_renamed_and_removed(desk: Desk) -> None:
    company = await desk.company("Acme of kept views")
    await waiting(desk, company, "name_doubtful")
    await waiting(desk, company, "no_expiration")
    ana = await desk.signed_in("Ana of kept views", Role.VIEWER, company.id)
    assert "Save this view" not in text_of(await ana.get("/console/queue")), "all of it is no view"
    place = "/console/queue?reason=name_doubtful"
    page = await ana.get(place)
    assert "Save this view" in text_of(page)
    assert not ROW.findall(page.text)
    saved = await ana.post("/console/queue/views", {"name": "Names <b>", "view": "reason=name_doubtful", "shared": "1"})
    assert saved.headers["location"] == f"{place}&notice=view_saved"
    [(counts, row)] = ROW.findall((await ana.get(place)).text)
    assert LINKS.findall(row)[0] == (place, "Names &lt;b&gt;", "")
    assert 'aria-current="true"' in row
    fragment = await ana.get(unescape(counts), headers={"hx-request": "true"})
    assert LINKS.findall(fragment.text)[0] == (place, "Names &lt;b&gt;", "1")
    assert 'aria-current="true"' in fragment.text
    assert "<html" not in fragment.text
    every = await ana.get("/console/queue/views")
    [view_id] = re.findall(r'action="/console/queue/views/(\w+)"', every.text)
    assert "yours shared" in text_of(every)
    bob = await desk.signed_in("Bob of kept views", Role.VIEWER, company.id)
    theirs = await bob.get("/console/queue/views")
    assert "Ana of kept views shared" in text_of(theirs)
    assert view_id not in theirs.text, "nothing to change there"
    assert (await bob.post(f"/console/queue/views/{view_id}/remove")).status_code == 404
    renamed = await ana.post(f"/console/queue/views/{view_id}", {"name": "Names"})
    assert renamed.headers["location"] == "/console/queue/views?notice=view_renamed"
    refused = await ana.post(f"/console/queue/views/{view_id}", {"name": " "})
    assert (refused.status_code, "name must not be blank" in text_of(refused)) == (412, True)
    assert "Names" in text_of(await bob.get("/console/queue"))
    await ana.post(f"/console/queue/views/{view_id}/remove")
    assert "None yet." in text_of(await bob.get("/console/queue/views"))


async def test_a_name_that_is_refused_is_told_of_and_a_view_that_asks_for_nothing_known_is_not_kept(desk: Desk) -> None:
    ana = await desk.signed_in("Ana of refused views", Role.VIEWER)
    refused = await ana.post("/console/queue/views", {"name": "", "view": "kind=change"})
    assert (refused.status_code, "name must not be blank" in text_of(refused)) == (412, True)
    unknown = await ana.post("/console/queue/views", {"name": "x", "view": "kind=nonsense"})
    assert (unknown.status_code, "kind must be one of" in text_of(unknown)) == (412, True)


async def test_a_view_of_a_newer_version_is_shown_without_a_count(desk: Desk) -> None:
    ana = await desk.signed_in("Ana of newer views", Role.VIEWER)
    assert ana.operator is not None
    caller = Caller(await desk.own_house(), "operator:setup", 5)
    outcome = await save_view(desk.parts.context, caller, ana.operator.id, "newer", "kind=of_tomorrow", is_shared=False)
    await desk.commit(caller, outcome)
    assert "newer not known" in text_of(await ana.get("/console/queue/views"))
    assert (await ana.get("/console/queue")).status_code == 200
