"""Conditions: CEL expressions over a client, type-checked when the catalogue is loaded.

The language is the Common Expression Language (https://github.com/google/cel-spec), evaluated by Google's own engine.
It has no loops beyond bounded macros, and the engine refuses a runaway one by an iteration budget of its own. Every
attribute is a typed variable, so a typo or a number compared with a text is a fault of the catalogue, not of a request.

The engine is imported on first use: reading a catalogue's shape does not need it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from ostiary.domain.catalogue.catalogue import Condition, DataType
from ostiary.domain.errors import ConditionFailed

MOST_CHARACTERS = 1_000
"""A condition that is longer is not reviewed by anybody; also bounds what the engine has to parse."""
_KEYWORDS = (
    "as break const continue else false for function if import in let loop namespace null package return true var"
)
_TYPES = "void while bool bytes double dyn duration google int list map null_type string timestamp type uint"
RESERVED = frozenset(f"{_KEYWORDS} {_TYPES}".split())
"""Words of the language (cel-spec, "Reserved words" and the standard types): no attribute may be called so."""
_CEL_TYPES = {DataType.INTEGER: "INT", DataType.DECIMAL: "DOUBLE", DataType.BOOLEAN: "BOOL"}
_INT64_MOST = 2**63 - 1
_PROBLEM = re.compile(r"^(?:[A-Z_]+: )?ERROR: <input>:(\d+):(\d+): (.*)$", re.MULTILINE)
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_ADVICE = (
    (("(double, int)", "(int, double)"), "amounts are compared with decimal numbers: write 50000.0, not 50000"),
    (("(int, string)", "(double, string)"), "a number cannot be compared with a text: write it without quotes"),
    (("(string, int)", "(string, double)"), "this is a text: write the value in quotes"),
    (("(string, bool)", "(bool, string)"), "true and false are written without quotes"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an expression; `line` and `column` count from 1 within it."""

    line: int
    column: int
    message: str


class ConditionInvalid(ValueError):
    """The expression cannot be used as a condition."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.line}:{problem.column} {problem.message}" for problem in problems))


def compile_condition(text: str, variables: Mapping[str, DataType]) -> Condition:
    """The condition an expression means, or ConditionInvalid with every problem of it."""
    if len(text) > MOST_CHARACTERS:
        message = f"has {len(text)} characters; a condition has at most {MOST_CHARACTERS}"
        raise ConditionInvalid((Problem(1, 1, message),))
    expression = compile_expression(text, variables)
    if str(expression.return_type()) != "BOOL":
        message = f"must be true or false, as in country == 'ARG'; this is of type {expression.return_type()}"
        raise ConditionInvalid((Problem(1, 1, message),))
    reads = {name: kind for name, kind in variables.items() if name in text and _reads(text, name, variables)}
    return Condition(text, frozenset(reads), _evaluation(text, expression, reads), _partly(expression, reads))


def compile_expression(text: str, variables: Mapping[str, DataType]) -> Any:
    """The engine's checked expression, or ConditionInvalid."""
    try:
        return environment(frozenset(variables.items())).compile(text)
    except RuntimeError as error:
        raise ConditionInvalid(_problems(str(error), variables)) from None


def _reads(text: str, name: str, variables: Mapping[str, DataType]) -> bool:
    """Whether the expression reads the variable: without it, it does not compile.

    Asking the compiler, rather than looking for the name, is right about text literals and macro variables.
    """
    others = frozenset((other, kind) for other, kind in variables.items() if other != name)
    try:
        environment(others).compile(text)
    except RuntimeError:
        return True
    return False


@lru_cache(maxsize=256)
def environment(variables: frozenset[tuple[str, DataType]]) -> Any:
    """The engine with these variables."""
    from cel_expr_python import cel

    return cel.NewEnv(variables={name: getattr(cel.Type, _CEL_TYPES.get(kind, "STRING")) for name, kind in variables})


def _problems(report: str, variables: Mapping[str, DataType]) -> tuple[Problem, ...]:
    problems = tuple(
        Problem(int(line), int(column), _reworded(message, variables))
        for line, column, message in _PROBLEM.findall(report)
    )
    return problems or (Problem(1, 1, f"cannot be compiled: {report.partition(chr(10))[0]}"),)


def _reworded(message: str, variables: Mapping[str, DataType]) -> str:
    """The engine's message in the catalogue's words, with what would be right."""
    message = message.removesuffix("[INVALID_ARGUMENT]").strip()
    if unknown := _UNDECLARED.search(message):
        near = difflib.get_close_matches(unknown[1], variables, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(variables))}"
        return f"there is no attribute '{unknown[1]}'; {hint}"
    message = message.partition(", expecting {")[0].partition(" expecting {")[0]
    advice = next((text for signs, text in _ADVICE if any(sign in message for sign in signs)), None)
    return f"{message} ({advice})" if advice else message


def _evaluation(text: str, expression: Any, reads: Mapping[str, DataType]) -> Callable[[Mapping[str, object]], bool]:
    """What `Condition.holds` does. Anything but a plain true or false is a failure, never a silent false."""
    plain = tuple((name, _PLAIN.get(kind, _same)) for name, kind in reads.items())
    evaluate = expression.eval

    def holds(values: Mapping[str, object]) -> bool:
        try:
            answer = evaluate(data={name: make(values[name]) for name, make in plain}).value()
        except KeyError as absent:
            raise ConditionFailed(f"The condition {text!r} needs {absent}, which is absent.") from None
        except RuntimeError as error:
            raise ConditionFailed(f"The condition {text!r} could not be evaluated: {error}") from None
        except (TypeError, ValueError, ArithmeticError) as error:  # their messages quote the client's values
            what = type(error).__name__
            raise ConditionFailed(f"The condition {text!r} met a value of another type: {what}") from None
        if answer is True or answer is False:
            return answer
        raise ConditionFailed(f"The condition {text!r} could not be evaluated: {answer}")

    return holds


def _partly(expression: Any, reads: Mapping[str, DataType]) -> Callable[[Mapping[str, object]], bool | None]:
    """What `Condition.partly` does: `false && unknown` is false and `true || unknown` true, in whichever order they
    are written (cel-spec, "Logical operators"); anything else that needs an unknown value is unknown."""

    def partly(values: Mapping[str, object]) -> bool | None:
        try:
            given = {name: _PLAIN.get(kind, _same)(values[name]) for name, kind in reads.items() if name in values}
            answer = expression.eval(data=given).value()
        except (RuntimeError, TypeError, ValueError, ArithmeticError):  # as where everything is known
            return None
        return answer if answer is True or answer is False else None

    return partly


def _same(value: object) -> object:
    return value


def _decimal(value: Any) -> float:
    return float(value)


def _integer(value: Any) -> int:
    """CEL integers have 64 bits; beyond, the nearest compares the same with any number a condition can write."""
    return int(max(-_INT64_MOST - 1, min(_INT64_MOST, value)))


def _date(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


_PLAIN: Mapping[DataType, Callable[[Any], object]] = {
    DataType.DECIMAL: _decimal,
    DataType.INTEGER: _integer,
    DataType.DATE: _date,
}
