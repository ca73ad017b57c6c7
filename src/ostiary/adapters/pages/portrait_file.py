"""Finding the picture in DG2: which bytes are the portrait. Nothing is decoded here.

ICAO Doc 9303 part 10, 4.7.2: a template of one or more faces, each in the form of ISO/IEC 19794-5:2005 (tag 5F2E), or
from 2026 on of ISO/IEC 39794-5 (tag 7F2E). Of the first everything has its place; of the second only the picture
itself is looked for, by how it begins. Where two could be it, none is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ostiary.adapters.chip.tlv import Element, Malformed, element, elements

DG2 = 0x75
MOST_DEPTH = 12
"""Of elements within each other; a face in ISO/IEC 39794-5 has seven levels."""
MOST_ELEMENTS = 2_000
"""Looked at in a face; it describes itself in less than a hundred."""
JPEG, JPEG_2000, CODESTREAM = b"\xff\xd8\xff", b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"
_GROUP, _FACE, _RECORD, _ENCODED = 0x7F61, 0x7F60, 0x5F2E, 0x7F2E
_FORM, _VERSION = b"FAC\0", b"010\0"
_HEADER_BYTES, _FACIAL_BYTES, _POINT_BYTES, _IMAGE_BYTES = 14, 20, 8, 12
_MEMBERS = 0x20


def portrait_of(content: bytes) -> bytes:
    """The JPEG or JPEG 2000 of the one face. Raises Malformed for none, for several, and for another form."""
    group = element(element(content, DG2).value, _GROUP)
    faces = [each for each in elements(group.value) if each.tag == _FACE]
    if len(faces) != 1:
        raise Malformed(f"{len(faces)} faces, where one is wanted")
    parts = [each for each in elements(faces[0].value) if each.tag in (_RECORD, _ENCODED)]
    if len(parts) != 1:
        raise Malformed("a face in no known form")
    picture = _from_record(parts[0].value) if parts[0].tag == _RECORD else _from_elements(parts[0])
    if not picture.startswith((JPEG, JPEG_2000, CODESTREAM)):
        raise Malformed("a portrait that is neither JPEG nor JPEG 2000")
    return picture


def _from_record(record: bytes) -> bytes:
    """ISO/IEC 19794-5:2005, 5: a header, then for one face what is known of it, points of it, the picture's facts."""
    if record[:4] != _FORM or record[4:8] != _VERSION:
        raise Malformed("a face in another version than ISO/IEC 19794-5:2005")
    total, count = int.from_bytes(record[8:12], "big"), int.from_bytes(record[12:14], "big")
    if count != 1 or total != len(record):
        raise Malformed("a face whose lengths do not agree, or several")
    size = int.from_bytes(record[_HEADER_BYTES : _HEADER_BYTES + 4], "big")
    points = int.from_bytes(record[_HEADER_BYTES + 4 : _HEADER_BYTES + 6], "big")
    begin = _HEADER_BYTES + _FACIAL_BYTES + points * _POINT_BYTES + _IMAGE_BYTES
    end = _HEADER_BYTES + size
    if not begin < end <= len(record):
        raise Malformed("a face whose lengths do not agree")
    return record[begin:end]


def _from_elements(face: Element) -> bytes:
    """The one value within that begins as a picture does."""
    pictures = [each for each in _values(face) if each.startswith((JPEG, JPEG_2000, CODESTREAM))]
    if len(pictures) != 1:
        raise Malformed(f"{len(pictures)} pictures of a face, where one is wanted")
    return pictures[0]


def _values(face: Element) -> Iterator[bytes]:
    waiting, looked_at = [(face, 0)], 0
    while waiting:
        each, depth = waiting.pop()
        looked_at += 1
        if looked_at > MOST_ELEMENTS or depth > MOST_DEPTH:
            raise Malformed("a face of too many parts")
        if _has_members(each.tag):
            waiting += [(member, depth + 1) for member in islice(elements(each.value), MOST_ELEMENTS + 1)]
        else:
            yield each.value


def _has_members(tag: int) -> bool:
    first = tag >> 8 if tag > 0xFF else tag
    return bool(first & _MEMBERS)
