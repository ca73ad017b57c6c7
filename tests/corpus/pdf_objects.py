"""PDF files put together object by object, as scanners, programs and attackers do."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from tests.corpus.hostile import (
    JPEG,
    SIZE,
)

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << %b >> %b >>"
DRAWN = b"q %d 0 0 %d 0 0 cm /X Do Q" % SIZE
A4 = (595, 842)

# ---- building blocks ------------------------------------------------------------------------------------------------


def stream(body: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >> stream\n%b\nendstream" % (len(body), entries, body)


def packed(body: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(body, 9), entries + b" /Filter /FlateDecode")


def zeros(count: int) -> bytes:
    """So many zero bytes, compressed (RFC 1950): one block of a million, again and again, then the check sum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    blocks, rest = divmod(count, 1_000_000)
    assert not rest
    return b"\x78\xda" + block * blocks + b"\x03\0" + struct.pack(">HH", count % 65_521, 1)


def image(width: int, height: int, body: bytes, how: bytes, bits: int = 8, colours: bytes = b"DeviceRGB") -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace /%b %b"
    return stream(body, entries % (width, height, bits, colours, how))


SCAN = image(*SIZE, JPEG, b"/Filter /DCTDecode")


def written(objects: Sequence[bytes], trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%%PDF-%b\n%%\xe2\xe3\xcf\xd3\n" % version), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def page(
    content: bytes = DRAWN,
    *others: bytes,
    size: tuple[float, float] = SIZE,
    resources: bytes = b"/XObject << /X 5 0 R >>",
    catalogue: bytes = b"",
    entries: bytes = b"",
    trailer: bytes = b"",
    count: int = 1,
    tree: bytes = b"",
) -> bytes:
    """A file with one page. Objects: 1 catalogue, 2 page tree, 3 page, 4 its contents, 5 and on: `others`."""
    return written(
        (
            b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalogue,
            tree or b"<< /Type /Pages /Count %d /Kids [%b] >>" % (count, b"3 0 R " * count),
            PAGE % (*size, resources, entries),
            content if content.startswith(b"<<") else stream(content),
            *(others or (SCAN,)),
        ),
        trailer,
    )


# ---- forms ----------------------------------------------------------------------------------------------------------

FIELD = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (holder) /V (MARIA BARBER) /F 4 /P 3 0 R %b >>"
FIELD_PLACE = b"/Rect [100 700 400 730] /DA (/Helv 18 Tf 0 g) "
DRAWN_FIELD = stream(
    b"/Tx BMC q BT /Helv 18 Tf 2 8 Td (MARIA BARBER) Tj ET Q EMC",
    b"/Type /XObject /Subtype /Form /BBox [0 0 300 30] /Resources << /Font << /Helv 7 0 R >> >>",
)
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def filled_form(entries: bytes = b"/AP << /N 6 0 R >>", form: bytes = b"", page_of: bytes = b"") -> bytes:
    """An empty A4 page with one filled text field (12.7); `entries` are the field's, `form` the form's own."""
    return page(
        page_of or b"0 0 m",
        FIELD % (FIELD_PLACE + entries),
        DRAWN_FIELD,
        HELVETICA,
        SCAN,
        size=A4,
        resources=b"/XObject << /X 8 0 R >>",
        entries=b"/Annots [5 0 R]",
        catalogue=b"/AcroForm << /Fields [5 0 R] /DR << /Font << /Helv 7 0 R >> >> %b >>" % form,
    )
