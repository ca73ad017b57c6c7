"""Conditions tried out: parts that fail whatever a client gives, and parts that some client can make work."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
import structlog

from ostiary.adapters.cel.compile import compile_condition
from ostiary.adapters.cel.failing import AGAIN_S, FailingConditions
from ostiary.adapters.cel.trials import MOST_S, impossible_parts
from ostiary.domain.catalogue.catalogue import CONDITION_VARIABLES, DataType, Field

DECLARED = {
    "amount": Field("amount", "Amount", DataType.DECIMAL, minimum=Decimal("0.5")),
    "children": Field("children", "Children", DataType.INTEGER, minimum=Decimal(0), maximum=Decimal(20)),
    "job": Field("job", "Job", DataType.STRING), "since": Field("since", "Since", DataType.DATE),
    "exposed": Field("exposed", "Exposed", DataType.BOOLEAN),
    "purpose": Field("purpose", "Purpose", DataType.ENUM, options=("save", "spend")),
}  # fmt: skip
VARIABLES = {**CONDITION_VARIABLES, **{name: declaration.data_type for name, declaration in DECLARED.items()}}
IMPOSSIBLE = [
    ("country.matches('^(?=A)')", "invalid perl operator", 15),
    ("country == 'ARG' && country.matches('(')", "missing )", 35),
    ("job.matches('[') || exposed", "missing ]", 11), ("job.matches('a{2000}')", "repetition", 11),
    ("country == 'ARG' && 1 / 0 == 1", "divide by zero", 22), ("age / 0 == 1", "divide by zero", 4),
    ("exposed || age % 0 == 1", "modulus by zero", 15), ("1 / (age - age) == 1", "divide by zero", 2),
    ("exposed && timestamp('2026-02-29T00:00:00Z') > timestamp('2020-01-01T00:00:00Z')", "Timestamp", 20),
    ("exposed && timestamp('2026-01-01') > timestamp('2020-01-01T00:00:00Z')", "Timestamp", 20),
    ("timestamp(since) > timestamp('2020-01-01T00:00:00Z')", "Timestamp", 9),
    ("exposed && duration('1 day') > duration('1s')", "Duration", 19),
    ("exposed && timestamp('2026-01-01T00:00:00Z').getFullYear('Mars/X') > 1", "timezone", 56),
    ("exposed && [1][5] == 1", "Index error", 14), ("children > 1 || [1, 2][-1] == 2", "Index error", 22),
    ("exposed && {'a': 1}['b'] == 1", "Key not found", 19), ("exposed && {'a': 1}.b == 1", "Key not found", 19),
    ("exposed && 9223372036854775807 + 1 > age", "overflow", 31), ("exposed && uint(-1) == 1u", "range", 15),
    ("exposed && -9223372036854775808 / -1 == 1", "overflow", 32), ("exposed && int(1e30) > 1", "range", 14),
    ("exposed && int('x') == 1", "cannot convert", 14), ("int(country) > 1", "cannot convert", 3),
    ("int(purpose) > 1", "cannot convert", 3), ("exposed && bool('maybe')", "conversion", 15),
    ("exposed && double('x') > 1.0", "cannot convert", 17), ("exposed && string(b'\\xff') == 'x'", "UTF-8", 17),
    ("dyn(country) + 1 == dyn(3)", "No matching overload", 13), ("age < 18 ? exposed : [][0] == 'x'", "Index error",
    23),
    ("['a'].exists(x, x == job && job.matches('('))", "missing )", 39),
    ("exposed && [1, 2].all(x, [1][x] == 1 && [1][x + 1] == 1)", "Index error", 21),
    ("exposed && [0].map(x, 1 / x) == [1]", "divide by zero", 18), ("'a' + job == 'a' && 1 % 0 == age", "modulus", 22),
]  # fmt: skip
"""The place is where the part's operator, name or bracket stands."""
POSSIBLE = [
    "country.matches('^(A|B)')", "10 / age == 1", "age != 0 && 10 / age == 1", "[1, 2, 3][children] == 2",
    "{'ARG': 1, 'BRA': 2}[country] == 1", "{'plumber': 1}[job] == 1", "{'save': 1}[purpose] == 1", "int(job) > 5",
    "timestamp(since + 'T00:00:00Z') > timestamp('2020-01-01T00:00:00Z')", "duration(job) > duration('1s')",
    "country in ['ARG'] && age >= 18 && amount > 5.0", "1.0 / (amount - 0.5) > 1.0", "children % (children - 1) == 0",
    "age * 9000000000000000000 > 1", "job.matches(state)", "[1, 2].exists(age, 10 / age > 1) && exposed", "bool(job)",
    "has({'a': 1}.b) && exposed", "amount / 0.0 > 1.0", "timestamp(job) > timestamp('2020-01-01T00:00:00Z')",
    "job.contains('x')", "size([country][0]) == 3 && exposed", "since < '2020-01-01'",
    "{'x': {'y': 1}}[job].y == 1", "1 / (age - children) == 1", "int(amount * 1e17) > 1", "true || 1 / age == 1",
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "index"), IMPOSSIBLE)
def test_a_part_that_always_fails_is_found_where_it_stands(text: str, message: str, index: int) -> None:
    compile_condition(text, VARIABLES)
    problems = list(impossible_parts(text, VARIABLES, DECLARED))
    assert problems, "nothing was found"
    assert message in problems[0].message
    assert problems[0].index == index, text[problems[0].index :]


@pytest.mark.parametrize("text", POSSIBLE)
def test_a_part_that_some_client_makes_work_is_none(text: str) -> None:
    compile_condition(text, VARIABLES)
    assert list(impossible_parts(text, VARIABLES, DECLARED)) == []


def test_every_impossible_part_is_told_once_in_the_order_written() -> None:
    text = "exposed && 1 / 0 == 1 && (country.matches('(') || [1][5] == age)"
    assert [problem.index for problem in impossible_parts(text, VARIABLES, DECLARED)] == [13, 41, 53]


def test_trying_out_is_bounded() -> None:
    text = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(x, " * 6 + "age >= 0" + ")" * 6
    began = time.process_time()
    assert [problem.message for problem in impossible_parts(text, VARIABLES, DECLARED)]
    assert time.process_time() - began < MOST_S * 3


def test_the_operator_hears_once_a_minute_and_every_time_is_counted() -> None:
    counted, now = list[int](), [0.0]
    failing = FailingConditions(lambda: counted.append(1), lambda: now[0])
    with structlog.testing.capture_logs() as lines:
        for at in (0.0, AGAIN_S - 1, AGAIN_S):
            now[0] = at
            failing.report("1 / age > 1")
        failing.report("other")
    assert [(line["event"], line["problem"]) for line in lines] == [
        ("condition_failed", "1 / age > 1"),
        ("condition_failed", "1 / age > 1"),
        ("condition_failed", "other"),
    ]
    assert len(counted) == 4
