"""Erasures are carried out by processes that are killed in every step of it, by two at once, beside a hold that is set
in the same moment, and while the object store refuses: the service that is started then ends each of them once."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.operators.operator import Role
from ostiary.domain.privacy.erasure import receipt_mark
from ostiary.domain.times import DAY_MS, HOUR_MS, MINUTE_MS
from ostiary.usecases.privacy.request_erasure import confirm_erasure, stage_erasure
from tests.acceptance.conftest import RunningService, environment
from tests.acceptance.databases import migrated, one_of
from tests.acceptance.erasing_processes import ALONE, KILLED, Task, driving
from tests.acceptance.halting import Moment, PostgresStop, SqliteStop, Stop, killed_at
from tests.acceptance.onboarding import until
from tests.acceptance.storm import Query, of_server
from tests.acceptance.test_providers import example
from tests.acceptance.test_worker import working
from tests.acceptance.test_worker_faults import KEY, of_file
from tests.house import House, open_house
from tests.provided import catalogue, providers
from tests.reviewing import acts, operator
from tests.servers import object_store
from tests.servers.ports import free_port
from tests.servers.postgresql import shared

pytestmark = pytest.mark.heavy
ERASED, DISPUTED, LATE, OTHERS = 6, 5, 2, 1
ENDED = ERASED + DISPUTED + LATE
BEFORE, AFTER = False, True
ENDS = ("client_erased", "erasure_completed")
ENDING = [
    ("store.erasures.claim", 1, AFTER),
    ("store.commit", 1, BEFORE),
    ("store.commit", 1, AFTER),
    ("files.remember_erased", 1, AFTER),
    ("files.remove", 1, BEFORE),
    ("files.remove", 2, AFTER),
]
"""Where who ends what the database holds is killed, one after another."""
ELSEWHERE = [
    ("files.remember_erased", 2, BEFORE),
    ("context.providers.acme.forget", 1, BEFORE),
    ("context.providers.acme.forget", 1, AFTER),
    ("store.removal.counted", 1, AFTER),
    ("store.commit", 1, BEFORE),
    ("store.commit", 1, AFTER),
]
"""The same of who ends what lies elsewhere, and writes receipts."""
ENDS_S = 300
"""A provider that a busy machine does not answer in time is asked again after a minute."""
STEP_MS = 10 * MINUTE_MS
"""Each process comes so much later than the one before: its lease is over by then, and what was under way."""
DISPUTED_MS, LATE_MS = 12 * HOUR_MS, 18 * HOUR_MS
"""After the beginning, a day ago: when the disputed ones are due, and those that the service's workers are left."""


@dataclass
class Place:
    """An installation whose service does not run, with clients who are to be erased, others, and some that are both
    held and erased."""

    service: RunningService
    ask: Query
    stop: Stop
    bucket: str = ""
    company: str = ""
    clients: list[str] = field(default_factory=list)
    began_ms: int = 0
    now_ms: int = 0

    @property
    def erased(self) -> list[str]:
        return self.clients[:ERASED]

    @property
    def disputed(self) -> list[str]:
        return self.clients[ERASED : ERASED + DISPUTED]

    @property
    def late(self) -> list[str]:
        return self.clients[ERASED + DISPUTED : ENDED]

    def states(self) -> Counter[str]:
        """How many erasures are how far."""
        return Counter(str(row[0]) for row in self.ask("SELECT state FROM erasures"))

    def task(self, **more: Any) -> Task:
        """What a process is to do that comes after all before."""
        self.now_ms += STEP_MS
        return {"now_ms": self.now_ms, **more}

    def pictures(self) -> Counter[str]:
        """How many lie in the store, by client."""
        if self.bucket:
            names = object_store.shared().names(self.bucket)
        else:
            names = [str(path) for path in (self.service.data / "pictures").rglob("*") if path.is_file()]
        return Counter(name.rpartition("/")[2].partition(".")[0] for name in names if "/erased/" not in name)


@pytest.fixture(params=one_of("postgres", "sqlite"))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """On SQLite with a folder of pictures, on PostgreSQL with a bucket; the provider is the example."""
    data, port, name = tmp_path / "data", free_port(), ""
    settings: dict[str, str] = {
        "catalogue": str(catalogue(tmp_path)),
        "providers": str(providers(tmp_path, f"http://127.0.0.1:{port}/")),
        "public_url": "https://ostiary.example",
        "rate_limit_per_second": "0",
    }
    variables, bucket = dict[str, str](), ""
    if request.param == "postgres":
        name, bucket, variables = migrated(shared()), object_store.shared().bucket(), object_store.shared().variables()
        settings |= {"database_url": shared().url(name), "master_key": KEY, "files_url": f"s3://{bucket}/p"}
    with pytest.MonkeyPatch.context() as patched:
        for variable, value in variables.items():
            patched.setenv(variable, value)
        service = RunningService(data, environment(data, **settings), free_port())
        stop: Stop = PostgresStop(name) if name else SqliteStop(data / "ostiary.sqlite3")
        ready = Place(service, of_server(name) if name else of_file(service), stop, bucket)
        with open_house(data, **{f"OSTIARY_{key.upper()}": value for key, value in settings.items()}) as house:
            asyncio.run(filled(house, ready))
    with example(port, tmp_path / "example.log"):
        yield ready
    ready.service.stop()
    if name:
        shared().drop([name])


async def filled(house: House, place: Place) -> None:
    """A day ago, so that whatever is due after a while is due now."""
    place.began_ms = place.now_ms = int(time.time() * 1000) - DAY_MS
    house.clock.now_ms = place.now_ms
    house.caller = await house.found_company(environment=Environment.PRODUCTION)
    place.company = house.caller.company.id
    people = [acts(house, await operator(house, name, Role.APPROVER)) for name in ("bea", "eva")]
    for number in range(ERASED + DISPUTED + LATE + OTHERS):
        client_id, _ = await house.submitted(f"AB{number:07}", email=f"{number}@example.com")
        place.clients.append(client_id)
    for client_ids, after_ms in ((place.erased, 0), (place.disputed, DISPUTED_MS), (place.late, LATE_MS)):
        house.clock.now_ms = place.began_ms + after_ms
        for client_id in client_ids:
            staged = await house.do(stage_erasure, client_id, "A court.", caller=people[0])
            await house.do(confirm_erasure, staged.id, caller=people[1])
    await house.parts.store.census.count(house.clock())
    await house.parts.store.release()


def test_each_erasure_comes_to_its_one_end_whoever_is_killed_over_it(place: Place, tmp_path: Path) -> None:
    service, log = place.service, tmp_path / "driver.log"
    with driving(service.variables, log) as driver:
        for where in (*ENDING, *ELSEWHERE):
            assert driver.run(place.task(place=where)) == [KILLED], f"{where}: {log.read_text()[-2000:]}"
        if place.bucket:
            assert driver.run(place.task(environment={"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"})) == [0]
            assert place.states()["erased"] > 0, "a store that is not there keeps them open"
        assert driver.run(both := place.task(), both) == [0, 0]
        assert place.states()["waiting"] == DISPUTED + LATE, "of the others nobody is left"
        place.now_ms = place.began_ms + DISPUTED_MS
        hold = [place.company, "bea", place.disputed[::-1]]
        assert driver.run(both := place.task(), {**both, "hold": hold}) == [0, 0], log.read_text()[-2000:]
    held = {str(row[0]) for row in place.ask("SELECT client_id FROM holds")}
    gone = {str(row[0]) for row in place.ask("SELECT client_id FROM clients WHERE erased_at_ms IS NOT NULL")}
    assert (held & gone, held | gone) == (set(), {*place.erased, *place.disputed})
    removing = Moment("documents", "(SELECT count(*) FROM holds) >= 0", is_removed=True)
    place.now_ms = place.began_ms + LATE_MS
    killed_at(place.stop, removing, service, json.dumps(place.task()), target=ALONE)
    with driving(service.variables, log) as driver:
        assert driver.run(place.task()) == [0]
    assert place.states()["waiting"] == len(held), "the last steps are left to the service and a worker beside it"
    service.start()
    with working(service):
        until(lambda: place.states() == Counter(done=ENDED - len(held), waiting=len(held)), "the end", ENDS_S)
    assert_ended(place, held)


def assert_ended(place: Place, held: set[str]) -> None:
    """Each is there, or is gone with a receipt that the trail vouches for."""
    ended = {*place.clients[:ENDED]} - held
    text = "SELECT owner, action FROM audit_entries WHERE action IN ('client_erased', 'erasure_completed')"
    assert Counter(place.ask(text)) == Counter((each, action) for each in ended for action in ENDS)
    assert place.pictures() == Counter(dict.fromkeys({*place.clients} - ended, 1))
    receipts = {
        each["client_id"]: receipt_mark(json.dumps(each["receipt"], separators=(",", ":"), sort_keys=True))
        for each in place.service.answer("client", "erasures", "--company", place.company)
        if "receipt" in each
    }
    assert set(receipts) == ended
    for client_id in (place.erased[0], place.late[0]):
        trail = place.service.answer("audit", "show", "--company", place.company, "--client", client_id)
        assert trail[-1]["action"] == "erasure_completed"
        assert receipts[client_id] in json.dumps(trail[-1])
    assert place.service.answer("audit", "verify")["intact"]
