"""How near a person is to an entry: names in any order and spelling, birth dates, countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.similarity import similarity
from ostiary.domain.list_matching import (
    DATE_BONUS,
    DEFAULT_THRESHOLD,
    INITIAL_SCORE,
    MOST_WORDS,
    NEAR_YEAR,
    OTHER_COUNTRY,
    OTHER_DATE,
    SWAPPED,
    Entry,
    dates_factor,
    names_score,
    score,
    words_of,
)
from ostiary.domain.screening import Subject


def near(asked: str, listed: str) -> float:
    return names_score(words_of(asked), words_of(listed), similarity)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Maria Julia Barber", ("MARIA", "JULIA", "BARBER")), ("O'Neill-Smith, Ann", ("ONEILL", "SMITH", "ANN")),
        ("Müller", ("MUELLER",)), ("Щербаков", ("SHCHERBAKOV",)), ("Ωμέγα", ("ΩΜΕΓΑ",)), ("", ()), ("...", ()),
        ("a " * 50, ("A",) * MOST_WORDS),
    ],
)  # fmt: skip
def test_a_name_in_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Vladimir Petrov", "PETROV, Vladimir"), ("Abd al Rahman Karim", "Abdalrahman Karim"),
        ("Владимир Петров", "Vladimir Petrov"), ("Jose Garcia", "José García"), ("Ali Hassan", "Hassan Ali"),
        ("Maria Julia Barber", "Maria Barber"), ("Vladimir Petrow", "Vladimir Petrov"),
        ("Mohammed Al-Hassan", "Mohamed Al Hassan"), ("J Carlos Garcia", "Juan Carlos Garcia"),
    ],
)  # fmt: skip
def test_names_that_a_person_should_look_at(asked: str, listed: str) -> None:
    assert near(asked, listed) >= DEFAULT_THRESHOLD
    assert near(listed, asked) == pytest.approx(near(asked, listed))


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Maria Barber", "Juan Barber"), ("Maria Barber", "Maria Lopez"), ("Ali", "Ali Hassan Mahmoud Karim"),
        ("Wei Li", "Ming Li"), ("", "Maria"), ("Maria", ""), ("X Y", "Z W"), ("John Smith", "Jane Smyth-Wesson"),
    ],
)  # fmt: skip
def test_names_that_nobody_need_look_at(asked: str, listed: str) -> None:
    assert near(asked, listed) < DEFAULT_THRESHOLD


def test_an_initial_stands_for_a_name_that_begins_with_it() -> None:
    assert near("J Garcia", "Juan Garcia") > near("P Garcia", "Juan Garcia")
    assert near("J", "Juan") == INITIAL_SCORE


@pytest.mark.parametrize(
    ("given_date", "listed", "factor"),
    [
        (None, ["1980-01-02"], 1.0), ("1980-01-02", [], 1.0), ("1980-01-02", ["1980-01-02"], 1.0),
        ("1980-01-02", ["1980"], 1.0), ("1980-01-02", ["1980-01"], 1.0), ("1980-01-02", ["1980-02-01"], SWAPPED),
        ("1980-01-02", ["1981"], NEAR_YEAR), ("1980-01-02", ["1981-01-02"], NEAR_YEAR),
        ("1980-01-02", ["1980-05"], NEAR_YEAR), ("1980-01-02", ["1980-05-06"], OTHER_DATE),
        ("1980-01-02", ["1950"], OTHER_DATE), ("1980-01-02", ["1950", "1980"], 1.0), ("1980-01-02", ["about"], 1.0),
    ],
)  # fmt: skip
def test_what_birth_dates_say(given_date: str | None, listed: list[str], factor: float) -> None:
    assert dates_factor(given_date, listed) == factor


def whole(subject: Subject, entry: Entry) -> float:
    return score(subject, list(map(words_of, subject.names)), entry, list(map(words_of, entry.names)), similarity)


def test_everything_together() -> None:
    entry = Entry("x", ("Vladimir Petrov", "Wolodymyr Petrow"), ("1980-01-02",), ("RUS",))
    exact = Subject(("Wladimir Petrov",), "1980-01-02", ("RUS",))
    assert whole(exact, entry) == pytest.approx(min(1.0, near("Wladimir Petrov", "Vladimir Petrov") + DATE_BONUS))
    assert whole(Subject(("Vladimir Petrov",), None, ("ARG",)), entry) == OTHER_COUNTRY
    assert whole(Subject(("Vladimir Petrov",), "1950-01-02"), entry) == pytest.approx(OTHER_DATE)
    assert whole(Subject(("Somebody Else",), "1980-01-02"), entry) < DEFAULT_THRESHOLD
    assert whole(Subject((), "1980-01-02"), entry) == 0.0


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_have_a_score(one: str, other: str) -> None:
    assert 0.0 <= near(one, other) <= 1.0
    assert near(one, other) == pytest.approx(near(other, one))


@given(st.permutations(["Maria", "Julia", "Barber", "Lopez"]))
def test_the_order_of_words_changes_nothing(words: list[str]) -> None:
    assert near(" ".join(words), "Maria Julia Barber Lopez") == 1.0
