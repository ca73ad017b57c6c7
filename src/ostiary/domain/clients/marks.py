"""Marks of a client's documents: keyed hashes by which others are compared with them, as they come under newer keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ostiary.domain.value import value_type


class MarkKind(StrEnum):
    """What a mark stands for."""

    NUMBER = "number"
    """A document's number that serves the client."""
    CONTESTED = "contested"
    """One that spoke against who the client said to be."""
    LIKENESS = "likeness"
    """A band of a picture's likeness."""


KEY_OF: Mapping[MarkKind, str] = {
    MarkKind.NUMBER: "number",
    MarkKind.CONTESTED: "number",
    MarkKind.LIKENESS: "likeness",
}
"""By which of the lookup keys each is made."""


@value_type
class OldMark:
    """A mark that is under another version of the lookup keys than the one that is written."""

    kind: MarkKind
    mark: bytes
    document_id: str


@value_type
class MoveMark:
    """It comes under the version that is written. `content` is what it stands for."""

    before: OldMark
    content: str | bytes = field(repr=False)
