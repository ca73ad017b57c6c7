"""A case in which everything agrees, and ways to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ostiary.adapters.similarity import similarity
from ostiary.domain.documents.reading import PictureQuality, Reading, Trouble
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.domain.verification.judgement import Case
from tests.material import NATIONAL_ID, PASSPORT, TODAY, document, profile

KIND = replace(PASSPORT, machine_readable=frozenset({Format.TD3}), always_machine_readable=True)
CARD = replace(NATIONAL_ID, machine_readable=frozenset({Format.TD1, Format.FRENCH_ID}))
EXPIRES = date(2030, 1, 1)
GIVEN: dict[str, object] = {"number": "AB1234567", "issuing_country": "ARG", "expiration_date": "2030-01-01"}
ALL_FIT = {"number": True, "birth_date": True, "expiration_date": True, "composite": True}
BLURRED = PictureQuality(sharpness=0.2)


def zone(**changes: Any) -> Zone:
    """Maria's passport, as printed."""
    usual = Zone(
        Format.TD3,
        ("P<ARGBARBER<<MARIA<JULIA", "AB12345678ARG8411218F3001011<<<<<<<<<<<<<<04"),
        "P",
        "ARG",
        "AB1234567",
        "BARBER",
        "MARIA JULIA",
        "ARG",
        PartialDate(1984, 11, 21),
        EXPIRES,
        "F",
        ALL_FIT,
        False,
        {"number": "line 2, characters 1 to 9"},
    )
    return replace(usual, **changes)


def reading(**changes: Any) -> Reading:
    """The passport read without doubt; changes of the zone by their names, others of the reading."""
    of_zone = {name: changes.pop(name) for name in tuple(changes) if name in Zone.__dataclass_fields__}
    return replace(Reading(zone(**of_zone), "image_front", 0.99), **changes)


def case(given: Mapping[str, object] = GIVEN, **changes: Any) -> Case:
    """A case that passes. Details given as a mapping; changes of case, reading, zone and profile by their names."""
    of_case = {name: changes.pop(name) for name in tuple(changes) if name in Case.__dataclass_fields__}
    names = ("first_name", "second_name", "last_name", "address")
    of_profile: dict[str, Any] = {name: changes.pop(name) for name in names if name in changes}
    if "born" in changes:
        of_profile["birth_date"] = changes.pop("born")
    usual = Case(KIND, document(metadata=dict(given)), reading(**changes), profile(**of_profile), TODAY, similarity)
    return replace(usual, **of_case)


def unread(trouble: Trouble | None = Trouble.NOT_FOUND, **changes: Any) -> Case:
    """A case of which nothing was read; `seen` and `side` of the reading, others of the case."""
    quality, side = changes.pop("seen", PictureQuality()), changes.pop("side", "")
    return case(reading=Reading(None, side, trouble=trouble, seen=quality), **changes)
