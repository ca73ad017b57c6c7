"""Measured values beside their targets, as a table and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

import msgspec
from rich.table import Table


class Result(msgspec.Struct):
    """One measured value. `values` are the rounds' own; `value` is their median unless `detail` says otherwise.

    A result without a target is for orientation.
    """

    name: str
    unit: str
    value: float
    values: list[float] = []
    at_least: float | None = None
    at_most: float | None = None
    detail: str = ""

    @property
    def met(self) -> bool | None:
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"


def median_of(
    name: str,
    unit: str,
    values: Iterable[float],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    detail: str = "",
) -> Result:
    """A result over rounds. Neighbours in time share the machine's mood, so ratios are taken round by round."""
    given = list(values)
    return Result(name, unit, statistics.median(given), given, at_least, at_most, detail)


def table(results: list[Result]) -> Table:
    drawn = Table(title="Benchmark", title_justify="left")
    for heading in ("", "measured", "rounds", "target", "met"):
        drawn.add_column(heading, justify="left" if heading in ("", "met") else "right")
    for one in results:
        rounds = f"{_short(min(one.values))} to {_short(max(one.values))}" if len(one.values) > 1 else ""
        met = {True: "[green]yes[/]", False: "[bold red]NO[/]", None: ""}[one.met]
        drawn.add_row(_name(one), f"{_short(one.value)} {one.unit}".strip(), rounds, one.target, met)
    return drawn


def as_json(results: list[Result]) -> bytes:
    rows = [{**msgspec.to_builtins(one), "met": one.met} for one in results]
    return msgspec.json.format(msgspec.json.encode({"results": rows}))


def _name(one: Result) -> str:
    return f"{one.name}\n  [dim]{one.detail}[/]" if one.detail else one.name


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
