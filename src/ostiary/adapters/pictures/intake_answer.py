"""What is measured of a picture, and what goes between the service and a process that measures: a question and an
answer of fixed length."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from struct import Struct

from ostiary.adapters.pages.answer import PageVerdict

QUESTION = Struct("<BIII")
"""The picture's place in `MEDIA_TYPES`, its bytes, and its width and height in pixels as its header has them."""
ANSWER = Struct("<Bddd")
"""A `PageVerdict`; sharpness (no number: none), brightness and overexposure, as `measures` defines them."""
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/bmp")
READY = b"\x52"
MEASURE_CPU_S, START_CPU_S = 5, 30
"""Processor time of one picture, and of the start. The slowest that the bounds on headers let through takes 1.5 s, a
start 0.2 s."""
IDLE_CHILD_S = 90
"""Without a question the process ends by itself; who asks it takes another one sooner (`measuring_pool.IDLE_S`)."""
GIVE_UP_S = 180
"""On the wall, for one picture: for when it hangs and the service is gone that would have ended it."""
MEASURING_PROCESS_BYTES = 300_000_000
"""Private memory that the process may take: interpreter and libraries 60 MB, the costliest picture 210 MB more
(`MOST_DECODED_BYTES` and what it is judged by), its bytes twice."""


@dataclass(frozen=True, slots=True)
class Measures:
    """`sharpness`: how steep edges are: 1 is from dark to bright within one pixel, 0.4 / sigma after a Gaussian blur
    of sigma pixels. Per tile the steepest step between neighbouring pixels over the difference between its darkest
    and brightest, then the median of the strongest tiles, sideways and downwards; the lower of the two counts, so that
    a smear in one direction shows too. Independent of contrast and brightness. None: nothing that could have edges.

    `brightness`: the grey level that a tenth of the picture exceeds, over white: the paper, wherever it lies.

    `overexposed`: the share of tiles that are white with nothing printed on them.
    """

    sharpness: float | None
    brightness: float
    overexposed: float


@dataclass(frozen=True, slots=True)
class MeasuredPicture:
    """`measures`: None when the picture could not be opened; `too_costly`: for what that takes."""

    measures: Measures | None = None
    too_costly: bool = False


def packed(judged: MeasuredPicture) -> bytes:
    """The answer's bytes."""
    measures = judged.measures
    if measures is None:
        return ANSWER.pack(PageVerdict.TOO_COSTLY if judged.too_costly else PageVerdict.DAMAGED, nan, nan, nan)
    sharpness = nan if measures.sharpness is None else measures.sharpness
    return ANSWER.pack(PageVerdict.OPENED, sharpness, measures.brightness, measures.overexposed)


def judged_of(answer: bytes) -> MeasuredPicture:
    """What a process says that hostile bytes may have taken over is believed only where it adds up."""
    verdict, sharpness, brightness, overexposed = ANSWER.unpack(answer)
    if verdict != PageVerdict.OPENED:
        return MeasuredPicture(too_costly=verdict == PageVerdict.TOO_COSTLY)
    if not (0 <= brightness <= 1 and 0 <= overexposed <= 1 and (isnan(sharpness) or 0 <= sharpness <= 1)):
        return MeasuredPicture()
    return MeasuredPicture(Measures(None if isnan(sharpness) else sharpness, brightness, overexposed))
