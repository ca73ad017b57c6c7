"""Forms that no specimen of ours shows, drawn here: national barcodes and the one line of driving licences."""

from __future__ import annotations

import io
import random
from datetime import date

import cv2
import numpy as np
import pytest
from bench.documents.degradations import DEGRADATIONS, normal

from ostiary.adapters.reader.recognition.barcodes import read_barcode
from ostiary.adapters.reader.recognition.documents import DocumentReader
from ostiary.adapters.reader.recognition.models import Colour
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.mrz.check_digits import check_digit
from ostiary.domain.mrz.zone import Format
from ostiary.specimens.pages import UNITS, DrawnPage
from tests.unit.test_national_barcodes import BOOKLET, CARD, cedula_text

pytestmark = pytest.mark.heavy
TODAY = date(2026, 4, 15)
CEDULA = cedula_text().encode("iso-8859-1")
CONNECTICUT = (
    "@\n\x1c\rANSI 6360060101DL00290182DAACORTEZ,PABLO,,JR\nDAQ990123456\nDBB19860606\nDBA20301210\nDBC1\nDAJCT\n"
)


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return DocumentReader()


def licence_line(surname: str = "MARTIN", expires: str = "311231") -> str:
    """As France prints it."""
    head = "D1FRA" + "13AA00002"
    line = head + check_digit(head) + expires + surname.ljust(8, "<")[:8]
    return line + check_digit(line)


def drawn(barcode: str | bytes = "", lines: tuple[str, ...] = ()) -> DrawnPage:
    chance = random.Random(7)
    page = DrawnPage.blank((UNITS, 1009), 85.6, chance)
    page.pattern(chance)
    if barcode:
        page.barcode(barcode)
    if lines:
        page.machine_readable(lines)
    page.text((60, 60), "IDENTIDAD", 60, (40, 40, 60))
    page.text((60, 200), "LICENCE OF NOBODY", 44, (40, 40, 60))
    return page


def stored(page: DrawnPage, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    page.picture.save(out, kind)
    return out.getvalue()


def blue_first(page: DrawnPage) -> Colour:
    return np.asarray(cv2.cvtColor(np.asarray(page.picture), cv2.COLOR_RGB2BGR), np.uint8)


def read(reader: DocumentReader, content: bytes, *formats: Format) -> Reading:
    return reader.read([(BACK, content)], formats, TODAY)


BARCODES: dict[str, tuple[str | bytes, Format, str, str, date]] = {
    "card": (CARD, Format.ARGENTINE_DNI, "30123456", "GOMEZ SOSA", date(1983, 9, 12)),
    "booklet": (BOOKLET, Format.ARGENTINE_DNI, "30123456", "GOMEZ SOSA", date(1983, 9, 12)),
    "ñ": (CARD.replace("SOSA", "NUÑEZ").encode("iso-8859-1"), Format.ARGENTINE_DNI, "30123456", "GOMEZ NUÑEZ",
          date(1983, 9, 12)),
    # As a text, the symbol names no character set; zxing-cpp would guess it, and reads such neighbours as katakana.
    "two accented capitals": (CARD.replace("SOSA", "NÚÑEZ"), Format.ARGENTINE_DNI, "30123456", "GOMEZ NÚÑEZ",
                              date(1983, 9, 12)),
    "cedula": (CEDULA, Format.COLOMBIAN_CEDULA, "79123456", "PEREZ LOPEZ", date(1985, 7, 4)),
    "connecticut": (CONNECTICUT, Format.AAMVA, "990123456", "CORTEZ", date(1986, 6, 6)),
}  # fmt: skip


@pytest.mark.parametrize("which", BARCODES)
@pytest.mark.parametrize("hinted", [True, False])
def test_every_barcode_is_read_as_the_form_that_its_content_says(
    reader: DocumentReader, which: str, hinted: bool
) -> None:
    content, form, number, surname, born = BARCODES[which]
    reading = read(reader, stored(drawn(content)), *([Format.TD1, form] if hinted else []))
    assert reading.zone is not None
    assert (reading.zone.format, reading.zone.number, reading.zone.surname) == (form, number, surname)
    assert (reading.zone.birth_date.whole, reading.certainty, reading.side) == (born, 1.0, BACK)


LEAST_READ = {"card": 11, "booklet": 11, "cedula": 8, "connecticut": 11}
"""Of the twelve degradations. What is blurred by three pixels reads nobody; a cédula's bars are half as wide."""


@pytest.mark.parametrize("which", LEAST_READ)
def test_a_barcode_is_read_from_worse_pictures(which: str) -> None:
    as_drawn = normal(blue_first(drawn(BARCODES[which][0])))
    readable = [name for name, worse in DEGRADATIONS.items() if read_barcode(worse(as_drawn)) is not None]
    assert len(readable) >= LEAST_READ[which], readable
    assert {"turned 90°", "turned 180°", "turned 270°", "skewed 8°", "half size"} <= set(readable)


def test_a_barcode_too_small_for_its_size_is_read_in_twice_the_size() -> None:
    picture = normal(blue_first(drawn(CONNECTICUT)))
    small = np.asarray(cv2.resize(picture, None, fx=0.35, fy=0.35, interpolation=cv2.INTER_AREA), np.uint8)
    assert read_barcode(small) is not None


@pytest.mark.parametrize("formats", [(), (Format.AAMVA, Format.TD1, Format.LICENCE)], ids=["any", "licence"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_one_line_of_a_licence_is_read(reader: DocumentReader, formats: tuple[Format, ...], turned: bool) -> None:
    page = drawn(lines=(licence_line(),))
    if turned:
        page.picture = page.picture.rotate(180)
    reading = read(reader, stored(page), *formats)
    assert reading.zone is not None
    assert (reading.zone.format, reading.zone.lines) == (Format.LICENCE, (licence_line(),))
    assert (reading.zone.number, reading.zone.surname) == ("13AA00002", "MARTIN")
    assert (reading.zone.expiration_date, reading.zone.digits_valid) == (date(2031, 12, 31), True)


def test_the_dutch_line_is_read_as_its_own_form(reader: DocumentReader) -> None:
    line = "D1NLD15094962111659VW87Z78NB8"
    reading = read(reader, stored(drawn(lines=(line + check_digit(line),))), Format.AAMVA, Format.DUTCH_LICENCE)
    assert reading.zone is not None
    assert (reading.zone.format, reading.zone.number) == (Format.DUTCH_LICENCE, "5094962111")


def test_one_line_counts_only_where_a_type_may_have_it_and_its_digits_fit(reader: DocumentReader) -> None:
    good, line = stored(drawn(lines=(licence_line(),))), licence_line()
    wrong = line[:-1] + str((int(line[-1]) + 1) % 10)
    assert read(reader, good, Format.TD1).trouble is Trouble.NOT_FOUND
    assert read(reader, stored(drawn(lines=(wrong,))), Format.LICENCE).trouble is Trouble.NOT_FOUND


def test_a_card_with_a_zone_and_a_barcode_is_read_by_its_zone(reader: DocumentReader) -> None:
    line_1 = f"IDARG30123456<{check_digit('30123456<')}".ljust(30, "<")
    line_2 = f"830912{check_digit('830912')}F310101{check_digit('310101')}ARG<<<<<<<<<<<"
    composite = check_digit(line_1[5:30] + line_2[0:7] + line_2[8:15] + line_2[18:29])
    back = stored(drawn(lines=(line_1, line_2 + composite, "GOMEZ<SOSA<<ANA<MARIA".ljust(30, "<"))))
    formats = (Format.TD1, Format.ARGENTINE_DNI)
    reading = reader.read([(FRONT, stored(drawn(CARD))), (BACK, back)], formats, TODAY)
    assert reading.zone is not None
    assert (reading.zone.format, reading.side, reading.zone.expiration_date) == (Format.TD1, BACK, date(2031, 1, 1))
    blank = stored(drawn())
    reading = reader.read([(FRONT, stored(drawn(CARD))), (BACK, blank)], formats, TODAY)
    assert reading.zone is not None
    assert (reading.zone.format, reading.side) == (Format.ARGENTINE_DNI, FRONT)
