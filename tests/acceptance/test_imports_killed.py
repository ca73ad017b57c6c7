"""Commands that import one file are killed in the middle, beside others that work at the same rows: each row is carried
out once, and the service goes on with what was left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import OSTIARY, RunningService
from tests.acceptance.databases import migrated
from tests.acceptance.onboarding import until
from tests.acceptance.storm import Query, of_server
from tests.acceptance.test_worker_faults import KEY, of_file
from tests.house import CARDS
from tests.importing import csv_of, row
from tests.material import picture
from tests.servers.postgresql import shared

pytestmark = pytest.mark.heavy
Start = Callable[..., RunningService]
ROWS = 700
KILLED_AT = (100, 300)
"""Clients that are there when a command is killed."""
ENDS_S = 120
PAPERS = 24
PAPERS_KILLED_AT = (3, 12)
"""Documents that are there when a command is killed."""


@pytest.fixture(params=["sqlite", "postgres"])
def served(request: pytest.FixtureRequest, service_factory: Start) -> Iterator[tuple[RunningService, Query]]:
    """A service that has ended, with a way to ask its database."""
    name = migrated(shared()) if request.param == "postgres" else ""
    settings: dict[str, object] = {"database_url": shared().url(name), "master_key": KEY} if name else {}
    service = service_factory(**settings)
    service.stop()
    yield service, of_server(name) if name else of_file(service)
    if name:
        shared().drop([name])


def importing(service: RunningService, file: Path, company: str, *more: object) -> subprocess.Popen[str]:
    words = [str(OSTIARY), "import", str(file), "--company", company, "--yes", "--json", *map(str, more)]
    return subprocess.Popen(words, env=service.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def clients(ask: Query) -> int:
    return int(str(ask("SELECT count(*) FROM clients")[0][0]))


def test_commands_that_are_killed_and_work_side_by_side_carry_out_each_row_once(
    served: tuple[RunningService, Query], tmp_path: Path
) -> None:
    service, ask = served
    company = service.company()
    file = tmp_path / "clients.csv"
    file.write_bytes(csv_of([row(number, row_key=str(number)) for number in range(ROWS)]))
    for count in KILLED_AT:
        cut_off = importing(service, file, company)
        until(lambda: clients(ask) >= count, "some rows are carried out")  # noqa: B023
        os.kill(cut_off.pid, signal.SIGKILL)
        cut_off.communicate(timeout=ENDS_S)
        assert clients(ask) < ROWS
    last = importing(service, file, company)
    out, problem = last.communicate(timeout=ENDS_S)
    assert last.returncode == 0, problem
    assert '"status": "done"' in out
    assert clients(ask) == ROWS
    service.start()
    until(lambda: ask("SELECT DISTINCT state FROM imports") == [("done",)], "what was left is gone through", ENDS_S)
    assert clients(ask) == ROWS
    assert ask("SELECT count(*), count(DISTINCT client_id) FROM import_keys") == [(ROWS, ROWS)]
    states = {state: count for state, count in ask("SELECT state, count(*) FROM import_rows GROUP BY state")}
    assert states["done"] == ROWS
    assert set(states) == {"done", "repeated"}
    assert ask("SELECT count(*) FROM import_rows WHERE content IS NOT NULL") == [(0,)]
    assert ask("SELECT count(*) FROM audit_entries WHERE action = 'client_created'") == [(ROWS,)]


def beside(folder: Path) -> Path:
    """A folder with a document for each of some rows."""
    folder.mkdir()
    lines = []
    for number in range(PAPERS):
        (folder / f"{number}.jpg").write_bytes(picture(number))
        lines.append(
            {
                "row_key": str(number),
                "document_type": "passport",
                "image_front": f"{number}.jpg",
                "metadata.number": f"AB{number:07}",
            }
        )
    (folder / "documents.csv").write_bytes(csv_of(lines))
    return folder


def test_documents_of_commands_that_are_killed_and_work_side_by_side_are_sent_once(
    served: tuple[RunningService, Query], tmp_path: Path
) -> None:
    service, ask = served
    company, file, papers = service.company(), tmp_path / "clients.csv", beside(tmp_path / "papers")
    phone = {"phone_country_code": "54", "phone_number": "1168860622"}
    file.write_bytes(csv_of([row(number, row_key=str(number), product=CARDS, **phone) for number in range(PAPERS)]))

    def documents() -> int:
        return int(str(ask("SELECT count(*) FROM documents")[0][0]))

    for count in PAPERS_KILLED_AT:
        cut_off = importing(service, file, company, "--documents", papers)
        until(lambda: documents() >= count or cut_off.poll() is not None, "some are sent", ENDS_S)  # noqa: B023
        os.kill(cut_off.pid, signal.SIGKILL)
        cut_off.communicate(timeout=ENDS_S)
        assert count <= documents() < PAPERS
    left = PAPERS - documents()
    ended = []
    for command in [importing(service, file, company, "--documents", papers) for _ in range(2)]:
        out, problem = command.communicate(timeout=ENDS_S)
        assert command.returncode == 0, problem
        ended.append(json.loads(out)["documents"])
    assert 0 < sum(each["sent"] for each in ended) <= left  # a server may still commit what a killed command asked for
    assert sum(each["sent"] + each["repeated"] for each in ended) == 2 * PAPERS
    assert ask("SELECT count(*), count(DISTINCT client_id) FROM documents") == [(PAPERS, PAPERS)]
    assert ask("SELECT count(*) FROM import_keys") == [(3 * PAPERS,)]  # of a row, of its product, of its document
