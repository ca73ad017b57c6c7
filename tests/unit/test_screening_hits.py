"""Hits as they are kept, and who a client is to a list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.mrz.zone import Zone
from ostiary.domain.screening.hits import (
    MOST_NAMES,
    HitState,
    StoredHit,
    blocks_approval,
    cannot_be_compared,
    cleared_entries,
    subject_of,
    zones_of,
)
from ostiary.domain.screening.subject import Hit
from tests.judgement_material import reading, zone
from tests.material import document, profile


def stored_hit(state: HitState, entry: str = "NK-1", name: str = "ofac") -> StoredHit:
    return StoredHit("aa", Hit(name, "v1", entry, "Somebody", 0.9, 0.8), state, 1)


@pytest.mark.parametrize(
    ("states", "against"),
    [([], False), (["cleared"], False), (["open"], True), (["confirmed"], True), (["cleared", "open"], True)],
)
def test_only_what_a_person_cleared_keeps_nobody_out(states: list[str], against: bool) -> None:
    assert blocks_approval([stored_hit(HitState(state)) for state in states]) is against


def test_what_was_cleared_is_cleared_for_its_list_only() -> None:
    hits = [stored_hit(HitState.CLEARED, "A"), stored_hit(HitState.CLEARED, "B", "un"), stored_hit(HitState.OPEN, "C")]
    assert cleared_entries(hits, "ofac") == {"A"}


def test_a_client_is_asked_about_with_and_without_the_second_name() -> None:
    subject = subject_of(profile(first_name="Maria", second_name="Julia", last_name="Barber"))
    assert subject.names == ("Maria Julia Barber", "Maria Barber", "MariaJulia Barber")
    assert subject_of(profile(second_name=None)).names == ("Maria Barber",)
    assert (subject.birth_date, subject.countries) == ("1984-11-21", ("ARG",))


def test_a_client_is_asked_about_as_read_too() -> None:
    read = zone(surname="PUTIN", given_names="VLADIMIR VLADIMIROVICH")
    subject = subject_of(profile(first_name="V. l a", second_name="d1mir", last_name="Pu\u3164 tin"), (read, read))
    assert subject.names == ("V. l a d1mir Pu tin", "V. l a Pu tin", "Vladmir Putin", "VLADIMIR VLADIMIROVICH PUTIN")
    many = [zone(surname=f"NAME {number}") for number in range(20)]
    assert len(subject_of(profile(), many).names) == MOST_NAMES
    assert "" not in subject_of(profile(), [zone(surname="", given_names="")]).names


@pytest.mark.parametrize(
    ("first", "last", "zones", "cannot"),
    [
        ("Maria", "Barber", (), False), ("Мария", "Барбер", (), False), ("小明", "李", (), True),
        ("Maria", "李", (), True),
        ("小明", "李", (zone(surname="LI", given_names="XIAOMING"),), False),
        ("小明", "李", (zone(surname="LI", given_names=""),), True),
        ("小明", "李", (zone(surname="LI", given_names="XIAOM", names_truncated=True),), True),
        ("V", "Putin", (), True), ("V.", "Putin", (), True), ("Vladimir", "P", (), True),
        ("Ana " * 40, "Lopez", (), True),
        ("O", "Chong", (zone(surname="O", given_names="CHONG"),), False),
    ],
)  # fmt: skip
def test_a_name_that_lists_say_nothing_about(first: str, last: str, zones: tuple[Zone, ...], cannot: bool) -> None:
    person = profile(first_name=first, second_name=None, last_name=last)
    assert cannot_be_compared(person, zones) is cannot


def test_what_was_read_is_taken_from_documents_that_a_machine_could_read() -> None:
    read = zone(surname="BARBER")
    documents = [
        document(),
        replace(document(), reading=reading(zone=read)),
        replace(document(), reading=reading(zone=None)),
    ]
    assert zones_of(documents) == (read,)
