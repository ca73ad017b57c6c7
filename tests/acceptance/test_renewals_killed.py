"""Workers, and commands that move a sandbox's clock, are killed in the middle of what a day brings: the next one goes
on, and everything happens once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ostiary.adapters.config.catalogue_file import default_source
from tests.acceptance.conftest import RunningService
from tests.acceptance.databases import migrated, one_of
from tests.acceptance.halting import Moment, PostgresStop, SqliteStop, Stop, killed_at
from tests.acceptance.onboarding import person, until
from tests.acceptance.receiver import Receiver
from tests.acceptance.storm import Query, of_server
from tests.acceptance.test_worker import working
from tests.acceptance.test_worker_faults import KEY, of_file
from tests.servers.postgresql import shared

Start = Callable[..., RunningService]
LENDING = "  lending: {name: Lending, policy: auto, review_every: P1Y, at_deadline: offboard}\n"
CLIENTS = 6
HEARD = ["renewal_opened", "renewal_due_soon", "renewal_due_soon", "renewal_due_soon", "renewal_overdue"]
"""What one client's year brings its company, in order; then the request ends."""
EVENTS = sorted({*HEARD, "product_enablement_status_changed"})
TRAIL = [*HEARD, "verdict_reject"]
"""The same, in the audit trail."""


def moment(table: str, action: str, count: int) -> Moment:
    """A row is written to the table once the trail has so many entries of an action."""
    return Moment(table, f"(SELECT count(*) FROM audit_entries WHERE action = '{action}') >= {count}")  # noqa: S608


UNTOUCHED = moment("deadlines", "renewal_opened", 0)
"""The first client's day has come, and nothing is done yet."""
WORKERS = [
    moment("messages", "renewal_opened", 1),
    moment("audit_entries", "renewal_opened", 3),
]
"""Where workers are killed, one after another: in the middle and at the end of a client's unit."""
MOVES = [
    moment("companies", "renewal_opened", CLIENTS),
    moment("audit_entries", "renewal_overdue", 2),
    moment("enablements", "verdict_reject", 3),
]
"""Where moves of the clock are killed: between two days, and while clients are message_ids to."""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "lending.yaml"
    path.write_text(f"{default_source()}{LENDING}")
    return path


@pytest.fixture(params=one_of("postgres", "sqlite"))
def lent(
    request: pytest.FixtureRequest, service_factory: Start, catalogue: Path, receiver: Receiver
) -> Iterator[tuple[RunningService, Query, Stop]]:
    """A service that ended once its clients were all enabled, today, with a way to ask its database and to stand still
    in it."""
    settings: dict[str, object] = {"catalogue": catalogue, "allowed_private_networks": "127.0.0.0/8"}
    name = migrated(shared()) if request.param == "postgres" else ""
    if name:
        settings |= {"database_url": shared().url(name), "master_key": KEY}
    service = service_factory(**settings)
    partner = service.client()
    wanted = {"url": receiver.url, "webhook_key": "key", "event_types": EVENTS}
    done = partner.post("/management/companies/webhook/subscribe", json=wanted)
    assert done.status_code == 200, done.text
    requests = [_submitted(partner, number) for number in range(CLIENTS)]
    until(lambda: all(partner.get(path).json()["status"] == "enabled" for path in requests), "all are enabled")
    service.stop()
    if name:
        yield service, of_server(name), PostgresStop(name)
        shared().drop([name])
    else:
        yield service, of_file(service), SqliteStop(service.data / "ostiary.sqlite3")


def _submitted(partner: httpx.Client, number: int) -> str:
    client = partner.post("/management/clients/individuals", json=person(number)).json()["id"]
    products = f"/management/clients/individuals/{client}/products"
    request = partner.post(products, json={"subproduct": "lending"}).json()
    path = f"{products}/{request['id']}"
    answer = partner.post(f"{path}/submit")
    assert answer.status_code == 200, answer.text
    return path


def clock_words(service: RunningService, span: str) -> list[str]:
    return ["sandbox", "clock", "--company", service.company(), "--advance", span]


def trails(rows: Query) -> dict[str, list[str]]:
    """What happened to each client once it was enabled, in order."""
    of: defaultdict[str, list[str]] = defaultdict(list)
    for owner, action in rows("SELECT owner, action FROM audit_entries ORDER BY owner, position"):
        of[str(owner)].append(str(action))
    return {owner: each[each.index("verdict_approve") + 1 :] for owner, each in of.items() if "verdict_approve" in each}


def heard(receiver: Receiver) -> dict[str, list[str]]:
    """What came to the company of each request, in order, each message once however often it came: names of events,
    and the status of a request."""
    of: defaultdict[str, list[str]] = defaultdict(list)
    message_ids = set()
    for message_id, _, body in receiver.came:
        if message_id not in message_ids:
            message_ids.add(message_id)
            data = body["data"]
            of[data["product_request_id"]].append(data.get("status", body["event_type"]))
    return dict(of)


def test_workers_killed_in_the_middle_of_a_day_leave_it_to_the_next(
    lent: tuple[RunningService, Query, Stop], receiver: Receiver
) -> None:
    service, rows, stop = lent
    killed_at(stop, UNTOUCHED, service, *clock_words(service, "P10M"))
    done = []
    for each in WORKERS:
        killed_at(stop, each, service, "worker")
        done.append(sum(map(len, trails(rows).values())))
    assert done == sorted(set(done)), "each came further than the one before"
    assert done[-1] < CLIENTS
    with working(service), working(service):
        until(lambda: Counter(map(len, heard(receiver).values())) == {3: CLIENTS}, "the company hears of all")
    assert list(trails(rows).values()) == [TRAIL[:1]] * CLIENTS
    assert list(heard(receiver).values()) == [["in_kyc", "enabled", HEARD[0]]] * CLIENTS
    assert service.answer("audit", "verify")["intact"]


def test_a_move_of_the_clock_that_is_killed_is_finished_by_the_next(
    lent: tuple[RunningService, Query, Stop], receiver: Receiver
) -> None:
    """Whatever the later ones ask for, they go where the first wanted to."""
    service, rows, stop = lent
    words = clock_words(service, "P14M")
    for each in MOVES:
        killed_at(stop, each, service, *words)
    finished = service.answer(*words)
    assert "until" not in finished
    assert list(trails(rows).values()) == [TRAIL] * CLIENTS
    assert rows("SELECT enablement_id FROM deadlines") == []
    assert rows("SELECT count(*) FROM audit_entries WHERE action = 'clock_set_off'") == [(1,)]
    with working(service):
        until(lambda: Counter(map(len, heard(receiver).values())) == {8: CLIENTS}, "the company hears of all")
    assert list(heard(receiver).values()) == [["in_kyc", "enabled", *HEARD, "rejected"]] * CLIENTS
    assert len(receiver.ids()) == len(set(receiver.ids())), "no worker was killed: each came once"
    assert service.answer("audit", "verify")["intact"]
