"""WEBP (RFC 9649): header and decoding. Of an animation the first frame is taken."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.pictures.outline import DamagedError, Outline

if TYPE_CHECKING:
    from PIL.Image import Image

_DECODED_BYTES_PER_PX = 16
"""Two canvases of the decoder, what it hands over and what becomes of it here, each of four channels."""


def outline(content: bytes) -> Outline:
    width, height = _size(content[12:16], content[20:30])
    return Outline(width, height, width * height * _DECODED_BYTES_PER_PX)


def _size(kind: bytes, head: bytes) -> tuple[int, int]:
    if len(head) < 10:
        raise DamagedError("no header")
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8L" and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    raise DamagedError("no picture in it")


def decode(content: bytes, _shrink: int) -> Image:
    """In full size and its own colours: the decoder offers no other way."""
    from PIL.WebPImagePlugin import WebPImageFile

    if 8 + int.from_bytes(content[4:8], "little") > len(content):
        raise DamagedError("cut off")
    picture = WebPImageFile(BytesIO(content))
    picture.load()
    return picture
