"""What is due again, over HTTP: the list, confirming, and that nobody is told that a list named them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from ostiary.api.composition import application
from ostiary.domain.renewals.deadlines import TOLD_REASONS, RenewalReason, told_reasons
from ostiary.domain.times import DAY_MS
from ostiary.domain.unit import Unit
from ostiary.usecases.companies.companies import create_key
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.triggers import opened_renewals
from ostiary.usecases.transaction import Outcome
from ostiary.wire.lifecycle.deadlines import deadline_answer
from tests.house import House, open_house
from tests.http.running import CLIENTS, details
from tests.renewing import deadline, enabled, listening, renewing_catalogue, until

RENEWALS = f"{CLIENTS}/renewals"
DUE = "2027-04-15T23:59:59"


@dataclass
class Partner:
    """A company that calls, and what it heard on its endpoint."""

    house: House
    http: httpx.AsyncClient

    async def call(self, method: str, path: str, level: int = 3, **options: Any) -> httpx.Response:
        await self.house.refresh()
        secret = (await self.house.do(create_key, level, ())).secret
        return await self.http.request(method, path, headers={"x-api-key": secret}, **options)

    async def happens(self, client_id: str, *reasons: RenewalReason) -> None:
        """What opens the renewals of a client."""

        async def decide(context: Context, caller: Any) -> Outcome[None]:
            dossier = await self.house.dossier(client_id)
            stored = await context.storage.deadlines.of_client(dossier.client)
            dossier = replace(dossier, deadlines=tuple(stored))
            changes = opened_renewals(context, caller.company, dossier, reasons)
            return Outcome(None, Unit(caller.company.id, context.now_ms(), dossier.client, changes=changes))

        await self.house.do(decide)


@pytest.fixture
async def partner(tmp_path: Path) -> AsyncIterator[Partner]:
    chosen = {"OSTIARY_CATALOGUE": str(renewing_catalogue(tmp_path)), "OSTIARY_RATE_LIMIT_PER_SECOND": "0"}
    with open_house(tmp_path / "data", **chosen) as house:
        house.caller = await house.found_company()
        await listening(house)
        transport = httpx.ASGITransport(application(replace(house.parts, context=house.context), lambda: None))
        async with httpx.AsyncClient(transport=transport, base_url="http://ostiary") as http:
            yield Partner(house, http)


def place(client_id: str, request_id: str) -> str:
    return f"{CLIENTS}/{client_id}/products/{request_id}"


def test_a_lists_hit_is_told_as_an_operators_wish_and_nothing_twice() -> None:
    hit, wish = RenewalReason.LIST_HIT, RenewalReason.OPERATOR
    assert told_reasons((RenewalReason.PERIOD, hit, wish)) == (RenewalReason.PERIOD, wish)
    assert set(TOLD_REASONS) == set(RenewalReason) - {hit}


async def test_no_answer_nor_event_says_that_a_list_named_the_client(partner: Partner) -> None:
    client_id, request_id = await enabled(partner.house)
    await partner.happens(client_id, RenewalReason.LIST_HIT)
    request = place(client_id, request_id)
    whole = {"expand": "next_action,explain,rejected_items,forms,future_requirements,renewal,terms"}
    read = await partner.call("GET", request, params=whole)
    assert read.json()["renewal"]["reasons"] == ["operator"]
    answers = [
        read,
        await partner.call("GET", RENEWALS),
        await partner.call("GET", f"{CLIENTS}/{client_id}"),
        await partner.call("GET", f"{CLIENTS}/{client_id}/products", params=whole),
        await partner.call("POST", f"{request}/submit"),
        await partner.call("POST", f"{request}/renewal/confirm", params=whole),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert answers[1].json()[0]["reasons"] == ["operator"]
    while await partner.house.work():
        pass
    heard: dict[str, Any] = {str(each.body["event_type"]): each.body["data"] for each in partner.house.endpoint.came}
    assert [heard[event]["reasons"] for event in ("renewal_opened", "renewal_completed")] == [["operator"]] * 2
    deliveries = await partner.call("GET", "/management/webhook/deliveries", 5)
    description = await partner.http.get("/openapi.json")
    for text in (*(answer.text for answer in (*answers, deliveries, description)), str(heard)):
        assert "list_hit" not in text


async def test_operators_see_the_reason_itself(partner: Partner) -> None:
    client_id, _ = await enabled(partner.house)
    await partner.happens(client_id, RenewalReason.LIST_HIT)
    renewal = await deadline(partner.house, client_id)
    assert deadline_answer(renewal, is_for_operators=True).reasons == ["list_hit"]
    assert deadline_answer(renewal).reasons == ["operator"]


async def test_what_is_due_is_listed_in_pages_up_to_a_day(partner: Partner) -> None:
    requests = [(await enabled(partner.house, f"AB123456{n}", email=f"{n}@example.com"))[1] for n in range(3)]
    first = await partner.call("GET", RENEWALS, 1, params={"limit": "2"})
    rest = await partner.http.get(first.links["next"]["url"], headers=first.request.headers)
    assert [each["product_request_id"] for each in (*first.json(), *rest.json())] == sorted(requests)
    assert {(each["state"], each["due_at"]) for each in rest.json()} == {("waiting", DUE)}
    assert rest.json()[0]["opens_at"] == "2027-01-15T00:00:00"
    assert (await partner.call("GET", RENEWALS, params={"due_before": "2027-04-15"})).json() == []
    assert len((await partner.call("GET", RENEWALS, params={"due_before": "2027-04-16"})).json()) == 3
    partner.house.caller = await partner.house.found_company("Other")
    assert (await partner.call("GET", RENEWALS)).json() == []


@pytest.mark.parametrize(("name", "value"), [
    ("due_before", "soon"), ("due_before", "2027-02-29"), ("cursor", "x"), ("cursor", "1-x"), ("cursor", "-1-"),
    ("limit", "0"), ("limit", "many"),
])  # fmt: skip
async def test_a_question_that_cannot_be_is_refused_by_its_name(partner: Partner, name: str, value: str) -> None:
    answer = await partner.call("GET", RENEWALS, params={name: value})
    assert (answer.status_code, details(answer)) == (400, {(name, "QUERY_INVALID")})


async def test_confirming_renews_once_and_is_refused_while_nothing_is_due(partner: Partner) -> None:
    client_id, request_id = await enabled(partner.house)
    confirm = f"{place(client_id, request_id)}/renewal/confirm"
    early = await partner.call("POST", confirm)
    assert (early.status_code, early.json()["code"]) == (412, "INVALID_STATE")
    await until(partner.house, "2027-01-15")
    for _ in range(2):
        answer = await partner.call("POST", confirm)
        assert (answer.status_code, answer.json()["rejected_items"]) == (200, [])
        product = answer.json()["product"]
        assert (product["status"], product["renewal"]["state"]) == ("enabled", "submitted")
        assert product["renewal"]["missing_requirements"] == {"documents": [], "data": []}
    while await partner.house.work():
        pass
    again = await deadline(partner.house, client_id)
    assert (again.is_open, again.due_at_ms > partner.house.clock.now_ms + 300 * DAY_MS) == (False, True)
    assert (await partner.call("POST", confirm)).status_code == 412
