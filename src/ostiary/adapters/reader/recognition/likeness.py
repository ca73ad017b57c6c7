"""A perceptual hash: 575 bits that stay nearly the same when a picture is stored anew, made smaller or lighter.

The lower frequencies of the grey picture (a cosine transform), each above or below their median. The lowest 63 of them
tell layouts apart, but not two passports of one country; these do, mostly by portrait and text. A new photo of the
same document differs in many, so it finds copies of a picture and not of a document: a hint, not a proof.
"""

from __future__ import annotations

import cv2
import numpy as np

from ostiary.adapters.reader.recognition.models import Colour

_SIDE_PX, _LOWEST = 64, 24


def likeness(picture: Colour) -> bytes:
    """The hash of a picture, rows x columns x 3: 72 bytes."""
    small = cv2.resize(picture, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
    lowest = cv2.dct(grey)[:_LOWEST, :_LOWEST].flatten()[1:]  # the first is the mean, which light alone decides
    return np.packbits(np.concatenate([[False], lowest > np.median(lowest)])).tobytes()
