"""A form of several parts, as Sumsub's stand-in reads it."""

from __future__ import annotations


def form_parts(media_type: str, body: bytes) -> list[tuple[str, bytes]]:
    """The parts of a form with their heads, by the letter of RFC 2046 5.1.1."""
    assert media_type.startswith("multipart/form-data; boundary=")
    mark = b"\r\n--" + media_type.partition("boundary=")[2].encode()
    before, *parts, end = (b"\r\n" + body).split(mark)
    assert (before, end) == (b"", b"--\r\n")
    cut = [part.removeprefix(b"\r\n").partition(b"\r\n\r\n") for part in parts]
    return [(head.decode(), content) for head, _, content in cut]
