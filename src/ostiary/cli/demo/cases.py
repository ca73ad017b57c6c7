"""The cases of `ostiary demo --fill`: who they are, what is wrong with each, and how it comes before a person.

Everybody is invented, and every document is a specimen of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

CARDS, ACCOUNTS = "cards_individuals", "accounts_individuals"


class Course(StrEnum):
    """What happens to a case beside its submission."""

    PLAIN = "plain"
    SECOND_TRY = "second_try"
    """Its client was sent back twice before, so that a person sees what would go back otherwise."""
    CHANGED = "changed"
    """Enabled; then its client is said to have another name."""
    LISTED_LATER = "listed_later"
    """Enabled; then a list names its client."""


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One case. `typed` is what the client typed otherwise than his document says, by attribute or detail.

    `has_glare` lays a reflection over a part of the machine-readable lines, `is_cut` leaves them off. `like` is the
    case whose picture it comes with or, with `same_number`, whose document's number.
    """

    title: str
    first_name: str
    last_name: str
    birth: date
    number: str
    product: str = CARDS
    typed: dict[str, str] = field(default_factory=dict)
    course: Course = Course.PLAIN
    kind: str = "passport"
    has_glare: bool = False
    is_cut: bool = False
    like: int = 0
    same_number: bool = False


CASES = (
    DemoCase(
        title="everything agrees",
        first_name="Maria",
        last_name="Barber",
        birth=date(1984, 11, 21),
        number="AR4410021",
        product=ACCOUNTS,
    ),
    DemoCase(
        title="everything agrees",
        first_name="Tomás",
        last_name="Quiroga",
        birth=date(1991, 3, 2),
        number="AR4410022",
        product=ACCOUNTS,
    ),
    DemoCase(
        title="everything agrees, on a card",
        first_name="Ingrid",
        last_name="Solberg",
        birth=date(1979, 7, 30),
        number="AR4410023",
        product=ACCOUNTS,
        kind="national_id",
    ),
    DemoCase(
        title="two letters of the name are swapped",
        first_name="Lucía",
        last_name="Fernández",
        birth=date(1988, 5, 14),
        number="AR4410024",
        typed={"last_name": "Fernadnez"},
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="a digit of the number is wrong",
        first_name="Pablo",
        last_name="Iriarte",
        birth=date(1975, 1, 9),
        number="AR4410025",
        typed={"number": "AR4410052"},
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="O is typed for 0",
        first_name="Beatriz",
        last_name="Lagos",
        birth=date(1993, 12, 4),
        number="AR4410026",
        typed={"number": "AR441OO26"},
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="the birth date is another day",
        first_name="Joaquín",
        last_name="Ledesma",
        birth=date(1969, 8, 17),
        number="AR4410027",
        typed={"birth_date": "1969-08-11"},
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="the expiration date is another year",
        first_name="Carla",
        last_name="Montes",
        birth=date(1996, 2, 23),
        number="AR4410028",
        typed={"expiration_date": "2035-05-31"},
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="another first name altogether",
        first_name="Esteban",
        last_name="Rocha",
        birth=date(1982, 10, 6),
        number="AR4410029",
        typed={"first_name": "Nicolás"},
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="name, birth date and number are another person's",
        first_name="Valeria",
        last_name="Ibarra",
        birth=date(1990, 6, 1),
        number="AR4410030",
        typed={"first_name": "Marta", "last_name": "Krüger", "birth_date": "1971-02-27"},
    ),
    DemoCase(
        title="a reflection lies on the lines",
        first_name="Hernán",
        last_name="Paz",
        birth=date(1977, 4, 19),
        number="AR4410031",
        has_glare=True,
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="the lines are cut off",
        first_name="Rosario",
        last_name="Vidal",
        birth=date(1986, 9, 8),
        number="AR4410032",
        is_cut=True,
        course=Course.SECOND_TRY,
    ),
    DemoCase(
        title="a bill that no machine reads",
        first_name="Daniel",
        last_name="Okafor",
        birth=date(1981, 3, 28),
        number="AR4410033",
        product=ACCOUNTS,
    ),
    DemoCase(
        title="a list names the client",
        first_name="Viktor",
        last_name="Petrenko",
        birth=date(1965, 2, 11),
        number="AR4410034",
    ),
    DemoCase(
        title="a list names somebody of that name",
        first_name="Ana",
        last_name="Morales",
        birth=date(1994, 1, 15),
        number="AR4410035",
    ),
    DemoCase(
        title="a list names an enabled client",
        first_name="Samir",
        last_name="Haddad",
        birth=date(1972, 12, 30),
        number="AR4410036",
        course=Course.LISTED_LATER,
    ),
    DemoCase(
        title="the picture is another client's",
        first_name="Julia",
        last_name="Barber",
        birth=date(1985, 1, 2),
        number="AR4410037",
        like=1,
    ),
    DemoCase(
        title="the document is another client's already",
        first_name="Marie",
        last_name="Barber",
        birth=date(1984, 11, 21),
        number="AR4410021",
        like=1,
        same_number=True,
    ),
    DemoCase(
        title="an enabled client changes her name",
        first_name="Sofía",
        last_name="Arce",
        birth=date(1992, 7, 7),
        number="AR4410038",
        typed={"changed_last_name": "Arce Molina"},
        course=Course.CHANGED,
    ),
    DemoCase(
        title="an enabled client becomes somebody else",
        first_name="Bruno",
        last_name="Salas",
        birth=date(1980, 5, 5),
        number="AR4410039",
        typed={"changed_last_name": "Wegener"},
        course=Course.CHANGED,
    ),
)
"""In the order in which they are made: a case that is like another one comes after it (counted from 1)."""
LISTED = (
    ("DEMO-0017", ("Viktor Petrenko", "Victor Petrenco"), ("1965-02-11",), ("UKR",), ("sanction",)),
    ("DEMO-0204", ("Ana Lucía Morales", "Ana Morales"), ("1993-01-15",), ("GTM",), ("pep",)),
    ("DEMO-0311", ("Samir Haddad",), ("1972-12-30",), ("LBN",), ("sanction",)),
)
"""Entries of a list that does not exist: id, names, birth dates, countries, topics."""
