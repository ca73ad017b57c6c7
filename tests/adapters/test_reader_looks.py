"""When several looks at the same lines are enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ostiary.adapters.reader.recognition import zones
from ostiary.adapters.reader.recognition.lines import Line
from ostiary.adapters.reader.recognition.models import SYMBOLS, Colour, Models, Shares
from ostiary.adapters.reader.recognition.zones import Effort, FoundZone, agree
from ostiary.domain.mrz.layouts import LAYOUTS
from ostiary.domain.mrz.parsing import parse_as
from ostiary.domain.mrz.zone import Format

TODAY = date(2026, 12, 1)
FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
LINES = (Line(800, 913, 1470, 56, 0), Line(800, 995, 1470, 56, 0))
OTHER = SECOND.replace("L898", "I898")  # with digits that do not fit


def look(certainty: float, second: str = SECOND) -> FoundZone:
    layout = next(layout for layout in LAYOUTS if layout.format is Format.TD3)
    zone = parse_as(layout, (FIRST, second), TODAY)
    assert zone is not None
    return FoundZone(zone=zone, certainty=certainty, lines=LINES, unevenness=0.3)


@pytest.mark.parametrize(
    ("quick", "narrow", "full", "both", "is_enough"),
    [
        (look(0.6), look(0.7), look(0.5), look(0.6), True),
        (look(0.6, OTHER), look(0.7), look(0.5), look(0.6), False),
        (None, look(0.7), look(0.5), look(0.6), False),
        (look(0.6), look(0.7, OTHER), look(0.5), look(0.6), False),
        (look(0.6, OTHER), look(0.7, OTHER), look(0.5, OTHER), look(0.6, OTHER), False),
        (None, look(0.88, OTHER), look(0.95, OTHER), look(0.91, OTHER), True),
        (None, look(0.88, OTHER), look(0.95), look(0.91, OTHER), False),
    ],
    ids=[
        "three fit",
        "8 bits differ",
        "8 bits none",
        "narrow differs",
        "unsure misprint",
        "sure misprint",
        "sure, other",
    ],
)
def test_looks_that_say_the_same_are_enough_where_they_are_sure_or_three(
    quick: FoundZone | None, narrow: FoundZone, full: FoundZone, both: FoundZone, is_enough: bool
) -> None:
    assert agree(quick, narrow, full, both) is is_enough
    crooked = replace(full, unevenness=1.3)
    assert not agree(quick, narrow, crooked, both)


class BlankModels(Models):
    """See nothing but blanks, and note at what they look."""

    def __init__(self, has_quick: bool) -> None:
        self.has_quick = has_quick
        self.looks = list[bool]()

    def steps(self, line: Colour, stretch: float = 1.0, *, is_quick: bool = False) -> Shares:
        self.looks.append(is_quick)
        blanks = np.zeros((9, len(SYMBOLS) + 1), np.float32)
        blanks[:, 0] = 1
        return blanks


def on_a_page(models: Models) -> zones._Looked:
    page, effort = np.full((1126, 1600, 3), 255, np.uint8), Effort()
    effort.next_page()
    return zones._Looked(page, models, effort, page[:, :, 0])


@pytest.mark.parametrize(("has_quick", "looks"), [(True, [True, False]), (False, [True])], ids=["8 bits", "32 alone"])
def test_without_8_bits_no_line_is_recognised_twice_alike(has_quick: bool, looks: list[bool]) -> None:
    """It would cost as much again, and say the same."""
    models = BlankModels(has_quick)
    looked = on_a_page(models)
    for is_quick in (True, False):
        looked.strip(LINES[0], False, zones.NARROW, is_quick=is_quick)
    assert models.looks == looks


@pytest.mark.parametrize("has_quick", [True, False], ids=["8 bits", "32 alone"])
def test_without_8_bits_two_looks_that_are_not_sure_are_not_three(
    monkeypatch: pytest.MonkeyPatch, has_quick: bool
) -> None:
    looks = iter((look(0.6), look(0.7), look(0.5), look(0.6)))
    monkeypatch.setattr(zones, "_best", lambda *_: next(looks))
    candidate = zones._in_few_looks(on_a_page(BlankModels(has_quick)), LINES, False, TODAY)
    assert (candidate is not None) is has_quick
