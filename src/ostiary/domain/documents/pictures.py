"""Judging one picture of a document by what was measured of it. How it is measured is the adapters' affair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.sentences import N_, sentence

SHARPNESS_LEAST = 0.24
"""Midway in ratio, 1.55 times from either side. Of 39 published specimens (250 to 3840 px) the softest has 0.37 as it
is; blurred (Gaussian, sigma 3 px at 1000 px width, JPEG quality 90) the sharpest has 0.15, at sigma 2 still 0.22,
smeared sideways over 9 px 0.15. `bench/calibrate_pictures.py` prints the table."""
BRIGHTNESS_LEAST = 0.25
"""Paper in the darkest of those specimens reaches 0.64, and 0.9 in well-lit ones; two stops less light than those is a
quarter of it, and noise then eats the print."""
OVEREXPOSED_MOST = 0.98
"""A card copied onto the middle of a white A4 sheet leaves 0.97 of it white without print, three lines of a letter the
same, and those specimens at most 0.69; beyond this hardly anything is left to read. A document burnt out in part only,
with print around it, is not told from white paper by this."""

DOCUMENT_TYPES = ("application/pdf", "image/heic")
"""What is taken besides, where the libraries that open it are installed."""
_NAMES = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "application/pdf": "PDF", "image/heic": "HEIC",
    "image/avif": "AVIF", "image/gif": "GIF", "image/tiff": "TIFF", "image/bmp": "BMP", "image/svg+xml": "SVG",
    "application/zip": "ZIP and Office",
    "text/html": "HTML",
}  # fmt: skip
_HOW_TO_SEND = {
    "application/pdf": N_("Send a picture of each page as %(kinds)s, not a PDF."),
    "image/heic": N_(
        "Send the picture as %(kinds)s; an iPhone takes JPEG with Settings, Camera, Formats, Most Compatible."
    ),
}
_NOT_OPENED = {
    "application/pdf": N_(
        "The PDF could not be opened: it is damaged, cut off, without a page, or asks for a password."
    ),
}


@dataclass(frozen=True, slots=True)
class PictureFindings:
    """What was measured of one picture. Lengths in pixels, sizes in bytes; None: could not be measured.

    `media_type` is the real type by content (`image/jpeg`), or None when it is nothing we know. Width and height are
    as stored, before any rotation that the file asks for; those of a PDF are its first page's as rendered.
    `sharpness`, `brightness` and `overexposed` are shares, 0 to 1, measured in grey at the scale that
    `adapters/pictures/probe.py` describes; `adapters/pictures/measures.py` defines them.
    """

    media_type: str | None
    size_bytes: int
    sha256: bytes
    width_px: int | None = None
    height_px: int | None = None
    readable: bool = False  # the whole picture could be decoded
    sharpness: float | None = None
    brightness: float | None = None
    overexposed: float | None = None
    too_costly: bool = False  # stored in a way that would take too much memory or time to decode


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may be. Sides count whichever way the picture is turned."""

    max_bytes: int = 12_000_000
    # A camera's best JPEG of 12 megapixels has 4 to 6 MB; twice that leaves room, and more would be held in memory.
    min_short_side_px: int = 250
    min_long_side_px: int = 400
    # 44 characters across a passport's 125 mm: at 400 px each is 8 px wide, the least that can be told apart.
    max_pixels: int = 64_000_000
    # The largest that telephones take by default is 50 megapixels; a decompression bomb starts above.
    media_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/bmp")
    # What every browser shows and the decoder opens without further libraries.

    def with_pages(self) -> PictureLimits:
        """The same, and scanned pages and a telephone's own format are taken too."""
        return replace(self, media_types=(*self.media_types, *DOCUMENT_TYPES))


def judge_picture(key: str, field: str, findings: PictureFindings, limits: PictureLimits) -> tuple[Rejection, ...]:
    """Every problem of one side of a document. `key` is the document's type, `field` image_front or image_back."""
    if findings.media_type is None:
        reason = "" if findings.size_bytes else N_("The file is empty.")
        return (reject(Kind.DOCUMENT, key, Code.IMAGE_NOT_READABLE, field, reason=reason),)
    if findings.media_type not in limits.media_types:
        return (_not_supported(key, field, findings.media_type, limits),)
    problems = tuple(_size_problems(findings, limits)) or tuple(_quality_problems(findings, limits))
    return tuple(reject(Kind.DOCUMENT, key, code, field, reason=reason) for code, reason in problems)


def _not_supported(key: str, field: str, media_type: str, limits: PictureLimits) -> Rejection:
    *first, last = (_NAMES.get(media_type, media_type) for media_type in limits.media_types)
    kinds = sentence("%(first)s or %(last)s", first=", ".join(first), last=last) if first else last
    name = _NAMES.get(media_type, media_type)
    reason = sentence("%(name)s files are not supported, only %(kinds)s.", name=name, kinds=kinds)
    action = sentence(_HOW_TO_SEND.get(media_type, N_("Send the picture as %(kinds)s.")), kinds=kinds)
    return reject(Kind.DOCUMENT, key, Code.IMAGE_TYPE_NOT_SUPPORTED, field, reason=reason, action=action)


def _size_problems(findings: PictureFindings, limits: PictureLimits) -> Iterator[tuple[Code, str]]:
    """What keeps a picture from being decoded at all, so that nothing else can be said of it."""
    width, height = findings.width_px or 0, findings.height_px or 0
    if findings.size_bytes > limits.max_bytes:
        is_mb, most_mb = f"{findings.size_bytes / 1e6:.1f}", f"{limits.max_bytes / 1e6:g}"
        yield (
            Code.IMAGE_TOO_LARGE,
            sentence("The file has %(size)s MB; at most %(most)s MB are taken.", size=is_mb, most=most_mb),
        )
    if width * height > limits.max_pixels:
        yield (
            Code.IMAGE_TOO_LARGE,
            sentence(
                "The picture is %(size)s pixels; at most %(most)s million pixels are taken.",
                size=f"{width} x {height}",
                most=f"{limits.max_pixels / 1e6:g}",
            ),
        )
    elif findings.too_costly:
        name = _NAMES.get(findings.media_type or "", "file")
        if width and height:
            pattern = N_("A %(name)s of %(size)s pixels stored this way is too large to be opened.")
        else:
            pattern = N_("A %(name)s stored this way is too large to be opened.")
        yield Code.IMAGE_TOO_LARGE, sentence(pattern, name=name, size=f"{width} x {height}")


def _quality_problems(findings: PictureFindings, limits: PictureLimits) -> Iterator[tuple[Code, str]]:
    if not findings.readable:
        yield Code.IMAGE_NOT_READABLE, _NOT_OPENED.get(findings.media_type or "", "")
        return
    small, badly_lit = tuple(_too_small(findings, limits)), tuple(_badly_lit(findings))
    yield from small
    yield from badly_lit
    if not small:  # too few pixels cost sharpness too; naming blur would send people after the wrong cause
        yield from _blurred(findings, {code for code, _ in badly_lit})


def _too_small(findings: PictureFindings, limits: PictureLimits) -> Iterator[tuple[Code, str]]:
    width, height = findings.width_px or 0, findings.height_px or 0
    if min(width, height) < limits.min_short_side_px or max(width, height) < limits.min_long_side_px:
        least = f"{limits.min_long_side_px} x {limits.min_short_side_px}"
        size = f"{width} x {height}"
        yield (
            Code.IMAGE_TOO_SMALL,
            sentence("The picture is %(size)s pixels; at least %(least)s are needed.", size=size, least=least),
        )


def _badly_lit(findings: PictureFindings) -> Iterator[tuple[Code, str]]:
    if _below(findings.brightness, BRIGHTNESS_LEAST):
        yield (
            Code.IMAGE_TOO_DARK,
            sentence(
                "The picture is too dark: its bright parts reach %(reached)s %% of white; "
                "at least %(least)s %% is needed.",
                reached=f"{(findings.brightness or 0) * 100:.0f}",
                least=f"{BRIGHTNESS_LEAST * 100:.0f}",
            ),
        )
    if findings.overexposed is not None and findings.overexposed > OVEREXPOSED_MOST:
        lost = f"{findings.overexposed * 100:.0f}"
        yield (
            Code.IMAGE_OVEREXPOSED,
            sentence("The picture is overexposed: %(lost)s %% of it is white without print.", lost=lost),
        )


def _blurred(findings: PictureFindings, badly_lit: set[Code]) -> Iterator[tuple[Code, str]]:
    """In the dark, noise stands where edges would be; in a burnt-out picture only what is left can be blurred."""
    if findings.sharpness is None and not badly_lit:
        yield Code.IMAGE_BLURRED, N_("The picture shows nothing that has edges.")
    elif _below(findings.sharpness, SHARPNESS_LEAST) and Code.IMAGE_TOO_DARK not in badly_lit:
        yield (
            Code.IMAGE_BLURRED,
            sentence(
                "The picture is blurred: its edges reach %(reached)s of full sharpness; at least %(least)s is needed.",
                reached=f"{findings.sharpness:.2f}",
                least=str(SHARPNESS_LEAST),
            ),
        )


def _below(measured: float | None, least: float) -> bool:
    return measured is not None and measured < least
