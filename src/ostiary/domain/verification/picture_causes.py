"""Whether the picture itself explains that its machine-readable lines cannot be found or read, in words with figures.

Intake refuses what nobody could read. Small print needs more than that, so these limits are stricter."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.documents.pictures import PictureFindings
from ostiary.domain.sentences import N_, joined, sentence
from ostiary.domain.verification.case import Case

SHARPNESS_LEAST = 0.30
"""Between what intake takes (0.24, over the whole picture) and the softest specimen as published (0.37)."""
BRIGHTNESS_LEAST = 0.40
"""Midway in ratio between what intake takes (0.25) and the darkest of those specimens (0.64)."""
GLARE_MOST = 0.10
"""Of the lines: four of 44 symbols. Fewer can be under a hologram's shine without harm to what is compared."""
SPOT_MOST = 0.015
"""Of a whole picture: the smallest reflection that hid the lines of a published specimen covers 0.016 of it."""
BLANK_MOST = 0.05
"""Of a whole picture in which there must be lines: more may be a reflection that cannot be told from white paper."""
WHITE_MOST = 0.70
"""Of a whole picture, margin and glare alike; the whitest of those specimens has 0.69."""
TEXT_HEIGHT_LEAST_PX = 10.0
"""Capitals lower than this have strokes of about one pixel, and 8 and B, 0 and D become the same."""


@dataclass(frozen=True, slots=True)
class _Cause:
    """One thing that can be wrong with a picture. `most`: the limit is an upper one; `form` and `limit_form` are how
    the measured value and the limit are written."""

    words: str
    limit: float
    form: str
    limit_form: str = ""
    most: bool = False

    def explained(self, value: float | None) -> str:
        if value is None or (value <= self.limit if self.most else value >= self.limit):
            return ""
        limit = format(self.limit, self.limit_form or self.form)
        return sentence(self.words, value=format(value, self.form), limit=limit)


_TOO_SMALL = _Cause(
    N_("too small: capitals are %(value)s px high, at least %(limit)s px are needed"), TEXT_HEIGHT_LEAST_PX, ".0f"
)
_BLURRED = _Cause(
    N_("blurred: edges reach %(value)s of full sharpness, at least %(limit)s is needed"), SHARPNESS_LEAST, ".2f"
)
_TOO_DARK = _Cause(
    N_("too dark: bright parts reach %(value)s of white, at least %(limit)s is needed"), BRIGHTNESS_LEAST, ".0%"
)
_GLARE = _Cause(
    N_("burnt out by glare: %(value)s of the lines is white, at most %(limit)s can be"), GLARE_MOST, ".0%", most=True
)
_SPOT = _Cause(
    N_("burnt out by glare: %(value)s of it is, at most %(limit)s can be"),
    SPOT_MOST,
    ".0%",
    limit_form=".1%",
    most=True,
)
_BLANK = _Cause(
    N_("%(value)s of it is white, and where that is glare, it hides what is printed"), BLANK_MOST, ".0%", most=True
)
_WHITE = _Cause(
    N_("mostly white: %(value)s of it shows no print, at most %(limit)s can be without"), WHITE_MOST, ".0%", most=True
)
_UNMEASURED = PictureFindings(None, 0, b"")


def picture_causes(case: Case) -> str:
    """`blurred: edges reach 0.21 of full sharpness, at least 0.30 is needed`; empty when the picture is good enough.

    What was measured at the lines comes before what intake measured of the whole side.
    """
    quality = case.reading.seen
    side = next((each.findings for each in case.document.sides if each.field == case.side), _UNMEASURED)
    causes = (
        _TOO_SMALL.explained(quality.text_height_px),
        _BLURRED.explained(side.sharpness if quality.sharpness is None else quality.sharpness),
        _TOO_DARK.explained(side.brightness),
        _SPOT.explained(quality.glare) or _WHITE.explained(side.overexposed)
        if case.reading.zone is None
        else _GLARE.explained(quality.glare),
    )
    explained = list(filter(None, causes))
    return joined(explained, "; ") if explained else ""


def possible_cause(case: Case) -> str:
    """What may be the cause where nothing is sure to be; empty when there is no sign of any."""
    return _BLANK.explained(case.reading.seen.white)
