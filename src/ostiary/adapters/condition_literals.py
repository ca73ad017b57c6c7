"""Which text literals a condition compares its variables with: `country == 'AR'` is a fault, not a silent never.

The engine checks types, not values. What it parsed is at hand as a serialized `cel.expr.CheckedExpr`, whose wire form
is read here directly: a dozen field numbers of
https://github.com/google/cel-spec/blob/master/proto/cel/expr/syntax.proto do not justify a protobuf library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ostiary.adapters.conditions import compile_expression
from ostiary.domain.catalogue import DataType

_COMPARISONS: Final = {b"_==_", b"_!=_", b"@in"}
_ANY_VALUE, _CHECKED_EXPR = 2, 4
_CONST, _IDENT, _SELECT, _CALL, _LIST, _COMPREHENSION = 3, 4, 5, 6, 7, 9
_STRING_VALUE, _NAME, _FUNCTION, _ARGUMENTS, _ELEMENTS = 6, 1, 2, 3, 1
_CHILDREN: Final = {_SELECT: (1,), _CALL: (1, 3), _LIST: (1,), _COMPREHENSION: (2, 4, 5, 6, 7)}
_LENGTH_DELIMITED, _VARINT, _FIXED64, _FIXED32 = 2, 0, 1, 5
_Message = list[tuple[int, bytes]]


def compared(text: str, variables: Mapping[str, DataType]) -> Iterator[tuple[str, str]]:
    """Each variable with each text literal it is compared with (`==`, `!=`, `in`), in the order written."""
    serialized: bytes = compile_expression(text, variables).serialize()
    for value in _parts(_fields(serialized), _ANY_VALUE):
        for expression in _parts(_fields(value), _CHECKED_EXPR):
            yield from _walk(expression)


def _walk(expression: bytes) -> Iterator[tuple[str, str]]:
    for kind, body in _fields(expression):
        if kind not in _CHILDREN:
            continue
        node = _fields(body)
        if kind == _CALL and _COMPARISONS.intersection(_parts(node, _FUNCTION)):
            yield from _comparison(list(_parts(node, _ARGUMENTS)))
        for child in _CHILDREN[kind]:
            for part in _parts(node, child):
                yield from _walk(part)


def _comparison(sides: list[bytes]) -> Iterator[tuple[str, str]]:
    identifiers = [ident for side in sides for ident in _parts(_fields(side), _IDENT)]
    for name in (name for ident in identifiers for name in _parts(_fields(ident), _NAME)):
        for side in sides:
            yield from ((name.decode(), literal) for literal in _literals(side))


def _literals(side: bytes) -> Iterator[str]:
    for kind, body in _fields(side):
        if kind == _CONST:
            yield from (text.decode() for text in _parts(_fields(body), _STRING_VALUE))
        elif kind == _LIST:
            for element in _parts(_fields(body), _ELEMENTS):
                yield from _literals(element)


def _parts(message: _Message, number: int) -> Iterator[bytes]:
    return (body for found, body in message if found == number)


def _fields(message: bytes) -> _Message:
    """The length-delimited fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/)."""
    at, found = 0, []
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _LENGTH_DELIMITED:
            length, at = _varint(message, at)
            found.append((key >> 3, message[at : at + length]))
            at += length
        elif kind == _VARINT:
            _, at = _varint(message, at)
        else:
            at += {_FIXED64: 8, _FIXED32: 4}[kind]
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value, at, shift = value | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            return value, at
