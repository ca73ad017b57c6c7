"""What may not raise, whatever bytes it is given: one function for each way in, and seeds to begin from."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from ostiary.adapters.pictures import jpeg, png, webp
from ostiary.adapters.pictures.outline import DamagedError
from ostiary.adapters.pictures.probe import probe
from ostiary.adapters.pictures.types import media_type_of
from ostiary.api.reading.base64_texts import from_base64
from ostiary.api.reading.multipart import upload_of_json
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.errors import InvalidRequest
from ostiary.domain.mrz.aamva import MOST_BARCODE_CHARACTERS, parse_aamva
from ostiary.domain.mrz.issuers import iso_country, special
from ostiary.domain.mrz.layouts import LAYOUTS
from ostiary.domain.mrz.parsing import layouts_for, parse, parse_as
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.names.letters import MOST_SPELLINGS, spellings
from ostiary.specimens.zone_lines import Holder, card_lines, passport_lines
from tests.fuzz.trust_targets import TRUST_TARGETS

TODAY = date(2026, 7, 1)
HOLDER = Holder("AB1234567", "Barber", "Maria Julia", "ARG", date(1984, 11, 21), date(2030, 1, 1), "F")
LICENCE = "@\n\x1e\rANSI 636000100001DL00310288DLDAQT64235789\nDCSSAMPLE\nDACJO\nDBB06061986\nDBA12102029\nDCGUSA\r"
LIMITS = PictureLimits(max_bytes=100_000, max_pixels=1_000_000, media_types=("image/jpeg", "image/png", "image/webp"))
"""Small, and none that is opened in another process."""
OUTLINES = (
    (b"\xff\xd8\xff", jpeg.outline),
    (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", png.outline),
    (b"RIFF\0\0\0\0WEBP", webp.outline),
)
OUTLINE_REFUSALS = (DamagedError, LookupError, ValueError, struct.error)
"""Among those that a probe takes for a damaged file."""


class Target(NamedTuple):
    run: Callable[[bytes], None]
    seeds: Sequence[bytes]


def zones(data: bytes) -> None:
    """Machine-readable lines, one per line of text."""
    zone_of(tuple(data.decode("latin-1").split("\n")))


def zone_of(lines: tuple[str, ...], today: date = TODAY) -> Zone | None:
    """The zone, after everything that must hold of any lines was seen to hold."""
    zone = parse(lines, today)
    read = [parsed for parsed in (parse_as(layout, lines, today) for layout in LAYOUTS) if parsed is not None]
    assert read == ([] if zone is None else [zone])
    if zone is not None:
        assert zone.lines == lines
        assert [layout.format for layout in layouts_for(lines)] == [zone.format]
        assert parse(zone.lines, today) == zone
        assert set(zone.number + zone.surname + zone.given_names) <= {" ", *"".join(lines)}
        countries_of(zone)
    return zone


def countries_of(zone: Zone) -> None:
    for code in (zone.country, zone.nationality):
        country = iso_country(code)
        assert country is None or (len(country) == 3 and special(code) is None)


def barcodes(data: bytes) -> None:
    """The text of a barcode."""
    barcode_of(data.decode("utf-8", "surrogateescape"))


def barcode_of(text: str) -> Zone | None:
    """The zone of a barcode, after what must hold of any text was seen to hold."""
    zone = parse_aamva(text)
    if zone is not None:
        assert zone.number
        assert zone.surname
        assert (zone.number + zone.surname + zone.given_names).isprintable()
        assert sum(map(len, zone.lines)) <= MOST_BARCODE_CHARACTERS
        countries_of(zone)
    return zone


def names(data: bytes) -> None:
    """A name in any script."""
    spelled(data.decode("utf-8", "surrogateescape"))


def spelled(name: str) -> tuple[str, ...]:
    """The spellings, after what must hold of any name was seen to hold."""
    results = spellings(name)
    assert len(results) <= MOST_SPELLINGS
    assert len(set(results)) == len(results)
    for spelling in results:
        assert spelling == " ".join(spelling.split())
        assert spelling.replace(" ", "A").isascii()
        assert spelling.replace(" ", "A").isalpha()
        assert spelling.isupper()
    return results


def data_uris(data: bytes) -> None:
    """A picture as text in a JSON body: base64 with or without a data URI's prefix."""
    picture = from_base64(memoryview(data))
    assert len(picture) <= len(data)
    for body in (data, b'{"document": {"document_type": "passport", "image_front": "' + data + b'"}}'):
        with suppress(InvalidRequest):
            upload_of_json(body)


def pictures(data: bytes) -> None:
    """A file; the first byte chooses a signature to put before it, or none."""
    chosen = data[0] % (len(OUTLINES) + 1) if data else 0
    signature = OUTLINES[chosen][0] if chosen < len(OUTLINES) else b""
    content = signature + data[1:]
    media_type_of(content)
    for begins, outline in OUTLINES:
        if content.startswith(begins):
            with suppress(*OUTLINE_REFUSALS):
                assert outline(content).width_px > 0
    findings = probe(content, LIMITS)
    assert findings.size_bytes == len(content)


def _png_of_one_pixel() -> bytes:
    """From behind the name of its first chunk."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return header[8:] + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


TARGETS: Mapping[str, Target] = {
    "zones": Target(
        zones,
        [
            "\n".join(passport_lines(HOLDER)).encode(),
            "\n".join(card_lines(HOLDER)).encode(),
            b"IDFRAMARTIN<<<<<<<<<<<<<<<<<<<754029\n1503750123455JEANNE<<<<<<<<8507043F0",
        ],
    ),
    "barcodes": Target(barcodes, [LICENCE.encode(), LICENCE.replace("\n", "<LF>").encode()]),
    "names": Target(names, ["Müller-Łuñø".encode(), "Щербаков Їжак".encode(), "فضّة".encode()]),
    "data_uris": Target(data_uris, [b"data:image/png;base64,iVBORw0KGgo=", rb"\/9j\/", b"null", b'{"document": {}}']),
    "pictures": Target(
        pictures,
        [
            b"\1" + _png_of_one_pixel(),
            b"\0\xe0\0\x04\0\0\xff\xc0\0\x0b\x08\0\x08\0\x08\1\1\x11\0\xff\xda\0\x08\1\1\0\0\x3f\0\0\xff\xd9",
            b"\2VP8 \x0a\0\0\0\0\0\0\x9d\1\x2a\1\0\1\0",
            b"\3BM",
        ],
    ),
    **{name: Target(*target) for name, target in TRUST_TARGETS.items()},
}
