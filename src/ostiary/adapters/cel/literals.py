"""Which text literals a condition compares its variables with: `country == 'AR'` is a fault, not a silent never.

The engine checks types, not values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ostiary.adapters.cel.checked_expressions import (
    ANY_VALUE,
    ARGUMENTS,
    CALL,
    CHECKED_EXPR,
    CHILDREN,
    CONST,
    ELEMENTS,
    FUNCTION,
    IDENT,
    LIST,
    NAME,
    STRING_VALUE,
    fields,
    parts,
)
from ostiary.adapters.cel.compile import compile_expression
from ostiary.domain.catalogue.catalogue import DataType

_COMPARISONS: Final = {b"_==_", b"_!=_", b"@in"}


def compared(text: str, variables: Mapping[str, DataType]) -> Iterator[tuple[str, str]]:
    """Each variable with each text literal it is compared with (`==`, `!=`, `in`), in the order written."""
    serialized: bytes = compile_expression(text, variables).serialize()
    for value in parts(fields(serialized), ANY_VALUE):
        for expression in parts(fields(value), CHECKED_EXPR):
            yield from _walk(expression)


def _walk(expression: bytes) -> Iterator[tuple[str, str]]:
    for kind, body in fields(expression):
        if kind not in CHILDREN:
            continue
        node = fields(body)
        if kind == CALL and _COMPARISONS.intersection(parts(node, FUNCTION)):
            yield from _comparison(list(parts(node, ARGUMENTS)))
        for child in CHILDREN[kind]:
            for part in parts(node, child):
                yield from _walk(part)


def _comparison(sides: list[bytes]) -> Iterator[tuple[str, str]]:
    identifiers = [ident for side in sides for ident in parts(fields(side), IDENT)]
    for name in (name for ident in identifiers for name in parts(fields(ident), NAME)):
        for side in sides:
            yield from ((name.decode(), literal) for literal in _literals(side))


def _literals(side: bytes) -> Iterator[str]:
    for kind, body in fields(side):
        if kind == CONST:
            yield from (text.decode() for text in parts(fields(body), STRING_VALUE))
        elif kind == LIST:
            for element in parts(fields(body), ELEMENTS):
                yield from _literals(element)
