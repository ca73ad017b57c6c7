"""What the machine-readable part of a document says, whichever form it has: one value for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Format(StrEnum):
    """The forms that are read. Doc 9303 part 4 (TD3), 5 (TD1), 6 (TD2), 7 (MRV-A, MRV-B); the French card before 2021;
    the one line of driving licences (ISO/IEC 18013-1), and as the Netherlands fill it; the barcodes of AAMVA's card
    design standard, of the Argentine DNI and of the Colombian cédula."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"
    FRENCH_ID = "FRA-ID"
    AAMVA = "AAMVA"
    LICENCE = "D1"
    DUTCH_LICENCE = "NLD-D1"
    ARGENTINE_DNI = "ARG-DNI"
    COLOMBIAN_CEDULA = "COL-CC"


BARCODES = frozenset({Format.AAMVA, Format.ARGENTINE_DNI, Format.COLOMBIAN_CEDULA})
"""Forms that are barcodes: they correct their own errors, and print years in full."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which parts may be unknown (Doc 9303 part 3, 4.8: fillers stand there). A year has all four digits."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def whole(self) -> date | None:
        """The date, when every part is known and it exists."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Zone:
    """A machine-readable part, parsed. Texts are as printed, fillers as spaces, trimmed; absent ones are empty.

    `country` is the issuer as printed (Doc 9303 part 3, section 5: `D`, `GBD`, `UTO`, not always ISO 3166-1).
    `checks` says of every check digit of the format whether it fits (`number`, `birth_date`, `expiration_date`,
    `optional`, `composite`); a format without any (barcodes) has none. `expiration_date` None: there is none, or it is
    no date. `names_truncated`: the names fill their field to its end, so letters or whole names may be cut off.
    """

    format: Format
    lines: tuple[str, ...] = field(repr=False)
    document_code: str
    country: str
    number: str = field(repr=False)
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    nationality: str
    birth_date: PartialDate = field(repr=False)
    expiration_date: date | None
    sex: str
    checks: Mapping[str, bool]
    names_truncated: bool = False
    places: Mapping[str, str] = field(default_factory=dict)
    """Where each field is printed, for people: `line 2, characters 1 to 9`."""

    @property
    def digits_valid(self) -> bool:
        """Every check digit fits. A format that has none proves nothing, but contradicts nothing either."""
        return all(self.checks.values())
