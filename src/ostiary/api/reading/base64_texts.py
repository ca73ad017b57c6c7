"""Base64 as callers write it: with or without a data URI's prefix, with escapes and broken lines."""

from __future__ import annotations

import binascii

import msgspec
import pybase64

PREFIX_CHARACTERS = 256
"""`data:image/jpeg;base64,` is 23; parameters may come between."""


def from_base64(text: memoryview) -> bytes:
    """The bytes of a base64 text (RFC 4648 4), with or without a data URI's prefix (RFC 2397); empty when wrong."""
    head = bytes(text[:PREFIX_CHARACTERS])
    if head[:5].lower() == b"data:":
        comma = head.find(b",")
        if comma < 0 or not head[:comma].lower().endswith(b";base64"):
            return b""
        text = text[comma + 1 :]
    try:
        return pybase64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return _from_escaped(text)


def _from_escaped(text: memoryview) -> bytes:
    """Some JSON writers escape `/`, and some base64 writers break lines: legal, but rare enough to come second."""
    try:
        plain = bytes(text)
        if b"\\" in plain:
            plain = msgspec.json.decode(b'"' + plain + b'"', type=str).encode()
        return pybase64.b64decode(plain.translate(None, b" \t\r\n"), validate=True)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        return b""
