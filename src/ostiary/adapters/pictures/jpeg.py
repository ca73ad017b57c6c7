"""JPEG: reading the header without decoding, and decoding in grey at a fraction of the size.

Only what decoding needs is handed to the decoder: comments, EXIF, colour profiles and previews, where the hostile and
the merely broken live, are left out. Markers are those of ITU-T T.81, table B.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from ostiary.adapters.pictures.outline import MOST_PARTS, DamagedError, Outline

if TYPE_CHECKING:
    from PIL.Image import Image

_BASELINE, _EXTENDED, _PROGRESSIVE, _END, _SCAN = 0xC0, 0xC1, 0xC2, 0xD9, 0xDA
_END_MARKER, _SCAN_MARKER = b"\xff\xd9", b"\xff\xda"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_NEEDED = frozenset({*_FRAMES, 0xC4, 0xDB, 0xDD, 0xEE})  # tables, restart interval, Adobe's note on colours
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
MOST_BLOCK_VISITS = 40_000_000
"""Scans times blocks of 8 x 8. Every scan of a progressive file walks all of the picture, however little it says, at
about 20 ns a block here; a 64-megapixel picture in the usual ten scans takes 15 million."""

_MIDDLE_GREY = 128
_STUFFING = b"".join(bytes((*range(255), 0xFF, 0xD0 + count % 8)) for count in range(16))
"""Coded data that means something in every code, with the marks that some files set at intervals. It starts with zero
because what was cut may end in the middle of a marker."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the parts of a file are. `frame` and `scan` are the contents of the SOF and the first SOS segment."""

    kind: int
    frame: bytes
    scan: bytes
    needed: tuple[tuple[int, int], ...]  # from, to: the segments that decoding needs
    scan_at: int

    @property
    def in_one_scan(self) -> bool:
        """Decoded row by row, as it comes. Otherwise all coefficients are kept until the last scan."""
        return self.kind != _PROGRESSIVE and self.scan[:1] == self.frame[5:6]


def outline(content: bytes) -> Outline:
    layout = _layout(content)
    frame = layout.frame
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    if layout.in_one_scan:
        return Outline(width, height, decoded_bytes=0)  # next to nothing: some rows and the small result
    blocks = _blocks(frame, width, height)
    scans = content.count(_SCAN_MARKER, layout.scan_at)
    return Outline(width, height, blocks * 64 * 2, too_slow=scans * blocks > MOST_BLOCK_VISITS)


def decode(content: bytes, shrink: int) -> Image:
    """At 1/shrink (1, 2, 4 or 8) of the size, which spares most of the inverse transform; grey unless it is CMYK."""
    layout = _layout(content)
    end = content.rfind(_END_MARKER, layout.scan_at)
    if end < 0:
        raise DamagedError("no end marker")
    needed = [b"\xff\xd8", *(content[start:stop] for start, stop in layout.needed)]
    data = memoryview(content)[layout.scan_at : end]
    picture = _decoded([*needed, data, _END_MARKER], shrink)
    if layout.in_one_scan and _may_be_filled_up(picture):
        other = _decoded([*needed, data, _STUFFING, _END_MARKER], shrink)
        if other.tobytes() != picture.tobytes():
            raise DamagedError("cut off, with an end marker glued on")
    return picture


def _decoded(parts: list[bytes | memoryview], shrink: int) -> Image:
    from PIL.JpegImagePlugin import JpegImageFile

    content = b"".join(parts)
    picture = JpegImageFile(BytesIO(content))
    picture.decodermaxblock = len(content)  # one call into the decoder, not one for every 64 kB
    picture.draft("L", (picture.width // shrink, picture.height // shrink))
    picture.load()
    return picture


def _may_be_filled_up(picture: Image) -> bool:
    """The decoder fills what is missing before an end marker with middle grey, and says nothing.

    A whole picture may end in that very grey too. Then more data tells them apart: after a whole picture it is
    skipped, in a cut one it becomes picture.
    """
    return picture.mode != "L" or picture.getpixel((picture.width - 1, picture.height - 1)) == _MIDDLE_GREY


def _layout(content: bytes) -> _Layout:
    segments: list[tuple[int, int]] = []
    position, kind, frame = 2, 0, b""
    for _ in range(MOST_PARTS):
        position = content.find(b"\xff", position)
        marker = content[position + 1 : position + 2]
        if position < 0 or not marker or marker[0] == _END:
            break
        code = marker[0]
        if code in (0x00, 0xFF) or code in _ALONE:
            position += 1 if code == 0xFF else 2
            continue
        stop = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        if code == _SCAN:
            return _Layout(
                kind=kind,
                frame=_checked(kind, frame),
                scan=content[position + 4 : stop],
                needed=tuple(segments),
                scan_at=position,
            )
        if code in _FRAMES:
            kind, frame = code, content[position + 4 : stop]
        if code in _NEEDED:
            segments.append((position, stop))
        position = max(stop, position + 4)
    raise DamagedError("no scan")


def _checked(kind: int, frame: bytes) -> bytes:
    """Arithmetic and lossless coding exist on paper only; no camera or program writes them."""
    if kind not in (_BASELINE, _EXTENDED, _PROGRESSIVE) or len(frame) < 9 or len(frame) != 6 + 3 * frame[5]:
        raise DamagedError("no frame that can be decoded")
    return frame


def _blocks(frame: bytes, width: int, height: int) -> int:
    """How many 8 x 8 blocks of coefficients the components have together, from their sampling factors."""
    factors = [(factor >> 4, factor & 15) for factor in frame[7::3]]
    widest, highest = max(h for h, _ in factors), max(v for _, v in factors)
    if not all(1 <= factor <= 4 for pair in factors for factor in pair):
        raise DamagedError("impossible sampling factors")
    units = -(-width // (8 * widest)) * -(-height // (8 * highest))
    return units * sum(h * v for h, v in factors)
