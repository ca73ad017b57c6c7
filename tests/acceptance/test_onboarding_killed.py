"""The onboarding page's service is killed between any two steps of a client, and while many send at once: each goes on
in the session that he has, from the page that he sees; nothing is lost, done twice or told twice."""

from __future__ import annotations

import asyncio
import re
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.acceptance.conftest import END_S, RunningService
from tests.acceptance.databases import migrated, one_of
from tests.acceptance.onboarding import new_client, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.test_worker_faults import KEY
from tests.hosted.desk import Browser
from tests.hosted.test_journeys import PASSPORT
from tests.material import picture
from tests.servers.postgresql import shared

Start = Callable[..., RunningService]
TOGETHER, STEPS = 6, 5
LEAST_TOLD = 4
"""Of each client: the link was opened, a document given, all of it sent, and is looked at."""
PLACE = "/onboarding/documents/1-identity_document"
EVENTS = ("product_enablement_status_changed", "onboarding_opened", "onboarding_step_completed", "onboarding_finished")
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
Step = tuple[dict[str, str], bytes, str]
"""What is typed, which picture is chosen, and the page that comes of it."""


@dataclass(frozen=True)
class Invited:
    """A client with a link. `request` is the address of what he asks for; `seed` makes his picture."""

    link: str
    request: str
    seed: int

    def steps(self) -> tuple[Step, ...]:
        return (
            ({}, b"", PLACE),
            ({"kind": "passport"}, b"", f"{PLACE}/front"),
            ({}, picture(self.seed), f"{PLACE}/details"),
            ({**PASSPORT, "number": f"AB{self.seed:07}"}, b"", "/onboarding/review"),
            ({}, b"", "/onboarding/state"),
        )


@dataclass
class Visitor:
    """He, in the browser where he opened it."""

    client: Invited
    browser: Browser

    async def take(self, *places: int) -> None:
        for place in places:
            given, content, then = self.client.steps()[place]
            hidden = dict(HIDDEN.findall(self.browser.page.text))
            await self.browser.send({**hidden, **given}, picture=content)
            assert self.browser.path == then, self.browser.text


def invited(service: RunningService, number: int) -> list[Invited]:
    partner, clients = service.client(), "/management/clients/individuals"
    guests = list[Invited]()
    for seed in range(1, number + 1):
        client = f"{clients}/{new_client(partner, seed)}"
        asked = partner.post(f"{client}/products", json={"subproduct": "cards_individuals"}).json()
        link = partner.post(f"{client}/onboarding-links", json={}).json()
        guests.append(Invited(httpx.URL(link["url"]).path, f"{client}/products/{asked['id']}", seed))
    return guests


@asynccontextmanager
async def visiting(service: RunningService, clients: list[Invited]) -> AsyncIterator[list[Visitor]]:
    async with AsyncExitStack() as stack:
        visitors = list[Visitor]()
        for each in clients:
            http = httpx.AsyncClient(base_url=service.url, timeout=END_S, trust_env=False)
            visitors.append(Visitor(each, Browser(await stack.enter_async_context(http))))
            await visitors[-1].browser.open(each.link)
        yield visitors


def killed(service: RunningService) -> None:
    assert service.stop(signal.SIGKILL) == -signal.SIGKILL
    service.start()


async def walked(service: RunningService, clients: list[Invited]) -> None:
    """One kill before each step and after the last."""
    async with visiting(service, clients) as [visitor]:
        for place in range(STEPS):
            killed(service)
            await visitor.take(place)
        killed(service)
        await visitor.browser.open()
        assert visitor.browser.path == "/onboarding/state"


async def cut_off(service: RunningService, clients: list[Invited]) -> int:
    """One kill within each step, when the first answer is there: whoever got none sends the same page again. How many
    got none."""
    unanswered = 0
    async with visiting(service, clients) as visitors:
        for place in range(STEPS):
            sending = [asyncio.create_task(each.take(place)) for each in visitors]
            await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(killed, service)
            answers = await asyncio.gather(*sending, return_exceptions=True)
            again = [visitor for visitor, answer in zip(visitors, answers, strict=True) if answer is not None]
            assert not [each for each in answers if each is not None and not isinstance(each, httpx.TransportError)]
            for visitor in again:
                await visitor.take(place)
            unanswered += len(again)
    return unanswered


def subscribed(service: RunningService, receiver: Receiver) -> None:
    wish = {"url": receiver.url, "webhook_key": "key", "event_types": EVENTS}
    answer = service.client().post("/management/companies/webhook/subscribe", json=wish)
    assert answer.status_code == 200, answer.text


def events_at(receiver: Receiver) -> Counter[tuple[str, str, str]]:
    """How many messages there are of each kind of each client; one that comes again has the same id."""
    bodies = {message_id: body for message_id, _, body in receiver.came}.values()
    return Counter(
        (body["data"]["client_id"], body["event_type"], body["data"].get("step") or body["data"].get("status") or "")
        for body in bodies
    )


@pytest.fixture(params=one_of("sqlite", "postgres"))
def settings(request: pytest.FixtureRequest) -> Iterator[dict[str, object]]:
    """What a service runs on."""
    if request.param == "sqlite":
        yield {}
        return
    name = migrated(shared())
    yield {"database_url": shared().url(name), "master_key": KEY}
    shared().drop([name])


def test_a_kill_between_any_two_steps_loses_nothing(service_factory: Start, settings: dict[str, object]) -> None:
    service = service_factory(**settings)
    [client] = invited(service, 1)
    asyncio.run(walked(service, [client]))
    shown = service.client().get(client.request, params={"expand": "explain"}).json()
    assert shown["missing_requirements"] == {"documents": [], "data": []}
    assert service.answer("audit", "verify")["intact"]
    service.stop()


def test_whoever_gets_no_answer_sends_the_page_again_and_nothing_is_done_twice(
    service_factory: Start, receiver: Receiver, settings: dict[str, object]
) -> None:
    service = service_factory(allowed_private_networks="127.0.0.0/8", **settings)
    subscribed(service, receiver)
    clients = invited(service, TOGETHER)
    assert asyncio.run(cut_off(service, clients)) > 0
    until(lambda: len(events_at(receiver)) >= TOGETHER * LEAST_TOLD, "all is told")
    assert set(events_at(receiver).values()) == {1}
    assert {kind for _, kind, _ in events_at(receiver)} == set(EVENTS)
    assert service.answer("audit", "verify")["intact"]
    service.stop()
