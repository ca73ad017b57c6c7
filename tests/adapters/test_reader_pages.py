"""The reader on drawn pages: every form, in any direction, stored in any way; and what it says where nothing is."""

from __future__ import annotations

import io
from datetime import date

import cv2
import numpy as np
import pytest
from PIL import Image

from ostiary.adapters.reader.recognition.documents import DocumentReader
from ostiary.adapters.reader.recognition.likeness import likeness
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.mrz.zone import Format
from ostiary.domain.verification.picture_similarity import are_alike
from ostiary.specimens.drawing import KINDS, specimen
from ostiary.specimens.photos import Glare, Shot, photographed
from tests.material import picture

pytestmark = pytest.mark.heavy
TODAY, NUMBER, BORN = date(2026, 4, 15), "AR1234567", date(1984, 11, 21)
FORMS = {
    "passport": (FRONT, Format.TD3), "national_id": (BACK, Format.TD1), "large_id": (FRONT, Format.TD2),
    "french_id": (FRONT, Format.FRENCH_ID), "visa": (FRONT, Format.MRV_A), "small_visa": (FRONT, Format.MRV_B),
    "drivers_license": (BACK, Format.AAMVA),
}  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return DocumentReader()


def page(kind: str = "passport", seed: int = 5, **details: object) -> bytes:
    side = FORMS[kind][0].removeprefix("image_")
    fields = {"surname": "Barber", "given_names": "Maria Julia", "birth_date": BORN} | details
    return specimen(seed, kind=kind, side=side, **fields)  # type: ignore[arg-type]


def read(reader: DocumentReader, content: bytes, *formats: Format) -> Reading:
    return reader.read([(FRONT, content)], formats, TODAY)


def test_every_kind_that_is_drawn_is_listed() -> None:
    assert set(FORMS) == set(KINDS)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("hinted", [True, False])
def test_every_form_is_read(reader: DocumentReader, kind: str, hinted: bool) -> None:
    form = FORMS[kind][1]
    reading = read(reader, page(kind), *([form] if hinted else []))
    assert reading.zone is not None
    assert (reading.zone.format, reading.zone.digits_valid, reading.trouble) == (form, True, None)
    assert (reading.zone.surname, reading.zone.birth_date.whole) == ("BARBER", BORN)
    assert reading.zone.given_names.startswith("MARIA")
    assert reading.certainty > 0.9


@pytest.mark.parametrize("degrees", [0, 3, 8, 45, 90, 97, 172, 180, 188, 270, 315])
@pytest.mark.parametrize("kind", ["passport", "national_id", "drivers_license"])
def test_a_document_may_lie_in_any_direction(reader: DocumentReader, kind: str, degrees: float) -> None:
    photo = photographed(page(kind), 3, Shot(turned_degrees=degrees, perspective=0.03, gradient=0.2, noise=4))
    reading = read(reader, photo)
    assert reading.zone is not None
    assert (reading.zone.format, reading.zone.digits_valid) == (FORMS[kind][1], True)


@pytest.mark.parametrize(
    "worse",
    [{"light": 0.35}, {"blur_px": 1.2}, {"jpeg_quality": 35}, {"longest_px": 800}, {"perspective": 0.08}],
    ids=lambda details: next(iter(details)),
)
def test_a_photo_may_be_worse_than_one_would_wish(reader: DocumentReader, worse: dict[str, float]) -> None:
    reading = read(reader, photographed(page(number=NUMBER), 4, Shot(**worse)))  # type: ignore[arg-type]
    assert reading.zone is not None
    assert (reading.zone.number, reading.zone.digits_valid) == (NUMBER, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "PDF"])
def test_it_may_be_stored_in_any_way_that_is_taken(reader: DocumentReader, kind: str) -> None:
    stored = io.BytesIO()
    Image.open(io.BytesIO(page())).convert("RGB").save(stored, kind)
    reading = read(reader, stored.getvalue())
    assert reading.zone is not None
    assert reading.zone.digits_valid


def test_the_second_page_of_a_scan_counts(reader: DocumentReader) -> None:
    first, second = Image.new("RGB", (1200, 800), "white"), Image.open(io.BytesIO(page())).convert("RGB")
    stored = io.BytesIO()
    first.save(stored, "PDF", save_all=True, append_images=[second])
    assert read(reader, stored.getvalue()).zone is not None


def test_the_side_it_was_read_on_is_told(reader: DocumentReader) -> None:
    front, back = specimen(7, kind="national_id"), page("national_id", 7)
    reading = reader.read([(FRONT, front), (BACK, back)], [Format.TD1], TODAY)
    assert (reading.side, {side for side, _ in reading.likeness}) == (BACK, {FRONT, BACK})


def test_glare_on_the_lines_is_seen_and_measured(reader: DocumentReader) -> None:
    spoilt = photographed(page(), 2, Shot(glare=Glare(0.5, 0.9, 0.45, 3.0)))
    reading = read(reader, spoilt)
    assert reading.zone is None or not reading.zone.digits_valid
    clean = read(reader, page())
    assert reading.seen.glare is not None
    assert clean.seen.glare is not None
    assert reading.seen.glare > clean.seen.glare


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.NOT_READABLE),
        (b"no picture at all", Trouble.NOT_READABLE),
        (picture(3)[:4_000], Trouble.NOT_READABLE),
        (picture(3), Trouble.NOT_FOUND),
    ],
    ids=["empty", "text", "cut off", "a page without lines"],
)
def test_what_holds_nothing_says_so(reader: DocumentReader, content: bytes, trouble: Trouble) -> None:
    reading = read(reader, content)
    assert (reading.zone, reading.trouble) == (None, trouble)


def test_wrong_digits_stay_wrong(reader: DocumentReader) -> None:
    """One digit of the number painted over with another: nothing is repaired."""
    drawn = Image.open(io.BytesIO(page(number="AR1234567"))).convert("RGB")
    altered = Image.open(io.BytesIO(page(number="AR1234568"))).convert("RGB")
    height = drawn.height
    whole = read(reader, page(number="AR1234567")).zone
    assert whole is not None
    lower = (0, height - 140, int(drawn.width * 0.237), height)  # the number without its check digit
    drawn.paste(altered.crop(lower), lower[:2])
    stored = io.BytesIO()
    drawn.save(stored, "PNG")
    zone = read(reader, stored.getvalue()).zone
    assert zone is not None
    assert not zone.digits_valid
    assert zone.checks["number"] is False


def test_a_picture_stored_anew_is_alike_and_another_holders_is_not() -> None:
    photo, other = (cv2.imdecode(np.frombuffer(page(seed=seed), np.uint8), 1) for seed in (1, 2))
    assert photo is not None
    assert other is not None
    small = cv2.resize(photo, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8)
    again = cv2.imdecode(cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 1)
    assert again is not None
    first = likeness(photo.astype(np.uint8))
    assert are_alike([first], [likeness(small)])
    assert are_alike([first], [likeness(again.astype(np.uint8))])
    assert not are_alike([first], [likeness(other.astype(np.uint8))])
