"""A whole onboarding on tables split by company: from `ostiary migrate` and the script to a verified audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import RunningService, environment
from tests.acceptance.onboarding import submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.test_worker import subscribed
from tests.commands import command
from tests.servers.postgresql import shared
from tests.storage.postgres_shelf import partition

Start = Callable[..., RunningService]
CLIENTS = 3


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """Migrated, then split, and never used."""
    name = shared().create()
    migrated = command(environment(tmp_path / "keys", database_url=shared().url(name)), "migrate")
    assert migrated.returncode == 0, migrated.stderr
    partition(name)
    yield name
    shared().drop([name])


def test_clients_are_onboarded_told_of_and_on_record(
    database: str,
    service_factory: Start,
    receiver: Receiver,
) -> None:
    service = service_factory(database_url=shared().url(database), allowed_private_networks="127.0.0.0/8")
    partner = subscribed(service, receiver)
    onboardings = [submitted(partner, f"PART{number}") for number in range(CLIENTS)]
    assert partner.get(onboardings[0].path).json()["status"] in ("in_kyc", "enabled")
    until(
        lambda: [partner.get(onboarded.path).json()["status"] for onboarded in onboardings] == ["enabled"] * CLIENTS,
        "verdicts",
        30,
    )
    until(lambda: len(receiver.came) == 2 * CLIENTS, "every change is told once", 30)
    assert len(set(receiver.ids())) == 2 * CLIENTS
    assert len(partner.get("/management/clients/individuals").json()) == CLIENTS
    assert service.cli("migrate", "--finish").returncode == 0
    assert service.answer("audit", "verify")["intact"]
    parts = shared().sql(database, "SELECT count(DISTINCT tableoid), count(*) FROM clients")
    assert parts == f"1|{CLIENTS}", "a company's rows lie together"
