"""One claimed message: the provider asked, or the company told; at least once, under the same id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.enablement import Review, Status
from ostiary.domain.errors import LeaseLost
from ostiary.domain.messages import Sent
from ostiary.domain.retry import SCHEDULE_S
from ostiary.domain.sandbox import SLOW_MS
from ostiary.domain.verdicts import Decision
from ostiary.usecases.announcing import announcements
from ostiary.usecases.delivering import LEASE_MS, handle_message, postpone_message
from ostiary.usecases.products import withdraw_product
from ostiary.usecases.webhooks import end_webhook, subscribe_webhook
from tests.house import House, upload


async def submitted(house: House, number: str = "AB1234567") -> tuple[str, str]:
    """A client in review whose passport has a number."""
    client = await house.client()
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id, upload(number=number))
    await house.submit(client.id, enablement.id)
    return client.id, enablement.id


async def hooked(house: House) -> tuple[str, str]:
    """In review, and the company to be told of it; nothing else is pending."""
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()
    ids = await submitted(house, "REVIEW1")
    house.endpoint.answers = [Sent(500)]
    assert sorted(await house.work()) == ["in_kyc", "pending"]
    return ids


# ---- the built-in provider ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "status", "review"),
    [
        ("AB1234567", Status.ENABLED, None),
        ("REJECT1", Status.REJECTED, None),
        ("RETRY123", Status.PENDING_DOCUMENTATION, None),
        ("REVIEW1", Status.IN_KYC, Review.SUBMISSION),
    ],
)
async def test_a_scenario_decides_in_a_sandbox(
    house: House, number: str, status: Status, review: Review | None
) -> None:
    ids = await submitted(house, number)
    assert await house.work() == [status.value]
    found = await house.enablement(*ids)
    assert (found.status, found.review) == (status, review)
    assert house.messages("provider") == ["delivered"]
    assert await house.work() == []


async def test_slow_decides_after_its_delay(house: House) -> None:
    ids = await submitted(house, "SLOW1")
    assert await house.work() == ["in_kyc"]
    assert house.messages("provider") == ["pending"]
    house.clock.now_ms += SLOW_MS - 1
    assert await house.work() == []
    house.clock.now_ms += 1
    assert await house.work() == ["enabled"]
    assert (await house.enablement(*ids)).status is Status.ENABLED


async def test_retry_enables_after_the_next_submit(house: House) -> None:
    ids = await submitted(house, "RETRY123")
    await house.work()
    await house.send(*ids, upload(number="RETRY123", seed=1))
    await house.submit(*ids)
    assert await house.work() == ["enabled"]
    assert house.messages("provider") == ["delivered", "delivered"]


async def test_a_notification_that_came_too_late_is_dropped(house: House) -> None:
    ids = await submitted(house)
    await house.do(withdraw_product, *ids)
    assert await house.work() == ["rejected"]
    assert house.messages("provider") == ["dropped"]


async def test_a_notification_of_an_older_attempt_is_dropped(house: House) -> None:
    ids = await submitted(house)
    (lease, ((message, company),)) = await house.claimed()
    older = replace(message, body={**message.body, "attempt": 0})
    assert await handle_message(house.world, house.endpoint, company, older, lease) == "in_kyc"
    assert house.messages("provider") == ["dropped"]
    assert (await house.enablement(*ids)).status is Status.IN_KYC


async def test_a_lease_that_ran_out_decides_nothing(house: House) -> None:
    """Two workers: the first was too slow, the second took over; only one verdict is given."""
    ids = await submitted(house)
    (lease, ((message, company),)) = await house.claimed()
    house.clock.now_ms += LEASE_MS
    assert await house.work() == ["enabled"]
    with pytest.raises(LeaseLost):
        await handle_message(house.world, house.endpoint, company, message, lease)
    assert house.actions(ids[0]).count("verdict_approve") == 1


# ---- the company's webhook ------------------------------------------------------------------------------------------


async def test_the_company_is_told_of_each_change_and_success_ends_it(house: House) -> None:
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()
    await submitted(house)
    await house.work()
    await house.work()
    assert house.endpoint.told() == ["in_kyc", "enabled"]
    assert house.messages("webhook") == ["delivered", "delivered"]


async def test_a_failed_delivery_comes_again_on_schedule_and_is_then_given_up(house: House) -> None:
    await hooked(house)
    for wait_s in SCHEDULE_S:
        house.endpoint.answers = [Sent(None, "no connection")]
        house.clock.now_ms += wait_s * 1000 - 1
        assert await house.work() == []
        house.clock.now_ms += 1
        assert len(await house.work()) == 1
    assert house.messages("webhook") == ["failed"]
    ids = {one.id for one in house.endpoint.came}
    assert len(ids) == 1
    assert [one.attempts for one in house.endpoint.came] == list(range(1, 11))
    assert {str(one.body["operation_id"]) for one in house.endpoint.came} == ids


@pytest.mark.parametrize("status", [199, 301, 302, 404, 500, None])
async def test_anything_but_2xx_is_tried_again(house: House, status: int | None) -> None:
    await hooked(house)
    house.endpoint.answers = [Sent(status)]
    house.clock.now_ms += 5000
    assert await house.work() == ["pending"]


async def test_a_success_makes_what_waits_due_at_once(house: House) -> None:
    ids = await hooked(house)
    house.clock.now_ms += 5000
    house.endpoint.answers = [Sent(500)]
    await house.work()  # waits 5 min now
    await house.judge(*ids, Decision.APPROVE)
    assert await house.work() == ["delivered"]
    assert await house.work() == ["delivered"]
    assert house.endpoint.told() == ["in_kyc", "in_kyc", "enabled", "in_kyc"]


async def test_after_the_webhook_ended_nothing_more_is_delivered(house: House) -> None:
    await hooked(house)
    await house.do(end_webhook)
    house.clock.now_ms += 5000
    assert await house.work() == ["dropped"]
    assert len(house.endpoint.came) == 1


async def test_a_delivery_settled_by_another_worker_loses_its_lease(house: House) -> None:
    await hooked(house)
    house.clock.now_ms += 5000
    (lease, ((message, company),)) = await house.claimed()
    house.clock.now_ms += LEASE_MS
    assert await house.work() == ["delivered"]
    with pytest.raises(LeaseLost):
        await handle_message(house.world, house.endpoint, company, message, lease)


async def test_what_did_not_change_is_announced_to_nobody(house: House) -> None:
    found = await house.enablement(*await hooked(house))
    assert announcements(house.world, house.caller.company, found.status, found) == ()


async def test_after_something_unforeseen_a_message_comes_again_by_the_usual_schedule(house: House) -> None:
    await submitted(house)
    (lease, ((message, company),)) = await house.claimed()
    assert await postpone_message(house.world, company, message, lease) == "pending"
    assert await house.work() == []
    house.clock.now_ms += 5000
    assert await house.work() == ["enabled"]
