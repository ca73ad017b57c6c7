"""How PostgreSQL found the rows of everything that a service really asked: it writes down the plan of each statement of
an onboarding, from the first call to the delivered webhook, with the worker's claims. None reads through a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import person, submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.test_worker import subscribed
from tests.servers.postgresql import Cluster, own

Start = Callable[..., RunningService]
SETTINGS = {
    "session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json", "auto_explain.log_nested_statements": "on", "log_min_messages": "log",
    "log_line_prefix": "",
}  # fmt: skip
PLAN = "plan:\n\t{"
SHORT = {"arrivals", "stored_changes", "installation", "catalogues", "alembic_version"}
"""Tables of a few rows, whatever the size of the installation."""
NOT_ASKED_BY_REQUESTS = ("FROM companies c ORDER BY c.company_id",)
"""Housekeeping's list of companies."""
WRITTEN = {"clients", "enablements", "documents", "messages", "attempts", "queues", "answers", "audit_entries"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with own(**SETTINGS) as server:
        yield server


def plans(cluster: Cluster, since: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each statement that was run since a place in the log, and every step of its plan."""
    text, decoder = cluster.log.read_text()[since:], json.JSONDecoder()
    at = text.find(PLAN)
    while at >= 0:
        record, end = decoder.raw_decode(text, at + len(PLAN) - 1)
        steps, waiting = [], [record["Plan"]]
        while waiting:
            steps.append(waiting.pop())
            waiting += steps[-1].get("Plans", [])
        yield record["Query Text"], steps
        at = text.find(PLAN, end)


def test_no_statement_of_an_onboarding_reads_through_a_table(
    service_factory: Start, cluster: Cluster, receiver: Receiver
) -> None:  # fmt: skip
    url = cluster.url(cluster.create())
    service = service_factory(
        database_url=url, master_key="A" * 43 + "=", allowed_private_networks="127.0.0.0/8", embedded_worker=1
    )
    partner = subscribed(service, receiver)
    since = len(cluster.log.read_text())
    once = {"Idempotency-Key": "once"}
    assert partner.post("/management/clients/individuals", json=person("once"), headers=once).status_code == 201
    for at in range(3):
        onboarded = submitted(partner, f"AB{at}234567")
        for path in (
            onboarded.path,
            f"/management/clients/individuals/{onboarded.client_id}",
            "/management/clients/individuals",
        ):
            assert partner.get(path, params={"expand": "explain"} if path == onboarded.path else {}).status_code == 200
    until(lambda: len(receiver.came) == 6, "both changes of each are told", 20)
    assert partner.get("/management/companies/webhook/deliveries").status_code == 200
    service.stop()
    touched, claims = set[str](), 0
    for asked, steps in plans(cluster, since):
        if not asked.lstrip().startswith(("WITH", "SELECT", "INSERT", "UPDATE", "DELETE")) or "pg_" in asked:
            continue
        if any(fragment in asked for fragment in NOT_ASKED_BY_REQUESTS):
            continue
        claims += "SKIP LOCKED" in asked
        for step in steps:
            touched.add(step.get("Relation Name", ""))
            if step["Node Type"] == "Seq Scan":
                assert step["Relation Name"] in SHORT, (asked, step["Relation Name"])
    assert touched >= WRITTEN, "all of it was seen"
    assert claims > 6, "also the worker's"
