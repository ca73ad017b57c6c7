"""Reading one document: its sides page by page, until a zone whose digits fit or a barcode is found."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from ostiary.adapters.page_decoder import PageRefused, pages
from ostiary.adapters.reader.barcodes import read_barcode
from ostiary.adapters.reader.likeness import likeness
from ostiary.adapters.reader.models import Colour, Models
from ostiary.adapters.reader.sight import seen_at, seen_in
from ostiary.adapters.reader.zones import Found, read_zone
from ostiary.domain.documents import BACK
from ostiary.domain.machine_readable.zone import Format
from ostiary.domain.readings import Reading, Seen, Trouble

_NOTHING = Reading(None, trouble=Trouble.NOT_FOUND)


class DocumentReader:
    """Holds the models; one per process."""

    def __init__(self) -> None:
        self._models = Models()

    def read(self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date) -> Reading:
        """What a document's pictures say, given by side. `formats` are those it may carry; empty: any.

        The back comes first: cards carry their zone or barcode there, and what has one side only has no back.
        """
        begun, best, likenesses = time.perf_counter(), _NOTHING, []
        for side, content in sorted(pictures, key=lambda one: one[0] != BACK):
            for number, picture in enumerate(_pages(content)):
                if picture is None:
                    best = best if best.zone or best.side else Reading(None, side, trouble=Trouble.NOT_READABLE)
                    continue
                if number == 0:
                    likenesses.append((side, likeness(picture)))
                if best.zone is None or not best.zone.digits_valid:
                    best = _better(best, self._look(picture, side, formats, today))
        ms = round((time.perf_counter() - begun) * 1000)
        return Reading(best.zone, best.side, best.certainty, best.trouble, best.seen, tuple(likenesses), ms)

    def _look(self, picture: Colour, side: str, formats: Sequence[str], today: date) -> Reading:
        """One page: the barcode first where a type carries one, the zone first where not."""
        barcode_first = Format.AAMVA in formats
        may_have_barcode = barcode_first or not formats
        if barcode_first and (zone := read_barcode(picture)):
            return Reading(zone, side, 1.0)
        found = read_zone(picture, self._models, today)
        if found is not None and (found.zone.digits_valid or not may_have_barcode or barcode_first):
            return _of_zone(found, side, picture)
        if may_have_barcode and not barcode_first and (zone := read_barcode(picture)):
            return Reading(zone, side, 1.0)
        return (
            _of_zone(found, side, picture) if found else Reading(None, side, 0.0, Trouble.NOT_FOUND, seen_in(picture))
        )


def _of_zone(found: Found, side: str, picture: Colour) -> Reading:
    return Reading(found.zone, side, found.certainty, None, seen_at(picture, found.lines))


def _better(one: Reading, other: Reading) -> Reading:
    """The one that says more: a zone whose digits fit, any zone, what was looked at."""

    def worth(reading: Reading) -> tuple[bool, bool, bool]:
        return reading.zone is not None and reading.zone.digits_valid, reading.zone is not None, reading.seen != Seen()

    return other if worth(other) > worth(one) else one


def _pages(content: bytes) -> Iterator[Colour | None]:
    """The pages as rows x columns x 3; None for a file that cannot be opened."""
    try:
        for page in pages(content):
            yield np.asarray(page)[:, :, ::-1]
    except PageRefused:
        yield None
