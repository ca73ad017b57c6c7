"""A blank page in front, a picture the wrong way round, and pages full of print: what they cost and what is said."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ostiary.adapters.pages.choice import edges, shown_page
from ostiary.adapters.pictures.probe import probe
from ostiary.adapters.reader.recognition.documents import DocumentReader
from ostiary.adapters.reader.recognition.models import LONGEST_LINE_PX, Colour, Models, Shares, line_width_px
from ostiary.adapters.reader.recognition.zones import (
    COARSE_PX,
    MOST_RECOGNISED_ON_A_PAGE_PX,
    MOST_RECOGNISED_PX,
    PASSES_PX,
)
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from ostiary.domain.documents.reading import Trouble
from ostiary.specimens.drawing import specimen

MAPS_OF_A_PAGE = len((COARSE_PX, *PASSES_PX))
TODAY, LIMITS = date(2026, 4, 15), PictureLimits().with_pages()


def passport() -> Image.Image:
    """An A4 sheet with a passport on it."""
    sheet = Image.new("RGB", (1240, 1754), (252, 252, 250))
    sheet.paste(Image.open(io.BytesIO(specimen(5, number="AR1234567"))).resize((1100, 774)), (70, 120))
    return sheet


def blank(kind: str) -> Image.Image:
    sheet = Image.new("RGB", (1240, 1754), (252, 252, 250))
    pen = ImageDraw.Draw(sheet)
    if kind == "number":
        pen.text((620, 1700), "1", "black", ImageFont.load_default(size=24))
    if kind == "heading":
        pen.text((100, 100), "Scan of 3 March, by the front desk", "black", ImageFont.load_default(size=36))
    if kind == "dust":
        chance = random.Random(1)
        for _ in range(150):
            x, y = chance.randrange(1240), chance.randrange(1754)
            pen.ellipse((x, y, x + 2, y + 2), fill=(120, 120, 120))
    if kind == "shadow":
        shade = np.linspace(150, 250, 1240)[None, :, None] + np.random.default_rng(1).normal(0, 3, (1754, 1240, 1))
        sheet = Image.fromarray(np.repeat(shade, 3, axis=2).clip(0, 255).astype(np.uint8))
    return sheet


def pdf(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return DocumentReader()


@dataclass(slots=True)
class Looked:
    """What the models were asked for, which takes as long on any machine as it takes there: no clock is asked."""

    recognised_px: int = 0
    maps: int = 0


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    """Counts while the models do their work."""
    count, steps, text_map = Looked(), Models.steps, Models.text_map

    def counted_steps(models: Models, line: Colour, stretch: float = 1.0, *, is_quick: bool = False) -> Shares:
        height, width = line.shape[:2]
        count.recognised_px += line_width_px(width, height, stretch)
        return steps(models, line, stretch, is_quick=is_quick)

    def counted_map(models: Models, picture: Colour, longest_px: int) -> Shares:
        count.maps += 1
        return text_map(models, picture, longest_px)

    monkeypatch.setattr(Models, "steps", counted_steps)
    monkeypatch.setattr(Models, "text_map", counted_map)
    return count


@pytest.mark.parametrize("kind", ["white", "number", "heading", "dust", "shadow"])
def test_a_blank_page_in_front_is_passed_over_at_intake(kind: str) -> None:
    findings = probe(pdf(blank(kind), passport()), LIMITS)
    assert judge_picture("passport", FRONT, findings, LIMITS) == ()
    assert findings.readable


def test_a_blank_page_behind_changes_nothing_and_one_alone_is_refused() -> None:
    alone, behind = probe(pdf(passport()), LIMITS), probe(pdf(passport(), blank("white")), LIMITS)
    assert (behind.sharpness, behind.brightness) == (alone.sharpness, alone.brightness)
    assert [
        rejection.code for rejection in judge_picture("passport", FRONT, probe(pdf(blank("white")), LIMITS), LIMITS)
    ] != []


def test_the_first_page_is_shown_unless_it_is_nearly_blank_beside_the_second() -> None:
    good, other = passport(), Image.open(io.BytesIO(specimen(6)))
    assert shown_page([good]) is good
    assert shown_page([good, other]) is good
    assert shown_page([blank("dust"), other]) is other
    assert edges(blank("white")) == 0.0 < edges(good)
    assert edges(Image.new("L", (2, 2), 9)) == 0.0


@pytest.mark.parametrize("kind", ["white", "shadow"])
def test_the_reader_reads_the_second_page_and_takes_its_likeness(reader: DocumentReader, kind: str) -> None:
    """Every blank page is like every other, and would resemble another client's."""
    reading = reader.read([(FRONT, pdf(blank(kind), passport()))], (), TODAY)
    assert reading.zone is not None
    assert reading.zone.number == "AR1234567"
    assert reading.likeness == reader.read([(FRONT, pdf(passport()))], (), TODAY).likeness


def printed_page() -> bytes:
    """Forty lines of capitals as long as those of a passport, on both of two pages."""
    chance = random.Random(3)
    sheet = Image.new("RGB", (1400, 1900), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=30)
    for row in range(40):
        line = "P<" + "".join(chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") for _ in range(42))
        pen.text((60, 40 + row * 46), line, "black", font)
    return pdf(sheet, sheet.rotate(180))


@pytest.mark.parametrize("formats", [(), ("TD3",)])
def test_a_page_full_of_print_ends_by_itself(reader: DocumentReader, looked: Looked, formats: tuple[str, ...]) -> None:
    reading = reader.read([(FRONT, printed_page())], formats, TODAY)
    assert reading.trouble is Trouble.NOT_FOUND or reading.zone is not None
    assert looked.recognised_px <= MOST_RECOGNISED_PX + 2 * LONGEST_LINE_PX
    assert 0 < looked.maps <= 2 * MAPS_OF_A_PAGE


def test_a_mirrored_picture_is_an_answer_for_no_more_work_than_a_page_may_take(
    reader: DocumentReader, looked: Looked
) -> None:
    out = io.BytesIO()
    passport().transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(out, "JPEG", quality=90)
    reading = reader.read([(FRONT, out.getvalue())], (), TODAY)
    assert 0 < looked.recognised_px <= MOST_RECOGNISED_ON_A_PAGE_PX + LONGEST_LINE_PX
    assert looked.maps <= MAPS_OF_A_PAGE
    assert reading.zone is None or not reading.zone.digits_valid


def test_the_bound_on_print_is_above_what_any_specimen_takes() -> None:
    """Of the published specimens none takes more than 25 lines."""
    assert 25 * line_width_px(1_300, 48, 1.0) < MOST_RECOGNISED_PX
