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
    service, told = running.fresh(), {"url": "http://127.0.0.1:9/hook", "webhook_key": "key"}
    assert service.client().post("/management/companies/webhook/subscribe", json=told).status_code == 200
    return service


def attempts(service: RunningService, message_id: str) -> list[Any]:
    """The tries of a delivery that are over."""
    made: list[Any] = service.told("webhook", "show", message_id, "--company", service.company())["attempts"]
    return made


def test_a_delivery_is_listed_looked_at_and_sent_again(service: RunningService) -> None:
    company = service.company()
    made = submitted(service.client(), "REVIEW1")
    [first] = service.told("webhook", "list", "--company", company)
    until(lambda: len(attempts(service, first["id"])) == 1, "the first try")
    [listed] = service.told("webhook", "list", "--company", company, "--state", "pending", "--request", made.request_id)
    shown = service.told("webhook", "show", listed["id"], "--company", company)
    assert shown["payload"]["data"]["product_request_id"] == made.request_id
    assert [one["problem"] for one in shown["attempts"]] == ["no connection"]
    assert service.told("webhook", "health", "--company", company)["state"] == "failing"
    assert service.told("webhook", "redeliver", listed["id"], "--company", company)["tries"] == 0
    until(lambda: len(attempts(service, listed["id"])) > 1, "again")
    words = service.cli("webhook", "list", "--company", company).stdout
    assert listed["id"] in words.replace("\n", "")
    assert "no connection" in service.cli("webhook", "show", listed["id"], "--company", company).stdout
    assert "failing" in service.cli("webhook", "health", "--company", company).stdout


def test_a_test_event_is_sent(service: RunningService) -> None:
    company = service.company()
    made = service.told("webhook", "test", "--company", company)
    assert made["event_type"] == "webhook_test"
    until(lambda: len(attempts(service, made["id"])) == 1, "it is tried")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "0" * 32), "There is no such"), (("redeliver", "0" * 32), "There is no such"),
        (("list", "--state", "failed"), "There is no such delivery."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_so(service: RunningService, words: tuple[str, ...], said: str) -> None:
    done = service.cli("webhook", *words, "--company", service.company())
    assert said in done.stdout + done.stderr
    assert done.returncode == (0 if words[0] == "list" else 1)
