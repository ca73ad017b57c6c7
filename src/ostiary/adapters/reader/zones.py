"""Reading the machine-readable zone of a picture: lines that lie like a zone, recognised and fitted to each layout.

One pass at a scale that suits most pictures; a second, finer one only when the first found nothing whose digits fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, product

import numpy as np
import numpy.typing as npt

from ostiary.adapters.reader.lines import Line, cut, find_lines, neighbours
from ostiary.adapters.reader.models import Colour, Models
from ostiary.adapters.reader.symbols import Spelled, Strip, fitted, spelled, strip_of, together, with_code
from ostiary.domain.machine_readable.issuers import iso_country, special
from ostiary.domain.machine_readable.layouts import LAYOUTS, Layout
from ostiary.domain.machine_readable.parsing import parse_as
from ostiary.domain.machine_readable.zone import Zone

PASSES_PX = (640, 960)
"""Along the longer side. At 640 the lines of a passport that fills the picture are 12 px high, twice what is needed."""
MOST_GROUPS = 6
"""Of lines below each other that are tried in a pass; the zone is nearly always the first or second."""
LEAST_CONFIDENCE = 0.6
"""Mean share of the likeliest symbols. Upside down, or where there is no zone, it stays below one half."""
_POSSIBLE = 0.002
"""Share of the first symbol, which names the kind of document: below it the layout is of another kind."""
CLEAR = 0.9
"""Certainty from which one look is enough; below it, or when digits do not fit, the lines are recognised again at
another width, and both looks count alike."""
SECOND_STRETCH = 0.8
_LEAST_SYMBOLS = 27
"""Of a line of at least thirty, with room for lost fillers."""
_MOST_WAYS = 6
"""Of fitting a line to a layout; the first are the likeliest."""
_MOST_UNEVEN = 1.2
"""Columns. Within one pitch every symbol is in its own column; lines on bent paper wander a little."""
_KEY_FIELDS = ("country", "number", "birth_date", "expiration_date")


@dataclass(frozen=True, slots=True)
class Found:
    """A zone as read, with how certain its key fields are and where it lies in the picture."""

    zone: Zone
    certainty: float
    lines: tuple[Line, ...]
    unevenness: float

    @property
    def rank(self) -> tuple[bool, float, float]:
        """Better ones are greater: digits that fit, how many of them do, an even pitch."""
        checks = self.zone.checks.values()
        share = sum(checks) / len(checks) if checks else 0.0
        return self.zone.digits_valid, share, -self.unevenness


@dataclass(slots=True)
class _Looked:
    """The strips of one picture, each recognised once."""

    picture: Colour
    models: Models
    strips: dict[tuple[Line, bool, float], Strip] = field(default_factory=dict)

    def strip(self, line: Line, upside_down: bool, stretch: float = 1.0) -> Strip:
        key = (line, upside_down, stretch)
        if key not in self.strips:
            image = cut(self.picture, line, upside_down=upside_down)
            self.strips[key] = strip_of(self.models.steps(image, stretch))
        return self.strips[key]


def read_zone(picture: Colour, models: Models, today: date) -> Found | None:
    """The zone of a picture in any direction, or None. `picture` is rows x columns x 3, 8 bits."""
    looked, best = _Looked(picture, models), None
    for longest_px in PASSES_PX:
        height, width = picture.shape[:2]
        lines = find_lines(models.text_map(picture, longest_px), width, height)
        for found in _found(looked, lines, today):
            if best is None or found.rank > best.rank:
                best = found
            if best.zone.digits_valid:
                return best
    return best


def _found(looked: _Looked, lines: list[Line], today: date) -> Iterator[Found]:
    for group in islice(neighbours(lines), MOST_GROUPS):
        for upside_down in _directions(looked, group):
            ordered = group[::-1] if upside_down else group
            strips = [looked.strip(line, upside_down) for line in ordered]
            best = _best(strips, ordered, today)
            if best is not None and (best.certainty < CLEAR or not best.zone.digits_valid):
                again = [looked.strip(line, upside_down, SECOND_STRETCH) for line in ordered]
                best = _best(strips, ordered, today, again) or best
            if best is not None:
                yield best


def _directions(looked: _Looked, group: tuple[Line, ...]) -> list[bool]:
    """Upright, upside down or neither, the likelier first: told by the last line, which is never fillers alone.

    Digits are digits upside down too, with high confidence, but fewer of them are.
    """
    upright = looked.strip(group[-1], False)
    if upright.confidence >= CLEAR and len(upright) >= _LEAST_SYMBOLS:
        return [False]
    turned = looked.strip(group[0], True)
    ways = sorted(((upright, False), (turned, True)), key=lambda one: -one[0].confidence * len(one[0]))
    return [way for strip, way in ways if strip.confidence >= LEAST_CONFIDENCE]


def _best(strips: list[Strip], lines: tuple[Line, ...], today: date, again: list[Strip] | None = None) -> Found | None:
    layouts = (one for one in LAYOUTS if one.line_count == len(strips))
    found = [read for layout in layouts for read in _read_as(layout, strips, lines, today, again)]
    return max(found, key=lambda one: one.rank, default=None)


def _read_as(
    layout: Layout, strips: list[Strip], lines: tuple[Line, ...], today: date, again: list[Strip] | None
) -> Iterator[Found]:
    ways = [_ways(layout, row, strip, again[row] if again else None) for row, strip in enumerate(strips)]
    for choice in product(*ways):
        if choice[0].line.shares[0] < _POSSIBLE:
            continue
        zone = parse_as(layout, tuple(one.line.text for one in choice), today)
        if zone is not None:
            certainty = _certainty(layout, [one.line.certain for one in choice])
            yield Found(zone, certainty, lines, sum(one.unevenness for one in choice))


@dataclass(frozen=True, slots=True)
class _Way:
    """One way in which a line can be of a layout."""

    unevenness: float
    line: Spelled


def _ways(layout: Layout, row: int, strip: Strip, again: Strip | None) -> list[_Way]:
    """The texts a line can be, the most even first."""
    alphabets = [layout.alphabet_at(row, column) for column in range(layout.length)]
    fits = [one for one in fitted(strip, layout.length) if one[0] <= _MOST_UNEVEN]
    others = [one for one in fitted(again, layout.length) if one[0] <= _MOST_UNEVEN] if again is not None else []
    if others:
        second = min(others, key=lambda one: one[0])[1]
        fits = [(uneven, together(one, second)) for uneven, one in fits] or others
    fits.sort(key=lambda one: one[0])
    return [_Way(uneven, _spelled(layout, row, one, alphabets)) for uneven, one in fits[:_MOST_WAYS]]


def _spelled(layout: Layout, row: int, strip: Strip, alphabets: list[str]) -> Spelled:
    """A line's text, its issuer one of those there are (part 3, section 5) where the picture leaves a choice."""
    line = spelled(strip, alphabets)
    country = next(one for one in layout.places if one.name == "country")
    if row != country.line:
        return line
    return with_code(line, strip, country.alphabet, country.start, country.end, _is_issuer)


def _is_issuer(code: str) -> bool:
    plain = code.rstrip("<")
    return iso_country(plain) is not None or special(plain) is not None


def _certainty(layout: Layout, certain: list[npt.NDArray[np.float32]]) -> float:
    """The least of the key fields' symbols, check digits included."""
    places = ((one.line, one.start, one.end) for one in layout.places if one.name in _KEY_FIELDS)
    digits = ((one.line, one.column, one.column + 1) for one in layout.checks if one.name in _KEY_FIELDS)
    return min(float(certain[line][start:end].min()) for line, start, end in (*places, *digits))
