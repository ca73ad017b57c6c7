"""How near a person is to an entry: names beside birth dates and countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.similarity import similarity
from ostiary.domain.screening.matching import (
    ABOUT,
    DEFAULT_THRESHOLD,
    NEAR_YEAR,
    OTHER_COUNTRY,
    OTHER_DATE,
    SAME_DAY_RAISE,
    SAME_YEAR,
    SWAPPED,
    ListEntry,
    dates_factor,
    likeness,
    weighed,
)
from ostiary.domain.screening.subject import Subject


@pytest.mark.parametrize(
    ("given_date", "listed", "factor"),
    [
        (None, ["1980-01-02"], 1.0), ("1980-01-02", [], 1.0), ("1980-01-02", ["1980-01-02"], 1.0),
        ("1980-01-02", ["1980"], 1.0), ("1980-01-02", ["1980-01"], 1.0), ("1980-01-02", ["1980-02-01"], SWAPPED),
        ("1980-01-02", ["1980-01-03"], SAME_YEAR), ("1980-01-02", ["1980-11-30"], SAME_YEAR),
        ("1980-01-02", ["1950-01-02"], SAME_YEAR),  # one wrong digit
        ("1980-01-02", ["1956-01-02"], OTHER_DATE), ("1980-01-02", ["1950-01-03"], OTHER_DATE),
        ("1980-01-02", ["1981-05-06"], NEAR_YEAR), ("1980-01-02", ["1981"], ABOUT), ("1980-01-02", ["1978"], ABOUT),
        ("1980-01-02", ["1980-05"], ABOUT), ("1980-01-02", ["1977"], OTHER_DATE), ("1980-01-02", ["1950"], OTHER_DATE),
        ("1980-01-02", ["1950", "1980"], 1.0), ("1980-01-02", ["about"], 1.0), ("1980-01-02", [""], 1.0),
    ],
)  # fmt: skip
def test_what_birth_dates_say(given_date: str | None, listed: list[str], factor: float) -> None:
    assert dates_factor(given_date, listed) == factor


@pytest.mark.parametrize("listed", ["1980-01-03", "1980-02-01", "1981-07-08", "1979", "1970-01-02"])
def test_an_equal_name_survives_a_slip_in_the_date(listed: str) -> None:
    entry = ListEntry("x", ("Vladimir Petrov",), (listed,))
    assert likeness(Subject(("Vladimir Petrov",), "1980-01-02"), entry, similarity) >= DEFAULT_THRESHOLD


def test_no_name_survives_another_date() -> None:
    entry = ListEntry("x", ("Vladimir Petrov",), ("1950-06-07",))
    assert likeness(Subject(("Vladimir Petrov",), "1980-01-02"), entry, similarity) < DEFAULT_THRESHOLD


def test_the_same_day_makes_up_for_a_spelling_but_not_for_another_name() -> None:
    subject = Subject((), "1980-01-02")
    assert weighed(0.7, subject, ("1980-01-02",), ()) == pytest.approx(0.7 + 0.3 * SAME_DAY_RAISE)
    assert weighed(0.5, subject, ("1980-01-02",), ()) == 0.5


def test_everything_together() -> None:
    entry = ListEntry("x", ("Vladimir Petrov", "Wolodymyr Petrow"), ("1980-01-02",), ("RUS",))
    assert likeness(Subject(("Wladimir Petrov",), "1980-01-02", ("RUS",)), entry, similarity) > 0.95
    assert likeness(Subject(("Vladimir Petrov",), None, ("ARG",)), entry, similarity) == OTHER_COUNTRY
    assert likeness(Subject(("Vladimir Petrov",), None, ("ARG", "RUS")), entry, similarity) == 1.0
    assert likeness(Subject(("Somebody Else",), "1980-01-02"), entry, similarity) < DEFAULT_THRESHOLD
    assert likeness(Subject((), "1980-01-02"), entry, similarity) == 0.0


@given(st.text(max_size=40), st.dates().map(str), st.sampled_from(["", "1980", "1980-01", "1980-13-45", "x", "198"]))
def test_any_entry_has_a_score(name: str, born: str, listed: str) -> None:
    assert 0.0 <= likeness(Subject((name,), born), ListEntry("x", (name, "Petrov"), (listed,)), similarity) <= 1.0
