"""`ostiary screening`: active clients screened with a real list, and a hit decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import submitted, until
from tests.acceptance.test_providers import post, status, verdict
from tests.provided import catalogue, providers

Start = Callable[..., RunningService]
HEADER = "id,schema,name,aliases,birth_date,countries,dataset\n"


@pytest.fixture
def service(service_factory: Start, tmp_path: Path) -> RunningService:
    """Cards are reviewed by a provider that the test plays; one list, which names nobody yet."""
    path = providers(tmp_path)
    (tmp_path / "list.csv").write_text(HEADER + "NK-0,Person,Somebody Else,,,,x\n")
    path.write_text(path.read_text() + "screening:\n  own:\n    kind: local\n    file: list.csv\n")
    return service_factory(catalogue=catalogue(tmp_path), providers=path, public_url="http://127.0.0.1:{port}")


def test_an_active_client_is_screened_again_and_a_hit_is_cleared(service: RunningService, tmp_path: Path) -> None:
    partner = service.client("production")
    onboarded = submitted(partner, "AB1234567")
    assert post(service, verdict(service, onboarded, "approved")).json() == {"outcome": "applied"}
    assert status(partner, onboarded) == "enabled"
    new = tmp_path / "new.csv"
    new.write_text(HEADER + f"NK-1,Person,Maria Barber,,1984,ar,Made {datetime.now(UTC):%S%f}\n")
    new.replace(tmp_path / "list.csv")
    summary = service.answer("screening", "run")
    assert (summary["screened"], summary["with_hits"], summary["failed"]) == (1, 1, 0)
    [waiting] = service.answer("review", "list")
    assert (waiting["request_id"], waiting["kind"], waiting["hits"]) == (onboarded.request_id, "screening", 1)
    shown = service.answer("review", "show", onboarded.request_id, "--operator", "ana")
    [hit] = shown["hits"]
    assert (hit["list"], hit["entry_id"], hit["state"], hit["name"]) == ("own", "NK-1", "open", "Maria Barber")
    assert "Maria Barber (1984, ARG" in service.cli("review", "show", onboarded.request_id, "--operator", "ana").stdout
    refused = service.cli("review", "approve", onboarded.request_id, "--operator", "ana")
    assert (refused.returncode, "hits on lists" in refused.stderr) == (1, True)
    cleared = service.answer(
        "screening", "clear", onboarded.request_id, "--hit", hit["key"][:8], "--operator", "ana", "--note", "else"
    )
    assert cleared == {"hit": hit["key"], "list": "own", "entry": "NK-1", "state": "cleared"}
    assert service.answer("review", "approve", onboarded.request_id, "--operator", "ana")["status"] == "enabled"
    assert service.cli("audit", "verify").returncode == 0
    assert "Maria" not in service.log.read_text()


def test_without_a_list_there_is_nothing_to_run(service_factory: Start) -> None:
    done = service_factory().cli("screening", "run", "--json")
    assert done.returncode == 1
    assert "no list" in json.loads(done.stderr)["error"]


def test_the_worker_screens_by_itself_when_it_starts(service: RunningService) -> None:
    partner = service.client("production")
    onboarded = submitted(partner, "AB1234567")
    assert post(service, verdict(service, onboarded, "approved")).status_code == 200
    until(lambda: "screened" in service.log.read_text(), "a pass")
    service.stop()
    assert "Traceback" not in service.log.read_text()
