"""Renewals in the console: on the page of a case, in a list, asked for by an operator, and decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ostiary.app import Installation
from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.operators.operator import Role
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.times import DAY_MS
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.daily import due_work
from ostiary.usecases.lifecycle.renewals import confirm_renewal
from ostiary.usecases.review.apply_verdict import apply_verdict, review_of
from ostiary.usecases.transaction import execute
from tests.console.cases import WaitingRequest, actions, caller_of, state, waiting
from tests.console.desk import Desk, text_of
from tests.http.running import installation
from tests.renewing import renewing_catalogue


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("renewals")
    with installation(folder, OSTIARY_CATALOGUE=str(renewing_catalogue(folder))) as parts:
        yield parts


async def done(desk: Desk, case: WaitingRequest, use_case: Any, *values: object) -> Any:
    context, caller = desk.parts.context, await caller_of(desk, case.company)
    return await execute(context, caller, lambda: use_case(context, caller, case.client_id, case.id, *values))


async def enabled(desk: Desk, company: Any) -> WaitingRequest:
    """A client whose cards are due in a year."""
    case = await waiting(desk, company)
    await done(desk, case, apply_verdict, Verdict(Decision.APPROVE))
    return case


async def test_the_page_says_when_it_is_due_and_an_operator_asks_for_it_now(desk: Desk) -> None:
    company = await desk.company("Acme again")
    case = await enabled(desk, company)
    rita = await desk.signed_in("Rita again", Role.REVIEWER, company.id)
    page = text_of(await rita.get(case.place))
    assert "Due again not open yet Due at the end of" in page
    assert "the period since the last review is over" in page
    refused = await rita.post(f"{case.place}/renewal", {"note": " "})
    assert (refused.status_code, "note" in text_of(refused)) == (412, True)
    answer = await rita.post(f"{case.place}/renewal", {"note": "A newspaper article."})
    assert answer.headers["location"] == f"{case.place}?notice=renewal_asked"
    page = text_of(await rita.get(answer.headers["location"]))
    assert "with the company Due at the end of" in page
    assert "an operator asked for it" in page
    assert "Nobody has said yet that what is known of the client is still right." in page
    assert "a person decides what becomes of it." in page
    assert "Asked for a renewal by Rita again" in page
    again = await rita.post(f"{case.place}/renewal", {"note": "Another article."})
    assert (again.status_code, "one is asked for already" in text_of(again)) == (412, True)


async def test_the_page_of_one_that_never_came_says_so_and_what_followed(desk: Desk) -> None:
    company = await desk.company("Acme of nobody")
    case = await enabled(desk, company)
    context = desk.parts.context
    for _ in range(10):
        desk.clock.ahead_ms += 60 * DAY_MS
        while await due_work(context, company, context.now_of(company)):
            pass
    vic = await desk.signed_in("Vic of nobody", Role.VIEWER, company.id)
    page = text_of(await vic.get(case.place))
    assert "Overdue." in page
    assert "It did not come by the end of" in page
    assert "If it does not come" not in page
    assert "a person decides what becomes of it." in page


async def test_what_is_due_is_a_list_with_a_day_to_look_up_to(desk: Desk) -> None:
    company = await desk.company("Acme of lists")
    case = await enabled(desk, company)
    vic = await desk.signed_in("Vic of lists", Role.VIEWER, company.id)
    place = f"/console/companies/{company.id}/renewals"
    assert "Due again" in text_of(await vic.get(f"/console/companies/{company.id}"))
    page = await vic.get(place)
    assert f'href="{case.place}"' in page.text
    assert "not open yet the period since the last review is over" in text_of(page)
    assert "Nothing is due like that." in text_of(await vic.get(f"{place}?due_before=2026-12-01"))
    assert case.place in (await vic.get(f"{place}?due_before=soon&after=nowhere")).text


@pytest.mark.parametrize(("form", "fields", "status", "done_after"), [
    ("approve", {}, "not open yet", "renewal_completed"),
    ("return", {"choice": "image_blurred passport"}, "with the company", "renewal_returned"),
])  # fmt: skip
async def test_a_renewal_is_decided_as_a_submission_is(
    desk: Desk, form: str, fields: dict[str, str], status: str, done_after: str
) -> None:
    company = await desk.company(f"Acme that {form}s")
    case = await enabled(desk, company)
    rita = await desk.signed_in(f"Rita who {form}s", Role.REVIEWER, company.id)
    await rita.post(f"{case.place}/renewal", {"note": "An article."})
    await done(desk, case, confirm_renewal)

    async def opened(context: Any, caller: Any, client_id: str, request_id: str) -> Any:
        dossier = await load_dossier(context, caller, client_id)
        return review_of(context, caller, dossier, dossier.enablement(request_id), Review.RENEWAL)

    await done(desk, case, opened)
    page = await rita.get(case.place)
    assert "What was due again was sent and waits for a decision" in text_of(page)
    assert "renewal" in text_of(await rita.get("/console/queue?kind=renewal"))
    if "choice" in fields:
        fields = {"choice": page.text.split('name="choice" value="')[1].split('"')[0]}
    look = page.text.split('data-look="')[1].split('"')[0]
    answer = await rita.post(f"{case.place}/decide/{form}", {"look": look, "form": form, **fields})
    assert answer.status_code == 303, text_of(answer)
    assert (await state(desk, case)).status.value == "enabled"
    assert done_after in await actions(desk, case.client_id, company)
    assert status in text_of(await rita.get(case.place))
