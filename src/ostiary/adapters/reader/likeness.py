"""A perceptual hash: 63 bits that stay nearly the same when a picture is stored anew, made smaller or lighter.

The lowest frequencies of the grey picture (a cosine transform), each above or below their median. Re-encodings of one
picture differ by at most 4 bits, pictures of different documents by at least 10; a new photo of the same document can
differ by 28. So it is a hint, not a proof.
"""

from __future__ import annotations

import cv2
import numpy as np

from ostiary.adapters.reader.models import Colour

_SIDE_PX, _LOWEST = 32, 8


def likeness(picture: Colour) -> int:
    """The hash of a picture, rows x columns x 3."""
    small = cv2.resize(picture, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
    lowest = cv2.dct(grey)[:_LOWEST, :_LOWEST].flatten()[1:]  # the first is the mean, which light alone decides
    bits = lowest > np.median(lowest)
    return int("".join("1" if one else "0" for one in bits), 2)
