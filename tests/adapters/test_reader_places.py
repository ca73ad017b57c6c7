"""Where a reading says that values are printed: specimens of known geometry, read for real, flat and photographed."""

from __future__ import annotations

import io
import random
from datetime import date

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from ostiary.adapters.reader.recognition.documents import DocumentReader
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.places import WHOLE, Quadrilateral
from ostiary.domain.documents.reading import Reading
from ostiary.domain.mrz.spans import spans_of
from ostiary.domain.verification.places import places_of
from ostiary.specimens.drawing import KINDS, specimen
from ostiary.specimens.pages import BAND_MM, LINES_APART_MM, PITCH_MM, UNITS, DrawnPage
from ostiary.specimens.photos import Shot, photographed
from tests.unit.test_national_barcodes import CARD

pytestmark = pytest.mark.heavy
TODAY = date(2026, 4, 15)
SEED = 7
SHOTS: dict[str, Shot | None] = {
    "flat": None,
    "askew": Shot(turned_degrees=5),
    "on its side": Shot(turned_degrees=90),
    "upside down": Shot(turned_degrees=186),
    "from aside": Shot(turned_degrees=10, perspective=0.08),
}
COVERED_LEAST, LARGEST, ALIKE_LEAST = 0.93, 2.1, 0.9
"""The share of a value's characters that its box covers, and how many times as large as they it is: a bar has room
above and below its letters, and none beside them. Of a barcode: the share that both have of what either has."""
Mask = npt.NDArray[np.bool_]


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return DocumentReader()


def content_of(page: Image.Image, shot: Shot | None) -> bytes:
    """The page's file, or that of its photo."""
    if shot is not None:
        return photographed(page, SEED, shot)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def marked(size: tuple[int, int], box: tuple[float, ...], shot: Shot | None) -> Mask:
    """Where a place of the page comes to lie: the same photo of a black page on which only that is red."""
    page = Image.new("RGB", size)
    ImageDraw.Draw(page).rectangle(box, fill=(255, 0, 0))
    colours = np.asarray(Image.open(io.BytesIO(content_of(page, shot)))).astype(int)
    return np.asarray((colours[..., 0] > 150) & (colours[..., 1] < 110))


def outlined(place: Quadrilateral, mask: Mask) -> Mask:
    """What a box covers of a picture of the mask's size."""
    height, width = mask.shape
    corners = np.array(place, float).reshape(4, 2) * (width, height) / WHOLE
    covered = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(covered, corners.round().astype(int), 1)
    return covered.astype(bool)


def printed_at(kind: str, size: tuple[int, int], lines: tuple[str, ...], span: tuple[int, int, int]) -> list[float]:
    """The rectangle of characters on the specimen's page, as `DrawnPage.machine_readable` sets them."""
    row, start, end = span
    px_per_mm = size[0] / KINDS[kind].width_mm
    pitch, apart = PITCH_MM * px_per_mm, LINES_APART_MM[len(lines)] * px_per_mm
    top = round(size[1] - BAND_MM * px_per_mm)
    left = (size[0] - len(lines[0]) * pitch) / 2
    base = top + (size[1] - top - apart * (len(lines) - 1) + pitch) / 2 + row * apart
    return [left + start * pitch, base - pitch, left + end * pitch, base]


@pytest.mark.parametrize("shot", SHOTS.values(), ids=SHOTS)
@pytest.mark.parametrize(("kind", "side"), [("passport", "front"), ("national_id", "back")])
def test_each_box_covers_its_characters_and_nothing_beside_them(
    reader: DocumentReader, kind: str, side: str, shot: Shot | None
) -> None:
    page = Image.open(io.BytesIO(specimen(5, kind=kind, side=side))).convert("RGB")
    reading = reader.read([(FRONT, content_of(page, shot))], (), TODAY)
    zone = reading.zone
    assert zone is not None
    for rule, field in (("number", "number"), ("birth_date", "birth_date"), ("first_name", "given_names")):
        [place], [span] = places_of(reading, rule), spans_of(zone, field)
        truth = marked(page.size, tuple(printed_at(kind, page.size, zone.lines, span)), shot)
        box = outlined(place, truth)
        covered, larger = (truth & box).sum() / truth.sum(), box.sum() / truth.sum()
        assert covered >= COVERED_LEAST, f"{rule}: {covered:.2f} of its characters"
        assert larger <= LARGEST, f"{rule}: {larger:.2f} times as large"


def barcode_page() -> tuple[Image.Image, tuple[float, ...]]:
    """A card with a barcode, and where that is: the outermost of its black bars."""
    page = DrawnPage.blank((UNITS, 1009), 85.6, random.Random(SEED))
    page.barcode(CARD)
    below = np.asarray(page.picture.convert("L"))[round(page.floor * page.px_per_unit) + 1 :] < 128
    rows, columns = np.flatnonzero(below.any(axis=1)), np.flatnonzero(below.any(axis=0))
    top = round(page.floor * page.px_per_unit) + 1
    return page.picture, (columns[0], top + rows[0], columns[-1], top + rows[-1])


@pytest.mark.parametrize(
    ("shot", "alike"),
    [(SHOTS["flat"], ALIKE_LEAST), (SHOTS["on its side"], ALIKE_LEAST)]
    + [(Shot(turned_degrees=degrees), ALIKE_LEAST) for degrees in (-4, 1, 2)]
    + [(Shot(turned_degrees=20, longest_px=2800), 0.85)],
)
def test_a_barcodes_box_is_the_symbol(reader: DocumentReader, shot: Shot | None, alike: float) -> None:
    """However it lies: the last is found on a picture that was made smaller and turned back. A little askew it is read
    as it is, but with corners that are not its own."""
    page, box = barcode_page()
    reading = reader.read([(FRONT, content_of(page, shot))], (), TODAY)
    [place] = places_of(reading, "number")
    truth = marked(page.size, box, shot)
    both, either = (truth & outlined(place, truth)).sum(), (truth | outlined(place, truth)).sum()
    assert both / either >= alike


def test_of_a_file_of_two_pages_the_reading_says_which_it_is_of(reader: DocumentReader) -> None:
    blank, page = Image.new("RGB", (1240, 1754), "white"), Image.open(io.BytesIO(specimen(5))).convert("RGB")
    out = io.BytesIO()
    blank.save(out, "PDF", save_all=True, append_images=[page])
    reading = reader.read([(FRONT, out.getvalue())], (), TODAY)
    assert (reading.page, len(reading.lines)) == (2, 2)
    assert reader.read([(FRONT, specimen(5))], (), TODAY).page == 1


def test_nothing_is_where_nothing_was_read(reader: DocumentReader) -> None:
    reading: Reading = reader.read([(FRONT, content_of(Image.new("RGB", (800, 600), "white"), None))], (), TODAY)
    assert reading.lines == ()
