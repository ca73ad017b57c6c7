"""`ostiary sandbox clock`: what it shows, what moving it says, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import Desk, prepare
from tests.house import House

ANA = ("--operator", "ana")
DAY = timedelta(days=1)


async def founded(house: House) -> str:
    return house.caller.company.id


def moment(answer: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(answer["now"])


def test_it_shows_the_time_and_moves_it(desk: Desk) -> None:
    at = ("sandbox", "clock", "--company", prepare(desk.data, founded))
    before = moment(desk.answer(*at))
    moved = desk.answer(*at, "--advance", "P90D", *ANA)
    assert timedelta() <= moment(moved) - before - 90 * DAY < DAY
    assert moved["happened"] == 0
    words = desk(*at, "--advance", "P1D", *ANA).out
    assert "s ahead of this machine" in words
    assert "0 things happened on the way" in words
    assert "on its way" not in words


@pytest.mark.parametrize(
    ("span", "problem"), [("90", "must be a span"), ("P0D", "advance"), ("-P1D", "advance"), ("P99Y", "advance")]
)
def test_a_span_that_is_none_is_refused(desk: Desk, span: str, problem: str) -> None:
    at = ("sandbox", "clock", "--company", prepare(desk.data, founded))
    assert problem in desk.refused(*at, f"--advance={span}", *ANA)


def test_no_other_company_has_one(desk: Desk) -> None:
    company = prepare(desk.data, founded, is_real=True)
    assert "Only a sandbox company has a clock" in desk.refused("sandbox", "clock", "--company", company)
