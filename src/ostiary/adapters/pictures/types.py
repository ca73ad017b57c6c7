"""The real type of a file by its first bytes, whatever its name or sender says.

More types are told apart than are taken, so that a refusal can name what was sent.
"""

from __future__ import annotations

_FIRST_BYTES = 1024
"""Readers of PDF, HTML and SVG look this far for their beginning."""
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"MM\x00*", "image/tiff"),
)
_BRANDS = (
    ("image/avif", (b"avif", b"avis")),  # before HEIC: both also call themselves mif1
    ("image/heic", (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")),
)
_BMP_HEADER_BYTES = (12, 40, 52, 56, 64, 108, 124)
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")


def media_type_of(content: bytes) -> str | None:
    """`image/jpeg` and the like, or None for what is nothing we know."""
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _boxed(content)
    if content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BMP_HEADER_BYTES:
        return "image/bmp"
    return _written(content[:_FIRST_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip().lower())


def _boxed(content: bytes) -> str | None:
    """ISO/IEC 14496-12: the first box names a brand and those it is compatible with; films have others."""
    end = min(int.from_bytes(content[:4], "big"), _FIRST_BYTES)
    brands = {content[at : at + 4] for at in (8, *range(16, end, 4))}
    return next((media_type for media_type, known_brands in _BRANDS if brands.intersection(known_brands)), None)


def _written(start: bytes) -> str | None:
    if start.startswith(b"%pdf-"):
        return "application/pdf"
    if start.startswith(_HTML):
        return "text/html"
    return "image/svg+xml" if start.startswith((b"<?xml", b"<svg", b"<!--")) and b"<svg" in start else None
