"""A process stands still in the middle of a unit of work, as far as a test wants, and is killed there."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.conftest import COMMAND, END_S, OSTIARY, RunningService, begun
from tests.acceptance.onboarding import until
from tests.servers.console import console
from tests.servers.postgresql import program, shared

HELD_S = 0.3
"""A unit takes milliseconds: who holds the lock for so long stands still."""
ENDLESS = "SELECT count(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)"
LOCK = 4711


@dataclass(frozen=True)
class Moment:
    """When a row is written to a table (changed, where it is there already; or `is_removed`) and the condition on the
    database holds."""

    table: str
    condition: str
    is_removed: bool = False

    @property
    def word(self) -> str:
        if self.is_removed:
            return "DELETE"
        return "UPDATE" if self.table in ("deadlines", "companies", "enablements") else "INSERT"


class SqliteStop:
    """Whoever comes to the moment counts without an end, and holds the only lock of the file while it does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def at(self, moment: Moment) -> Iterator[Callable[[], bool]]:
        """Gives whether somebody stands there."""
        trigger = f"AFTER {moment.word} ON {moment.table} WHEN {moment.condition}"
        self._say(f"CREATE TRIGGER halting {trigger} BEGIN {ENDLESS}; END")
        yield self._is_held
        self._say("DROP TRIGGER halting")

    def _say(self, text: str) -> None:
        with closing(sqlite3.connect(self._path, timeout=END_S, isolation_level=None)) as database:
            database.execute(text)

    def _is_held(self) -> bool:
        end = time.monotonic() + HELD_S
        with closing(sqlite3.connect(self._path, timeout=0, isolation_level=None)) as database:
            while time.monotonic() < end:
                try:
                    database.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    time.sleep(HELD_S / 10)
                else:
                    database.execute("ROLLBACK")
                    return False
        return True


class PostgresStop:
    """Whoever comes to the moment waits for a lock of the test's. What it sent before it was killed may be carried out
    once the lock is free: it must not matter."""

    def __init__(self, name: str) -> None:
        self._name = name

    @contextmanager
    def at(self, moment: Moment) -> Iterator[Callable[[], bool]]:
        """Gives whether somebody stands there."""
        body = f"BEGIN IF {moment.condition} THEN PERFORM pg_advisory_xact_lock({LOCK}); END IF; RETURN NULL; END"
        shared().sql(self._name, f"CREATE FUNCTION halting() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
        on = f"AFTER {moment.word} ON {moment.table}"
        line = [program("psql"), "-X", "-q", "-At", shared().url(self._name)]
        with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psql:
            assert psql.stdin is not None
            assert psql.stdout is not None
            psql.stdin.write(f"SELECT pg_advisory_lock({LOCK}) IS NULL;\n")
            psql.stdin.flush()
            assert psql.stdout.readline() == "f\n"
            shared().sql(self._name, f"CREATE TRIGGER halting {on} FOR EACH ROW EXECUTE FUNCTION halting()")
            yield self._is_held
            psql.stdin.close()
        until(lambda: not self._is_held(), "whatever was sent is carried out, or nothing of it", END_S)
        shared().sql(self._name, f"DROP TRIGGER halting ON {moment.table}; DROP FUNCTION halting()")

    def _is_held(self) -> bool:
        waits = f"datname = '{self._name}' AND wait_event_type = 'Lock'"
        [(count,)] = console().rows(shared().url("postgres"), f"SELECT count(*) FROM pg_stat_activity WHERE {waits}")  # noqa: S608
        return bool(count)


Stop = SqliteStop | PostgresStop


def killed_at(stop: Stop, moment: Moment, service: RunningService, *words: str, target: str = COMMAND) -> None:
    """A command on the service's database, or another process, that comes as far as that, and no further."""
    log = service.log
    with stop.at(moment) as is_held, log.open("ab") as lines:
        process = begun(service.variables, lines, str(OSTIARY), *words, target=target)
        until(lambda: is_held() or process.poll() is not None, f"it comes to {moment}")
        assert process.poll() is None, f"it ended before {moment}: {log.read_text()[-2000:]}"
        process.send_signal(signal.SIGKILL)
        assert process.wait(END_S) == -signal.SIGKILL
