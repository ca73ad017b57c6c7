"""Texts of a catalogue for people: in English, and in the languages that its author gave besides.

A catalogue without translations holds plain texts, so nothing that reads one has to know of languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NONE: Mapping[str, str] = MappingProxyType({})


class CatalogueText(str):
    """The English text, which remembers what it is in other languages, each by its tag (RFC 5646: `es`, `pt`)."""

    __slots__ = ("others",)

    others: Mapping[str, str]


def catalogue_text(english: str, others: Mapping[str, str]) -> str:
    """A text that knows its translations; a plain one where there are none."""
    if not others:
        return english
    text = CatalogueText(english)
    text.others = MappingProxyType(dict(others))
    return text


def others_of(text: str) -> Mapping[str, str]:
    """What a text is in other languages than English, by their tags."""
    return text.others if isinstance(text, CatalogueText) else _NONE


def in_language(text: str, tag: str) -> str:
    """A text in a language; in English where it has no such translation. Always a plain text."""
    return others_of(text).get(tag) or str(text)
