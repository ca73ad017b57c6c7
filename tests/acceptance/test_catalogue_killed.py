"""`catalogue publish` and `catalogue move` are killed in the middle: said again, they finish what was begun, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.adapters.config.catalogue_file import default_source
from tests.acceptance.conftest import RunningService
from tests.acceptance.databases import migrated, one_of
from tests.acceptance.halting import Moment, PostgresStop, SqliteStop, Stop, killed_at
from tests.acceptance.onboarding import person
from tests.acceptance.storm import Query, of_server
from tests.acceptance.test_renewals_killed import moment
from tests.acceptance.test_worker import Start
from tests.acceptance.test_worker_faults import KEY, of_file
from tests.servers.postgresql import shared

REQUESTS = 4
PUBLISHING = Moment("audit_entries", "NEW.action = 'catalogue_published'")
MOVING = [moment("audit_entries", "catalogue_moved", 1), moment("enablements", "catalogue_moved", 2)]
"""At the end of the first request's unit, and at the beginning of a later one's."""


@pytest.fixture(params=one_of("sqlite", "postgres"))
def waiting(request: pytest.FixtureRequest, service_factory: Start) -> Iterator[tuple[RunningService, Query, Stop]]:
    """A service that ended, of whose clients every request waits for documents; a way to ask its database, and to stand
    still in it."""
    name = migrated(shared()) if request.param == "postgres" else ""
    service = service_factory(**({"database_url": shared().url(name), "master_key": KEY} if name else {}))
    partner = service.client()
    for number in range(REQUESTS):
        client = partner.post("/management/clients/individuals", json=person(number)).json()["id"]
        asked = partner.post(
            f"/management/clients/individuals/{client}/products", json={"subproduct": "cards_individuals"}
        )
        assert asked.status_code == 201, asked.text
    service.stop()
    if name:
        yield service, of_server(name), PostgresStop(name)
        shared().drop([name])
    else:
        yield service, of_file(service), SqliteStop(service.data / "ostiary.sqlite3")


def test_a_publication_and_a_move_that_are_killed_are_done_once_when_they_are_said_again(
    waiting: tuple[RunningService, Query, Stop], tmp_path: Path
) -> None:
    service, rows, stop = waiting
    path = tmp_path / "new.yaml"
    path.write_text(f"{default_source()}  lending: {{name: Lending}}\n")
    publishing = ["catalogue", "publish", str(path), "--note", "Lending begins"]
    killed_at(stop, PUBLISHING, service, *publishing)
    [(done,)] = rows("SELECT count(*) FROM publications")
    assert rows("SELECT count(*) FROM audit_entries WHERE action = 'catalogue_published'") == [(done,)]
    again = service.cli(*publishing)
    assert again.returncode == int(str(done)), "it is in force, or is now"
    [publication] = service.answer("catalogue", "history")
    assert (publication["is_in_force"], publication["note"]) == (True, "Lending begins")
    moving = ["catalogue", "move", "--apply", "--operator", "ana"]
    for each in MOVING:
        killed_at(stop, each, service, *moving)
    moved = rows("SELECT count(DISTINCT owner), count(*) FROM audit_entries WHERE action = 'catalogue_moved'")
    assert moved in ([(1, 1)], [(2, 2)], [(3, 3)])
    rest = service.answer(*moving)["requests"]
    assert rest["moves"] + rest["there_already"] == REQUESTS
    assert rest["there_already"] == moved[0][0]
    assert rows("SELECT catalogue_version, count(*) FROM enablements GROUP BY 1") == [
        (publication["version"], REQUESTS)
    ]
    trail = "SELECT count(DISTINCT owner), count(*) FROM audit_entries WHERE action = 'catalogue_moved'"
    assert rows(trail) == [(REQUESTS, REQUESTS)]
    assert service.answer("audit", "verify")["intact"]
