"""Portraits of chips, made here: DG2 in either form, with a picture that is nobody's."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from ostiary.adapters.chip.tlv import encoded

SIZE_PX = (120, 160)


def face(kind: str = "JPEG2000", size: tuple[int, int] = SIZE_PX, mode: str = "RGB", **how: object) -> bytes:
    """Grey, and its upper left quarter black."""
    picture = Image.new("RGB", size, (200, 200, 200))
    picture.paste((0, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    out = BytesIO()
    picture.convert(mode).save(out, kind, **how)
    return out.getvalue()


def record(picture: bytes, *, points: int = 0, version: bytes = b"010\0", count: int = 1, longer: int = 0) -> bytes:
    """A face in the form of ISO/IEC 19794-5:2005."""
    size = 20 + 8 * points + 12 + len(picture)
    facial = size.to_bytes(4, "big") + points.to_bytes(2, "big") + bytes(14)
    image = b"\1\1" + (120).to_bytes(2, "big") + (160).to_bytes(2, "big") + bytes(6)
    header = b"FAC\0" + version + (14 + size + longer).to_bytes(4, "big") + count.to_bytes(2, "big")
    return header + facial + bytes(8 * points) + image + picture


def block(*pictures: bytes) -> bytes:
    """What stands in ISO/IEC 39794-5's place: a version, then representations, each with its picture."""
    version = encoded(0xA0, encoded(0x80, b"\3") + encoded(0x81, b"\x07\xe3"))
    every = b"".join(
        encoded(0x30, encoded(0x80, b"\0") + encoded(0xA1, encoded(0xA0, encoded(0xA0, encoded(0x80, each)))))
        for each in pictures
    )
    return encoded(0x65, version + encoded(0xA1, every))


def group(*faces: bytes, tag: int = 0x5F2E) -> bytes:
    """DG2 of these faces."""
    header = encoded(0xA1, encoded(0x81, b"\2") + encoded(0x87, b"\1\1") + encoded(0x88, b"\0\x08"))
    each = b"".join(encoded(0x7F60, header + encoded(tag, content)) for content in faces)
    return encoded(0x75, encoded(0x7F61, encoded(0x02, bytes([len(faces)])) + each))
