"""Sharpness, brightness and overexposure of one grey picture. Each is a share between 0 and 1.

All three are cheap on purpose, a millisecond together beside thirty for decoding: extremes of tiles, no filters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ostiary.adapters.pictures.intake_answer import Measures

Grey = npt.NDArray[np.uint8]

TILE_PX = 32
"""About the height of two lines of print at the judging scale, so that nearly every tile in a text holds an edge."""
_STRONGEST = 0.2
_FEWEST_TILES = 8
"""The fifth of the tiles with the most contrast is judged: print and portrait, not paper and table."""
_BLANK_BELOW = 0.5
"""Of the contrast that at least `_FEWEST_TILES` tiles have."""
_FAINTEST_CONTRAST = 16
"""Grey levels; below this tiles hold noise and compression, and a slope in them means nothing."""
_WHITE, _PRINT = 235, 200
"""Grey levels. A tile that reaches white and has nothing darker than faint print is burnt out, or blank."""
_BRIGHT_PERCENTILE = 90


def measure(grey: Grey) -> Measures:
    brightness = float(np.percentile(grey[::4, ::4], _BRIGHT_PERCENTILE)) / 255
    tile = min(TILE_PX, grey.shape[0] - 1, grey.shape[1] - 1)
    if tile < 1:
        return Measures(None, brightness, 0.0)
    rows, columns = ((side - 1) // tile * tile for side in grey.shape)
    here, right, below = grey[:rows, :columns], grey[:rows, 1 : columns + 1], grey[1 : rows + 1, :columns]
    brightest, darkest = _extremes(np.maximum, here, tile), _extremes(np.minimum, here, tile)
    contrast = brightest.astype(np.float32) - darkest
    strongest = _strongest(contrast)
    burnt = (brightest >= _WHITE) & (darkest >= _PRINT)
    sharpness = None
    if len(strongest):
        slopes = (_extremes(np.maximum, _difference(here, other), tile) for other in (right, below))
        sharpness = min(float(np.median(slope[strongest] / contrast[strongest])) for slope in slopes)
    return Measures(sharpness, brightness, overexposed=float(burnt.mean()))


def _difference(grey: Grey, other: Grey) -> Grey:
    return np.maximum(grey, other) - np.minimum(grey, other)


def _extremes(extreme: Any, values: Grey, tile: int) -> Grey:
    """The extreme of every tile, in one row. First down, then across: so that memory is read in order."""
    rows, columns = values.shape
    down: Grey = extreme.reduce(values.reshape(rows // tile, tile, columns), axis=1)
    across: Grey = extreme.reduce(down.reshape(rows // tile, columns // tile, tile), axis=2)
    return across.ravel()


def _strongest(contrast: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """Those tiles of the strongest that are not blank: of a card copied onto an empty sheet only the card."""
    count = min(len(contrast), max(_FEWEST_TILES, int(len(contrast) * _STRONGEST)))
    strongest = np.argpartition(contrast, -count)[-count:]
    typical = np.sort(contrast[strongest])[-min(count, _FEWEST_TILES)]
    return strongest[contrast[strongest] >= typical * _BLANK_BELOW] if typical >= _FAINTEST_CONTRAST else strongest[:0]
