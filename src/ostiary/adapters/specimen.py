"""Drawing documents that do not exist, to try uploads and readers with: of Utopia, as in ICAO Doc 9303, and marked so.

Nothing of a real document is copied: lines, letters and a silhouette, all from the seed. This file says what there is
of each kind of document; `specimen_pages` draws it, and `specimen_photos` takes photos of what was drawn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from io import BytesIO

from ostiary.adapters.machine_readable_composing import aamva_text, french_lines, td2_lines, visa_lines
from ostiary.adapters.machine_readable_zone import Holder, card_lines, passport_lines
from ostiary.adapters.specimen_pages import UNITS, Page
from ostiary.domain.machine_readable.zone import Format

JPEG_QUALITY = 88
_SURNAMES = ("Alderwick", "Brandolin", "Castermont", "Dunmarrow", "Eskeland", "Fairbourne", "Grauwald", "Hollowmere")
_GIVEN_NAMES = ("Ada Lucia", "Benno", "Clara Ines", "Dario", "Elin Marie", "Florian", "Greta", "Hugo Emil")


@dataclass(frozen=True, slots=True)
class Kind:
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
KINDS: Mapping[str, Kind] = {
    "passport": Kind("PASSPORT", *_PAGE_MM, front=Format.TD3, is_page=True),
    "national_id": Kind("IDENTITY CARD", *_CARD_MM, back=Format.TD1),
    "large_id": Kind("IDENTITY CARD", *_LARGE_CARD_MM, front=Format.TD2),
    "french_id": Kind("CARTE NATIONALE", *_LARGE_CARD_MM, front=Format.FRENCH_ID, country="FRA"),
    "visa": Kind("VISA", *_VISA_MM, front=Format.MRV_A, is_page=True),
    "small_visa": Kind("VISA", *_LARGE_CARD_MM, front=Format.MRV_B, is_page=True),
    "drivers_license": Kind("DRIVING LICENCE", *_CARD_MM, back=Format.AAMVA, country="USA"),
}
"""What a document type of any other name shows: its name, and on its back what an identity card does."""

_LINES: Mapping[Format, Callable[[Holder], tuple[str, ...]]] = {
    Format.TD1: card_lines,
    Format.TD2: td2_lines,
    Format.TD3: passport_lines,
    Format.MRV_A: visa_lines,
    Format.MRV_B: partial(visa_lines, form=Format.MRV_B),
    Format.FRENCH_ID: french_lines,
}


def specimen(
    seed: int,
    *,
    kind: str = "passport",
    side: str = "front",
    size: tuple[int, int] | None = None,
    number: str = "",
    surname: str = "",
    given_names: str = "",
    country: str = "",
    birth_date: date | None = None,
    expiration_date: date | None = None,
    sex: str = "",
) -> bytes:
    """A JPEG of one side (`front`, `back`); every seed gives another holder, unless told, and another pattern.

    `size` is in pixels, 1600 wide in the document's proportions unless told; `sex` is F, M or X. What a kind shows for
    machines (`KINDS`) is correct. ValueError for a number or a country that cannot be said there (passports and cards:
    up to nine letters and digits), ImportError for a licence's barcode without the extra `documents`.
    """
    chance = random.Random(seed)  # noqa: S311 - the same seed shall give the same drawing; there is nothing secret in it
    shown = KINDS.get(kind) or Kind(kind.replace("_", " ").upper(), *_CARD_MM, back=Format.TD1)
    holder = _holder(chance, number, surname, given_names, country or shown.country)
    told = {"birth_date": birth_date, "expiration_date": expiration_date, "sex": sex}
    holder = replace(holder, **{name: value for name, value in told.items() if value})  # type: ignore[arg-type]
    if Format.FRENCH_ID in (shown.front, shown.back) and not number:
        holder = replace(holder, number=f"1207{chance.randrange(10**8):08d}")
    page = Page.blank(size or (UNITS, round(UNITS * shown.height_mm / shown.width_mm)), shown.width_mm, chance)
    is_front = shown.is_page or side == "front"
    _draw(page, shown.title if is_front else "", holder, shown.front if is_front else shown.back, chance)
    page.mark(f"SPECIMEN {seed}")
    out = BytesIO()
    page.picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _draw(page: Page, title: str, holder: Holder, form: Format | None, chance: random.Random) -> None:
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


def _holder(chance: random.Random, number: str, surname: str, given_names: str, country: str) -> Holder:
    birth = date(1950, 1, 1) + timedelta(days=chance.randrange(19_000))
    invented = f"{chance.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}{chance.randrange(10**8):08d}"
    names = chance.choice(_SURNAMES), chance.choice(_GIVEN_NAMES)
    expiry = date(2034, 1, 1) + timedelta(days=chance.randrange(700))
    return Holder(
        number or invented, surname or names[0], given_names or names[1], country, birth, expiry, chance.choice("FM")
    )
