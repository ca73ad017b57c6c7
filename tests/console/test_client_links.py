"""A link for the client of a case: who makes one, that it is shown once, and what a webhook hears of."""

from __future__ import annotations

import html
import re

import pytest

from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.operators.operator import Role
from ostiary.usecases.delivery.webhook import EVENT_TYPES, Hearing, subscribe_webhook
from ostiary.usecases.hosted.arrival import NewHostedSession
from ostiary.usecases.hosted.links import make_link, revoke_link
from ostiary.usecases.hosted.sessions import exchange, look_at_link
from tests.console.cases import actions, caller_of, waiting
from tests.console.desk import Desk, text_of

SHOWN = re.compile(r'<output id="link"[^>]*>([^<]+)</output>')


async def test_an_approver_makes_a_link_and_sees_it_once(desk: Desk) -> None:
    company = await desk.company("Acme of links")
    case = await waiting(desk, company)
    ada = await desk.signed_in("Ada of links", Role.APPROVER, company.id)
    assert "A link for the client" in text_of(await ada.get(case.place))
    answer = await ada.post(f"{case.place}/link")
    assert answer.status_code == 200
    [url] = [html.unescape(shown) for shown in SHOWN.findall(answer.text)]
    look = await look_at_link(desk.parts.context, url.rpartition("/onboarding/")[2])
    assert look.link is not None
    assert (look.problem, look.link.wish.request_ids) == (None, (case.id,))
    assert (await actions(desk, case.client_id, company))[-1] == "onboarding_link_created"
    page = await ada.get(case.place)
    assert url not in page.text
    assert "A link for the client was made" in text_of(page)
    caller = await caller_of(desk, company)
    await desk.commit(caller, await revoke_link(desk.parts.context, caller, case.client_id, look.link.id))


async def test_who_only_decides_makes_none(desk: Desk) -> None:
    company = await desk.company("Acme of no links")
    case = await waiting(desk, company)
    rita = await desk.signed_in("Rita of no links", Role.REVIEWER, company.id)
    assert "A link for the client" not in text_of(await rita.get(case.place))
    assert (await rita.post(f"{case.place}/link")).status_code == 403


async def test_a_request_that_there_is_not_gets_none(desk: Desk) -> None:
    company = await desk.company("Acme of strangers")
    ada = await desk.signed_in("Ada of strangers", Role.APPROVER, company.id)
    answer = await ada.post(f"/console/companies/{company.id}/requests/{'0' * 32}/link")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("chosen", "heard"),
    [
        ([], EVENT_TYPES[:1]),
        (list(EVENT_TYPES), EVENT_TYPES),
        (["onboarding_expired"], ("onboarding_expired",)),
    ],
)
async def test_a_webhook_hears_of_what_is_ticked(desk: Desk, chosen: list[str], heard: tuple[str, ...]) -> None:
    company = await desk.company(f"Acme of {len(chosen)} events")
    sam = await desk.signed_in(f"Sam of {len(chosen)} events", Role.ADMIN, company.id)
    place = f"/console/companies/{company.id}"
    fields = {"url": "https://example.com/hook", "webhook_key": "k", "event_types": chosen}
    answer = await sam.post(f"{place}/webhook", fields)
    assert answer.headers["location"] == f"{place}?notice=webhook_set"
    page = await sam.get(place)
    ticked = re.findall(r'name="event_types" value="([a-z_]+)" checked', page.text)
    assert tuple(ticked) == heard
    stored = await desk.parts.context.storage.companies.find(company.id)
    assert stored is not None
    assert stored.webhook.event_types == heard


async def test_a_choice_that_is_refused_is_shown_as_it_was_made(desk: Desk) -> None:
    company = await desk.company("Acme of odd events")
    sam = await desk.signed_in("Sam of odd events", Role.ADMIN, company.id)
    fields = {"url": "https://example.com", "webhook_key": "k", "event_types": ["onboarding_opened", "none"]}
    answer = await sam.post(f"/console/companies/{company.id}/webhook", fields)
    assert answer.status_code == 400
    assert "event_types must be some of" in text_of(answer)
    assert re.findall(r'name="event_types" value="([a-z_]+)" checked', answer.text) == ["onboarding_opened"]


async def test_what_is_told_of_a_link_is_no_test(desk: Desk) -> None:
    company = await desk.company("Acme of told links")
    caller = await caller_of(desk, company)
    hearing = Hearing(event_types=EVENT_TYPES[1:])
    context = desk.parts.context
    await desk.commit(
        caller,
        await subscribe_webhook(context, caller, "https://example.com/hook", "k", lambda url, local: None, hearing),
    )
    case = await waiting(desk, company)
    caller = await caller_of(desk, company)
    link = await desk.commit(
        caller, await make_link(context, caller, case.client_id, LinkWish(), lambda url, local: None)
    )
    assert isinstance(await exchange(context, link.token), NewHostedSession)
    vera = await desk.signed_in("Vera of told links", Role.VIEWER, company.id)
    page = await vera.get(f"/console/companies/{company.id}/deliveries")
    assert "of a client's link" in text_of(page)
    assert "a test" not in text_of(page)
    [place] = set(re.findall(rf'href="(/console/companies/{company.id}/deliveries/[0-9A-Za-z]+)"', page.text))
    shown = text_of(await vera.get(place))
    assert link.link.id in shown
    assert "onboarding opened" in shown
