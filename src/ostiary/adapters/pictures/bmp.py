"""BMP (Windows bitmaps): header and decoding. Scanners and screen shots write them; what is packed in runs is refused.

The picture's data lie open, so that whether the file is whole can be told from its header.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.pictures.outline import DamagedError, Outline

if TYPE_CHECKING:
    from PIL.Image import Image

_FILE_HEADER_BYTES, _OLDEST_HEADER_BYTES, _LEAST_HEADER_BYTES = 14, 12, 40
_BITS = (1, 4, 8, 16, 24, 32)
_PLAIN, _BY_MASKS, _BY_MASKS_WITH_ALPHA = 0, 3, 6
"""Kinds of compression (BITMAPINFOHEADER) that are none."""
_DECODED_BYTES_PER_PX = 4


def outline(content: bytes) -> Outline:
    width, height, bits, compression, start = _header(content)
    row_bytes = -(-width * bits // 32) * 4
    if start + row_bytes * height > len(content):
        raise DamagedError("cut off")
    if compression not in (_PLAIN, _BY_MASKS, _BY_MASKS_WITH_ALPHA):
        raise DamagedError("packed")
    return Outline(width, height, width * height * _DECODED_BYTES_PER_PX)


def _header(content: bytes) -> tuple[int, int, int, int, int]:
    """Width and height, bits of a pixel, compression, and where the pixels begin. Rows from the top have a negative
    height."""
    start, size = int.from_bytes(content[10:14], "little"), int.from_bytes(content[14:18], "little")
    head = content[_FILE_HEADER_BYTES : _FILE_HEADER_BYTES + max(size, _LEAST_HEADER_BYTES)]
    if len(head) < min(size, _LEAST_HEADER_BYTES) or start < _FILE_HEADER_BYTES + size:
        raise DamagedError("no header")
    if size == _OLDEST_HEADER_BYTES:
        width, height = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        bits, compression = int.from_bytes(head[10:12], "little"), _PLAIN
    else:
        width, height = (int.from_bytes(head[at : at + 4], "little", signed=True) for at in (4, 8))
        bits, compression = int.from_bytes(head[14:16], "little"), int.from_bytes(head[16:20], "little")
    if bits not in _BITS or width < 1:
        raise DamagedError("no picture in it")
    return width, abs(height), bits, compression, start


def decode(content: bytes, _shrink: int) -> Image:
    """In full size and its own colours: the format knows no other way."""
    from PIL.BmpImagePlugin import BmpImageFile

    picture = BmpImageFile(BytesIO(content))
    picture.load()
    return picture
