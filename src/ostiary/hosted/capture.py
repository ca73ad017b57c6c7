"""What the upload screen's scripts are told: the limits of pictures at intake, and the document's proportions."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.documents.pictures import BRIGHTNESS_LEAST, OVEREXPOSED_MOST, SHARPNESS_LEAST, PictureLimits
from ostiary.domain.mrz.zone import Format

SENT_LONGEST_PX = 2_048
"""Of a picture that the browser makes smaller before it sends it. A page that fills it has 40 px for each of a
passport's 44 characters, where 25 are read without doubt, and 3 for each module of a licence's barcode; and a camera's
4000 x 3000 is judged at intake at nearly the same scale, 1024 px across instead of 1000. Sending takes 10 s at
400 kbit/s instead of two minutes."""
_BOOKLET = frozenset({Format.TD3, Format.MRV_A, Format.MRV_B, Format.TD2, Format.FRENCH_ID})
_BOOKLET_PROPORTIONS = 125 / 88
"""Doc 9303 parts 4 and 6: a passport's page, and very nearly cards of the larger size."""
_CARD_PROPORTIONS = 85.6 / 53.98
"""ISO/IEC 7810 ID-1: cards and licences, and what else has two sides."""
_PAPER_PROPORTIONS = 210 / 297
"""ISO 216 A4, upright: what no machine reads is a letter or a bill."""


def proportions_of(kind: DocumentType) -> float:
    """Width over height of the frame that a document is held into."""
    if kind.machine_readable and kind.machine_readable <= _BOOKLET:
        return _BOOKLET_PROPORTIONS
    return _CARD_PROPORTIONS if kind.machine_readable or kind.require_back_image else _PAPER_PROPORTIONS


def capture_attributes(kind: DocumentType, side: str, limits: PictureLimits) -> Mapping[str, str]:
    """Attributes of the form for one side (`image_front`). The scripts know no limit but these."""
    return {
        "data-capture": "",
        "data-side": side,
        "data-proportions": f"{proportions_of(kind):.3f}",
        "data-sharpness-least": str(SHARPNESS_LEAST),
        "data-brightness-least": str(BRIGHTNESS_LEAST),
        "data-overexposed-most": str(OVEREXPOSED_MOST),
        "data-short-px": str(limits.min_short_side_px),
        "data-long-px": str(limits.min_long_side_px),
        "data-max-bytes": str(limits.max_bytes),
        "data-longest-px": str(SENT_LONGEST_PX),
    }
