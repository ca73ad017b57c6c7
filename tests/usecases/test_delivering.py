"""One claimed message: the provider asked, or the company told; at least once, under the same id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.delivery.attempts import NOT_TRIED_MS
from ostiary.domain.delivery.messages import SendResult
from ostiary.domain.delivery.retry import SCHEDULE_S
from ostiary.domain.delivery.timing import LEASE_MS
from ostiary.domain.errors import LeaseLost
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.delivery.deliver import handle_message, postpone_message
from ostiary.usecases.delivery.webhook import end_webhook, subscribe_webhook
from ostiary.usecases.onboarding.notifications import announcements
from ostiary.usecases.onboarding.products import withdraw_product
from tests.house import House, upload

SLOW_MS = 10_000


async def submitted(house: House, number: str = "AB1234567") -> tuple[str, str]:
    """A client in review whose passport has a number."""
    client = await house.client(email=f"{number}@example.com")
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id, upload(number=number))
    await house.submit(client.id, enablement.id)
    return client.id, enablement.id


async def hooked(house: House) -> tuple[str, str]:
    """In review, and the company to be told of it; nothing else is pending."""
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()
    ids = await submitted(house, "REVIEW1")
    house.endpoint.answers = [SendResult(500)]
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
    enablement = await house.enablement(*ids)
    assert (enablement.status, enablement.review) == (status, review)
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
    assert await handle_message(house.context, house.endpoint, company, older, lease) == "in_kyc"
    assert house.messages("provider") == ["dropped"]
    assert (await house.enablement(*ids)).status is Status.IN_KYC


async def test_a_lease_that_ran_out_decides_nothing(house: House) -> None:
    """Two workers: the first was too slow, the second took over; only one verdict is given."""
    ids = await submitted(house)
    (lease, ((message, company),)) = await house.claimed()
    house.clock.now_ms += LEASE_MS
    assert await house.work() == ["enabled"]
    with pytest.raises(LeaseLost):
        await handle_message(house.context, house.endpoint, company, message, lease)
    assert house.actions(ids[0]).count("verdict_approve") == 1


# ---- the company's webhook ------------------------------------------------------------------------------------------


async def test_the_company_is_told_of_each_change_and_success_ends_it(house: House) -> None:
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()
    await submitted(house)
    await house.work()
    await house.work()
    assert house.endpoint.statuses() == ["in_kyc", "enabled"]
    assert house.messages("webhook") == ["delivered", "delivered"]


async def test_a_failed_delivery_comes_again_on_schedule_and_is_then_given_up(house: House) -> None:
    await hooked(house)
    for wait_s in SCHEDULE_S:
        house.endpoint.answers = [SendResult(None, "no connection")]
        house.clock.now_ms += wait_s * 1000 - 1
        assert await house.work() == []
        house.clock.now_ms += 1
        assert len(await house.work()) == 1
    assert house.messages("webhook") == ["failed"]
    ids = {event.id for event in house.endpoint.came}
    assert len(ids) == 1
    assert [event.attempts for event in house.endpoint.came] == list(range(1, 11))
    assert {str(event.body["operation_id"]) for event in house.endpoint.came} == ids


@pytest.mark.parametrize("status", [199, 301, 302, 404, 500, None])
async def test_anything_but_2xx_is_tried_again(house: House, status: int | None) -> None:
    await hooked(house)
    house.endpoint.answers = [SendResult(status)]
    house.clock.now_ms += 5000
    assert await house.work() == ["pending"]


async def test_what_could_not_be_tried_counts_against_nobody_and_comes_again(house: House) -> None:
    await hooked(house)
    before = await house.context.storage.outbox.health(house.caller.company.id, "webhook")
    for _ in range(len(SCHEDULE_S) + 5):
        house.endpoint.answers = [SendResult(None, "not tried", is_tried=False)]
        house.clock.now_ms += NOT_TRIED_MS
        assert await house.work() == ["pending"]
    assert await house.context.storage.outbox.health(house.caller.company.id, "webhook") == before
    house.clock.now_ms += NOT_TRIED_MS
    assert await house.work() == ["delivered"]
    assert house.endpoint.came[-1].attempts == 2, "one failed before, and this one"


async def test_a_success_makes_what_waits_due_at_once(house: House) -> None:
    await hooked(house)
    house.clock.now_ms += 5000
    house.endpoint.answers = [SendResult(500)]
    await house.work()  # waits 5 min now
    await submitted(house, "REVIEW2")
    assert sorted(await house.work()) == ["delivered", "in_kyc"]
    assert await house.work() == ["delivered"]
    assert house.messages("webhook") == ["delivered", "delivered"]


async def test_a_later_event_waits_until_an_earlier_one_of_its_request_was_taken(house: House) -> None:
    ids = await hooked(house)
    await house.judge(*ids, Decision.APPROVE)
    assert await house.work() == []
    house.clock.now_ms += 5000
    assert [await house.work(), await house.work()] == [["delivered"], ["delivered"]]
    assert house.endpoint.statuses() == ["in_kyc", "in_kyc", "enabled"]


async def test_a_later_event_is_sent_when_an_earlier_one_of_its_request_was_given_up(house: House) -> None:
    ids = await hooked(house)
    await house.judge(*ids, Decision.APPROVE)
    house.endpoint.answers = [SendResult(500)] * len(SCHEDULE_S)
    for wait_s in SCHEDULE_S:
        house.clock.now_ms += wait_s * 1000
        await house.work()
    assert await house.work() == ["delivered"]
    assert house.messages("webhook") == ["failed", "delivered"]


async def test_a_message_that_always_fails_uses_no_try_for_each_success_beside_it(house: House) -> None:
    """Woken by a success it is tried at once, and then waits its whole next wait."""
    await hooked(house)
    house.clock.now_ms += 5000
    tries = 1
    for beside in range(4):
        house.endpoint.answers = [SendResult(500)]
        tries += len(await house.work())
        house.endpoint.answers = [SendResult(200)]
        await submitted(house, f"REVIEW1{beside}")
        await house.work()
    failing = house.rows("SELECT attempts FROM messages WHERE topic = 'webhook' AND state = 'pending'")
    assert failing == [(3,)], "the first, the one by schedule and the one it was woken for"


@pytest.mark.parametrize(
    ("sent", "wait_s"),
    [
        (SendResult(503, retry_after_s=60.0), 60),
        (SendResult(429, retry_after_s=1.0), 5),
        (SendResult(503, retry_after_s=1e9), 86_400),
    ],
)
async def test_an_endpoint_may_ask_for_a_longer_wait(house: House, sent: SendResult, wait_s: int) -> None:
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()
    await submitted(house, "REVIEW1")
    house.endpoint.answers = [sent]
    await house.work()
    house.clock.now_ms += wait_s * 1000 - 1
    assert await house.work() == []
    house.clock.now_ms += 1
    assert await house.work() == ["delivered"]


# ---- endpoints that are disabled ------------------------------------------------------------------------------------


async def gone(house: House) -> tuple[str, str]:
    """In review; the endpoint said that it is gone."""
    ids = await hooked(house)
    house.clock.now_ms += 5000
    house.endpoint.answers = [SendResult(410)]
    assert await house.work() == ["pending"]
    return ids


async def test_410_disables_an_endpoint_and_its_company_can_see_it(house: House) -> None:
    await gone(house)
    health = await house.context.storage.outbox.health(house.caller.company.id, "webhook")
    assert (health.is_disabled, health.disabled_because) == (True, "gone")
    assert house.actions(house.caller.company.id)[-1] == "webhook_disabled"
    tries = len(house.endpoint.came)
    await submitted(house, "REVIEW2")
    for _ in range(3):
        await house.work()
        house.clock.now_ms += 3_600_000
    assert len(house.endpoint.came) == tries, "nothing is sent any more"
    assert house.messages("webhook") == ["pending", "pending"], "and nothing is lost"


async def test_an_endpoint_that_takes_nothing_for_five_days_is_disabled(house: House) -> None:
    await hooked(house)
    for day in range(1, 7):
        await submitted(house, f"REVIEW1{day}")
        house.endpoint.answers = [SendResult(500)] * 10
        house.clock.now_ms += 86_400_000
        await house.work()
    health = await house.context.storage.outbox.health(house.caller.company.id, "webhook")
    assert health.disabled_because == "failing"


async def test_subscribing_again_sends_what_waited(house: House) -> None:
    await gone(house)
    house.endpoint.answers = []
    await house.do(subscribe_webhook, "https://example.com/other", "key", lambda url, plain: None)
    assert await house.work() == ["delivered"]
    assert not (await house.context.storage.outbox.health(house.caller.company.id, "webhook")).is_disabled


async def test_what_waits_for_a_disabled_endpoint_is_given_up_after_a_month(house: House) -> None:
    await gone(house)
    house.clock.now_ms += 31 * 86_400_000
    assert await house.work() == ["failed"]


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
        await handle_message(house.context, house.endpoint, company, message, lease)


async def test_what_did_not_change_is_announced_to_nobody(house: House) -> None:
    enablement = await house.enablement(*await hooked(house))
    assert announcements(house.context, house.caller.company, enablement.status, enablement) == ()


async def test_after_something_unforeseen_a_message_comes_again_by_the_usual_schedule(house: House) -> None:
    await submitted(house)
    (lease, ((message, company),)) = await house.claimed()
    assert await postpone_message(house.context, company, message, lease) == "pending"
    assert await house.work() == []
    house.clock.now_ms += 5000
    assert await house.work() == ["enabled"]


async def test_what_is_unforeseen_ten_times_is_given_up(house: House) -> None:
    await submitted(house)
    for wait_s in (*SCHEDULE_S, 0):
        (lease, ((message, company),)) = await house.claimed()
        await postpone_message(house.context, company, message, lease)
        house.clock.now_ms += wait_s * 1000
    assert house.messages("provider") == ["failed"]
