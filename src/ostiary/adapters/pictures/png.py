"""PNG (W3C Portable Network Graphics, third edition): header, checked chunks, decoding.

Only the critical chunks and transparency go to the decoder, after their check sums were verified here: the decoder
itself does not verify those of the picture's data. What remains of an animation is its default picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from zlib import crc32, decompressobj

from ostiary.adapters.pictures.outline import MOST_PARTS, DamagedError, Outline

if TYPE_CHECKING:
    from PIL.Image import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = (b"IHDR", b"PLTE", b"tRNS")
_PALETTE = 3
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = (
    ((0, 0, 1, 1),),
    ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
"""Left, top and steps of the pixels in each pass: plain, and interlaced (Adam7)."""
_PIECE_BYTES = 1_000_000
_DECODED_BYTES_PER_PX = {0: 2, 2: 4, 3: 1, 4: 4, 6: 4}
"""By colour type: grey (16 bits at most), RGB, palette, grey with alpha, RGB with alpha, as the decoder keeps them."""


def outline(content: bytes) -> Outline:
    header = content[16:33]
    if content[8:16] != b"\x00\x00\x00\x0dIHDR" or len(header) < 17 or header[9] not in _DECODED_BYTES_PER_PX:
        raise DamagedError("no header")
    width, height = struct.unpack(">II", header[:8])
    return Outline(width, height, width * height * _DECODED_BYTES_PER_PX[header[9]])


def decode(content: bytes, _shrink: int) -> Image:
    """In full size and its own colours: the format knows no other way."""
    from PIL.PngImagePlugin import PngImageFile

    needed, data = [], []
    for name, start, stop in _chunks(content):
        if name in _NEEDED:
            needed.append(content[start - 8 : stop + 4])
        elif name == b"IDAT":
            data.append(memoryview(content)[start:stop])
    if content[25] == _PALETTE and not any(chunk[4:8] == b"PLTE" for chunk in needed):
        raise DamagedError("no palette")  # the decoder takes every colour for black
    compressed = b"".join(data)
    picture = PngImageFile(BytesIO(b"".join((_SIGNATURE, *needed, _chunk(b"IDAT", compressed), _chunk(b"IEND")))))
    picture.load()
    if _may_be_cut(picture) and _unpacked_bytes(compressed, most=_full_bytes(content)) < _full_bytes(content):
        raise DamagedError("too few rows")
    return picture


def _may_be_cut(picture: Image) -> bool:
    """Where the compressed data ends too early the decoder says nothing, and the rows after it stay zero."""
    last_row = picture.crop((0, picture.height - 1, picture.width, picture.height))
    return bool(picture.info.get("interlace")) or not any(last_row.tobytes())


def _unpacked_bytes(compressed: bytes, most: int) -> int:
    """How much it unpacks to, counted no further than `most`."""
    stream, rest, count = decompressobj(), compressed, 0
    while count < most and (unpacked := stream.decompress(rest, _PIECE_BYTES)):
        rest, count = stream.unconsumed_tail, count + len(unpacked)
    return count


def _full_bytes(content: bytes) -> int:
    """Every row of every pass is its pixels, packed, after one byte that names its filter."""
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content[16:29])
    bits_per_px = bits * _CHANNELS[colour]
    sizes = [(-(-(width - left) // dx), -(-(height - top) // dy)) for left, top, dx, dy in _PASSES[bool(interlaced)]]
    return sum(rows * (1 + -(-columns * bits_per_px // 8)) for columns, rows in sizes if columns > 0)


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and stop of the contents of every chunk before the end chunk, without which a file is cut."""
    position, view = len(_SIGNATURE), memoryview(content)
    for _ in range(MOST_PARTS):
        start = position + 8
        stop = start + int.from_bytes(content[position : position + 4], "big")
        if stop + 4 > len(content):
            break
        name = content[position + 4 : start]
        if crc32(view[position + 4 : stop]) != int.from_bytes(content[stop : stop + 4], "big"):
            raise DamagedError("a check sum differs")
        if name == b"IEND":
            return
        yield name, start, stop
        position = stop + 4
    raise DamagedError("no end chunk")


def _chunk(name: bytes, body: bytes = b"") -> bytes:
    return b"".join((struct.pack(">I", len(body)), name, body, struct.pack(">I", crc32(body, crc32(name)))))
