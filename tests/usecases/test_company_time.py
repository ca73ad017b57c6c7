"""A sandbox company has a clock of its own: it decides what a calendar decides, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.errors import ValidationFailed
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import Code
from ostiary.domain.times import DAY_MS, day_of, format_timestamp
from ostiary.domain.unit import Unit
from ostiary.usecases.delivery.webhook import subscribe_webhook
from ostiary.usecases.onboarding.products import list_products, withdraw_product
from ostiary.usecases.verification.decide_submission import decide_submission
from ostiary.usecases.verification.judge_documents import ReadingCache
from tests.house import House, upload
from tests.material import NOW_MS

YEAR_MS = 365 * DAY_MS


async def ahead(house: House, ms: int) -> None:
    """Moves the company's clock, and nobody else's."""
    company = replace(house.caller.company, clock_ahead_ms=ms)
    assert await house.context.storage.commit(Unit(company.id, house.clock.now_ms, company)) is None
    await house.refresh()


def day(ms: int) -> str:
    return day_of(ms).isoformat()


async def test_a_company_that_moved_nothing_has_the_machines_time(house: House) -> None:
    company = house.caller.company
    assert house.context.now_of(company) == NOW_MS
    assert house.context.today_of(company) == day_of(NOW_MS)


async def test_the_clock_is_kept_and_is_of_one_company(house: House) -> None:
    other = (await house.found_company("Other")).company
    await ahead(house, YEAR_MS)
    assert house.context.now_of(house.caller.company) == NOW_MS + YEAR_MS
    assert house.context.today_of(house.caller.company) == day_of(NOW_MS + YEAR_MS)
    assert house.context.now_of(other) == NOW_MS


async def test_a_document_that_ran_out_in_the_companys_time_is_missing(house: House) -> None:
    client = await house.client()
    request = await house.request(client.id)
    last = NOW_MS + 10 * DAY_MS
    await house.send(client.id, request.id, upload(expiration_date=day(last)))
    await ahead(house, 10 * DAY_MS)
    [state] = await list_products(house.context, house.caller, client.id)
    assert state.assessment.is_complete
    await ahead(house, 11 * DAY_MS)
    [state] = await list_products(house.context, house.caller, client.id)
    assert [each.code for each in state.assessment.rejections] == [Code.DOCUMENT_EXPIRED]
    refused = await house.send(client.id, request.id, upload(number="CD7654321", seed=30, expiration_date=day(last)))
    assert [each.code for each in refused.rejections] == [Code.DOCUMENT_EXPIRED]


async def test_who_is_not_born_yet_by_the_machine_may_be_by_the_company(house: House) -> None:
    with pytest.raises(ValidationFailed):
        await house.client(birth_date=day(NOW_MS + DAY_MS))
    await ahead(house, 20 * YEAR_MS)
    assert (await house.client(birth_date=day(NOW_MS + DAY_MS))).created_at_ms == NOW_MS + 20 * YEAR_MS


async def test_what_a_partner_reads_is_in_its_time_and_what_machines_do_is_not(house: House) -> None:
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, is_sandbox: None)
    await house.refresh()
    await ahead(house, YEAR_MS)
    ids = await house.submitted()
    request = await house.enablement(*ids)
    assert (request.created_at_ms, request.updated_at_ms) == (NOW_MS + YEAR_MS, NOW_MS + YEAR_MS)
    [document] = (await house.dossier(ids[0])).documents
    assert document.created_at_ms == NOW_MS + YEAR_MS
    assert {row[0] for row in house.rows("SELECT due_at_ms FROM messages")} == {NOW_MS}
    assert {row[0] for row in house.rows("SELECT at_ms FROM audit_entries")} == {NOW_MS}
    await house.work()
    assert {_occurred(message.body) for message in house.endpoint.came} == {format_timestamp(NOW_MS + YEAR_MS)}


def _occurred(body: Any) -> str:
    return str(body["data"]["occurred_at"])


async def test_a_scenario_that_waits_decides_after_its_delay_by_the_machine_or_once_the_clock_is_moved(
    house: House,
) -> None:
    await ahead(house, YEAR_MS)
    slow = await house.submitted("SLOW1")
    await house.work()
    assert (await house.enablement(*slow)).status is Status.IN_KYC
    [(due,)] = house.rows("SELECT due_at_ms FROM messages WHERE state = 'pending'")
    assert due == NOW_MS + 10_000
    house.clock.now_ms += 10_000
    await house.work()
    assert (await house.enablement(*slow)).status is Status.ENABLED


async def test_a_withdrawal_and_a_verdict_are_of_the_companys_time(house: House) -> None:
    await ahead(house, YEAR_MS)
    client = await house.client()
    request = await house.request(client.id)
    gone = await house.do(withdraw_product, client.id, request.id)
    assert gone.enablement.updated_at_ms == NOW_MS + YEAR_MS
    ids = await house.submitted(email="another@example.com", number="CD7654321")
    await house.work()
    assert (await house.enablement(*ids)).updated_at_ms == NOW_MS + YEAR_MS


async def test_documents_are_read_and_judged_by_the_companys_day(house: House) -> None:
    """A machine reads only for production companies, whose clock nobody moves: the rule holds for whatever it is."""
    ids = await house.submitted()
    days = list[object]()

    class Reader:
        def warm(self) -> None:
            pass

        async def read(self, pictures: object, formats: object, today: object, company_id: str) -> Any:
            days.append(today)
            return await house.context.reader.read([], [], day_of(NOW_MS), company_id)

    await ahead(house, YEAR_MS)
    context = replace(house.context, reader=Reader())
    dossier = await house.dossier(ids[0])
    await decide_submission(context, house.caller, dossier, dossier.enablement(ids[1]), None, ReadingCache())  # type: ignore[arg-type]
    assert days == [day_of(NOW_MS + YEAR_MS)]
