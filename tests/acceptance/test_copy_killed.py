"""`ostiary copy` is killed in the middle: what it left cannot be taken for an installation, and the next copy makes it
whole. All that the source had answered is answered by the copy."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ostiary.storage import opening
from tests.acceptance.conftest import END_S, OSTIARY, RunningService
from tests.acceptance.onboarding import until
from tests.acceptance.storm import assert_nothing_lost_or_doubled, at_work, until_onboarded
from tests.servers.postgresql import program, shared

Start = Callable[..., RunningService]
TABLES = ("clients", "answers", "audit_entries")
"""In the order in which they are copied."""


@pytest.fixture
def target() -> Iterator[str]:
    """An empty database with today's schema."""
    name = shared().create()
    opening.migrate(opening.PostgresDatabase(shared().url(name), ""), finish=True)
    yield name
    shared().drop([name])


@contextmanager
def held(database: str, table: str) -> Iterator[None]:
    """Nobody else reads or writes a table."""
    line = [program("psql"), "-X", "-q", "-At", shared().url(database)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psql:
        assert psql.stdin is not None
        assert psql.stdout is not None
        psql.stdin.write(f"BEGIN; LOCK TABLE {table}; SELECT 'held';\n")
        psql.stdin.flush()
        assert psql.stdout.readline() == "held\n"
        yield
        psql.stdin.close()


def killed_at(table: str, line: list[str], service: RunningService, database: str) -> None:
    """A copy that comes as far as a table, and no further."""
    waits = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND wait_event_type = 'Lock'"  # noqa: S608
    with held(database, table), service.log.open("ab") as log:
        copy = subprocess.Popen(line, env=service.variables, stdout=log, stderr=log)
        until(lambda: shared().sql("postgres", waits) == "1", f"it has come to {table}", 30)
        copy.send_signal(signal.SIGKILL)
        assert copy.wait(END_S) == -signal.SIGKILL


def test_a_copy_that_is_killed_is_no_installation_until_another_made_it_whole(
    service_factory: Start, target: str
) -> None:
    service = service_factory()
    with at_work([service], 2) as programs:
        until_onboarded(programs)
    assert service.stop() == 0
    url = shared().url(target)
    line = [str(OSTIARY), "copy", "--from", f"sqlite://{service.data}/ostiary.sqlite3", "--to", url, "--json"]
    there = []
    for table in TABLES:
        killed_at(table, line, service, target)
        there.append(shared().sql(target, "SELECT (SELECT count(*) FROM clients), (SELECT count(*) FROM answers)"))
        for words in (["serve", "--port", "1"], ["worker"], ["company", "list"]):
            refused = _on(service, url, *words)
            assert (refused.returncode, "not whole" in refused.stderr) == (1, True), refused.stderr
    assert len(set(there)) == len(TABLES), "each came further than the one before"
    done = service.answer(*line[1:-1])
    assert (done["same"], done["broken_chains"], done["removed"]) == (True, 0, 0)
    assert 0 < done["written"] < done["rows"], "what was there already was not written again"
    assert done["chains"] > len(programs)
    service.variables["OSTIARY_DATABASE_URL"] = url
    service.start()

    def rows(text: str) -> list[tuple[object, ...]]:
        lines = shared().sql(target, text).splitlines()
        return [tuple(int(cell) if cell.isdigit() else cell for cell in row.split("|")) for row in lines]

    assert_nothing_lost_or_doubled(service, rows, programs)
    again = service.cli(*line[1:])
    assert (again.returncode, "in use" in again.stderr) == (1, True), "the copy is the original now"
    service.stop()


def _on(service: RunningService, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A command on another database than the service's own."""
    line, variables = [str(OSTIARY), *words], {**service.variables, "OSTIARY_DATABASE_URL": url}
    return subprocess.run(line, env=variables, capture_output=True, text=True, timeout=END_S, check=False)
