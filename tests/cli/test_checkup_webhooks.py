"""`doctor` looks at where webhooks point: it connects to what deliveries may reach, and to nothing else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from ostiary.cli.doctor import webhooks as checkup_webhooks
from ostiary.cli.doctor.machine import DoctorFinding
from ostiary.cli.doctor.webhooks import MOST_TRIED, webhooks
from ostiary.domain.companies.company import Company, Environment, Webhook
from ostiary.settings import read_settings
from tests.cli.test_checkup import level_of
from tests.material import company

LOOPBACK = read_settings({"OSTIARY_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8"}).allowed_private_networks


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as endpoint:
        yield int(endpoint.getsockname()[1])


def hooked(url: str | None, **changes: Any) -> Company:
    return company(webhook=Webhook(url), **changes)


def looked(companies: list[Company], allowed: Any = LOOPBACK) -> list[DoctorFinding]:
    return asyncio.run(webhooks(companies, allowed))


@pytest.mark.parametrize(
    ("companies", "words"),
    [([], "none of 0 companies has one"), ([hooked(None)], "none of 1 company has one"),
     ([hooked(None)] * 2, "none of 2 companies has one")],
)  # fmt: skip
def test_where_nobody_has_a_webhook(companies: list[Company], words: str) -> None:
    assert [(finding.level.value, finding.found) for finding in looked(companies)] == [("ok", words)]


def test_one_that_takes_connections_is_in_order(listening: int) -> None:
    [finding] = looked([hooked(f"http://127.0.0.1:{listening}/x", name="A" * 50), hooked(None)])
    assert level_of(finding) == "ok"
    assert finding.check == "webhook of " + "A" * 30
    assert finding.found == f"127.0.0.1 answers at 127.0.0.1 port {listening}"


@pytest.mark.parametrize(
    ("url", "changes", "allowed", "level", "words"),
    [
        ("http://127.0.0.1:1/x", {}, LOOPBACK, "warning", "does not answer at port 1 within 3 s"),
        ("http://localhost:1/x", {}, (), "problem", "private"),
        ("http://127.0.0.1:1/x", {}, (), "problem", "private"),
        ("http://nowhere.invalid/x", {}, (), "warning", "the name nowhere.invalid cannot be resolved"),
        ("http://127.0.0.1:1/x", {"environment": Environment.PRODUCTION}, LOOPBACK, "problem", "https"),
    ],
)
def test_one_that_cannot_be_reached(url: str, changes: dict[str, Any], allowed: Any, level: str, words: str) -> None:
    [finding] = looked([hooked(url, **changes)], allowed)
    assert level_of(finding) == level, finding
    assert words in finding.found


def test_nothing_outside_what_deliveries_may_reach_is_connected_to(
    listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    async def connects(address: str, port: int) -> bool:
        tried.append((address, port))
        return True

    monkeypatch.setattr(checkup_webhooks, "_connects", connects)
    looked([hooked(f"http://localhost:{listening}/x")], ())
    assert tried == []
    looked([hooked("http://127.0.0.1/x"), hooked("https://127.0.0.1/x"), hooked("http://127.0.0.1:7/x")])
    assert sorted(tried) == [("127.0.0.1", 7), ("127.0.0.1", 80), ("127.0.0.1", 443)]


@pytest.mark.parametrize("more", [0, 1])
def test_a_great_many_are_not_all_tried_and_that_is_said(monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    async def connects(address: str, port: int) -> bool:
        return True

    monkeypatch.setattr(checkup_webhooks, "_connects", connects)
    findings = looked([hooked("http://127.0.0.1/x")] * (MOST_TRIED + more))
    assert len(findings) == MOST_TRIED + more
    assert [finding.found for finding in findings if "not tried" in finding.found] == [
        f"{more} more were not tried"
    ] * more


def test_where_a_sandbox_is_served_its_company_may_have_a_receiver_on_this_machine(listening: int) -> None:
    sandbox = hooked(f"http://127.0.0.1:{listening}/", environment=Environment.SANDBOX)
    real = hooked(f"https://127.0.0.1:{listening}/", environment=Environment.PRODUCTION)
    findings = asyncio.run(webhooks([sandbox, real], (), LOOPBACK))
    assert [level_of(finding) for finding in findings] == ["ok", "problem"]
    assert "OSTIARY_ALLOWED_PRIVATE_NETWORKS" in findings[1].found
