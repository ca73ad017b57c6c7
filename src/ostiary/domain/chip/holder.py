"""Whose document a chip says it is: DG1's zone, with what DG11 says in full."""

from __future__ import annotations

from dataclasses import replace

from ostiary.domain.chip.reading import ChipReading
from ostiary.domain.mrz.zone import PartialDate, Zone

CHIP_PLACE = "chip, DG1"
"""Where what is read on a chip was read, for people."""


def holder_zone(reading: ChipReading) -> Zone | None:
    """DG1's zone; None where there is none. Names that were cut off there, and the century of the year of birth, are
    as DG11 has them, if it agrees as far as DG1 goes."""
    zone = reading.zone
    if zone is None:
        return None
    if reading.birth_date is not None and _is_same_day(reading.birth_date, zone.birth_date):
        zone = replace(zone, birth_date=reading.birth_date)
    if zone.names_truncated and (names := reading.full_name.split("  ")) and names[0]:
        given = names[1] if len(names) > 1 else ""
        zone = replace(zone, surname=names[0], given_names=given, names_truncated=False)
    return replace(zone, places={})


def _is_same_day(whole: PartialDate, printed: PartialDate) -> bool:
    """Whether a date agrees with one that has two digits of its year, as far as that is known."""
    if whole.year is None or printed.year is None or whole.year % 100 != printed.year % 100:
        return False
    return printed.month in (None, whole.month) and printed.day in (None, whole.day)
