"""Probing a picture: what it really is, how large, whether whole, and how well it was taken.

Everything is bounded before it is begun: the header is read first, and what would cost too much is not decoded.
A picture is judged in grey at the judging scale: the smallest of 1, 1/2, 1/4, 1/8 at which it still has
`JUDGED_PX_LEAST` pixels; smaller pictures as they are. PDF and HEIC are opened in a process of their own each, the
others wherever `measuring` says. What is expensive (hash, decoding) releases the interpreter's lock: call it in a
thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from ostiary.adapters.pages.answer import PAGE_PROCESS_BYTES
from ostiary.adapters.pages.open_page import first_page
from ostiary.adapters.pictures.decoding import DECODING_FAULTS, FORMATS, measured
from ostiary.adapters.pictures.intake_answer import MeasuredPicture, Measures
from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.documents.pictures import DOCUMENT_TYPES, PictureFindings, PictureLimits

JUDGED_BYTES = 10_000_000
"""Of what a picture is judged by, once it is decoded: up to four times the least judged pixels, in several copies."""
Measuring = Callable[[str, bytes, tuple[int, int]], MeasuredPicture]
"""Media type, content, and width and height by its header, to what was measured."""


def measured_here(media_type: str, content: bytes, size_px: tuple[int, int]) -> MeasuredPicture:
    """In this process: for files that are our own."""
    try:
        return MeasuredPicture(measured(media_type, content, *size_px))
    except DECODING_FAULTS:
        return MeasuredPicture()


def decoding_bytes(content: bytes | memoryview, limits: PictureLimits) -> int:
    """How much memory `probe` may take for these bytes at most, by their header. Never raises for what they hold."""
    content = bytes(content)
    media_type = media_type_of(content)
    if media_type not in limits.media_types or len(content) > limits.max_bytes:
        return 0
    if media_type in DOCUMENT_TYPES:
        return PAGE_PROCESS_BYTES
    try:
        outline = FORMATS[media_type][0](content)
    except DECODING_FAULTS:
        return 0
    too_large = outline.too_costly or outline.width_px * outline.height_px > limits.max_pixels
    return 0 if too_large else outline.decoded_bytes + JUDGED_BYTES


def probe(content: bytes | memoryview, limits: PictureLimits, measuring: Measuring = measured_here) -> PictureFindings:
    """What can be said of these bytes. Never raises for what they hold; decodes nothing that is over the limits.

    Raises Unavailable when a PDF or HEIC is to be opened and no process can be started, and what `measuring` raises.
    """
    content = bytes(content)  # no copy where they are bytes already
    findings = PictureFindings(media_type_of(content), len(content), sha256(content).digest())
    if findings.media_type not in limits.media_types:
        return findings
    if findings.media_type in DOCUMENT_TYPES:
        return _paged(findings, content, limits)
    media_type = findings.media_type
    if media_type is None or media_type not in FORMATS:
        return findings
    try:
        outline = FORMATS[media_type][0](content)
    except DECODING_FAULTS:
        return findings
    size_px = (outline.width_px, outline.height_px)
    findings = replace(findings, width_px=outline.width_px, height_px=outline.height_px, too_costly=outline.too_costly)
    if len(content) > limits.max_bytes or size_px[0] * size_px[1] > limits.max_pixels or outline.too_costly:
        return findings
    judged = measuring(media_type, content, size_px)
    if judged.measures is None:
        return replace(findings, too_costly=judged.too_costly)
    return _with(findings, judged.measures)


def _paged(findings: PictureFindings, content: bytes, limits: PictureLimits) -> PictureFindings:
    """A PDF or HEIC, opened in another process."""
    if len(content) > limits.max_bytes:
        return findings
    page = first_page(content, limits.max_pixels)
    findings = replace(findings, width_px=page.width_px, height_px=page.height_px, too_costly=page.too_costly)
    if not page.grey:
        return findings
    import numpy

    from ostiary.adapters.pictures.measures import measure

    grey = numpy.frombuffer(page.grey, numpy.uint8).reshape(page.grey_height_px, page.grey_width_px)
    return _with(findings, measure(grey))


def _with(findings: PictureFindings, measures: Measures) -> PictureFindings:
    return replace(
        findings,
        readable=True,
        sharpness=measures.sharpness,
        brightness=measures.brightness,
        overexposed=measures.overexposed,
    )
