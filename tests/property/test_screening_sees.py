"""Whatever the document check takes for the client's name, screening compares: nothing is hidden from lists that was
shown to us."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, example, given
from hypothesis import strategies as st

from ostiary.adapters.lists.name_index import NameIndex
from ostiary.adapters.lists.name_similarity import similarity
from ostiary.adapters.lists.transliteration import in_latin
from ostiary.adapters.similarity import similarity as by_letters
from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.reading import Result
from ostiary.domain.names.letters import spellings
from ostiary.domain.screening.hits import cannot_be_compared, subject_of
from ostiary.domain.screening.matching import DEFAULT_THRESHOLD, ListEntry, likeness
from ostiary.domain.verification.name_match import PARTICLES, given_names_compared, surnames_compared
from tests.judgement_material import zone
from tests.material import profile

SIGNS = " -.,'’·\u3164\u00ad\u2060\u0301" + "0123456789"
LATIN = st.text("ABCDEFGHIJKLMNOPRSTUVZ", min_size=3, max_size=9)
OTHER = """
Müller Ñandú Søren Đorđe Łukasz Çelik Ünal Peña Åse Ærø José Straße Згурський Щербаков Юрій Сергей Ђорђевић Ќосев Щерев
Қасымов Өлзий Лукашэнка Цветков Παπανδρέου Ευάγγελος შევარდნაძე Սարգսյան Հովհաննիսյան
"""
NAMED = st.one_of(LATIN, st.sampled_from(OTHER.split()))
NAMES = st.lists(NAMED, min_size=1, max_size=3).map(" ".join)


@st.composite
def typed_names(draw: st.DrawFn) -> tuple[str, str]:
    """A name as its holder has it, and as somebody types it who would rather not be found."""
    name, sign = draw(NAMES), draw(st.sampled_from(SIGNS))
    places = draw(st.sets(st.integers(1, len(name)), max_size=3))
    typed = "".join(letter + sign if at in places else letter for at, letter in enumerate(name, start=1))
    if draw(st.booleans()):
        typed = " ".join(draw(st.permutations(typed.split())))
    return name, typed


def is_same_person(person: Profile, surname: str, given_names: str) -> bool:
    read = zone(surname=surname, given_names=given_names)
    parts = surnames_compared(person, read, by_letters), given_names_compared(person, read, by_letters)
    return all(part.result is Result.AGREES for part in parts)


def is_hit(person: Profile, listed: str, *, as_read: bool, surname: str = "", given_names: str = "") -> bool:
    zones = (zone(surname=surname, given_names=given_names),) if as_read else ()
    subject = replace(subject_of(person, zones), birth_date=None, countries=())
    entry = ListEntry("x", (listed,))
    near = likeness(subject, entry, similarity, in_latin)
    matches = NameIndex([entry, ListEntry("y", ("Somebody Else",))]).find(subject, DEFAULT_THRESHOLD, frozenset())
    assert (near >= DEFAULT_THRESHOLD) is any(other.id == "x" for _, other in matches), (subject.names, listed, near)
    return near >= DEFAULT_THRESHOLD


@given(typed_names(), typed_names(), st.integers(0, 31), st.integers(0, 31))
@example(("VLADIMIR", "Vla dim ir"), ("PUTIN", "Pu tin"), 0, 0)
@example(("VLADIMIR", "V.l.a.d.i.m.i.r"), ("PUTIN", "P1u2t3i4n"), 0, 0)
@example(("VLADIMIR", "Vladi\u3164mir"), ("PUTIN", "Pu\u00adtin"), 0, 0)
@example(("JUAN CARLOS ALBERTO", "JUANCAR LOSALBERTO"), ("GARCIA LOPEZ", "GARCIALOPEZ"), 0, 0)
def test_whoever_agrees_with_a_listed_document_is_a_hit(
    first: tuple[str, str], last: tuple[str, str], one_way: int, other_way: int
) -> None:
    person = profile(first_name=first[1], second_name=None, last_name=last[1])
    given_ways, surname_ways = spellings(first[0]), spellings(last[0])
    given_names, surname = given_ways[one_way % len(given_ways)], surname_ways[other_way % len(surname_ways)]
    assume(is_same_person(person, surname, given_names))
    listed = f"{given_names} {surname}"
    assert is_hit(person, listed, as_read=True, surname=surname, given_names=given_names)
    assert is_hit(person, listed, as_read=False) or cannot_be_compared(person), "nobody read the document here"


@given(LATIN, LATIN, st.lists(LATIN, min_size=1, max_size=3))
def test_a_name_of_which_the_document_has_more_is_a_hit_as_read(first: str, last: str, more: list[str]) -> None:
    assume({first, last}.isdisjoint(PARTICLES))
    person = profile(first_name=first.title(), second_name=None, last_name=last.title())
    surname = " ".join((last, *more))
    assert is_same_person(person, surname, first)
    assert is_hit(person, f"{surname} {first}", as_read=True, surname=surname, given_names=first)
