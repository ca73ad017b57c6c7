"""Renewals of enabled requests, from the day they are enabled to the end of their days of grace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.renewals.deadlines import DeadlineState, RenewalReason
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.lifecycle.renewals import ask_renewal, confirm_renewal, list_renewals
from ostiary.usecases.onboarding.products import read_product
from ostiary.usecases.review.decide import decide_request
from tests.house import CARDS, House, open_house, upload
from tests.material import profile
from tests.renewing import deadline, deadlines, enabled, events_heard, listening, on, renewing_catalogue, until
from tests.usecases.test_future_requirements import switch


@pytest.fixture
async def yearly(tmp_path: Path) -> AsyncIterator[House]:
    """Cards are reviewed every year, and documents must stay valid; one sandbox company calls, and hears all."""
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(renewing_catalogue(tmp_path))) as house:
        house.caller = await house.found_company()
        await listening(house)
        yield house


async def state(house: House, client_id: str, request_id: str) -> ProductState:
    return await read_product(house.context, house.caller, client_id, request_id, with_renewal=True)


async def action(house: House, client_id: str, request_id: str) -> str:
    now = await state(house, client_id, request_id)
    return next_action(now.enablement, now.assessment, renewal=now.renewal).action


# ---- the period -----------------------------------------------------------------------------------------------------


async def test_what_is_enabled_has_a_deadline_at_the_end_of_a_day_a_year_later(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    due = await deadline(yearly, client_id)
    assert (due.due_on, due.state, due.reasons) == (date(2027, 4, 15), DeadlineState.WAITING, (RenewalReason.PERIOD,))
    assert (await state(yearly, client_id, request_id)).renewal is None
    assert await action(yearly, client_id, request_id) == "none"


async def test_a_year_goes_by_with_each_notice_once_and_nothing_disabled(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    await until(yearly, "2027-06-01")
    await yearly.work()
    while await yearly.work():
        pass
    heard = events_heard(yearly)[1:]
    assert heard[1:] == [
        "renewal_opened",
        "renewal_due_soon",
        "renewal_due_soon",
        "renewal_due_soon",
        "renewal_overdue",
    ]
    request = await yearly.enablement(client_id, request_id)
    assert (request.status, request.review) == (Status.ENABLED, Review.RENEWAL)
    assert await action(yearly, client_id, request_id) == "review"


async def test_nothing_has_changed_is_one_call_and_renews(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    await on(yearly, "2027-01-15")
    now = await state(yearly, client_id, request_id)
    assert (now.assessment.documents, [group.id for group in now.assessment.data]) == ((), ["renewal_confirmation"])
    assert await action(yearly, client_id, request_id) == "confirm_renewal"
    done = await yearly.do(confirm_renewal, client_id, request_id)
    assert done.renewal is not None
    assert done.renewal.is_submitted
    assert await action(yearly, client_id, request_id) == "decide"
    await yearly.work()
    due = await deadline(yearly, client_id)
    assert (due.state, due.due_on, due.reviewed_on) == (
        DeadlineState.WAITING,
        date(2028, 1, 15),
        date(2027, 1, 15),
    )
    assert (await yearly.enablement(client_id, request_id)).status is Status.ENABLED
    while await yearly.work():
        pass
    assert events_heard(yearly)[-1] == "renewal_completed"


async def test_a_call_that_is_repeated_changes_nothing(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    await on(yearly, "2027-01-15")
    await yearly.do(confirm_renewal, client_id, request_id)
    again = await yearly.do(confirm_renewal, client_id, request_id)
    assert again.renewal is not None
    assert again.renewal.attempt == 1
    submitted = await yearly.submit(client_id, request_id)
    assert submitted.renewal == again.renewal


async def test_without_a_renewal_nothing_is_confirmed_submitted_or_sent(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    with pytest.raises(InvalidState):
        await yearly.do(confirm_renewal, client_id, request_id)
    with pytest.raises(InvalidState):
        await yearly.submit(client_id, request_id)
    with pytest.raises(InvalidState):
        await yearly.send(client_id, request_id)


# ---- documents ------------------------------------------------------------------------------------------------------


async def test_a_document_that_runs_out_is_asked_for_and_nothing_else(yearly: House) -> None:
    client_id, request_id = await enabled(yearly, expires="2026-09-30")
    due = await deadline(yearly, client_id)
    assert (due.due_on, due.reasons) == (date(2026, 9, 30), (RenewalReason.DOCUMENT_EXPIRY,))
    await on(yearly, "2026-07-02")
    now = await state(yearly, client_id, request_id)
    assert [each.requirement.id for each in now.assessment.documents] == ["identity_document"]
    assert now.assessment.data == ()
    assert await action(yearly, client_id, request_id) == "complete_documentation"
    still = await yearly.submit(client_id, request_id)
    assert still.assessment.documents
    await yearly.send(client_id, request_id, upload(seed=7, number="CD7654321", expiration_date="2036-01-01"))
    await yearly.submit(client_id, request_id)
    with pytest.raises(InvalidState):
        await yearly.send(client_id, request_id, upload(seed=8))
    await yearly.work()
    due = await deadline(yearly, client_id)
    assert (due.due_on, due.reviewed_on) == (date(2027, 4, 15), date(2026, 4, 15))


async def test_a_newer_document_moves_what_waits(yearly: House) -> None:
    client_id, _ = await enabled(yearly, expires="2026-09-30")
    other = await yearly.request(client_id, "accounts_individuals")
    await yearly.send(client_id, other.id, upload(seed=7, number="CD7654321", expiration_date="2036-01-01"))
    assert (await deadline(yearly, client_id)).due_on == date(2027, 4, 15)


async def test_what_is_sent_back_stays_enabled_and_open(yearly: House) -> None:
    client_id, request_id = await enabled(yearly, expires="2026-09-30")
    await on(yearly, "2026-09-30")
    await yearly.send(client_id, request_id, upload(seed=7, number="CD7654321", expiration_date="2036-01-01"))
    await yearly.submit(client_id, request_id)
    await yearly.judge(client_id, request_id, Decision.RETURN, *await yearly.refusals(client_id))
    due = await deadline(yearly, client_id)
    assert (due.state, due.returned) == (DeadlineState.OPEN, 1)
    assert (await yearly.enablement(client_id, request_id)).status is Status.ENABLED
    assert await action(yearly, client_id, request_id) == "complete_documentation"


# ---- what happens ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"last_name": "Other"}, {RenewalReason.NAME_CHANGED}),
        ({"address": {"street_line1": "Elsewhere 1"}}, {RenewalReason.ADDRESS_CHANGED}),
        (
            {"address": {"country": "BRA", "state": None}},
            {RenewalReason.ADDRESS_CHANGED, RenewalReason.COUNTRY_CHANGED},
        ),
    ],
)
async def test_a_client_who_moves_or_is_named_anew_is_renewed_at_once(
    yearly: House, changes: dict[str, object], reasons: set[RenewalReason]
) -> None:
    client_id, _ = await enabled(yearly)
    await yearly.do(update_client, client_id, profile(**changes))
    due = await deadline(yearly, client_id)
    assert (due.state, set(due.reasons)) == (DeadlineState.OPEN, reasons)
    assert not due.needs_confirmation, "who gives all details anew has said that they are right"
    assert due.due_on == date(2026, 7, 14)


async def test_a_change_that_does_not_matter_opens_nothing(yearly: House) -> None:
    client_id, _ = await enabled(yearly)
    await yearly.do(update_client, client_id, profile(email="another@example.com"))
    assert (await deadline(yearly, client_id)).state is DeadlineState.WAITING


async def test_an_update_confirms_a_renewal_that_is_open(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    await on(yearly, "2027-01-15")
    await yearly.do(update_client, client_id, profile(email="another@example.com"))
    assert await action(yearly, client_id, request_id) == "submit"


async def test_an_operator_asks_for_a_renewal_and_is_told_when_that_is_asked_already(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    operator = await yearly.operator("jane")
    asked = await yearly.do(ask_renewal, client_id, request_id, "A letter came back.", caller=operator)
    assert (asked.state, asked.reasons) == (DeadlineState.OPEN, (RenewalReason.OPERATOR,))
    with pytest.raises(InvalidState):
        await yearly.do(ask_renewal, client_id, request_id, "Again.", caller=operator)


# ---- the end --------------------------------------------------------------------------------------------------------


async def test_the_product_ends_after_its_days_of_grace_where_it_says_so(tmp_path: Path) -> None:
    terms = "review_every: P1Y\n    at_deadline: offboard\n    grace_days: 10"
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(renewing_catalogue(tmp_path, terms))) as house:
        house.caller = await house.found_company()
        client_id, request_id = await enabled(house)
        await until(house, "2027-04-25")
        assert (await house.enablement(client_id, request_id)).status is Status.ENABLED
        await until(house, "2027-04-26")
        ended = await house.enablement(client_id, request_id)
        assert ended.status is Status.REJECTED
        assert ended.rejection_description == "The renewal that was due on 2027-04-15 was not completed."
        assert await deadlines(house, client_id) == []


async def test_a_company_that_listens_is_told_why_its_product_ended(tmp_path: Path) -> None:
    terms = "review_every: P1Y\n    at_deadline: offboard\n    grace_days: 10"
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(renewing_catalogue(tmp_path, terms))) as house:
        house.caller = await house.found_company()
        await listening(house)
        await enabled(house)
        await until(house, "2027-04-26")
        while await house.work():
            pass
        data = house.endpoint.came[-1].body["data"]
        assert isinstance(data, dict)
        heard = data["status"], data["rejection_description"]
        assert heard == ("rejected", "The renewal that was due on 2027-04-15 was not completed.")


async def test_an_operator_keeps_an_overdue_client_for_a_reason(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    await until(yearly, "2027-06-01")
    operator = await yearly.operator("jane")
    await yearly.look(client_id, request_id, operator)
    with pytest.raises(InvalidState):
        await yearly.do(decide_request, client_id, request_id, Verdict(Decision.APPROVE), caller=operator)
    verdict = (Verdict(Decision.APPROVE), "In hospital.")
    await yearly.do(decide_request, client_id, request_id, *verdict, caller=operator)
    due = await deadline(yearly, client_id)
    assert (due.state, due.due_on) == (DeadlineState.WAITING, date(2028, 6, 1))
    assert (await yearly.enablement(client_id, request_id)).review is None


# ---- nothing is due -------------------------------------------------------------------------------------------------


async def test_a_product_that_says_nothing_costs_nothing(house: House) -> None:
    client_id, request_id = await enabled(house)
    assert await deadlines(house, client_id) == []
    await house.do(update_client, client_id, profile(last_name="Other"))
    assert await deadlines(house, client_id) == []
    with pytest.raises(InvalidState):
        await house.do(ask_renewal, client_id, request_id, "Once more.", caller=await house.operator("jane"))


async def test_a_list_says_what_is_due_in_pages(yearly: House) -> None:
    ids = [
        (await enabled(yearly, number=f"AB123456{n}", expires=f"2027-0{n}-01", email=f"c{n}@example.com"))[0]
        for n in (3, 1, 2)
    ]
    page = await list_renewals(yearly.context, yearly.caller, before_ms=1 << 60, after=(-1, ""), limit=2)
    assert [each.client_id for each in page.deadlines] == [ids[1], ids[2]]
    assert page.next is not None
    rest = await list_renewals(yearly.context, yearly.caller, before_ms=1 << 60, after=page.next, limit=2)
    assert ([each.client_id for each in rest.deadlines], rest.next) == ([ids[0]], None)


# ---- documents that ran out unseen ----------------------------------------------------------------------------------


async def test_a_document_that_ran_out_while_nobody_looked_is_asked_for_all_the_same(yearly: House) -> None:
    client_id, _ = await enabled(yearly, expires="2026-06-30")
    await on(yearly, "2026-08-01")
    due = await deadline(yearly, client_id)
    assert (due.state, due.reasons, due.due_on) == (
        DeadlineState.OPEN,
        (RenewalReason.DOCUMENT_EXPIRY,),
        date(2026, 8, 31),
    )


async def test_one_that_ran_out_before_anything_was_due_is_asked_for_within_a_year(tmp_path: Path) -> None:
    before, after = (renewing_catalogue(tmp_path, terms) for terms in ("", "documents_must_stay_valid: true"))
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(before)) as house:
        house.caller = await house.found_company()
        client_id, _ = await enabled(house, expires="2026-06-30")
        await on(house, "2026-08-01")
        switch(house, before.read_text(), after.read_text())
        await date_requests(house.context, house.caller.company, CARDS, "")
        due = await deadline(house, client_id)
        assert due.reasons == (RenewalReason.DOCUMENT_EXPIRY,)
        assert date(2026, 8, 1) < due.due_on <= date(2027, 11, 1)


async def test_one_that_ran_out_and_was_let_stand_is_asked_for_again(yearly: House) -> None:
    client_id, request_id = await enabled(yearly, expires="2026-06-30")
    await until(yearly, "2026-08-01")
    await yearly.judge(client_id, request_id, Decision.APPROVE)
    due = await deadline(yearly, client_id)
    assert (due.state, due.reasons) == (DeadlineState.WAITING, (RenewalReason.DOCUMENT_EXPIRY,))
