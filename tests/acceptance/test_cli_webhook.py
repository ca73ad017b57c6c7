"""`ostiary webhook`: what an operator sees of a company's deliveries, and sends again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import submitted, until

Start = Callable[..., RunningService]


@pytest.fixture(scope="module")
def running(module_services: Start) -> RunningService:
    return module_services(allowed_private_networks="127.0.0.0/8")


@pytest.fixture
def service(running: RunningService) -> RunningService:
    """A service with a company whose endpoint is not there: nothing listens on port 9."""
    service, subscription = running.fresh(), {"url": "http://127.0.0.1:9/hook", "webhook_key": "key"}
    assert service.client().post("/management/companies/webhook/subscribe", json=subscription).status_code == 200
    return service


def attempts(service: RunningService, message_id: str) -> list[Any]:
    """The tries of a delivery that are over."""
    tries: list[Any] = service.answer("webhook", "show", message_id, "--company", service.company())["attempts"]
    return tries


def test_a_delivery_is_listed_looked_at_and_sent_again(service: RunningService) -> None:
    company = service.company()
    onboarded = submitted(service.client(), "REVIEW1")
    [first] = service.answer("webhook", "list", "--company", company)
    until(lambda: len(attempts(service, first["id"])) == 1, "the first try")
    [listed] = service.answer(
        "webhook", "list", "--company", company, "--state", "pending", "--request", onboarded.request_id
    )
    shown = service.answer("webhook", "show", listed["id"], "--company", company)
    assert shown["payload"]["data"]["product_request_id"] == onboarded.request_id
    assert [attempt["problem"] for attempt in shown["attempts"]] == ["no connection"]
    assert service.answer("webhook", "health", "--company", company)["state"] == "failing"
    assert service.answer("webhook", "redeliver", listed["id"], "--company", company)["tries"] == 0
    until(lambda: len(attempts(service, listed["id"])) > 1, "again")
    words = service.cli("webhook", "list", "--company", company).stdout
    assert listed["id"] in words.replace("\n", "")
    assert "no connection" in service.cli("webhook", "show", listed["id"], "--company", company).stdout
    assert "failing" in service.cli("webhook", "health", "--company", company).stdout


def test_a_test_event_is_sent(service: RunningService) -> None:
    company = service.company()
    message = service.answer("webhook", "test", "--company", company)
    assert message["event_type"] == "webhook_test"
    until(lambda: len(attempts(service, message["id"])) == 1, "it is tried")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("show", "0" * 32), "There is no such"), (("redeliver", "0" * 32), "There is no such"),
        (("list", "--state", "failed"), "There is no such delivery."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_so(service: RunningService, words: tuple[str, ...], expected: str) -> None:
    done = service.cli("webhook", *words, "--company", service.company())
    assert expected in done.stdout + done.stderr
    assert done.returncode == (0 if words[0] == "list" else 1)
