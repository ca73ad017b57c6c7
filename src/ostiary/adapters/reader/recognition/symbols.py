"""From a recogniser's steps to symbols at places, and from those to the columns of a printed line.

A zone is printed in one pitch, so a symbol's place tells its column; only how many fillers stand in a run is
uncertain, since equal neighbours run together. No symbol is ever exchanged for a look-alike to make a digit fit: a
column's symbol is the likeliest of those the standard permits there, whatever the check digits say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
from numpy.polynomial import polynomial  # NumPy loads it when first used, which is too late in an enclosed process

from ostiary.adapters.reader.recognition.models import SYMBOLS, Shares

FILLER = SYMBOLS.index("<")
MOST_OFF = 8
"""Columns that may be missing or too many: a run of thirty fillers loses some in a blurred picture."""
MOST_RUNS = 4
MOST_STRAY = 2
"""Symbols before and behind a line that are none of it: a frame, the page's edge."""
_CODE_CHOICES, _CODE_ODDS_LEAST = 3, 0.02
"""Symbols tried for each column of a code, and how likely a known code must be beside what was spelled."""
_FAINTEST_SHARE = 1e-4
"""A symbol below this is not what was printed; what the standard demands there then contradicts the picture."""


@dataclass(frozen=True, slots=True)
class Strip:
    """The symbols of one line: their places, 0 to 1 along it, and for each the shares of all 37 symbols."""

    places: npt.NDArray[np.float32]
    shares: Shares

    def __len__(self) -> int:
        return len(self.places)

    @property
    def text(self) -> str:
        """The likeliest symbols as they came."""
        return "".join(SYMBOLS[column] for column in self.shares.argmax(axis=1)) if len(self) else ""

    @property
    def confidence(self) -> float:
        """The mean share of the likeliest symbols, 0 when there are none."""
        return float(self.shares.max(axis=1).mean()) if len(self) else 0.0


def strip_of(steps: Shares) -> Strip:
    """Connectionist temporal classification: equal neighbours are one symbol, blanks part them.

    Of the steps that make a symbol the clearest counts.
    """
    likeliest = steps.argmax(axis=1)
    starts = np.flatnonzero(np.diff(likeliest, prepend=-1))
    runs = [(begin, end) for begin, end in zip(starts, [*starts[1:], len(steps)], strict=True) if likeliest[begin]]
    peaks = [begin + int(steps[begin:end, likeliest[begin]].argmax()) for begin, end in runs]
    places = np.array([(begin + end) / 2 / len(steps) for begin, end in runs], np.float32)
    return Strip(places, steps[peaks, 1:] if peaks else np.zeros((0, len(SYMBOLS)), np.float32))


def fitted(strip: Strip, columns: int) -> Iterator[tuple[float, Strip]]:
    """The strip as exactly so many columns, with how far it is from an even pitch (in columns), in every likely way."""
    off = columns - len(strip)
    if off == 0:
        yield _unevenness(strip.places), strip
    elif abs(off) <= MOST_OFF:
        for changed in (_longer if off > 0 else _shorter)(strip, abs(off)):
            yield _unevenness(changed.places), changed


def _unevenness(places: npt.NDArray[np.float32]) -> float:
    """How far places are from a pitch that changes evenly at most (perspective), in columns."""
    columns = np.arange(len(places))
    curve = polynomial.polyfit(columns, places, 2)
    pitch = (places[-1] - places[0]) / (len(places) - 1)
    return float(np.abs(polynomial.polyval(columns, curve) - places).max() / max(pitch, 1e-6))


def _longer(strip: Strip, missing: int) -> Iterator[Strip]:
    """With the missing fillers put into one of the longest runs of them."""
    for begin, end in _filler_runs(strip)[:MOST_RUNS]:
        before = strip.places[begin - 1] if begin else 2 * strip.places[0] - strip.places[min(1, len(strip) - 1)]
        after = (
            strip.places[end] if end < len(strip) else strip.places[-1] + (strip.places[-1] - before) / (end - begin)
        )
        count = end - begin + missing
        spread = before + (after - before) * np.arange(1, count + 1, dtype=np.float32) / (count + 1)
        fillers = np.repeat(strip.shares[begin : begin + 1], count, axis=0)
        yield Strip(
            np.concatenate([strip.places[:begin], spread, strip.places[end:]]).astype(np.float32),
            np.concatenate([strip.shares[:begin], fillers, strip.shares[end:]]),
        )


def _shorter(strip: Strip, extra: int) -> Iterator[Strip]:
    """Without fillers too many in a run, or without what was taken for symbols before and behind the line."""
    for begin, end in _filler_runs(strip)[:MOST_RUNS]:
        if end - begin > extra:
            keep = np.r_[0:begin, begin + extra : len(strip)]
            places = strip.places.copy()
            places[begin:end] = np.linspace(places[begin], places[end - 1], end - begin)
            spread = np.linspace(places[begin], places[end - 1], end - begin - extra)
            shorter = places[keep]
            shorter[begin : end - extra] = spread
            yield Strip(shorter, strip.shares[keep])
    for head in range(extra + 1) if extra <= MOST_STRAY else ():
        yield Strip(strip.places[head : len(strip) - extra + head], strip.shares[head : len(strip) - extra + head])


def _filler_runs(strip: Strip) -> list[tuple[int, int]]:
    """Where fillers stand, the longest runs first."""
    is_filler = np.concatenate([[False], strip.shares.argmax(axis=1) == FILLER, [False]])
    edges = np.flatnonzero(np.diff(is_filler.astype(np.int8)))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    return sorted(runs, key=lambda run: run[0] - run[1])


@dataclass(frozen=True, slots=True)
class Spelled:
    """A line as a layout permits it: of every column the certainty, and the symbol's share among all 37."""

    text: str
    certain: npt.NDArray[np.float32]
    shares: npt.NDArray[np.float32]


def spelled(strip: Strip, alphabets: Sequence[str]) -> Spelled:
    """The likeliest permitted symbol of every column; how certain each is: its share over that of the next two.

    A symbol that the recogniser all but excludes has no certainty, however it compares with other permitted ones.
    """
    permitted = np.where(np.stack([_mask(alphabet) for alphabet in alphabets]), strip.shares, 0)
    ordered = np.sort(permitted, axis=1)
    best, next_best = ordered[:, -1], ordered[:, -2]
    certain = np.where(best >= _FAINTEST_SHARE, best / np.maximum(best + next_best, 1e-9), 0).astype(np.float32)
    return Spelled("".join(SYMBOLS[column] for column in permitted.argmax(axis=1)), certain, best)


def with_code(
    line: Spelled, strip: Strip, alphabet: str, start: int, end: int, is_known: Callable[[str], bool]
) -> Spelled:
    """The line with one of the known codes between two columns, when one is nearly as likely as what was spelled.

    A code that nobody issues is a misreading more often than not; its certainty stays that of a choice between both.
    """
    if is_known(line.text[start:end]):
        return line
    permitted = np.where(_mask(alphabet), strip.shares[start:end], 0)
    likeliest = np.argsort(permitted, axis=1)[:, -_CODE_CHOICES:]
    choices = [
        (float(np.prod([row[column] for row, column in zip(permitted, which, strict=True)])), which)
        for which in product(*likeliest)
        if is_known("".join(SYMBOLS[column] for column in which))
    ]
    as_spelled = float(line.shares[start:end].prod())
    share, which = max(choices, key=lambda choice: choice[0], default=(0.0, ()))
    if share < as_spelled * _CODE_ODDS_LEAST:
        return line
    text = line.text[:start] + "".join(SYMBOLS[column] for column in which) + line.text[end:]
    certain = line.certain.copy()
    certain[start:end] = share / (share + as_spelled)
    return Spelled(text, certain, line.shares)


def together(strip: Strip, other: Strip) -> Strip:
    """Two readings of the same columns as one: the geometric mean of their shares."""
    mixed = np.sqrt(np.maximum(strip.shares, 1e-7) * np.maximum(other.shares, 1e-7))
    return Strip(strip.places, mixed.astype(np.float32))


@cache
def _mask(alphabet: str) -> npt.NDArray[np.bool_]:
    return np.array([symbol in alphabet for symbol in SYMBOLS])
