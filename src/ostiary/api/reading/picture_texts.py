"""Recognises what was sent where a picture in base64 belongs, and says so to whoever wrote the calling code.

The text itself is never repeated: a path or an address may name the client.
"""

from __future__ import annotations

import re

from ostiary.domain.documents.document import NOTHING_SENT

LOOKED_AT = 4_096
"""Characters from which it shows what a text is."""
SMALLEST_PICTURE_BYTES = 60
"""No file of a kind that is taken is smaller, so that fewer bytes were something else that can be read as base64."""
LONGEST_PATH = 1_024
_PRINTED = "What was sent is a value printed by a programming language, not base64."
_ADDRESS = re.compile(rb"\s*(?:[a-z][a-z0-9+.-]{1,9}://|blob:|//[a-z0-9-]+\.)", re.IGNORECASE)
_PATH = re.compile(
    rb"\s*(?:~?/|\.{1,2}[/\\]|[a-z]:[/\\]|\\\\)[\w .@/\\%+-]*|[\w .@/\\%+-]*\.[a-z]{3,4}\s*", re.IGNORECASE
)
_SEGMENTS = re.compile(rb"[\w.-]+(?:/[\w.-]+)+")
_HEX = re.compile(rb"(?:0x|\\\\x)?[0-9a-f\s:]{16,}", re.IGNORECASE)
_BASE32 = re.compile(rb"(?:77MP7|RFIE4RYN|KJEUMR|EVIEI)[A-Z2-7\s]{32,}=*\s*")
"""How JPEG, PNG, WEBP and PDF begin in it (RFC 4648 section 6), with none of the other letters of base64."""
_GZIP = b"\x1f\x8b\x08"
"""RFC 1952, 2.3.1."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]*={0,2}\s*")
_BASE64URL = re.compile(rb"[A-Za-z0-9_-]*={0,2}")
_AS_CODE = re.compile(rb"""\s*(?:b['"]|<Buffer|\[object|\[\d|undefined|null|None|NaN|true|false)""")
_NESTED = (b"data:", b"/9j/", b"iVBORw0KGgo", b"UklGR", b"JVBERi0", b"Qk")
"""How base64 of the kinds of files begins, and a data URI."""
_READ_AS_TEXT = (
    b"\xc3\xbf\xc3\x98\xc3\xbf", b"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", b"\xc2\x89PNG", b"\xef\xbf\xbdPNG",
)  # fmt: skip
"""How JPEG and PNG begin once their bytes were taken for Latin-1 or UTF-8 and written as UTF-8: what is no text there
becomes two bytes, or U+FFFD."""
_TEXT = re.compile(rb"[\t\r\n -~]+")
_MARKED_UP = (b"<", b"%PDF", b"GIF8")
"""Files that may begin with nothing but text, and have a name when they are refused."""


def slip_in(text: bytes, content: bytes) -> str | None:
    """Why the text is not a picture in base64, if that is a mistake of the calling code; None if it may be a picture,
    good or bad. `content` is the decoded text, empty if it is not base64."""
    if not content:
        return _of_wrong(text)
    head = text[:LOOKED_AT]
    if _HEX.fullmatch(head):
        return "What was sent is hexadecimal, not base64."
    if _BASE32.fullmatch(head):
        return "What was sent is base32, not base64."
    if content.startswith(_GZIP):
        return "What was sent is base64 of a file compressed with gzip: send the file itself."
    if content.startswith(_NESTED[:-1]):
        return "What was sent is base64 of base64: the picture was encoded twice."
    if content.startswith(_READ_AS_TEXT):
        return "What was sent is base64 of a picture that was read as text, which changed its bytes: read it as bytes."
    if len(content) < SMALLEST_PICTURE_BYTES and _AS_CODE.match(head):
        return _PRINTED
    if len(content) < SMALLEST_PICTURE_BYTES and _SEGMENTS.fullmatch(head):
        return "What was sent looks like the path of a file, not like its content in base64."
    if _TEXT.fullmatch(content[:LOOKED_AT]) and not content.lstrip().startswith(_MARKED_UP):
        return "What was sent is base64 of a text, not of a picture."
    return None


def slip_in_part(content: bytes) -> str | None:
    """The same for a part of a form, whose bytes are the file's own. None if it may be a picture."""
    if not content:
        return NOTHING_SENT
    if content.startswith(_GZIP):
        return "What was sent is compressed with gzip: send the file itself."
    if content.startswith(_READ_AS_TEXT):
        return "What was sent is a picture that was read as text, which changed its bytes: read it as bytes."
    head = content[:LOOKED_AT]
    if not _TEXT.fullmatch(head) or head.lstrip().startswith(_MARKED_UP):
        return None
    if head.lstrip().startswith(_NESTED):
        return "What was sent is base64: a part of a form takes the file's bytes as they are."
    if _ADDRESS.match(head):
        return "What was sent is the address of a file, not its content."
    if len(content) <= LONGEST_PATH and _PATH.fullmatch(head):
        return "What was sent is the path or name of a file, not its content."
    if _HEX.fullmatch(head):
        return "What was sent is hexadecimal: a part of a form takes the file's bytes as they are."
    return "What was sent is a text, not a picture."


def _of_wrong(text: bytes) -> str:
    head = text[:LOOKED_AT]
    if head[:5].lower() == b"data:":
        prefix, comma, rest = text.partition(b",")
        if rest[:5].lower() == b"data:":
            return "What was sent has the prefix data:...;base64, twice."
        if not comma or not prefix.lower().endswith(b";base64"):
            return "What was sent is a data URI, but not one in base64: data:image/jpeg;base64,... is needed."
        text, head = rest, rest[:LOOKED_AT]
    if not text.strip():
        return NOTHING_SENT
    if _ADDRESS.match(head):
        return "What was sent is the address of a file, not its content in base64."
    if _AS_CODE.match(head):
        return _PRINTED
    if len(text) <= LONGEST_PATH and _PATH.fullmatch(head):
        return "What was sent is the path or name of a file, not its content in base64."
    if _HEX.fullmatch(head):
        return "What was sent is hexadecimal, not base64."
    if _BASE32.fullmatch(head):
        return "What was sent is base32, not base64."
    return _of_other_alphabet(text)


def _of_other_alphabet(text: bytes) -> str:
    if _BASE64URL.fullmatch(text) and (b"-" in text or b"_" in text):
        return "What was sent is base64url (with - and _), not base64 (with + and /)."
    if b"%2" in text or b"%3" in text:
        return "What was sent is base64 with percent signs, as in an address: decode these first."
    if _BASE64.fullmatch(text):
        blanks = " Its + may have become blanks on the way." if b" " in text else ""
        return f"What was sent is base64 that is cut off, or without the = that fill it up.{blanks}"
    return "What was sent is not base64: it has characters that base64 does not have."
