"""The wire form of checked expressions, of which conditions are read node by node.

What the engine parsed is at hand as a serialized `cel.expr.CheckedExpr`; a dozen field numbers of
https://github.com/google/cel-spec/blob/master/proto/cel/expr/syntax.proto do not justify a protobuf library.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

Message = list[tuple[int, bytes]]
"""The length-delimited fields of a message, in their order: number and content."""

ANY_VALUE, CHECKED_EXPR, SOURCE_INFO = 2, 4, 5
CONST, IDENT, SELECT, CALL, LIST, STRUCT, COMPREHENSION = 3, 4, 5, 6, 7, 8, 9
STRING_VALUE, NAME, FUNCTION, ARGUMENTS, ELEMENTS, ENTRIES = 6, 1, 2, 3, 1, 2
ITER_VAR, ACCU_VAR, SECOND_VAR = 1, 3, 8
INT64_VALUE, PART_ID, POSITIONS, KEY, VALUE = 3, 2, 4, 1, 2
"""Of a constant, of a part of an expression, of the information on its source, and of an entry of a map in that."""
CHILDREN: Final = {SELECT: (1,), CALL: (1, 3), LIST: (1,), COMPREHENSION: (2, 4, 5, 6, 7)}
ENTRY_CHILDREN: Final = (3, 4)
"""Of an entry of a map: its key, if it is an expression, and its value."""
_LENGTH_DELIMITED, _VARINT, _FIXED64, _FIXED32 = 2, 0, 1, 5


def parts(message: Message, number: int) -> Iterator[bytes]:
    """The contents of every field of that number."""
    return (body for field, body in message if field == number)


def fields(message: bytes) -> Message:
    """The length-delimited fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/)."""
    return [(number, content) for number, content in _every_field(message) if isinstance(content, bytes)]


def number_of(message: bytes, number: int) -> int:
    """The whole number in a field, 0 where it is not there."""
    values = (value for field, value in _every_field(message) if field == number and isinstance(value, int))
    return next(values, 0)


def _every_field(message: bytes) -> Iterator[tuple[int, bytes | int | None]]:
    """Number and content of each field in turn; those of a fixed length, which nobody here reads, without theirs."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _LENGTH_DELIMITED:
            length, at = _varint(message, at)
            yield number, message[at : at + length]
            at += length
        elif kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
        else:
            at += {_FIXED64: 8, _FIXED32: 4}[kind]
            yield number, None


def written(message: Message) -> bytes:
    """The message that has these fields."""
    return b"".join(
        _varint_of(number << 3 | _LENGTH_DELIMITED) + _varint_of(len(body)) + body for number, body in message
    )


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value, at, shift = value | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            return value, at


def _varint_of(value: int) -> bytes:
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes((*encoded, value))
