"""Trying conditions out before any client does: a part that fails whatever a client gives is a fault of the file.

Types are checked by the engine, values are not: a regular expression that is none, a date that does not exist, a
division by 0 or a place beyond a list's end show only when they are evaluated. So every part that depends on the
client's values alone is evaluated by itself, over values of each kind, until one succeeds.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ostiary.adapters.cel import checked_expressions as wire
from ostiary.adapters.cel.compile import compile_expression, environment
from ostiary.adapters.lookups.countries import country_codes
from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.clients.client import OLDEST_YEARS
from ostiary.domain.times import iso_date

COMBINATIONS = 200
"""Of values, where a part reads several variables; one that evaluates at all does so for nearly the first."""
MOST_S = 2.0
"""For one condition; what has always failed until then counts as failing."""
_AGES = tuple(range(OLDEST_YEARS + 1))
_WHOLE = (0, 1, -1, *range(2, 31), 100, 1_000, 1_000_000)
_DECIMALS = (0.0, 1.0, -1.0, 0.5, 1_000.0, 1e6)
_DATES = ("1984-11-21", "2000-02-29", "2026-01-01")
_TEXTS = (
    "A",
    "abc",
    "0",
    "1",
    "12345",
    "1.5",
    "true",
    "false",
    "2026-01-01T00:00:00Z",
    "3600s",
    "a@example.com",
    "UTC",
)
_CODE = re.compile(r"^[A-Z_]+: ")


@dataclass(frozen=True, slots=True)
class Impossible:
    """A part of an expression that fails for every value: where (characters before it), and the engine's words."""

    index: int
    message: str


def impossible_parts(
    text: str, variables: Mapping[str, DataType], declared: Mapping[str, Field]
) -> Iterator[Impossible]:
    """The smallest parts of a compiled expression that can never be evaluated, in the order written."""
    whole = wire.fields(next(wire.parts(wire.fields(compile_expression(text, variables).serialize()), wire.ANY_VALUE)))
    trial = _Trial(whole, variables, declared, time.monotonic() + MOST_S)
    trials = list(trial.judge(next(wire.parts(whole, wire.CHECKED_EXPR)), frozenset()))
    yield from sorted(trials, key=lambda finding: finding.index)


class _Trial:
    """One expression being tried out, part by part."""

    def __init__(
        self, whole: wire.Message, variables: Mapping[str, DataType], declared: Mapping[str, Field], until: float
    ) -> None:
        self._rest = [(number, body) for number, body in whole if number != wire.CHECKED_EXPR]
        self._places = _places(whole)
        self._variables, self._until = variables, until
        self._engine = environment(frozenset(variables.items()))
        literals = _literals(next(wire.parts(whole, wire.CHECKED_EXPR)))
        self._values = {name: _values(kind, declared.get(name), literals) for name, kind in variables.items()}
        self._values |= {"age": _AGES} if "age" not in declared else {}

    def judge(self, node: bytes, bound: frozenset[str]) -> Iterator[Impossible]:
        """`bound` are the variables of macros around the node, whose values nobody knows here."""
        inner = bound | _bound_in(node)
        below = [trial for child in _children(node) for trial in self.judge(child, inner)]
        if below:
            yield from below
        elif (names := _names(node)).isdisjoint(bound) and (problem := self._always_fails(node, names)):
            yield Impossible(self._places.get(wire.number_of(node, wire.PART_ID), 0), problem)

    def _always_fails(self, node: bytes, names: frozenset[str]) -> str | None:
        if wire.fields(node)[0][0] in (wire.CONST, wire.IDENT):
            return None
        checked = wire.written([*self._rest, (wire.CHECKED_EXPR, node)])
        expression = self._engine.deserialize(
            wire.written([(1, b"type.googleapis.com/cel.expr.CheckedExpr"), (wire.ANY_VALUE, checked)])
        )
        problem = None
        for values in self._samples(sorted(names.intersection(self._variables))):
            problem = _problem(expression, values)
            if problem is None:
                return None
            if time.monotonic() > self._until:
                break
        return problem

    def _samples(self, names: Sequence[str]) -> Iterator[dict[str, object]]:
        if len(names) == 1:
            yield from ({names[0]: value} for value in self._values[names[0]])
            return
        draw = random.Random(COMBINATIONS)  # noqa: S311 (the same at every start)
        for _ in range(COMBINATIONS if names else 1):
            yield {name: draw.choice(self._values[name]) for name in names}


def _problem(expression: Any, values: Mapping[str, object]) -> str | None:
    """The engine's words, without its code."""
    try:
        answer = expression.eval(data=values)
    except RuntimeError as error:
        return str(error)
    return _CODE.sub("", str(answer.value())) if str(answer.type()) == "ERROR" else None


def _values(kind: DataType, field: Field | None, literals: Sequence[object]) -> Sequence[Any]:
    """What a client may give for a variable: values of its kind, and those that the condition itself names."""
    texts = [literal for literal in literals if isinstance(literal, str)]
    numbers = [literal for literal in literals if isinstance(literal, int)]
    bounds = [] if field is None else [bound for bound in (field.minimum, field.maximum) if bound is not None]
    match kind:
        case DataType.COUNTRY:
            return (*country_codes(), *texts)
        case DataType.BOOLEAN:
            return (True, False)
        case DataType.INTEGER:
            near = (number + step for number in numbers for step in (-1, 0, 1))
            return tuple(number for number in (*_WHOLE, *map(int, bounds), *near) if -(2**63) <= number < 2**63)
        case DataType.DECIMAL:
            return (*_DECIMALS, *map(float, bounds), *map(float, numbers))
        case DataType.DATE:
            return (*_DATES, *(text for text in texts if iso_date(text) is not None))
        case DataType.ENUM if field is not None:
            return field.options
        case _:
            return (*_TEXTS, *texts)


def _literals(node: bytes) -> list[object]:
    """Every text and whole number that stands in the expression."""
    values: list[object] = []
    for kind, body in wire.fields(node):
        if kind == wire.CONST:
            texts = [text.decode() for text in wire.parts(wire.fields(body), wire.STRING_VALUE)]
            number = wire.number_of(body, wire.INT64_VALUE)
            values += texts or [number - 2**64 if number >= 2**63 else number]
    return values + list(chain.from_iterable(_literals(child) for child in _children(node)))


def _children(node: bytes) -> Iterator[bytes]:
    for kind, body in wire.fields(node):
        inner = wire.fields(body)
        if kind == wire.STRUCT:
            entries = (wire.fields(entry) for entry in wire.parts(inner, wire.ENTRIES))
            yield from (
                part for entry in entries for number in wire.ENTRY_CHILDREN for part in wire.parts(entry, number)
            )
        for number in wire.CHILDREN.get(kind, ()):
            yield from wire.parts(inner, number)


def _names(node: bytes) -> frozenset[str]:
    """Every name that is read in a part, but for those of its own macro."""
    idents = (wire.fields(ident) for ident in wire.parts(wire.fields(node), wire.IDENT))
    own = frozenset(name.decode() for ident in idents for name in wire.parts(ident, wire.NAME))
    return own.union(*(_names(child) for child in _children(node))) - _bound_in(node)


def _bound_in(node: bytes) -> frozenset[str]:
    """The variables that a macro brings along for its own parts."""
    loops = [wire.fields(body) for body in wire.parts(wire.fields(node), wire.COMPREHENSION)]
    numbers = (wire.ITER_VAR, wire.ACCU_VAR, wire.SECOND_VAR)
    return frozenset(name.decode() for loop in loops for number in numbers for name in wire.parts(loop, number))


def _places(whole: wire.Message) -> Mapping[int, int]:
    """Where each part stands, by its number: `positions` of `SourceInfo`."""
    positions = (wire.parts(wire.fields(info), wire.POSITIONS) for info in wire.parts(whole, wire.SOURCE_INFO))
    return {
        wire.number_of(entry, wire.KEY): wire.number_of(entry, wire.VALUE) for entry in chain.from_iterable(positions)
    }
