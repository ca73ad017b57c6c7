"""PDF files that scanners, programs and attackers send, written object by object: name, bytes, the codes they must get.

Every bug found in opening PDF files adds a row.
"""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zlib
from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet
from PIL import Image

from tests.corpus.hostile import (
    DARK,
    JPEG,
    LARGE,
    PASSES,
    PICTURE,
    SIZE,
    SMALL,
    UNREADABLE,
    UNSUPPORTED,
    WHITE,
    Case,
    noise_bytes,
    saved,
    zipped,
)
from tests.corpus.pdf_objects import A4, DRAWN, PAGE, SCAN, filled_form, image, packed, page, stream, written, zeros

# ---- building blocks ------------------------------------------------------------------------------------------------


def letter(lines: int = 40) -> bytes:
    """Print as a program writes it, with one of the fonts that every viewer has."""
    words = random.Random(4)
    text = b"".join(
        b"(%b) '\n" % "".join(words.choice("ABCDEFGHIKLMNOPRSTUV 0123456789") for _ in range(60)).encode()
        for _ in range(lines)
    )
    fonts = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return page(b"BT /F 11 Tf 18 TL 50 800 Td\n" + text + b"ET", b"null", size=A4, resources=fonts)


def rc4(key: bytes, body: bytes) -> bytes:
    state, j, out = [*range(256)], 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in body:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(password: bytes) -> bytes:
    """ISO 32000-1, 7.6.3, revision 2: a page of print that opens with `password`, which may be empty."""
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    owner, mark, allowed = bytes(range(1, 33)), bytes(16), -44
    secret = (password + padding)[:32] + owner + struct.pack("<i", allowed) + mark
    key = hashlib.md5(secret, usedforsecurity=False).digest()[:5]
    own = hashlib.md5(key + struct.pack("<I", 4)[:3] + bytes(2), usedforsecurity=False).digest()[:10]
    plain = letter()
    start = plain.index(b"stream\n") + 7
    end = plain.index(b"\nendstream")
    entries = b"/Filter /Standard /V 1 /R 2 /P %d /O <%b> /U <%b>" % (
        allowed,
        owner.hex().encode(),
        rc4(key, padding).hex().encode(),
    )
    trailer = b"/Encrypt << %b >> /ID [<%b> <%b>] >>\nstartxref" % (entries, b"00" * 16, b"00" * 16)
    return plain[:start] + rc4(own, plain[start:end]) + plain[end:].replace(b">>\nstartxref", trailer)


def with_object_stream(inside: bytes = b"", first: int = 0) -> bytes:
    """PDF 1.5: page tree and page lie compressed in a stream, and the cross-reference table is one too."""
    tree, leaf = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", PAGE % (*SIZE, b"/XObject << /X 5 0 R >>", b"")
    head = b"2 0 3 %d " % (len(tree) + 1)
    body = inside or zlib.compress(head + tree + b" " + leaf)
    packed_objects = stream(body, b"/Type /ObjStm /N 2 /First %d /Filter /FlateDecode" % (first or len(head)))
    out, rows = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), [(0, 0, 255)]
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 4: stream(DRAWN), 5: SCAN, 6: packed_objects}
    for number in range(1, 8):
        rows.append((1, len(out), 0) if number in (*objects, 7) else (2, 6, number - 2))
        if number in objects:
            out += b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
    start = len(out)
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    out += b"7 0 obj\n" + packed(table, b"/Type /XRef /Size 8 /W [1 4 1] /Root 1 0 R") + b"\nendobj\n"
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def nested_pages(depth: int) -> bytes:
    """A page tree with one branch on every level."""
    levels = (
        b"<< /Type /Pages /Count 1 /Parent %d 0 R /Kids [%d 0 R] >>" % (n - 1, n + 1) for n in range(3, depth + 3)
    )
    leaf = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 900 636] >>" % (depth + 2)
    top = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return written((b"<< /Type /Catalog /Pages 2 0 R >>", top, *levels, leaf))


def laughs(levels: int, each: int) -> bytes:
    """Every drawing draws the next one several times."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 900 636] /Resources << /XObject << /X %d 0 R >> >>"
    forms = (stream(b"/X Do " * each, form % number) for number in range(6, 6 + levels))
    return page(DRAWN, *forms, stream(b"0 0 900 636 re f", form % 5))


def drawing_itself() -> bytes:
    return page(
        DRAWN,
        stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"),
    )


def tiled(step: float) -> bytes:
    """A page filled with one small drawing, over and over."""
    tile = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 900 636] /XStep %f /YStep %f"
    lines = b"".join(b"%d 0 m %d 636 l S " % (x, 900 - x) for x in range(900))
    how = b"/Pattern << /P 5 0 R >>"
    return page(b"/Pattern cs /P scn 0 0 900 636 re f", stream(lines, tile % (step, step)), resources=how)


def shaded() -> bytes:
    """Every pixel's colour is worked out by a program."""
    program = b"{ " + b"sin exch cos exch " * 9_000 + b"}"
    function = stream(program, b"/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1]")
    shading = (
        b"<< /ShadingType 1 /ColorSpace [/DeviceN [/A /B] /DeviceGray 6 0 R] /Domain [0 1 0 1] "
        b"/Matrix [900 0 0 636 0 0] /Function 6 0 R >>"
    )
    return page(b"/S sh", shading, function, resources=b"/Shading << /S 5 0 R >>")


def dashed() -> bytes:
    """Long curves of the finest dashes."""
    curve = b"0 0 m 9000 9000 -9000 9000 900 0 c S "
    return page(packed(b"[0.001] 0 d 0.1 w " + curve * 20_000))


def nested_groups(depth: int) -> bytes:
    """Every drawing lies half transparent in the next one, each with a picture of its own."""
    form = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 900 636] /Group << /S /Transparency /I true /K true >> "
        b"/Resources << /XObject << /X %d 0 R >> /ExtGState << /G << /ca 0.5 /BM /Multiply >> >> >>"
    )
    forms = (stream(b"/G gs /X Do", form % number) for number in range(6, 6 + depth))
    return page(b"/X Do", *forms, stream(b"0 0 900 636 re f", form % 5))


def nested_brackets(count: int) -> bytes:
    return written(
        (b"<< /Type /Catalog /Pages 2 0 R /A " + b"[" * count + b"]" * count + b" >>", b"<< /Type /Pages >>")
    )


def by_pillow(count: int) -> bytes:
    return saved(PICTURE, "PDF", save_all=True, append_images=[PICTURE] * (count - 1))


def looping_table() -> bytes:
    content = page()
    start = content.rindex(b"startxref\n") + 10
    return content.replace(b"/Root", b"/Prev %b /Root" % content[start:].split()[0])


def jpeg_2000(width: int, height: int) -> bytes:
    """What Pillow writes, with another size in its header (SIZ, ITU-T T.800 A.5.1): one tile as large as all."""
    out = io.BytesIO()
    Image.new("L", (64, 64), 99).save(out, "JPEG2000", no_jp2=True)
    content = bytearray(out.getvalue())
    at = content.index(b"\xff\x51") + 6
    for place, value in ((at, width), (at + 4, height), (at + 16, width), (at + 20, height)):
        struct.pack_into(">I", content, place, value)
    return bytes(content)


def drawn_image(body: bytes) -> bytes:
    return page(DRAWN, body)


def scripted(script: bytes) -> bytes:
    return page(
        catalogue=b"/OpenAction << /S /JavaScript /JS (%b) >> /AA << /WC << /S /JavaScript /JS (%b) >> >>"
        % (script, script)
    )


SCRIPTED_FIELD = b"/AP << /N 6 0 R >> /AA << /F << /S /JavaScript /JS (while (1) {}) >> /C 9 0 R >> /A 9 0 R"


def nested_fields(depth: int) -> bytes:
    """A form whose fields are each the only child of the one before."""
    fields = [b"<< /T (a) /Kids [%d 0 R] >>" % (number + 1) for number in range(6, 6 + depth)]
    return page(DRAWN, SCAN, *fields, b"<< /T (b) /FT /Tx /V (x) >>", catalogue=b"/AcroForm << /Fields [6 0 R] >>")


# ---- the table ------------------------------------------------------------------------------------------------------

GOOD = (
    Case("PDF: a scanned page", page, PASSES),
    Case("PDF: a letter", letter, PASSES),
    Case("PDF: as Pillow writes it", lambda: by_pillow(1), PASSES),
    Case("PDF: two pages", lambda: by_pillow(2), PASSES),
    Case("PDF: twelve pages", lambda: by_pillow(12), PASSES),
    Case("PDF: a million pages that are one", lambda: page(count=1_000_000), PASSES),
    Case("PDF: turned", lambda: page(entries=b"/Rotate 90"), PASSES),
    Case("PDF: objects in a compressed stream", with_object_stream, PASSES),
    Case("PDF: its table of objects says nonsense",
         lambda: page().replace(b"\n0000000", b"\n0000999"), PASSES),
    Case("PDF: saved again at its end", lambda: page() + page()[9:], PASSES),
    Case("PDF: opens with an empty password", lambda: encrypted(b""), PASSES),
    Case("PDF: a script that never ends", lambda: scripted(b"while (1) {}"), PASSES),
    Case("PDF: starts a program", lambda: page(catalogue=b"/OpenAction << /S /Launch /F (/bin/sh) >>"), PASSES),
    Case("PDF: opens an address",
         lambda: page(catalogue=b"/OpenAction << /S /URI /URI (http://192.0.2.1/) >>"), PASSES),
    Case("PDF: sends a form by itself",
         lambda: page(catalogue=b"/OpenAction << /S /SubmitForm /F (http://192.0.2.1/) >> /AcroForm << /Fields [] >>"),
         PASSES),
    Case("PDF: a form, filled", lambda: filled_form(page_of=DRAWN), PASSES),
    Case("PDF: a form whose field has no picture of its value", lambda: filled_form(b"", page_of=DRAWN), PASSES),
    Case("PDF: a field with a script that never ends", lambda: filled_form(SCRIPTED_FIELD, page_of=DRAWN), PASSES),
    Case("PDF: an XFA form", lambda: page(DRAWN, SCAN, stream(b"<xdp/>"), catalogue=b"/AcroForm << /XFA 6 0 R >>"),
         PASSES),
    Case("PDF: its picture lies in a file elsewhere",
         lambda: page(DRAWN, SCAN, image(9, 9, b"", b"/F (/etc/passwd) /FFilter /FlateDecode")), PASSES),
    Case("PDF: an attachment", lambda: page(DRAWN, SCAN, stream(b"echo", b"/Type /EmbeddedFile")), PASSES),
    Case("PDF: a page as large as a stadium", lambda: page(b"9999999 0 0 9999999 0 0 cm /X Do",
         size=(9_999_999, 9_999_999)), PASSES),
    Case("PDF: a page as large as a stamp", lambda: page(b"1 0 0 1 0 0 cm /X Do", size=(1, 1)), PASSES),
    Case("PDF: a script behind the picture's end", lambda: page(DRAWN, image(*SIZE, JPEG + zipped(),
         b"/Filter /DCTDecode")), PASSES),
)  # fmt: skip
BROKEN = (
    Case("PDF: its first line", lambda: b"%PDF-1.7\n", UNREADABLE),
    Case("PDF: noise", lambda: b"%PDF-1.7\n" + noise_bytes(50_000) + b"%%EOF", UNREADABLE),
    Case("PDF: cut in a third", lambda: page()[: len(page()) // 3], UNREADABLE),
    Case("PDF: cut near its end", lambda: page()[:-300], UNREADABLE),
    Case("PDF: its last line missing", lambda: page().removesuffix(b"%%EOF\n"), UNREADABLE),
    Case("PDF: no objects", lambda: b"%PDF-1.7\nstartxref\n0\n%%EOF", UNREADABLE),
    Case("PDF: no pages", lambda: page(count=0), UNREADABLE),
    Case("PDF: asks for a password", lambda: encrypted(b"secret"), UNREADABLE),
    Case("PDF: encrypted in a way nobody knows",
         lambda: page(trailer=b"/Encrypt << /Filter /Mine /V 99 >>"), UNREADABLE),
    Case("PDF: its page tree is its own branch",
         lambda: page(tree=b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"), UNREADABLE),
    Case("PDF: a page tree of ten thousand levels", lambda: nested_pages(10_000), UNREADABLE),
    Case("PDF: two billion pages that are not there",
         lambda: page(tree=b"<< /Type /Pages /Count 2147483647 /Kids [9 0 R] >>"), UNREADABLE),
    Case("PDF: a million brackets", lambda: nested_brackets(1_000_000), UNREADABLE),
    Case("PDF: a page without area", lambda: page(size=(0, 0)), PASSES),
    Case("PDF: its tables refer to each other in a circle", looping_table, PASSES),
)  # fmt: skip
TWO_IN_ONE = (
    Case("PDF and then a JPEG", lambda: page() + JPEG, UNREADABLE),
    Case("PDF and then a ZIP of 2 KB", lambda: page() + zipped() + bytes(2_048), UNREADABLE),
    Case("a web page with a PDF in it", lambda: b"<html><!--" + page() + b"--></html>", UNSUPPORTED),
    Case("a GIF with a ZIP of programs", lambda: saved(PICTURE, "GIF") + zipped(), UNSUPPORTED),
    Case("a GIF with a PDF in it", lambda: saved(PICTURE, "GIF") + page(), UNSUPPORTED),
    Case("a ZIP with a PDF in it", lambda: zipped() + page(), UNSUPPORTED),
    Case("a JPEG with a PDF in its comment",
         lambda: JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(letter()) + 2) + letter() + JPEG[2:], PASSES),
)  # fmt: skip
BOMBS = (
    Case("PDF: a picture of 900 megapixels",
         lambda: drawn_image(image(30_000, 30_000, zeros(900_000_000), b"/Filter /FlateDecode", colours=b"DeviceGray")),
         WHITE),
    Case("PDF: a picture of 400 megapixels",
         lambda: drawn_image(image(20_000, 20_000, zeros(400_000_000), b"/Filter /FlateDecode", colours=b"DeviceGray")),
         WHITE),
    Case("PDF: a picture of 48 megapixels",
         lambda: drawn_image(image(8_000, 6_000, zeros(144_000_000), b"/Filter /FlateDecode")), DARK),
    Case("PDF: a picture as large as the header can say",
         lambda: drawn_image(image(2**31 - 1, 2**31 - 1, JPEG, b"/Filter /DCTDecode")), WHITE),
    Case("PDF: contents that unpack to 1 GB",
         lambda: page(stream(zeros(1_000_000_000), b"/Filter /FlateDecode")), LARGE),
    Case("PDF: contents packed twice, 1000 GB",
         lambda: page(packed(zeros(1_000_000_000), b"/DecodeParms [null null]").replace(
             b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]")), LARGE),
    Case("PDF: an object stream that unpacks to 1 GB", lambda: with_object_stream(zeros(1_000_000_000)), LARGE),
    Case("PDF: drawings that draw each other ten billion times", lambda: laughs(10, 10), LARGE),
    Case("PDF: drawings that draw each other eight million times", lambda: laughs(3, 200), LARGE),
    Case("PDF: a drawing that draws itself", drawing_itself, WHITE),
    Case("PDF: a thousand transparent layers", lambda: nested_groups(1_000), WHITE),
    Case("PDF: thirty transparent layers", lambda: nested_groups(30), WHITE),
    Case("PDF: tiles one on the other", lambda: tiled(0.01), LARGE),
    Case("PDF: colours by a long program", shaded, LARGE),
    Case("PDF: the finest dashes", dashed, LARGE),
    Case("PDF: a JPEG 2000 of 3600 megapixels",
         lambda: drawn_image(image(60_000, 60_000, jpeg_2000(60_000, 60_000), b"/Filter /JPXDecode")), WHITE),
    Case("PDF: a JPEG 2000 of 50 megapixels",
         lambda: drawn_image(image(8_000, 6_000, jpeg_2000(8_000, 6_000), b"/Filter /JPXDecode")), WHITE),
    Case("PDF: a fax of 65,000 x 65,000",
         lambda: drawn_image(image(65_000, 65_000, bytes(9_000), b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 "
         b"/Columns 65000 /Rows 65000 >>", 1, b"DeviceGray")), WHITE),
    Case("PDF: ten thousand fields one below the other", lambda: nested_fields(10_000), PASSES),
    Case("PDF: a field that is its own parent",
         lambda: filled_form(b"/Parent 5 0 R /Kids [5 0 R]", page_of=DRAWN), PASSES),
    Case("PDF: a strip", lambda: page(size=(14_400, 1)), SMALL),
)  # fmt: skip

CASES = (*GOOD, *BROKEN, *TWO_IN_ONE, *BOMBS)
LONG = {"PDF: tiles one on the other", "PDF: colours by a long program"}
"""What takes all the processor time that a process has, as `the finest dashes` do: the limit that ends them is the
system's, and one file for it is enough at each change. These are opened before a release."""


def marked(cases: Iterable[Case]) -> list[ParameterSet]:
    """As parameters of a test."""
    release = pytest.mark.release
    return [pytest.param(case, id=case.name, marks=release if case.name in LONG else ()) for case in cases]
