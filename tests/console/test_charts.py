"""Charts stand on their scale: nothing is drawn outside, and what is twice as much is twice as high."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.console.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Column, chart_of


def columns(*amounts: tuple[float, ...]) -> list[Column]:
    return [
        Column(f"{number}", [(f"kind{part}", amount, f"{amount}") for part, amount in enumerate(parts)])
        for number, parts in enumerate(amounts)
    ]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (1.5, 2), (2, 2), (3, 5), (5, 5), (6, 10), (11, 20), (999, 1000)]
)
def test_the_scale_ends_at_the_next_round_number(most: float, top: float) -> None:
    assert [tick.words for tick in chart_of(columns((most,)), "{:g} h".format).scale] == [
        "0 h",
        f"{top / 2:g} h",
        f"{top:g} h",
    ]


def test_what_is_twice_as_much_is_twice_as_high() -> None:
    small, large = chart_of(columns((20,), (40,))).bars
    assert large.height == pytest.approx(2 * small.height, abs=0.2)
    assert (small.y + small.height, large.y + large.height) == (HEIGHT - BOTTOM, HEIGHT - BOTTOM)


def test_parts_stand_on_each_other_and_what_is_nothing_is_not_drawn() -> None:
    lower, upper = chart_of(columns((3, 0, 2))).bars
    assert (lower.kind, upper.kind) == ("kind0", "kind2")
    assert upper.y + upper.height == pytest.approx(lower.y, abs=0.2)


def test_an_empty_chart_has_its_scale() -> None:
    chart = chart_of([])
    assert (chart.bars, chart.columns, len(chart.scale)) == ((), (), 3)


def test_no_more_columns_are_named_than_fit_and_the_last_is() -> None:
    names = [tick.words for tick in chart_of(columns(*((1,) for _ in range(13)))).columns]
    assert names == ["0", "2", "4", "6", "8", "10", "12"]


@given(st.lists(st.lists(st.floats(0, 1e6), min_size=1, max_size=3).map(tuple), min_size=1, max_size=20))
def test_nothing_is_drawn_outside(amounts: list[tuple[float, ...]]) -> None:
    for bar in chart_of(columns(*amounts)).bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH - RIGHT + 0.2
        assert bar.y >= TOP - 0.2
        assert bar.y + bar.height <= HEIGHT - BOTTOM + 0.2
