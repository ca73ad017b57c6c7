"""New keys while partners go on: `ostiary keys rewrap`, and `rotate`, are killed again and again beside a service at
work, and two run at once; in the end the old keys are retired, and all that was answered opens, and is found, with the
new ones alone."""

from __future__ import annotations

import base64
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from subprocess import Popen

import pytest

from tests.acceptance.conftest import END_S, OSTIARY, RunningService, begun
from tests.acceptance.databases import migrated, one_of
from tests.acceptance.storm import Persistent, assert_nothing_lost_or_doubled, at_work, until_onboarded
from tests.commands import command
from tests.servers.postgresql import shared
from tests.servers.warm import Forked

pytestmark = pytest.mark.heavy
Start = Callable[..., RunningService]
NEW = base64.b64encode(bytes(range(60, 92))).decode()
KILLS = 6
LONGEST_S = 0.9
"""How long one lives at most: its beginning takes most of it, and a pass over these clients some milliseconds."""


@pytest.fixture(params=one_of("postgres", "sqlite"))
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    name = migrated(shared()) if request.param == "postgres" else ""
    yield name
    if name:
        shared().drop([name])


def at_keys(service: RunningService, action: str) -> Forked | Popen[bytes]:
    with service.log.open("ab") as log:
        return begun(service.variables, log, str(OSTIARY), "keys", action, "--json")


def killed_and_twice_at_once(service: RunningService, action: str) -> None:
    chance = random.Random(5)
    for _ in range(KILLS):
        command = at_keys(service, action)
        time.sleep(chance.uniform(LONGEST_S / 6, LONGEST_S))
        command.send_signal(signal.SIGKILL)
        command.wait(END_S)
    both = [at_keys(service, action) for _ in range(2)]
    assert [command.wait(END_S) for command in both] == [0, 0]


def restarted(service: RunningService, **settings: str) -> None:
    assert service.stop() == 0
    service.variables |= settings
    service.start()


def test_everything_answered_opens_with_the_new_key_alone(service_factory: Start, database: str) -> None:
    old = base64.b64encode(bytes(range(32))).decode()
    url = {"database_url": shared().url(database)} if database else {}
    service = service_factory(is_new=True, embedded_worker=0, master_key=old, **url)
    programs: list[Persistent] = []
    with at_work([service], 2) as early:
        until_onboarded(early)
    programs += early
    restarted(service, OSTIARY_MASTER_KEY=f"1:{old},2:{NEW}")
    with at_work([service], 2) as late:
        until_onboarded(late)
        killed_and_twice_at_once(service, "rewrap")
        until_onboarded(late)
        killed_and_twice_at_once(service, "rotate")
        until_onboarded(late)
    programs += late  # which began by repeating what the earlier ones were answered
    done = service.answer("keys", "rewrap")
    assert (done["older"], done["unopened"]) == (0, 0)
    assert service.answer("keys", "retire", "1")["retired"] is True
    assert service.answer("keys", "rotate")["older"] == {}
    assert service.answer("keys", "retire", "1", "--lookup")["retired"] is True
    restarted(service, OSTIARY_MASTER_KEY=f"2:{NEW}")
    assert all(program.failed == [] for program in programs)

    def rows(text: str) -> list[tuple[object, ...]]:
        if not database:
            with closing(sqlite3.connect(service.data / "ostiary.sqlite3")) as connection:
                return connection.execute(text).fetchall()
        lines = shared().sql(database, text).splitlines()
        return [tuple(int(cell) if cell.isdigit() else cell for cell in row.split("|")) for row in lines]

    assert_nothing_lost_or_doubled(service, rows, programs)
    service.stop()
    refused = command({**service.variables, "OSTIARY_MASTER_KEY": old}, "company", "list")
    assert (refused.returncode, "does not fit this database" in refused.stderr) == (1, True), refused.stderr
