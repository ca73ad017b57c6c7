"""Reading the machine-readable zone of a picture: lines that lie like a zone, recognised and fitted to each layout.

A coarse pass suits most pictures; finer ones follow only when it found nothing whose digits fit. What does not stand in
one pitch is not recognised at all, and what is, first in narrow letters and 8 bits, again in 32 bits and in full width
where a doubt is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, product

import cv2
import numpy as np
import numpy.typing as npt

from ostiary.adapters.pictures.measures import Grey
from ostiary.adapters.reader.recognition.lines import Line, cut, find_lines, is_whole, neighbours
from ostiary.adapters.reader.recognition.models import Colour, Models, line_width_px
from ostiary.adapters.reader.recognition.strokes import PITCH_LEAST, pitch, tightened
from ostiary.adapters.reader.recognition.symbols import Spelled, Strip, fitted, spelled, strip_of, together, with_code
from ostiary.domain.mrz.issuers import iso_country, special
from ostiary.domain.mrz.layouts import LAYOUTS, Layout
from ostiary.domain.mrz.parsing import parse_as
from ostiary.domain.mrz.zone import Zone

COARSE_PX, PASSES_PX = 384, (640, 960)
"""Along the longer side. At 384 the lines of a passport that fills the picture are 7 px high, enough to be found; at
640 they are 12 px high."""
MOST_COARSE_GROUPS = 3
MOST_GROUPS, MOST_GROUPS_LOOKED_AT = 6, 12
"""Of lines below each other: that are looked at in a fine pass and in the coarse one. The zone is nearly always
the first or second."""
MOST_RECOGNISED_ON_A_PAGE_PX, MOST_RECOGNISED_PX = 34_000, 50_000
"""Of lines brought to the recogniser's height. The published specimen that needs most takes 25 lines of some 1,200;
half a second of processor time is 7,000."""
MOST_SINGLE_LINES = 3
"""The longest of a pass that are tried as the one line of a licence, which runs along the whole card."""
LEAST_CONFIDENCE = 0.6
"""Mean share of the likeliest symbols. Upside down, or where there is no zone, it stays below one half."""
_POSSIBLE = 0.002
"""Share of the first symbol, which names the kind of document: below it the layout is of another kind."""
CLEAR = 0.9
"""Certainty from which one look is enough; below it, or when digits do not fit, the lines are recognised again at
other widths, of which two count alike."""
NARROW, SECOND_STRETCH = 0.7, 0.8
"""Of a line's width. Narrow letters read as well and cost less; only doubled ones run together, so a line of names of
which columns had to be mended is looked at again."""
_AGREED_UNEVEN = 0.6
"""Columns a line: two looks that agree on lines as even as this saw what is printed, wrong digits and all."""
_LEAST_SYMBOLS, _LEAST_SEEN = 27, 22
"""Of a line of at least thirty, with room for lost fillers; and where a picture is so bad that more were lost."""
_MOST_WAYS = 6
"""Of fitting a line to a layout; the first are the likeliest."""
_MOST_UNEVEN = 1.2
"""Columns. Within one pitch every symbol is in its own column; lines on bent paper wander a little."""
_KEY_FIELDS = ("country", "number", "birth_date", "expiration_date")


@dataclass(frozen=True, slots=True)
class FoundZone:
    """A zone as read, with how certain its key fields are and where it lies in the picture."""

    zone: Zone
    certainty: float
    lines: tuple[Line, ...]
    unevenness: float
    least_certain: float = 0.0  # of every symbol, not of key fields alone
    is_agreed: bool = False  # two looks say the same for sure, whether its digits fit or not
    columns: tuple[npt.NDArray[np.float32], ...] = ()  # of each line: where along it each character's middle is, 0 to 1
    is_upside_down: bool = False  # the lines are read against their own direction

    @property
    def is_clear(self) -> bool:
        """Every key symbol is clear, and every digit fits."""
        return self.certainty >= CLEAR and self.zone.digits_valid

    @property
    def rank(self) -> tuple[bool, float, float]:
        """Better ones are greater: digits that fit, how many of them do, an even pitch."""
        checks = self.zone.checks.values()
        share = sum(checks) / len(checks) if checks else 0.0
        return self.zone.digits_valid, share, -self.unevenness


@dataclass(slots=True)
class Effort:
    """How much of lines may still be recognised of one document, in pixels across, so that a page full of print ends by
    itself and not by its deadline."""

    left_px: float = MOST_RECOGNISED_PX
    page_px: float = MOST_RECOGNISED_ON_A_PAGE_PX

    def next_page(self) -> None:
        self.page_px = min(self.left_px, MOST_RECOGNISED_ON_A_PAGE_PX)

    def spend(self, line: Line, stretch: float) -> None:
        """Raises SpentError when nothing is left."""
        if self.page_px <= 0:
            raise SpentError
        width_px = line_width_px(line.length, line.height, stretch)
        self.page_px -= width_px
        self.left_px -= width_px


class SpentError(Exception):
    """As much of a page was recognised as may be."""


@dataclass(slots=True)
class _Looked:
    """The strips of one picture, each recognised once."""

    picture: Colour
    models: Models
    effort: Effort
    grey: Grey
    strips: dict[tuple[Line, bool, float, bool], Strip] = field(default_factory=dict)
    pitches: dict[Line, float] = field(default_factory=dict)

    def lines(self, longest_px: int) -> list[Line]:
        """The bars of a map of the picture at one size."""
        height, width = self.picture.shape[:2]
        return find_lines(self.models.text_map(self.picture, longest_px), width, height)

    def in_one_pitch(self, groups: Iterable[tuple[Line, ...]]) -> Iterator[tuple[Line, ...]]:
        """The groups of which a line stands in one pitch."""
        return (group for group in groups if max(map(self._pitch, group)) >= PITCH_LEAST)

    def _pitch(self, line: Line) -> float:
        if line not in self.pitches:
            self.pitches[line] = pitch(self.grey, tightened(self.grey, line))
        return self.pitches[line]

    def strip(self, line: Line, upside_down: bool, stretch: float = 1.0, *, is_quick: bool = False) -> Strip:
        key = (line, upside_down, stretch, is_quick and self.models.has_quick)  # without: the same look, and no second
        if key not in self.strips:
            self.effort.spend(line, stretch)
            image = cut(self.picture, line, upside_down=upside_down)
            self.strips[key] = strip_of(self.models.steps(image, stretch, is_quick=is_quick))
        return self.strips[key]


def read_zone(
    picture: Colour, models: Models, today: date, effort: Effort, *, with_single_lines: bool = False
) -> FoundZone | None:
    """The zone of a picture in any direction, or None. `picture` is rows x columns x 3, 8 bits. `with_single_lines`: it
    may have one line only, as driving licences do, which is looked for last and counts only when its digits fit."""
    best = None
    effort.next_page()
    with suppress(SpentError):
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        for candidate in _candidates(_Looked(picture, models, effort, grey), today, with_single_lines):
            if best is None or candidate.rank > best.rank:
                best = candidate
            if best.zone.digits_valid or best.is_agreed:
                break
    return best


def _candidates(looked: _Looked, today: date, with_single_lines: bool) -> Iterator[FoundZone]:
    """Whatever could be a zone, pass by pass. Of the coarse pass only what is clear."""
    yield from _clear_at_once(looked, today)
    for longest_px in PASSES_PX:
        lines = looked.lines(longest_px)
        pitched = looked.in_one_pitch(islice(neighbours(lines), MOST_GROUPS))
        yield from _read_groups(looked, pitched, today)
        if with_single_lines:
            alone = looked.in_one_pitch((line,) for line in lines[:MOST_SINGLE_LINES] if is_whole(line))
            yield from (candidate for candidate in _read_groups(looked, alone, today) if candidate.zone.digits_valid)


def _clear_at_once(looked: _Looked, today: date) -> Iterator[FoundZone]:
    """Zones of a coarse map, in narrow letters, of which every key symbol is clear and every digit fits; and what more
    looks at the same lines say for sure, whether its digits fit or not."""
    groups = islice(neighbours(looked.lines(COARSE_PX)), MOST_GROUPS_LOOKED_AT)
    for pitched in islice(looked.in_one_pitch(groups), MOST_COARSE_GROUPS):
        group = tuple(tightened(looked.grey, line) for line in pitched)
        for upside_down in _directions(looked, group):
            ordered = group[::-1] if upside_down else group
            candidate = _in_few_looks(looked, ordered, upside_down, today)
            if candidate is not None:
                yield replace(candidate, is_upside_down=upside_down)


def _in_few_looks(looked: _Looked, lines: tuple[Line, ...], upside_down: bool, today: date) -> FoundZone | None:
    """What lines say for sure: in narrow letters and 8 bits, in 32 bits, in full width, each only after a doubt."""
    strips = [looked.strip(line, upside_down, NARROW, is_quick=True) for line in lines]
    quick = narrow = _best(strips, lines, today)
    if quick is None and not _is_like_a_zone(strips):
        return None
    if quick is None or _leaves_a_doubt(quick):
        strips = [looked.strip(line, upside_down, NARROW) for line in lines]
        narrow = _best(strips, lines, today)
    if narrow is None:
        return None
    if narrow.is_clear:
        return _best(_with_names_in_full_width(looked, narrow, strips, upside_down), lines, today) or narrow
    again = [looked.strip(line, upside_down) for line in lines]
    full = _best(again, lines, today)
    if full is None or full.is_clear:
        return full and replace(full, is_agreed=True)
    both = _best(strips, lines, today, again)
    third = quick if looked.models.has_quick else None  # in 32 bits, too, it is the second once more
    if both is None or not (both.is_clear or agree(third, narrow, full, both)):
        return None
    return replace(both, is_agreed=True)


def _is_like_a_zone(strips: list[Strip]) -> bool:
    """As long as lines of a zone and with fillers, though they fit none."""
    return all(len(strip) >= _LEAST_SEEN for strip in strips) and any("<" in strip.text for strip in strips)


def _leaves_a_doubt(quick: FoundZone) -> bool:
    """Whether 32 bits have to look as well: names, which have no digit, count too. Digits that do not fit although the
    rest is clear are what is printed, as a rule, and full width comes next in any case."""
    if quick.zone.digits_valid:
        return quick.least_certain < CLEAR
    return quick.certainty < CLEAR or not _is_even(quick)


def _is_even(candidate: FoundZone) -> bool:
    return candidate.unevenness < _AGREED_UNEVEN * len(candidate.lines)


def agree(quick: FoundZone | None, narrow: FoundZone, full: FoundZone, both: FoundZone) -> bool:
    """Whether looks at even lines say the same, so that finer ones are needless: two for sure, or all three with digits
    that fit. Look-alikes can cancel out: what fits and is not sure must not be seen otherwise, even in 8 bits."""
    if not _is_even(full) or not narrow.zone.lines == full.zone.lines == both.zone.lines:
        return False
    if both.certainty >= CLEAR:
        return True
    return both.zone.digits_valid and quick is not None and quick.zone.lines == both.zone.lines


def _read_groups(looked: _Looked, groups: Iterable[tuple[Line, ...]], today: date) -> Iterator[FoundZone]:
    for group in groups:
        for upside_down in _directions(looked, group):
            ordered = group[::-1] if upside_down else group
            strips = [looked.strip(line, upside_down) for line in ordered]
            best = _best(strips, ordered, today)
            if best is not None and (best.certainty < CLEAR or not best.zone.digits_valid):
                again = [looked.strip(line, upside_down, SECOND_STRETCH) for line in ordered]
                best = _best(strips, ordered, today, again) or best
            if best is not None:
                yield replace(best, is_upside_down=upside_down)


def _with_names_in_full_width(
    looked: _Looked, candidate: FoundZone, strips: list[Strip], upside_down: bool
) -> list[Strip]:
    """The strips, those of names that had to be mended replaced where full width gives nearer as many columns: names
    have no digit that would tell."""
    layout = next(layout for layout in LAYOUTS if layout.format is candidate.zone.format)
    rows = {place.line for place in layout.places if "name" in place.name}
    changed = list(strips)
    for row in rows:
        off = abs(len(strips[row]) - layout.length)
        if off:
            wide = looked.strip(candidate.lines[row], upside_down, SECOND_STRETCH)
            changed[row] = wide if abs(len(wide) - layout.length) < off else strips[row]
    return changed


def _directions(looked: _Looked, group: tuple[Line, ...]) -> list[bool]:
    """Upright, upside down or neither, the likelier first: told by the last line, which is never fillers alone.

    Digits are digits upside down too, with high confidence, but fewer of them are.
    """
    upright = looked.strip(group[-1], False, NARROW, is_quick=True)
    if upright.confidence >= CLEAR and len(upright) >= _LEAST_SYMBOLS:
        return [False]
    turned = looked.strip(group[0], True, NARROW, is_quick=True)
    ways = sorted(((upright, False), (turned, True)), key=lambda way: -way[0].confidence * len(way[0]))
    return [way for strip, way in ways if strip.confidence >= LEAST_CONFIDENCE]


def _best(
    strips: list[Strip], lines: tuple[Line, ...], today: date, again: list[Strip] | None = None
) -> FoundZone | None:
    layouts = (layout for layout in LAYOUTS if layout.line_count == len(strips))
    candidates = [read for layout in layouts for read in _read_as(layout, strips, lines, today, again)]
    return max(candidates, key=lambda candidate: candidate.rank, default=None)


def _read_as(
    layout: Layout, strips: list[Strip], lines: tuple[Line, ...], today: date, again: list[Strip] | None
) -> Iterator[FoundZone]:
    ways = [_ways(layout, row, strip, again[row] if again else None) for row, strip in enumerate(strips)]
    for choice in product(*ways):
        if choice[0].line.shares[0] < _POSSIBLE:
            continue
        zone = parse_as(layout, tuple(row.line.text for row in choice), today)
        if zone is not None:
            certain = [row.line.certain for row in choice]
            columns = tuple(row.columns for row in choice)
            yield FoundZone(
                zone=zone,
                certainty=_certainty(layout, certain),
                lines=lines,
                unevenness=sum(row.unevenness for row in choice),
                least_certain=min(float(symbols.min()) for symbols in certain),
                columns=columns,
            )


@dataclass(frozen=True, slots=True)
class _Way:
    """One way in which a line can be of a layout."""

    unevenness: float
    line: Spelled
    columns: npt.NDArray[np.float32]


def _ways(layout: Layout, row: int, strip: Strip, again: Strip | None) -> list[_Way]:
    """The texts a line can be, the most even first."""
    alphabets = [layout.alphabet_at(row, column) for column in range(layout.length)]
    fits = [fit for fit in fitted(strip, layout.length) if fit[0] <= _MOST_UNEVEN]
    others = [fit for fit in fitted(again, layout.length) if fit[0] <= _MOST_UNEVEN] if again is not None else []
    if others:
        second = min(others, key=lambda fit: fit[0])[1]
        fits = [(uneven, together(strip, second)) for uneven, strip in fits] or others
    fits.sort(key=lambda fit: fit[0])
    return [_Way(uneven, _spelled(layout, row, strip, alphabets), strip.places) for uneven, strip in fits[:_MOST_WAYS]]


def _spelled(layout: Layout, row: int, strip: Strip, alphabets: list[str]) -> Spelled:
    """A line's text, its issuer one of those there are (part 3, section 5) where the picture leaves a choice."""
    line = spelled(strip, alphabets)
    country = next(place for place in layout.places if place.name == "country")
    if row != country.line:
        return line
    return with_code(line, strip, country.alphabet, country.start, country.end, _is_issuer)


def _is_issuer(code: str) -> bool:
    plain = code.rstrip("<")
    return iso_country(plain) is not None or special(plain) is not None


def _certainty(layout: Layout, certain: list[npt.NDArray[np.float32]]) -> float:
    """The least of the key fields' symbols, check digits included."""
    places = ((place.line, place.start, place.end) for place in layout.places if place.name in _KEY_FIELDS)
    digits = ((check.line, check.column, check.column + 1) for check in layout.checks if check.name in _KEY_FIELDS)
    return min(float(certain[line][start:end].min()) for line, start, end in (*places, *digits))
