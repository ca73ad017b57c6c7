"""Messages: the documented JSON, to the letter."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ostiary.domain.delivery.messages import SendResult, Topic, as_item, status_changed, submitted
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.sentences import sentence
from tests.material import CLIENT_ID, COMPANY_ID, NOW_MS, enablement, id_at

MESSAGE_ID = id_at(50)
REQUEST_ID = id_at(5)
BLURRED = replace(reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, "image_front"), subject="kept apart")
DOCUMENTED = """
{"product": "company_activity", "event_type": "product_enablement_status_changed", "operation_id": "OPERATION",
 "status": "pending",
 "data": {"client_id": "CLIENT", "product_request_id": "REQUEST", "product": "cards", "status": "in_kyc",
          "previous_status": "pending_documentation", "rejected_items": [], "occurred_at": "2026-04-15T10:30:00"}}
"""


def test_a_change_of_status_is_told_as_documented() -> None:
    after = enablement(Status.IN_KYC, sequence=3)
    message = status_changed(MESSAGE_ID, Status.PENDING_DOCUMENTATION, after, (), NOW_MS)
    expected = DOCUMENTED.replace("OPERATION", MESSAGE_ID).replace("CLIENT", CLIENT_ID).replace("REQUEST", REQUEST_ID)
    assert message.body == json.loads(expected)
    assert (message.id, message.company_id, message.topic) == (MESSAGE_ID, COMPANY_ID, Topic.WEBHOOK)
    assert (message.client_id, message.enablement_id, message.sequence) == (CLIENT_ID, REQUEST_ID, 3)
    assert (message.due_at_ms, message.attempts) == (NOW_MS, 0)


@pytest.mark.parametrize(
    ("status", "envelope"),
    [
        (Status.REQUESTED, "pending"),
        (Status.PENDING_DOCUMENTATION, "pending"),
        (Status.IN_KYC, "pending"),
        (Status.ENABLED, "success"),
        (Status.REJECTED, "failed"),
    ],
)
def test_the_envelopes_status_follows_from_the_requests(status: Status, envelope: str) -> None:
    assert status_changed(MESSAGE_ID, Status.IN_KYC, enablement(status), (), NOW_MS).body["status"] == envelope


def test_the_sequence_is_told_to_who_asked_for_it() -> None:
    after = enablement(Status.IN_KYC, sequence=3)
    data = status_changed(MESSAGE_ID, Status.REQUESTED, after, (), NOW_MS, with_sequence=True).body["data"]
    assert isinstance(data, dict)
    assert data["sequence"] == 3


def test_a_rejection_carries_its_reason() -> None:
    after = enablement(Status.REJECTED, rejection_description="Not now.")
    data = status_changed(MESSAGE_ID, Status.IN_KYC, after, (), NOW_MS).body["data"]
    assert isinstance(data, dict)
    assert data["rejection_description"] == "Not now."


def test_what_to_redo_is_told_as_items() -> None:
    after = enablement(Status.PENDING_DOCUMENTATION)
    data = status_changed(MESSAGE_ID, Status.IN_KYC, after, (BLURRED,), NOW_MS).body["data"]
    assert isinstance(data, dict)
    assert data["rejected_items"] == [as_item(BLURRED)]


def test_an_item_has_the_documented_triple_and_nothing_internal() -> None:
    assert as_item(BLURRED) == {
        "type": "document",
        "key": "passport",
        "reason": "The picture is blurred.",
        "code": "image_blurred",
        "field": "image_front",
        "retryable": True,
        "action": "Hold the camera still, let it focus, and take a new picture.",
    }


def test_the_provider_is_told_which_attempt_it_is() -> None:
    message = submitted(MESSAGE_ID, enablement(Status.IN_KYC, attempt=2, sequence=4), NOW_MS)
    assert message.topic is Topic.PROVIDER
    assert message.body == {"attempt": 2, "product": "cards"}
    assert message.sequence == 4


@pytest.mark.parametrize(
    ("status", "success"),
    [(200, True), (204, True), (299, True), (199, False), (300, False), (302, False), (500, False), (None, False)],
)
def test_only_2xx_is_success(status: int | None, success: bool) -> None:
    assert SendResult(status).is_success is success


def test_a_reason_with_values_is_told_in_plain_english() -> None:
    """What remembers its pattern is no text for who writes messages down."""
    expired, again = sentence("It expired on %(day)s.", day="2026-01-02"), sentence("Send %(what)s.", what="another")
    item = as_item(
        reject(Kind.DOCUMENT, "passport", Code.DOCUMENT_EXPIRED, "image_front", reason=expired, action=again)
    )
    assert (item["reason"], item["action"]) == ("It expired on 2026-01-02.", "Send another.")
    assert {type(item[name]) for name in ("reason", "action")} == {str}
