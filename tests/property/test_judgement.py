"""Judging a reading, whatever it holds: nothing passes that contradicts, and what means the same is judged the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostiary.domain.documents.document import plain_number
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result
from ostiary.domain.mrz.zone import PartialDate
from ostiary.domain.verification.judgement import Case, combined, judge_reading, limited
from ostiary.domain.verification.name_match import PARTICLES
from tests.depth import deep
from tests.judgement_material import ALL_FIT, BLURRED, case, unread
from tests.material import TODAY

EXAMPLES = deep(50, 500)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COUNTRIES = ("ARG", "BRA", "CHL", "ESP", "FRA", "ITA", "NLD", "PRT", "URY", "USA")
WORDS = st.text(LETTERS, min_size=4, max_size=9).filter(lambda word: word not in PARTICLES)
GROUPS = st.tuples(st.lists(st.sampled_from(sorted(PARTICLES)), max_size=2), WORDS).map(lambda one: (*one[0], one[1]))
NAMES = st.lists(GROUPS, min_size=1, max_size=3, unique_by=lambda one: one[-1])
NUMBERS = st.text(LETTERS + "0123456789", min_size=5, max_size=9)
BORN = st.dates(date(1940, 1, 1), date(2007, 12, 31))
EXPIRES = st.dates(TODAY, date(2036, 12, 31))
Name = list[tuple[str, ...]]
MARK = "XQZ"


@dataclass(frozen=True)
class Person:
    """A document's holder; names as groups of particles with the name they belong to."""

    given_names: Name
    surname: Name
    number: str
    country: str
    born: date
    expires: date


PEOPLE = st.builds(Person, NAMES, NAMES, NUMBERS, st.sampled_from(COUNTRIES), BORN, EXPIRES)


def marked(one: Person) -> Person:
    """Someone whose name and number hold a mark that no message does."""
    names: list[Name] = [[(MARK + group[-1],) for group in name] for name in (one.given_names, one.surname)]
    return replace(one, given_names=names[0], surname=names[1], number=MARK + one.number)


def text(name: Name, joint: str = " ") -> str:
    return " ".join(joint.join(group) for group in name)


def matching(one: Person) -> Case:
    """A case in which the company tells exactly what is printed."""
    return case(
        {"number": one.number, "issuing_country": one.country, "expiration_date": one.expires.isoformat()},
        first_name=text(one.given_names),
        second_name=None,
        last_name=text(one.surname),
        born=one.born.isoformat(),
        number=one.number,
        country=one.country,
        surname=text(one.surname),
        given_names=text(one.given_names),
        birth_date=PartialDate(one.born.year, one.born.month, one.born.day),
        expiration_date=one.expires,
        lines=(f"P<{one.country}", one.number),
    )


def with_profile(known: Case, **changes: Any) -> Case:
    return replace(known, profile=replace(known.profile, **changes))


def with_detail(known: Case, name: str, value: object) -> Case:
    return replace(known, document=replace(known.document, metadata={**known.document.metadata, name: value}))


def outcome(known: Case) -> ReadingOutcome:
    return judge_reading(known).outcome


def one_letter_wrong(name: str, draw: Callable[[Any], Any]) -> str:
    """The name with one of its letters replaced by another."""
    place = draw(st.sampled_from([at for at, letter in enumerate(name) if letter != " "]))
    letter = draw(st.sampled_from([one for one in LETTERS if one != name[place]]))
    return f"{name[:place]}{letter}{name[place + 1 :]}"


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE)
def test_what_agrees_passes(one: Person) -> None:
    assert outcome(matching(one)) is ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, NUMBERS)
def test_another_number_never_passes(one: Person, number: str) -> None:
    assume(plain_number(number) != plain_number(one.number))
    assert outcome(with_detail(matching(one), "number", number)) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, st.sampled_from(COUNTRIES))
def test_another_country_never_passes(one: Person, country: str) -> None:
    assume(country != one.country)
    assert outcome(with_detail(matching(one), "issuing_country", country)) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, EXPIRES, BORN)
def test_other_dates_never_pass(one: Person, expires: date, born: date) -> None:
    assume(expires != one.expires and born != one.born)
    assert outcome(with_detail(matching(one), "expiration_date", expires.isoformat())) is ReadingOutcome.RETURN
    assert outcome(with_profile(matching(one), birth_date=born.isoformat())) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, NAMES)
def test_another_name_never_passes(one: Person, other: Name) -> None:
    words = {group[-1] for group in (*one.given_names, *one.surname)}
    assume(words.isdisjoint(group[-1] for group in other))
    known = matching(one)
    assert outcome(with_profile(known, first_name=text(other))) is not ReadingOutcome.PASS
    assert outcome(with_profile(known, last_name=text(other))) is not ReadingOutcome.PASS
    assert outcome(with_profile(known, first_name=text(other), last_name=text(other))) is not ReadingOutcome.PASS
    assert outcome(with_profile(known, second_name=text(other))) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, st.data())
def test_a_single_wrong_letter_never_passes_and_is_never_sent_back(one: Person, data: st.DataObject) -> None:
    known = matching(one)
    wrong = one_letter_wrong(text(one.given_names), data.draw)
    assert outcome(with_profile(known, first_name=wrong)) is ReadingOutcome.REVIEW
    wrong = one_letter_wrong(text(one.surname), data.draw)
    assert outcome(with_profile(known, last_name=wrong)) is ReadingOutcome.REVIEW


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_order_and_particles_do_not_matter(one: Person, chance: Any) -> None:
    known = matching(one)
    for name, part in (("first_name", one.given_names), ("last_name", one.surname)):
        shuffled = list(part)
        chance.shuffle(shuffled)
        for joint in (" ", "", "-"):
            assert outcome(with_profile(known, **{name: text(shuffled, joint)})) is ReadingOutcome.PASS
            assert outcome(with_profile(known, **{name: text(shuffled, joint).lower()})) is ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE)
def test_a_client_may_leave_out_what_comes_after_the_first_of_each(one: Person) -> None:
    known = with_profile(matching(one), first_name=text(one.given_names[:1]), last_name=text(one.surname[:1]))
    assert outcome(known) is ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, PEOPLE, st.sampled_from(["digits", "certainty"]))
def test_what_is_not_read_for_sure_is_never_held_against_a_client(one: Person, other: Person, why: str) -> None:
    told, read = matching(one), matching(other).reading
    assert read.zone is not None
    misfit = replace(read.zone, checks=ALL_FIT | {"number": False})
    unsure = replace(read, zone=misfit) if why == "digits" else replace(read, certainty=0.2)
    judged = judge_reading(replace(told, reading=unsure))
    assert (judged.outcome, judged.rejections) == (ReadingOutcome.REVIEW, ())
    assert Result.DIFFERS not in {compared.result for compared in judged.compared}


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE.map(marked), PEOPLE.map(marked))
def test_nothing_personal_is_shown(one: Person, other: Person) -> None:
    judged = judge_reading(replace(matching(one), reading=matching(other).reading))
    told = " ".join(
        (
            *judged.reasons,
            *(f"{told.reason} {told.action}" for told in judged.rejections),
            *(compared.note for compared in judged.compared),
            repr(judged),
        )
    )
    assert MARK not in told


SOME = (
    None,
    judge_reading(case()),
    judge_reading(case(surname="LOPEZ")),
    judge_reading(case(number_taken=True)),
    judge_reading(case(expiration_date=TODAY - timedelta(days=1))),
    judge_reading(case(certainty=0.1)),
    judge_reading(unread(seen=BLURRED)),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(SOME), max_size=6), st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_order_of_documents_does_not_matter(several: list[Judgement | None], chance: Any, attempt: int) -> None:
    shuffled = list(several)
    chance.shuffle(shuffled)
    one, other = limited(combined(several), attempt), limited(combined(shuffled), attempt)
    assert one.outcome is other.outcome
    assert (set(one.rejections), set(one.reasons)) == (set(other.rejections), set(other.reasons))
    assert bool(one.rejections) is (one.outcome is ReadingOutcome.RETURN)
    assert bool(one.reasons) is (one.outcome is not ReadingOutcome.PASS)
