"""Hits as they are kept, and who a client is to a list."""

from __future__ import annotations

import pytest

from ostiary.domain.screening import Hit
from ostiary.domain.screening_hits import HitState, KeptHit, cleared_entries, is_against, subject_of
from tests.material import profile


def kept(state: HitState, entry: str = "NK-1", name: str = "ofac") -> KeptHit:
    return KeptHit("aa", Hit(name, "v1", entry, "Somebody", 0.9, 0.8), state, 1)


@pytest.mark.parametrize(
    ("states", "against"),
    [([], False), (["cleared"], False), (["open"], True), (["confirmed"], True), (["cleared", "open"], True)],
)
def test_only_what_a_person_cleared_keeps_nobody_out(states: list[str], against: bool) -> None:
    assert is_against([kept(HitState(one)) for one in states]) is against


def test_what_was_cleared_is_cleared_for_its_list_only() -> None:
    known = [kept(HitState.CLEARED, "A"), kept(HitState.CLEARED, "B", "un"), kept(HitState.OPEN, "C")]
    assert cleared_entries(known, "ofac") == {"A"}


def test_a_client_is_asked_about_with_and_without_the_second_name() -> None:
    subject = subject_of(profile(first_name="Maria", second_name="Julia", last_name="Barber"))
    assert subject.names == ("Maria Julia Barber", "Maria Barber")
    assert subject_of(profile(second_name=None)).names == ("Maria Barber",)
    assert (subject.birth_date, subject.countries) == ("1984-11-21", ("ARG",))
