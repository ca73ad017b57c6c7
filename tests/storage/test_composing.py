"""Statements of a unit as one, and the driver's errors as what the service says of them."""

from __future__ import annotations

import asyncpg
import pytest

from ostiary.domain.errors import Unavailable
from ostiary.domain.unit import Guard
from ostiary.storage.postgres import composing, dialect, faults
from ostiary.storage.postgres.engine import _composed, _explained, _Lost, _stages
from ostiary.storage.postgres.pool import NAME_BYTES, _name
from ostiary.storage.statement import Statement
from ostiary.storage.tables import clients, companies, messages, queues

WRITE = "UPDATE clients SET status = ?2 WHERE company_id = ?1"
OTHER = "INSERT INTO documents VALUES (?1, ?2, ?3)"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("SELECT 1", "SELECT 1"),
        ("SELECT ?1, ?2", "SELECT $1, $2"),
        ("SELECT ?10, ?1", "SELECT $10, $1"),
        ("a = ?1 OR b = ?1", "a = $1 OR b = $1"),
    ],
)
def test_parameters_in_the_server_s_words(text: str, written: str) -> None:
    assert composing.translated(text) == written
    assert composing.moved(text, 0) == written


@pytest.mark.parametrize("text", dialect.WORDS, ids=lambda text: text[:40])
def test_no_statement_keeps_a_parameter_of_sqlite_s(text: str) -> None:
    assert "?" not in composing.translated(text)
    assert composing.translated(text) != text or not text


def test_parameters_of_later_statements_count_on() -> None:
    assert composing.moved("SELECT ?1, ?12", 5) == "SELECT $6, $17"
    text = composing.side_by_side((("SELECT ?1", 1), ("SELECT ?1, ?2", 2), ("SELECT ?1", 1)))
    assert text == (
        "SELECT ARRAY(SELECT x FROM (SELECT $1) x), ARRAY(SELECT x FROM (SELECT $2, $3) x), "
        "ARRAY(SELECT x FROM (SELECT $4) x)"
    )


def test_writes_go_together_and_only_a_guarded_one_must_change_one_row() -> None:
    text = composing.together(((WRITE, 2, True), (OTHER, 3, False)))
    assert "w0 AS (UPDATE clients SET status = $2 WHERE company_id = $1 RETURNING 1)" in text
    assert "w1 AS (INSERT INTO documents VALUES ($3, $4, $5) RETURNING 1)" in text
    assert "WHEN (SELECT count(*) FROM w0) <> 1 THEN 0" in text
    assert "WHEN (SELECT count(*) FROM w1) < 0 THEN 1" in text
    assert text.index("FROM w0)") < text.index("FROM w1)"), "the owner's row, the lock, first"


@pytest.mark.parametrize("text", dialect.STEPS, ids=lambda text: text[:40])
def test_a_statement_of_two_steps_reads_what_its_own_first_gives(text: str) -> None:
    composed = composing.together(((WRITE, 2, True), (text, 3, False)))
    assert "w1_first AS (" in composed
    assert "FROM w1_first GROUP BY queue" in composed
    assert "{first}" not in composed
    assert "$5" in composed
    assert "$1, queue" not in composed, "its parameters count on, too"


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ('invalid input syntax for type integer: "guard 0 did not hold"', 0),
        ('invalid input syntax for type integer: "guard 12 did not hold"', 12),
        ('invalid input syntax for type integer: "guard x did not hold"', None),
        ('invalid input syntax for type integer: "abc"', None),
        ("guard 3 did not hold", None),
    ],
)
def test_which_guard_was_lost(message: str, place: int | None) -> None:
    assert composing.lost_place(message) == place


@pytest.mark.parametrize(
    ("table", "guard"),
    [("clients", Guard.CLIENT), ("documents", Guard.NUMBER), ("document", None), ("messages", None), ("", None)],
)
def test_a_unique_index_is_the_guard_of_who_writes_to_its_table(table: str, guard: Guard | None) -> None:
    todo = [("UPDATE messages SET x = 1", None), (WRITE, Guard.CLIENT), (OTHER, Guard.NUMBER)]
    assert composing.guard_of_table(todo, table) is guard


def test_an_error_is_a_lost_guard_only_where_one_can_be_named() -> None:
    todo = [Statement(WRITE, (1, 2), Guard.CLIENT), Statement(OTHER, (1, 2, 3))]
    lost = _explained(asyncpg.InvalidTextRepresentationError('"guard 0 did not hold"'), todo)
    assert isinstance(lost, _Lost)
    assert lost.guard is Guard.CLIENT
    for problem in (
        asyncpg.InvalidTextRepresentationError('"guard 1 did not hold"'),
        asyncpg.InvalidTextRepresentationError("of something else"),
        asyncpg.UniqueViolationError("without a table"),
        asyncpg.NotNullViolationError("of a column"),
    ):
        assert _explained(problem, todo) is problem


def test_values_stand_in_the_order_of_their_numbers() -> None:
    text, values = _composed([Statement(WRITE, ("c", "s"), Guard.CLIENT), Statement(OTHER, (1, 2, 3))])
    assert values == ("c", "s", 1, 2, 3)
    assert "$5" in text


LATE = Statement(messages.RELEASE_NEXT, ("c", "m", 1), is_late=True)
EARLY = Statement(WRITE, ("c", "s"), Guard.CLIENT)
ELSEWHERE = Statement(queues.DUE_IF_ANY, ("c", "q", 1), is_late=True)


@pytest.mark.parametrize(
    ("todo", "stages"),
    [
        ([], [[]]),
        ([EARLY], [[EARLY]]),
        ([EARLY, EARLY], [[EARLY, EARLY]]),
        ([EARLY, LATE], [[EARLY], [LATE]]),
        ([EARLY, LATE, LATE], [[EARLY], [LATE, LATE]]),
        ([LATE], [[LATE]]),
        ([EARLY, ELSEWHERE], [[EARLY]]),
        ([EARLY, LATE, ELSEWHERE], [[EARLY], [LATE]]),
    ],
)
def test_what_must_see_the_others_work_waits_for_the_next_stage(
    todo: list[Statement], stages: list[list[Statement]]
) -> None:
    assert _stages(todo) == stages


def test_a_statement_s_name_is_made_of_its_text_and_of_nothing_else() -> None:
    names = {_name(text) for text in (clients.CLIENT, clients.CLIENTS, companies.COMPANY, clients.CLIENT + " ")}
    assert len(names) == 4
    assert _name(clients.CLIENT) in names
    assert all(len(name) == len("ostiary_") + 2 * NAME_BYTES < 64 for name in names), "a name of the server's is short"


@pytest.mark.parametrize(
    ("problem", "is_away", "is_broken", "is_unsettled"),
    [
        (ConnectionRefusedError(), True, True, True),
        (TimeoutError(), True, False, True),
        (OSError(), True, False, True),
        (asyncpg.InterfaceError("closed"), True, True, True),
        (asyncpg.ConnectionDoesNotExistError(""), True, True, False),
        (asyncpg.AdminShutdownError(""), True, True, True),
        (asyncpg.CannotConnectNowError(""), True, False, True),
        (asyncpg.QueryCanceledError(""), True, False, True),
        (asyncpg.DiskFullError(""), True, False, False),
        (asyncpg.TooManyConnectionsError(""), True, False, False),
        (asyncpg.ReadOnlySQLTransactionError(""), True, False, True),
        (asyncpg.InvalidPasswordError(""), True, False, False),
        (asyncpg.InvalidCatalogNameError(""), True, False, False),
        (asyncpg.LockNotAvailableError(""), True, False, False),
        (asyncpg.UniqueViolationError(""), False, False, False),
        (asyncpg.DeadlockDetectedError(""), False, False, False),
        (asyncpg.SerializationError(""), False, False, False),
        (asyncpg.UndefinedTableError(""), False, False, False),
        (asyncpg.InvalidSQLStatementNameError(""), False, False, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_the_driver_raises(problem: Exception, is_away: bool, is_broken: bool, is_unsettled: bool) -> None:
    assert isinstance(problem, faults.AWAY) is is_away
    assert isinstance(problem, faults.BROKEN) is is_broken
    assert isinstance(problem, faults.UNSETTLED) is is_unsettled
    expected = Unavailable if is_away else type(problem)
    with pytest.raises(expected) as caught, faults.translate_errors():
        raise problem
    if is_away:
        assert isinstance(caught.value, Unavailable)
        assert (caught.value.retry_after_s, caught.value.__cause__) == (1, problem)
        assert "host" not in caught.value.message


def test_a_value_of_the_wrong_type_is_our_fault_and_stays_what_it_is() -> None:
    """asyncpg's DataError is both an InterfaceError and a ValueError."""
    problem = asyncpg.DataError("invalid input for query argument $1")
    with pytest.raises(asyncpg.DataError) as caught, faults.translate_errors():
        raise problem
    assert caught.value is problem
