"""What `doctor` says of a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ostiary.adapters import clock
from ostiary.cli.doctor.machine import DoctorFinding, Level
from ostiary.cli.doctor.postgres import CLOCKS_APART_MS, clocks, durability, plans
from ostiary.storage.server_clock import read_time
from tests.storage.postgres_shelf import PostgresShelf


@pytest.fixture
def server(bouncer: int) -> Iterator[PostgresShelf]:
    """The tests' cluster, which runs without fsync."""
    shelf = PostgresShelf()
    yield shelf
    shelf.cluster.drop([shelf.name])


def durable(server: PostgresShelf) -> list[DoctorFinding]:
    with server.place.engine().blocking() as look:
        return list(durability(look))


def test_a_server_that_may_forget_is_a_problem(server: PostgresShelf) -> None:
    [finding] = durable(server)
    assert (finding.check, finding.level) == ("durability", Level.PROBLEM)
    assert finding.found.startswith("fsync and full_page_writes is off")


def test_so_is_a_role_that_does_not_wait_for_the_disk(server: PostgresShelf) -> None:
    server.spoil_schema(f"ALTER ROLE CURRENT_USER IN DATABASE {server.name} SET synchronous_commit = off")
    [finding] = durable(server)
    assert "synchronous_commit" in finding.found


def test_an_old_server_is_told_to_be_upgraded(server: PostgresShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ostiary.cli.doctor.postgres.OLDEST", 1_000_000)
    old, _ = durable(server)
    assert (old.check, old.level) == ("server", Level.WARNING)


def test_requests_find_rows_by_an_index(server: PostgresShelf) -> None:
    [finding] = plans(server.place.engine())
    assert (finding.check, finding.level) == ("plans", Level.OK)


def test_behind_a_pooler_the_role_must_say_so(server: PostgresShelf, bouncer: int) -> None:
    behind = PostgresShelf(bouncer)
    [finding] = plans(behind.place.engine())
    assert (finding.check, finding.level) == ("plans", Level.WARNING)
    assert "connect_query" in finding.advice
    behind.cluster.drop([behind.name])


@pytest.mark.parametrize(
    ("ahead_ms", "level", "words"),
    [
        (0, Level.OK, "agree"),
        (CLOCKS_APART_MS - 2_000, Level.OK, "agree"),
        (60_000, Level.PROBLEM, "60 s ahead of"),
        (-60_000, Level.PROBLEM, "60 s behind"),
    ],
)
def test_clocks_that_differ_are_a_problem(
    server: PostgresShelf, monkeypatch: pytest.MonkeyPatch, ahead_ms: int, level: Level, words: str
) -> None:
    ours = clock.now_ms
    monkeypatch.setattr(clock, "now_ms", lambda: ours() + ahead_ms)
    with server.place.engine().blocking() as look:
        [finding] = clocks(read_time(look))
    assert (finding.check, finding.level) == ("clocks", level)
    assert words in finding.found
