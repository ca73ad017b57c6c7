"""Drawing documents that do not exist, to try uploads and readers with: of Utopia, as in ICAO Doc 9303, and marked so.

Nothing of a real document is copied: lines, letters and a silhouette, all from the seed. This file says what there is
of each kind of document; `pages` draws it, and `photos` takes photos of what was drawn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from ostiary.domain.mrz.zone import Format
from ostiary.domain.names.letters import spellings
from ostiary.specimens.card_lines import aamva_text, french_lines, td2_lines, visa_lines
from ostiary.specimens.pages import UNITS, DrawnPage
from ostiary.specimens.zone_lines import Holder, card_lines, passport_lines

JPEG_QUALITY = 88
_SURNAMES = ("Alderwick", "Brandolin", "Castermont", "Dunmarrow", "Eskeland", "Fairbourne", "Grauwald", "Hollowmere")
_GIVEN_NAMES = ("Ada Lucia", "Benno", "Clara Ines", "Dario", "Elin Marie", "Florian", "Greta", "Hugo Emil")


@dataclass(frozen=True, slots=True)
class SpecimenKind:
    """A kind of document: its size in millimetres, and what machines read on its front and its back."""

    title: str
    width_mm: float
    height_mm: float
    front: Format | None = None
    back: Format | None = None
    is_page: bool = False  # has one side only, whichever is asked for
    country: str = "UTO"


_CARD_MM, _LARGE_CARD_MM, _PAGE_MM, _VISA_MM = (85.6, 53.98), (105.0, 74.0), (125.0, 88.0), (120.0, 80.0)
"""Doc 9303 parts 5 (TD1, which is ISO/IEC 7810 ID-1), 6 (TD2, MRV-B), 4 (TD3) and 7 (MRV-A)."""
KINDS: Mapping[str, SpecimenKind] = {
    "passport": SpecimenKind("PASSPORT", *_PAGE_MM, front=Format.TD3, is_page=True),
    "national_id": SpecimenKind("IDENTITY CARD", *_CARD_MM, back=Format.TD1),
    "large_id": SpecimenKind("IDENTITY CARD", *_LARGE_CARD_MM, front=Format.TD2),
    "french_id": SpecimenKind("CARTE NATIONALE", *_LARGE_CARD_MM, front=Format.FRENCH_ID, country="FRA"),
    "visa": SpecimenKind("VISA", *_VISA_MM, front=Format.MRV_A, is_page=True),
    "small_visa": SpecimenKind("VISA", *_LARGE_CARD_MM, front=Format.MRV_B, is_page=True),
    "drivers_license": SpecimenKind("DRIVING LICENCE", *_CARD_MM, back=Format.AAMVA, country="USA"),
}
"""What a document type of any other name shows: its name, and on its back what an identity card does."""

AAMVA_COUNTRIES = ("USA", "CAN")
"""Who prints AAMVA's barcode on licences; on those of others nothing is drawn for machines."""
_LINES: Mapping[Format, Callable[[Holder], tuple[str, ...]]] = {
    Format.TD1: card_lines,
    Format.TD2: td2_lines,
    Format.TD3: passport_lines,
    Format.MRV_A: visa_lines,
    Format.MRV_B: partial(visa_lines, form=Format.MRV_B),
    Format.FRENCH_ID: french_lines,
}


def specimen(
    seed: int, *, kind: str = "passport", side: str = "front", size: tuple[int, int] | None = None, **chosen: Any
) -> bytes:
    """A JPEG of one side (`front`, `back`) of the document of `specimen_holder(seed, kind=kind, **chosen)`.

    Every seed gives another pattern. `size` is in pixels, 1600 wide in the document's proportions unless chosen. What a
    kind shows for machines (`KINDS`) is correct. ValueError as `specimen_holder`, ImportError for a licence's barcode
    without zxing-cpp.
    """
    chance = random.Random(seed)  # noqa: S311 - the same seed shall give the same drawing; there is nothing secret in it
    shown, holder = kind_of(kind), _holder(chance, kind, chosen)
    page = DrawnPage.blank(size or (UNITS, round(UNITS * shown.height_mm / shown.width_mm)), shown.width_mm, chance)
    is_front = shown.is_page or side == "front"
    form = shown.front if is_front else shown.back
    if form is Format.AAMVA and holder.country not in AAMVA_COUNTRIES:
        form = None
    _draw(page, shown.title if is_front else "", holder, form, chance)
    page.mark(f"SPECIMEN {seed}")
    out = BytesIO()
    page.picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def specimen_holder(seed: int, *, kind: str = "passport", **chosen: Any) -> Holder:
    """Whose document `specimen` draws: invented from the seed but for what is chosen, by the names of Holder's fields.

    Empty values count as not chosen. ValueError for what the kind cannot say: a number of other than 1 to 9 letters and
    digits (French cards 12), a name in letters that Doc 9303 does not spell, the French card of another country.
    """
    holder = _holder(random.Random(seed), kind, chosen)  # noqa: S311
    for name in (holder.surname, holder.given_names):
        if not any(spellings(name)):
            raise ValueError(f"{name!r} has no spelling in Latin letters, which machine-readable lines are written in")
    shown = kind_of(kind)
    for form in (shown.front, shown.back):
        if form is Format.AAMVA and holder.country in AAMVA_COUNTRIES:
            aamva_text(holder)
        elif form is not None and form is not Format.AAMVA:
            _LINES[form](holder)
    return holder


def kind_of(name: str) -> SpecimenKind:
    """What is drawn for a document type: one of KINDS, or a card of that name which shows on its back what an identity
    card does."""
    return KINDS.get(name) or SpecimenKind(name.replace("_", " ").upper(), *_CARD_MM, back=Format.TD1)


def _draw(page: DrawnPage, title: str, holder: Holder, form: Format | None, chance: random.Random) -> None:
    """A side with a title is a front. What machines read comes first: it says how much is left for people."""
    page.pattern(chance)
    if form is Format.AAMVA:
        page.barcode(aamva_text(holder))
    elif form is not None:
        page.machine_readable(_LINES[form](holder))
    if title:
        page.front(title, holder, chance)
    else:
        page.back(holder, chance)


def _holder(chance: random.Random, kind: str, chosen: Mapping[str, Any]) -> Holder:
    birth = date(1950, 1, 1) + timedelta(days=chance.randrange(19_000))
    invented = f"{chance.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}{chance.randrange(10**8):08d}"
    surname, given_names = chance.choice(_SURNAMES), chance.choice(_GIVEN_NAMES)
    expiry = date(2034, 1, 1) + timedelta(days=chance.randrange(700))
    shown = kind_of(kind)
    holder = Holder(
        number=invented,
        surname=surname,
        given_names=given_names,
        country=shown.country,
        birth_date=birth,
        expiration_date=expiry,
        sex=chance.choice("FM"),
    )
    holder = replace(holder, **{name: value for name, value in chosen.items() if value})
    if Format.FRENCH_ID in (shown.front, shown.back) and not chosen.get("number"):
        holder = replace(holder, number=f"1207{chance.randrange(10**8):08d}")
    return holder
