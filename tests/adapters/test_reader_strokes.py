"""What strokes tell of a bar of text before it is recognised."""

from __future__ import annotations

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ostiary.adapters.pictures.measures import Grey
from ostiary.adapters.reader.recognition.lines import Line
from ostiary.adapters.reader.recognition.strokes import PITCH_LEAST, pitch, tightened
from ostiary.specimens.drawing import specimen

WIDTH, HEIGHT = 1600, 1126
LINES = (Line(800, 913, 1470, 56, 0), Line(800, 995, 1470, 56, 0))
"""Of a passport that fills the picture, as loosely as a coarse map has them."""


@pytest.fixture(scope="module")
def passport() -> Grey:
    picture = Image.open(io.BytesIO(specimen(5, size=(WIDTH, HEIGHT)))).convert("L")
    return np.asarray(picture, np.uint8)


def in_words() -> Grey:
    """A line of proportional letters in the same place."""
    picture = Image.new("L", (WIDTH, HEIGHT), 250)
    text = "Given names will be printed as in life, will little Lilli ill William still be filling it"
    ImageDraw.Draw(picture).text((70, 890), text, 20, ImageFont.load_default(size=38))
    return np.asarray(picture, np.uint8)


@pytest.mark.parametrize("line", LINES)
def test_lines_of_a_zone_stand_in_one_pitch_however_they_lie(passport: Grey, line: Line) -> None:
    assert pitch(passport, tightened(passport, line)) >= PITCH_LEAST
    turned = np.asarray(cv2.rotate(passport, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    upright = replace(line, x=HEIGHT - line.y, y=line.x, angle=90)
    assert pitch(turned, tightened(turned, upright)) >= PITCH_LEAST


def test_other_print_and_bare_paper_do_not() -> None:
    words = in_words()
    assert pitch(words, tightened(words, LINES[0])) < PITCH_LEAST
    paper = np.full((HEIGHT, WIDTH), 240, np.uint8)
    assert pitch(paper, LINES[0]) < PITCH_LEAST


def test_a_bar_becomes_as_high_as_its_letters_and_stays_where_there_are_none(passport: Grey) -> None:
    loose = replace(LINES[0], height=90)
    assert tightened(passport, loose).height < 80
    paper = np.full((HEIGHT, WIDTH), 240, np.uint8)
    assert tightened(paper, loose) == loose
    outside = replace(LINES[0], x=5_000, y=5_000)
    assert tightened(passport, outside) == outside
