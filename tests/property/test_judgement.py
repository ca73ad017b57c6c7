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
GROUPS = st.tuples(st.lists(st.sampled_from(sorted(PARTICLES)), max_size=2), WORDS).map(
    lambda group: (*group[0], group[1])
)
NAMES = st.lists(GROUPS, min_size=1, max_size=3, unique_by=lambda group: group[-1])
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


def marked(person: Person) -> Person:
    """Someone whose name and number hold a mark that no message does."""
    names: list[Name] = [[(MARK + group[-1],) for group in name] for name in (person.given_names, person.surname)]
    return replace(person, given_names=names[0], surname=names[1], number=MARK + person.number)


def text(name: Name, joint: str = " ") -> str:
    return " ".join(joint.join(group) for group in name)


def matching(person: Person) -> Case:
    """A case in which the company tells exactly what is printed."""
    return case(
        {"number": person.number, "issuing_country": person.country, "expiration_date": person.expires.isoformat()},
        first_name=text(person.given_names),
        second_name=None,
        last_name=text(person.surname),
        born=person.born.isoformat(),
        number=person.number,
        country=person.country,
        surname=text(person.surname),
        given_names=text(person.given_names),
        birth_date=PartialDate(person.born.year, person.born.month, person.born.day),
        expiration_date=person.expires,
        lines=(f"P<{person.country}", person.number),
    )


def with_profile(matched: Case, **changes: Any) -> Case:
    return replace(matched, profile=replace(matched.profile, **changes))


def with_detail(matched: Case, name: str, value: object) -> Case:
    return replace(matched, document=replace(matched.document, metadata={**matched.document.metadata, name: value}))


def outcome(matched: Case) -> ReadingOutcome:
    return judge_reading(matched).outcome


def one_letter_wrong(name: str, draw: Callable[[Any], Any]) -> str:
    """The name with one of its letters replaced by another."""
    place = draw(st.sampled_from([at for at, letter in enumerate(name) if letter != " "]))
    letter = draw(st.sampled_from([other for other in LETTERS if other != name[place]]))
    return f"{name[:place]}{letter}{name[place + 1 :]}"


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE)
def test_what_agrees_passes(person: Person) -> None:
    assert outcome(matching(person)) is ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, NUMBERS)
def test_another_number_never_passes(person: Person, number: str) -> None:
    assume(plain_number(number) != plain_number(person.number))
    assert outcome(with_detail(matching(person), "number", number)) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, st.sampled_from(COUNTRIES))
def test_another_country_never_passes(person: Person, country: str) -> None:
    assume(country != person.country)
    assert outcome(with_detail(matching(person), "issuing_country", country)) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, EXPIRES, BORN)
def test_other_dates_never_pass(person: Person, expires: date, born: date) -> None:
    assume(expires != person.expires and born != person.born)
    assert outcome(with_detail(matching(person), "expiration_date", expires.isoformat())) is ReadingOutcome.RETURN
    assert outcome(with_profile(matching(person), birth_date=born.isoformat())) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, NAMES)
def test_another_name_never_passes(person: Person, other: Name) -> None:
    words = {group[-1] for group in (*person.given_names, *person.surname)}
    assume(words.isdisjoint(group[-1] for group in other))
    matched = matching(person)
    assert outcome(with_profile(matched, first_name=text(other))) is not ReadingOutcome.PASS
    assert outcome(with_profile(matched, last_name=text(other))) is not ReadingOutcome.PASS
    assert outcome(with_profile(matched, first_name=text(other), last_name=text(other))) is not ReadingOutcome.PASS
    assert outcome(with_profile(matched, second_name=text(other))) is not ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, st.data())
def test_a_single_wrong_letter_never_passes_and_is_never_sent_back(person: Person, data: st.DataObject) -> None:
    matched = matching(person)
    wrong = one_letter_wrong(text(person.given_names), data.draw)
    assert outcome(with_profile(matched, first_name=wrong)) is ReadingOutcome.REVIEW
    wrong = one_letter_wrong(text(person.surname), data.draw)
    assert outcome(with_profile(matched, last_name=wrong)) is ReadingOutcome.REVIEW


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_order_and_particles_do_not_matter(person: Person, chance: Any) -> None:
    matched = matching(person)
    for name, part in (("first_name", person.given_names), ("last_name", person.surname)):
        shuffled = list(part)
        chance.shuffle(shuffled)
        for joint in (" ", "", "-"):
            assert outcome(with_profile(matched, **{name: text(shuffled, joint)})) is ReadingOutcome.PASS
            assert outcome(with_profile(matched, **{name: text(shuffled, joint).lower()})) is ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE)
def test_a_client_may_leave_out_what_comes_after_the_first_of_each(person: Person) -> None:
    matched = with_profile(
        matching(person), first_name=text(person.given_names[:1]), last_name=text(person.surname[:1])
    )
    assert outcome(matched) is ReadingOutcome.PASS


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE, PEOPLE, st.sampled_from(["digits", "certainty"]))
def test_what_is_not_read_for_sure_is_never_held_against_a_client(person: Person, other: Person, why: str) -> None:
    matched, read = matching(person), matching(other).reading
    assert read.zone is not None
    misfit = replace(read.zone, checks=ALL_FIT | {"number": False})
    unsure = replace(read, zone=misfit) if why == "digits" else replace(read, certainty=0.2)
    judged = judge_reading(replace(matched, reading=unsure))
    assert (judged.outcome, judged.rejections) == (ReadingOutcome.REVIEW, ())
    assert Result.DIFFERS not in {compared.result for compared in judged.compared}


@settings(max_examples=EXAMPLES, deadline=None)
@given(PEOPLE.map(marked), PEOPLE.map(marked))
def test_nothing_personal_is_shown(person: Person, other: Person) -> None:
    judged = judge_reading(replace(matching(person), reading=matching(other).reading))
    words = " ".join(
        (
            *judged.reasons,
            *(f"{rejection.reason} {rejection.action}" for rejection in judged.rejections),
            *(compared.note for compared in judged.compared),
            repr(judged),
        )
    )
    assert MARK not in words


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
    in_order, other = limited(combined(several), attempt), limited(combined(shuffled), attempt)
    assert in_order.outcome is other.outcome
    assert (set(in_order.rejections), set(in_order.reasons)) == (set(other.rejections), set(other.reasons))
    assert bool(in_order.rejections) is (in_order.outcome is ReadingOutcome.RETURN)
    assert bool(in_order.reasons) is (in_order.outcome is not ReadingOutcome.PASS)
