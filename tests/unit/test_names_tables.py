"""Names beside names: on documents, and on lists. Each row is a minimal difference, and what it comes to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.similarity import similarity
from ostiary.domain.documents.document import plain_number
from ostiary.domain.documents.reading import Result
from ostiary.domain.names.readings import words_of
from ostiary.domain.names.sounds import sound_of
from ostiary.domain.screening.matching import DEFAULT_THRESHOLD, ListEntry, dates_factor, likeness, weighed
from ostiary.domain.screening.name_score import names_score, weight_of, word_score
from ostiary.domain.screening.subject import Subject
from ostiary.domain.verification.confusables import look_alike, one_symbol_apart, same_number_doubt
from ostiary.domain.verification.name_match import PARTICLES, bonded, given_names_compared, surnames_compared
from tests.judgement_material import zone
from tests.material import profile

AGREES, DIFFERS, DOUBTFUL = Result.AGREES, Result.DIFFERS, Result.DOUBTFUL
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)
names = st.lists(letters, min_size=1, max_size=4).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "printed", "result"),
    [
        ("Barber", "BARBER", AGREES), ("barber", "BARBER", AGREES), (" Barber ", "BARBER", AGREES),
        ("Bárber", "BARBER", AGREES), ("Bar-ber", "BAR BER", AGREES), ("Bar ber", "BARBER", AGREES),
        ("Barber Lopez", "LOPEZ BARBER", AGREES), ("Barber", "BARBER LOPEZ", AGREES),
        ("Lopez", "BARBER LOPEZ", DOUBTFUL),
        ("Barber Lopez", "BARBER", DOUBTFUL), ("Barbar", "BARBER", DOUBTFUL), ("Barbra", "BARBER", DIFFERS),
        ("Barbosa", "BARBER", DIFFERS), ("Lopez", "BARBER", DIFFERS), ("Müller", "MUELLER", AGREES),
        ("Müller", "MULLER", AGREES), ("Mueller", "MULLER", DOUBTFUL), ("de la Cruz", "DELACRUZ", AGREES),
        ("de la Cruz", "CRUZ", DOUBTFUL), ("Cruz", "DE LA CRUZ", DOUBTFUL), ("de la Cruz", "DE LAS CRUZ", DOUBTFUL),
        ("O'Brien", "OBRIEN", AGREES), ("O'Brien", "O BRIEN", AGREES), ("Li", "LI", AGREES), ("Li", "LU", DOUBTFUL),
        ("Li", "WU", DIFFERS), ("李", "LI", DOUBTFUL), ("Barber", "", DOUBTFUL), ("Щербаков", "SHCHERBAKOV", AGREES),
        ("Щербаков", "IVANOV", DIFFERS), ("حسن", "HASSAN", DOUBTFUL), ("Van der Berg", "VANDERBERG", AGREES),
        ("Berg", "VANDERBERG", DIFFERS), ("Julia", "BARBER", DIFFERS),
    ],
)  # fmt: skip
def test_a_surname_beside_the_one_printed(typed: str, printed: str, result: Result) -> None:
    evidence = surnames_compared(profile(last_name=typed), zone(surname=printed), similarity)
    assert evidence.result is result, evidence


@pytest.mark.parametrize(
    ("first", "second", "printed", "result"),
    [
        ("Maria", "Julia", "MARIA JULIA", AGREES), ("Maria", None, "MARIA JULIA", AGREES),
        ("Maria", "Julia", "MARIA", DOUBTFUL), ("Julia", None, "MARIA JULIA", DOUBTFUL),
        ("Julia", "Maria", "MARIA JULIA", AGREES),
        ("Maria Julia", None, "MARIA JULIA", AGREES), ("Mariajulia", None, "MARIA JULIA", AGREES),
        ("Maria", "Anna", "MARIA JULIA", DOUBTFUL), ("Marta", "Julia", "MARIA JULIA", DOUBTFUL),
        ("Ana", None, "ANNA", DOUBTFUL), ("Ana", None, "EVA", DIFFERS), ("Anna", None, "MARIA JULIA", DIFFERS),
        ("Maria", "", "MARIA", AGREES), ("Maria", "J", "MARIA JULIA", DOUBTFUL),
    ],
)  # fmt: skip
def test_given_names_beside_those_printed(first: str, second: str | None, printed: str, result: Result) -> None:
    evidence = given_names_compared(
        profile(first_name=first, second_name=second), zone(given_names=printed), similarity
    )
    assert evidence.result is result, evidence


@pytest.mark.parametrize(
    ("printed", "whole", "cut"),
    [("MARIA JU", DOUBTFUL, DOUBTFUL), ("MARIA JUL", DOUBTFUL, DOUBTFUL), ("MARIA", DOUBTFUL, DOUBTFUL),
     ("MAR", DIFFERS, DOUBTFUL),
     ("MA", DIFFERS, DOUBTFUL), ("MARIA X", DOUBTFUL, DOUBTFUL), ("ANN", DIFFERS, DIFFERS)],
)  # fmt: skip
def test_a_document_that_cuts_names_off_may_show_less(printed: str, whole: Result, cut: Result) -> None:
    for truncated, result in ((False, whole), (True, cut)):
        shown = zone(given_names=printed, names_truncated=truncated)
        evidence = given_names_compared(profile(first_name="Maria", second_name="Julia"), shown, similarity)
        assert evidence.result is result, (truncated, evidence)


@given(names)
def test_a_name_agrees_with_itself_in_any_order_and_spacing(name: str) -> None:
    words = name.split()
    for printed in (name, " ".join(reversed(words)), "".join(words)):
        result_read = surnames_compared(profile(last_name=name), zone(surname=printed), similarity).result
        is_whole = all(len(word) > 1 or word in PARTICLES or word in printed.split() for word in words)
        assert result_read is (AGREES if is_whole else DOUBTFUL)


@given(names, names)
def test_words_bonded_keep_every_letter_in_order(first: str, other: str) -> None:
    words = tuple(f"{first} de la {other}".upper().split())
    assert "".join(bonded(words)) == "".join(words)
    assert len(bonded(words)) <= len(words)
    assert all(word not in PARTICLES for word in bonded(words)[:-1])


# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_number", "read", "doubt"),
    [
        ("AB1234567", "A81234567", "look alike"), ("O123", "0123", "look alike"), ("Q1IL", "O111", "look alike"),
        ("2Z5S", "Z2S5", "look alike"), ("4A6G7T8B", "A4G6T7B8", "look alike"),
        ("AB1234567", "AB12345678", "continues"),
        ("AB12345678", "AB1234567", "continues"), ("ARGAB1234567", "AB1234567", "continues"),
        ("АВ1234567", "AB1234567", "letters"),
        ("12345678", "AB1234567", ""), ("30123456", "AB1234567", "elsewhere"), ("30123", "AB1234567", ""),
        ("AB1234568", "AB1234567", ""), ("BA1234567", "AB1234567", ""), ("E123", "F123", ""),
    ],
)  # fmt: skip
def test_why_two_numbers_may_be_one(given_number: str, read: str, doubt: str) -> None:
    lines = ("IDARG<<<<<<<<<<<<<<<", "ZZ<30123456<<<30123<")
    doubt_named = same_number_doubt(given_number, read, lines)
    assert (doubt in doubt_named) if doubt else (doubt_named == "")


@given(st.text(max_size=20))
def test_a_plain_number_is_its_own_plain_form(text: str) -> None:
    assert plain_number(plain_number(text)) == plain_number(text)
    assert look_alike(plain_number(text), plain_number(text))
    assert not one_symbol_apart(text, text)


# ---- lists ----------------------------------------------------------------------------------------------------------


@given(letters, letters)
def test_a_words_score_is_between_0_and_1_and_the_same_both_ways(first: str, other: str) -> None:
    score = word_score(first, other, similarity)
    assert 0.0 <= score <= 1.0
    assert score == pytest.approx(word_score(other, first, similarity))
    assert word_score(first, first, similarity) == 1.0


@given(names, names)
def test_a_names_score_is_between_0_and_1_and_1_for_itself(first: str, other: str) -> None:
    mine, theirs = words_of(first), words_of(other)
    assert 0.0 <= names_score(mine, theirs, similarity) <= 1.0
    assert names_score(mine, mine, similarity) == pytest.approx(1.0)
    assert names_score(mine, tuple(reversed(mine)), similarity) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("first", "other"),
    [("YUSUF", "YOUSSOUF"), ("SERGEY", "SERGEI"), ("KHALID", "CALID"), ("PHILIP", "FILIP"), ("QASIM", "KASIM"),
     ("WLADIMIR", "VLADIMIR"), ("SCHMIDT", "SHMIDT"), ("CZERNY", "CERNY"), ("ABDULLAH", "ABDULLA"), ("JUSUF", "YUSUF")],
)  # fmt: skip
def test_words_that_sound_alike_have_one_sound(first: str, other: str) -> None:
    assert sound_of(first) == sound_of(other)


@pytest.mark.parametrize(("word", "weight"), [("DE", 0.25), ("VAN", 0.25), ("LI", 0.8), ("ANA", 0.8), ("ANNA", 1.0)])
def test_what_a_word_counts(word: str, weight: float) -> None:
    assert weight_of(word) == weight


@pytest.mark.parametrize(
    ("names_said", "date", "countries", "expected"),
    [
        (0.9, "1980-01-02", ("RUS",), 0.94), (0.6, "1980-01-02", ("RUS",), 0.76), (0.59, "1980-01-02", ("RUS",), 0.59),
        (0.9, "1980-01-02", ("USA",), 0.94), (0.9, None, ("RUS",), 0.9), (0.9, None, ("USA",), 0.873),
        (0.9, None, (), 0.9),
        (0.9, "1980", ("RUS",), 0.9), (0.9, "1980-01-03", ("RUS",), 0.81), (0.9, "1950-06-07", ("RUS",), 0.54),
    ],
)  # fmt: skip
def test_names_dates_and_countries_together(
    names_said: float, date: str | None, countries: tuple[str, ...], expected: float
) -> None:
    subject = Subject((), "1980-01-02", ("RUS",))
    assert weighed(names_said, subject, (date,) if date else (), countries) == pytest.approx(expected)


@given(st.dates(), st.lists(st.dates().map(str), max_size=4))
def test_a_date_more_on_the_list_only_ever_speaks_less_against_it(born: object, listed: list[str]) -> None:
    kindest = dates_factor(str(born), listed)
    assert 0.0 < kindest <= 1.0
    assert dates_factor(str(born), [*listed, "1980"]) >= kindest or not listed
    assert dates_factor(str(born), [*listed, str(born)]) == 1.0


@pytest.mark.parametrize("names_listed", [("Nobody Else", "Vladimir Petrov"), ("Vladimir Petrov", "Nobody Else")])
def test_the_nearest_of_an_entrys_names_counts(names_listed: tuple[str, ...]) -> None:
    subject = Subject(("Someone Other", "Vladimir Petrov"))
    assert likeness(subject, ListEntry("x", names_listed), similarity) == pytest.approx(1.0)
    assert likeness(subject, ListEntry("x", ("Nobody Else",)), similarity) < DEFAULT_THRESHOLD
    assert likeness(Subject(()), ListEntry("x", names_listed), similarity) == 0.0
