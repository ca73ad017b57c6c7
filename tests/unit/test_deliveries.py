"""What follows from one try of a delivery."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.delivery.attempts import HELD_MS, LONGEST_RETRY_AFTER_S, MOST_HELD_MS, after_try, held
from ostiary.domain.delivery.messages import (
    NEVER_MS,
    Delivery,
    Message,
    MessageOutcome,
    SendResult,
    Topic,
    enquiry,
    probe_event,
)
from ostiary.domain.delivery.queues import NEW, Health
from ostiary.domain.delivery.retry import SCHEDULE_S, next_wait_s
from ostiary.domain.times import DAY_MS
from tests.material import COMPANY_ID, NOW_MS, id_at

MESSAGE = Message(id_at(9), COMPANY_ID, Topic.WEBHOOK, id_at(1), id_at(5), 2, NOW_MS, {"attempt": 1}, attempts=1)
WAIT_S = next_wait_s(1, 0.0)
FAILING = Health(failing_since_ms=NOW_MS - 1_000, succeeded_at_ms=NOW_MS - 5_000)


def test_a_success_ends_it_and_makes_the_endpoint_healthy() -> None:
    end = after_try(MESSAGE, SendResult(204, ms=40, answer=b"ok"), FAILING, NOW_MS, WAIT_S)
    assert (end.outcome, end.wakes_others, end.disables) == (MessageOutcome.DELIVERED, True, False)
    assert end.health == Health(None, NOW_MS)
    assert end.attempt is not None
    assert (end.attempt.at_ms, end.attempt.ms, end.attempt.status, end.attempt.answer) == (NOW_MS - 40, 40, 204, b"ok")


def test_a_success_among_successes_wakes_nobody() -> None:
    assert not after_try(MESSAGE, SendResult(200), Health(succeeded_at_ms=1), NOW_MS, WAIT_S).wakes_others


@pytest.mark.parametrize("attempts", range(1, len(SCHEDULE_S) + 1))
def test_a_failure_comes_again_by_the_schedule(attempts: int) -> None:
    end = after_try(replace(MESSAGE, attempts=attempts), SendResult(500), NEW, NOW_MS, next_wait_s(attempts, 0.5))
    assert end.outcome is MessageOutcome.PENDING
    assert end.due_at_ms == NOW_MS + int(SCHEDULE_S[attempts - 1] * 1_050)
    assert end.health == Health(failing_since_ms=NOW_MS)


def test_after_the_last_try_it_is_given_up() -> None:
    attempts = len(SCHEDULE_S) + 1
    over = next_wait_s(attempts, 0.0)
    end = after_try(replace(MESSAGE, attempts=attempts), SendResult(None, "no connection"), NEW, NOW_MS, over)
    assert (end.outcome, end.attempt and end.attempt.problem) == (MessageOutcome.FAILED, "no connection")


@pytest.mark.parametrize(
    ("asked_s", "wait_s"), [(None, 5), (1.0, 5), (90.0, 90), (1e12, LONGEST_RETRY_AFTER_S)]
)  # fmt: skip
def test_a_longer_wait_is_granted_up_to_a_day(asked_s: float | None, wait_s: float) -> None:
    end = after_try(MESSAGE, SendResult(429, retry_after_s=asked_s), NEW, NOW_MS, WAIT_S)
    assert end.due_at_ms == NOW_MS + int(wait_s * 1_000)


@pytest.mark.parametrize(
    ("sent", "failing_ms", "because"),
    [
        (SendResult(410), 0, "gone"), (SendResult(500), 5 * DAY_MS, "failing"), (SendResult(500), 5 * DAY_MS - 1, None),
        (SendResult(200), 9 * DAY_MS, None), (SendResult(404), 0, None),
    ],
)  # fmt: skip
def test_what_disables_an_endpoint(sent: SendResult, failing_ms: int, because: str | None) -> None:
    end = after_try(MESSAGE, sent, Health(failing_since_ms=NOW_MS - failing_ms), NOW_MS, WAIT_S)
    assert (end.disables, end.health.disabled_because) == (because is not None, because)
    if because is not None:
        assert (end.outcome, end.due_at_ms) == (MessageOutcome.PENDING, NOW_MS + HELD_MS)


def test_a_configured_provider_is_never_disabled() -> None:
    assert not after_try(MESSAGE, SendResult(410), FAILING, NOW_MS, WAIT_S, may_disable=False).disables


@pytest.mark.parametrize(("age_ms", "outcome"), [(0, MessageOutcome.PENDING), (MOST_HELD_MS, MessageOutcome.FAILED)])
def test_what_waits_for_a_disabled_endpoint_waits_for_a_month(age_ms: int, outcome: MessageOutcome) -> None:
    end = held(NOW_MS - age_ms, FAILING, NOW_MS)
    assert (end.outcome, end.attempt, end.health) == (outcome, None, FAILING)


# ---- messages -------------------------------------------------------------------------------------------------------


def test_a_delivery_that_waits_for_an_earlier_one_says_so() -> None:
    waiting = Delivery(replace(MESSAGE, due_at_ms=NEVER_MS), MessageOutcome.PENDING, NOW_MS, None)
    assert waiting.waits
    assert not replace(waiting, state=MessageOutcome.DELIVERED).waits
    assert not replace(waiting, message=MESSAGE).waits
    again = replace(waiting, message=MESSAGE, state=MessageOutcome.FAILED, ended_at_ms=1).again(NOW_MS + 5)
    assert (again.state, again.ended_at_ms, again.message.due_at_ms) == (MessageOutcome.PENDING, None, NOW_MS + 5)
    assert again.message.attempts == 0


def test_a_test_event_belongs_to_no_request() -> None:
    event = probe_event(id_at(7), COMPANY_ID, NOW_MS)
    assert (event.client_id, event.enablement_id, event.sequence) == ("", event.id, 0)
    assert event.body["operation_id"] == event.id


def test_an_enquiry_is_about_the_same_attempt() -> None:
    asked = enquiry(id_at(8), replace(MESSAGE, topic=Topic.PROVIDER, provider="acme"), "a-77", NOW_MS + 9)
    assert (asked.topic, asked.queue, asked.attempts) == (Topic.ENQUIRY, "enquiry/acme", 0)
    assert asked.body == {"attempt": 1, "external_id": "a-77"}
