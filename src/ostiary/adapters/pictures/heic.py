"""HEIC (ISO/IEC 23008-12), as telephones take it: size by its header, and decoding. Of several pictures the primary.

libheif turns the picture as its boxes ask for; an EXIF rotation beside them says the same once more and is not for
us. To be called in an isolated process only: the decoder is large, and reads what anybody sends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ostiary.adapters.pictures.colours import STRIP_PX, joined
from ostiary.adapters.pictures.outline import DamagedError, Outline

if TYPE_CHECKING:
    from PIL.Image import Image

_DECODED_BYTES_PER_PX = {"L": 3, "LA": 5, "La": 5, "RGB": 5, "RGBA": 7, "RGBa": 7}
_DEEPER_BYTES_PER_PX = 3
"""As measured, rounded up: brightness, colours at half the resolution and transparency as the decoder has them, and
what it makes of them; with more than eight bits it makes that twice."""
_THREADS = 0
"""No further ones: pictures are decoded side by side already, as many as there are cores."""
_BOXES = (b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip")
"""Those of a whole file at its top; what follows them was glued on and is not looked at."""
_MOST_BOXES = 64
"""At the top of one file; telephones write three to six."""


class HeicPicture:
    """One opened file. Nothing is decoded before `decode`."""

    def __init__(self, content: bytes) -> None:
        """Raises DamagedError, or whatever libheif's wrapper raises."""
        import pillow_heif

        _check_whole(content)
        options = pillow_heif.options
        options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
        options.DECODE_THREADS = _THREADS
        opened: Any = pillow_heif.HeifFile  # it names no types
        pictures = opened(content)
        if not len(pictures):
            raise DamagedError("no picture in it")
        self._picture: Any = pictures[pictures.primary_index]

    @property
    def outline(self) -> Outline:
        width, height = self._picture.size
        each_bytes = _DECODED_BYTES_PER_PX[self._picture.mode]
        if self._picture.info["bit_depth"] > 8:
            each_bytes += _DEEPER_BYTES_PER_PX
        return Outline(width, height, width * height * each_bytes)

    def decode(self, mode: str, shrink: int) -> Image:
        self._picture.load()
        return joined(self._strips(), self._picture.size, mode, shrink)

    def _strips(self) -> Iterator[Image]:
        from PIL import Image as Images

        picture = self._picture
        (width, height), stride, pixels = picture.size, picture.stride, memoryview(picture.data)
        for top in range(0, height, STRIP_PX):
            high = min(STRIP_PX, height - top)
            part = bytes(pixels[top * stride : (top + high) * stride])
            yield Images.frombuffer(picture.mode, (width, high), part, "raw", picture.mode, stride, 1)


def _check_whole(content: bytes) -> None:
    """Of tiles that are missing the decoder says nothing. ISO/IEC 14496-12, 4.2: length, name and contents of a box;
    a length of 1 stands for a longer one behind the name, 0 for all that is left."""
    at = 0
    for _ in range(_MOST_BOXES):
        if content[at + 4 : at + 8] not in _BOXES:
            return
        length = int.from_bytes(content[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        if length == 0:
            return
        if length < 8 or at + length > len(content):
            raise DamagedError("cut off")
        at += length
