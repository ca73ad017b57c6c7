"""Clocks that are wrong: one steps back an hour under load, machines that share a database are hours apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from glob import glob
from pathlib import Path

import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.databases import migrated
from tests.acceptance.onboarding import submitted, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.storm import Query, assert_nothing_lost_or_doubled, at_work, of_server, until_onboarded
from tests.acceptance.test_worker import subscribed, working
from tests.acceptance.test_worker_faults import KEY, installed  # noqa: F401 (a fixture)
from tests.servers import missing
from tests.servers.postgresql import shared

Start = Callable[..., RunningService]
HOUR_MS = 3_600_000
HOUR_BACK, HOUR_AHEAD = "-3600", "+3600"
READ_AGAIN_S = 1
PROGRAMS = 2
HELD_S = 2.5
"""Within a lease, and long enough for every other worker to look twice."""
SENT = 12


def faked(by: str | Path) -> dict[str, str]:
    """What makes a process see another time of day: by so many seconds, or by what stands in that file, which is read
    again every second."""
    paths = glob("/usr/lib/*/faketime/libfaketime.so.1")
    library = paths[0] if paths else missing("libfaketime is needed for tests: apt-get install libfaketime")
    how = {"FAKETIME": by} if isinstance(by, str) else {"FAKETIME_TIMESTAMP_FILE": str(by)}
    return {"LD_PRELOAD": library, **how, "FAKETIME_CACHE_DURATION": str(READ_AGAIN_S),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"}  # fmt: skip


def test_the_clock_steps_back_an_hour_under_load(
    service_factory: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    installed: tuple[dict[str, object], Callable[[RunningService], Query]],  # noqa: F811
) -> None:  # fmt: skip
    settings, asking = installed
    clock = tmp_path / "clock"
    clock.write_text("+0")
    for name, value in faked(clock).items():
        monkeypatch.setenv(name, value)
    service = service_factory(**settings)
    for name in ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE"):
        monkeypatch.delenv(name)
    with at_work([service], PROGRAMS) as programs:
        until_onboarded(programs)
        clock.write_text(HOUR_BACK)
        time.sleep(READ_AGAIN_S)
        until_onboarded(programs, 2)
    rows = asking(service)
    assert_nothing_lost_or_doubled(service, rows, programs)
    times = [int(str(row[0])) for row in rows("SELECT at_ms FROM audit_entries ORDER BY at_ms")]
    if settings:
        assert times[-1] - times[0] < HOUR_MS / 10, "the server's clock counts"
    else:
        assert times[-1] - times[0] > HOUR_MS * 0.8, "the clock was seen to step back"


@pytest.mark.parametrize(
    "of_service", [HOUR_AHEAD, pytest.param(HOUR_BACK, marks=pytest.mark.release)], ids=["ahead", "behind"]
)
def test_machines_whose_clocks_are_hours_apart_do_everything_once_and_in_time(
    service_factory: Start, receiver: Receiver, of_service: str
) -> None:  # fmt: skip
    """One worker's is an hour ahead, the other's an hour behind, and the service's is as one of them."""
    name = migrated(shared())
    rows = of_server(name)
    settings = {"database_url": shared().url(name), "master_key": KEY, "embedded_worker": 0}
    service = service_factory(allowed_private_networks="127.0.0.0/8", **settings)
    service.stop()
    service.variables.update(faked(of_service))
    service.start()
    receiver.hangs = True
    with ExitStack() as running:
        for clock in (HOUR_AHEAD, HOUR_BACK):
            running.enter_context(working(replace(service, variables={**service.variables, **faked(clock)})))
        partner = subscribed(service, receiver)
        submitted(partner, "REVIEW0")
        until(lambda: len(receiver.came) == 1, "it is sent, by whichever")
        time.sleep(HELD_S)
        assert len(receiver.came) == 1, "and by no other, while it is held"
        receiver.hangs = False
        receiver.go.set()
        for at in range(1, SENT):
            submitted(partner, f"REVIEW{at}")
        until(lambda: len(receiver.came) == SENT, "all are sent soon")
        until(lambda: rows("SELECT count(*) FROM messages WHERE state = 'pending'") == [(0,)], "and settled")
    assert len(set(receiver.ids())) == SENT, "each once"
    now_ms, [ends] = time.time() * 1000, rows("SELECT min(at_ms), max(at_ms) FROM audit_entries")
    assert all(abs(now_ms - int(str(end))) < HOUR_MS / 10 for end in ends), "nobody's own clock was written down"
    assert service.answer("audit", "verify")["intact"]
    service.stop()
    shared().drop([name])
