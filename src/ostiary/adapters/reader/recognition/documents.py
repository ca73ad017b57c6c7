"""Reading one document: its sides page by page, until a zone whose digits fit or a barcode is found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ostiary.adapters.pages.choice import shown_page
from ostiary.adapters.pages.decoder import PageRefused, pages
from ostiary.adapters.reader.recognition.barcodes import FoundBarcode, FoundSeal, read_barcode, read_seal
from ostiary.adapters.reader.recognition.likeness import likeness
from ostiary.adapters.reader.recognition.models import Colour, Models
from ostiary.adapters.reader.recognition.printed import printed_lines, printed_symbol
from ostiary.adapters.reader.recognition.quality import seen_at, seen_in
from ostiary.adapters.reader.recognition.zones import Effort, FoundZone, read_zone
from ostiary.domain.documents.document import BACK
from ostiary.domain.documents.reading import PictureQuality, Reading, Trouble
from ostiary.domain.mrz.zone import BARCODES, Format
from ostiary.domain.seals.two_d_doc import SEAL_FORM

if TYPE_CHECKING:
    from PIL.Image import Image

_NOTHING = Reading(None, trouble=Trouble.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class _Question:
    """The forms that a document may carry, and the date that decides the century of its dates."""

    formats: Sequence[str]
    today: date


class DocumentReader:
    """Holds the models; one per process."""

    def __init__(self, models: Models | None = None) -> None:
        self._models = models or Models()

    def read(self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date) -> Reading:
        """What a document's pictures say, given by side. `formats` are those it may carry; empty: any.

        The back comes first: cards carry their zone or barcode there, and what has one side only has no back.
        """
        begun, best, likenesses = time.perf_counter(), _NOTHING, []
        question, effort = _Question(formats, today), Effort()
        for side, content in sorted(pictures, key=lambda picture: picture[0] != BACK):
            shown = _shown(content)
            if not shown:
                best = best if best.zone or best.side else Reading(None, side, trouble=Trouble.NOT_READABLE)
            for picture, page in shown:
                if picture is shown[0][0]:
                    likenesses.append((side, likeness(picture)))
                if not best.seal and (best.zone is None or not best.zone.digits_valid):
                    best = _better(best, replace(self._look(picture, side, question, effort), page=page))
        ms = round((time.perf_counter() - begun) * 1000)
        return replace(best, likeness=tuple(likenesses), ms=ms)

    def _look(self, picture: Colour, side: str, question: _Question, effort: Effort) -> Reading:
        """One page. The barcode comes first on licences; elsewhere the zone, whose digits and end say more than the
        barcode of a national card does. A seal is looked for alone: paper has no zone."""
        if SEAL_FORM in question.formats:
            return _of_seal(read_seal(picture), side, picture)
        barcode_first = Format.AAMVA in question.formats
        may_have_barcode = not question.formats or not BARCODES.isdisjoint(question.formats)
        if barcode_first and (barcode := read_barcode(picture)):
            return _of_barcode(barcode, side, picture)
        candidate = read_zone(
            picture, self._models, question.today, effort, with_single_lines=_may_have_single_line(question.formats)
        )
        if candidate is not None and (candidate.zone.digits_valid or not may_have_barcode or barcode_first):
            return _of_zone(candidate, side, picture)
        if may_have_barcode and not barcode_first and (barcode := read_barcode(picture)):
            return _of_barcode(barcode, side, picture)
        return (
            _of_zone(candidate, side, picture)
            if candidate
            else Reading(zone=None, side=side, certainty=0.0, trouble=Trouble.NOT_FOUND, seen=seen_in(picture))
        )


def _may_have_single_line(formats: Sequence[str]) -> bool:
    return not formats or Format.LICENCE in formats or Format.DUTCH_LICENCE in formats


def _of_zone(candidate: FoundZone, side: str, picture: Colour) -> Reading:
    return Reading(
        zone=candidate.zone,
        side=side,
        certainty=candidate.certainty,
        trouble=None,
        seen=seen_at(picture, candidate.lines),
        lines=printed_lines(candidate, picture),
    )


def _of_barcode(barcode: FoundBarcode, side: str, picture: Colour) -> Reading:
    return Reading(barcode.zone, side, 1.0, lines=(printed_symbol(barcode.corners, picture),))


def _of_seal(seal: FoundSeal | None, side: str, picture: Colour) -> Reading:
    if seal is None:
        return Reading(None, side, trouble=Trouble.NOT_FOUND, seen=seen_in(picture))
    return Reading(None, side, 1.0, lines=(printed_symbol(seal.corners, picture),), seal=seal.text)


def _better(first: Reading, second: Reading) -> Reading:
    """The reading that says more: a seal, a zone whose digits fit, then any zone, then one that was looked at."""

    def worth(reading: Reading) -> tuple[bool, bool, bool, bool]:
        return (
            bool(reading.seal),
            reading.zone is not None and reading.zone.digits_valid,
            reading.zone is not None,
            reading.seen != PictureQuality(),
        )

    return second if worth(second) > worth(first) else first


def _shown(content: bytes) -> list[tuple[Colour, int]]:
    """The pages as rows x columns x 3, blue first, each with its number in the file; what the document is on comes
    first. None of a file that cannot be opened."""
    opened: list[Image] = []
    with suppress(PageRefused):
        opened.extend(pages(content))  # what came before a page that is damaged stays
    if not opened:
        return []
    first = shown_page(opened)
    # Once, with rows in order: of a view with its colours turned round OpenCV makes a copy at every call.
    ordered = sorted(enumerate(opened, 1), key=lambda numbered: numbered[1] is not first)
    return [
        (np.asarray(cv2.cvtColor(np.asarray(page), cv2.COLOR_RGB2BGR), np.uint8), number) for number, page in ordered
    ]
