"""Whether a document in JSON names a member twice, without a second decoding of its megabytes.

Where each large value ends is known from the one that counts, which is the last: an earlier one is either the same, and
its name comes again, or differs from it.
"""

from __future__ import annotations

import re

import msgspec

from ostiary.domain.errors import InvalidRequest
from ostiary.web.json_body import repeated_member

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_SPACE = rb"[ \t\r\n]*+"
_NAME = re.compile(_SPACE + rb"(" + _TEXT + rb")" + _SPACE + rb":" + _SPACE)
_SMALL = re.compile(rb"null|" + _TEXT)
_AFTER = re.compile(_SPACE + rb"([,}])")


def demand_single_members(body: bytes | bytearray, value: msgspec.Struct) -> None:
    """Of a body that was decoded as `value`, whose large members are msgspec.Raw. Raises InvalidRequest."""
    _object_end(body, body.index(b"{"), value, "")


def _object_end(body: bytes | bytearray, at: int, value: msgspec.Struct, inside: str) -> int:
    """Where the object ends that begins there."""
    earlier = set[str]()
    at += 1
    while named := _NAME.match(body, at):
        name: str = msgspec.json.decode(named[1])
        path = inside + name
        at = -1 if name in earlier else _value_end(body, named.end(), getattr(value, name), path)
        after = _AFTER.match(body, at) if at >= 0 else None
        if after is None:
            raise InvalidRequest(faults=(repeated_member(path),))
        earlier.add(name)
        at = after.end()
        if after[1] == b"}":
            return at
    return body.index(b"}", at) + 1


def _value_end(body: bytes | bytearray, at: int, value: object, path: str) -> int:
    """Where a value ends; -1 where it is not the one that counts."""
    if isinstance(value, msgspec.Raw):
        last = memoryview(value)
        return at + len(last) if body.startswith(last, at) else -1
    if isinstance(value, msgspec.Struct):
        return _object_end(body, at, value, f"{path}.") if body.startswith(b"{", at) else -1
    small = _SMALL.match(body, at)
    return small.end() if small else -1
