"""Charts as geometry for SVG: columns on a scale, drawn on the server; the table behind them is on the same page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 28
"""Room for the numbers of the scale and the names of the columns, in the chart's own units."""
GAP = 0.25
"""Of a column's place."""
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of one kind, with what is read of it."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its name."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: bars, the lines of the scale (`at` is a height) and the columns' names (`at` is a middle)."""

    bars: tuple[Bar, ...]
    scale: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, and its parts from the bottom as kind, amount and words."""

    name: str
    parts: Sequence[tuple[str, float, str]]

    @property
    def amount(self) -> float:
        return sum(amount for _, amount, _ in self.parts)


def chart_of(columns: Sequence[Column], written: Callable[[float], str] = "{:g}".format) -> Chart:
    """Columns of stacked parts beside each other, from zero. `written` is how the scale writes a number."""
    top = _top(max((column.amount for column in columns), default=0))
    place = (WIDTH - LEFT - RIGHT) / max(1, len(columns))
    bars = [bar for number, column in enumerate(columns) for bar in _bars(column, LEFT + number * place, place, top)]
    every = -(-len(columns) // 7)  # no more names than fit beside each other
    names = [
        Tick(LEFT + (number + 0.5) * place, column.name)
        for number, column in enumerate(columns)
        if (len(columns) - 1 - number) % every == 0
    ]
    scale = [Tick(_height(value, top), written(value)) for value in (0, top / 2, top)]
    return Chart(bars=tuple(bars), scale=tuple(scale), columns=tuple(names))


def _bars(column: Column, left: float, place: float, top: float) -> list[Bar]:
    bars, below = list[Bar](), 0.0
    for kind, amount, words in column.parts:
        upper, lower = _height(below + amount, top), _height(below, top)
        below += amount
        if amount > 0:
            x, width = left + place * GAP / 2, place * (1 - GAP)
            bars.append(
                Bar(
                    x=round(x, 1),
                    y=round(upper, 1),
                    width=round(width, 1),
                    height=round(lower - upper, 1),
                    kind=kind,
                    words=words,
                )
            )
    return bars


def _height(value: float, top: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)


def _top(most: float) -> float:
    """The next number that is 1, 2 or 5 with noughts: halves of it are easily read."""
    power = 1.0
    while True:
        for step in STEPS:
            if step * power >= most:
                return step * power
        power *= 10
