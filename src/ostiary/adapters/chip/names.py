"""Names of issuers and subjects, compared as people mean them.

States write one name in two ways: in other types of text, in other case, in reverse order (Malaysia's security
objects). So a name is a set of what it says, each folded; RFC 5280, 7.1, with its order left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TypeAlias

from ostiary.adapters.chip.tlv import SEQUENCE, SET, Element, Malformed, elements, identifier

FoldedName: TypeAlias = frozenset[tuple[str, str]]
NameParts: TypeAlias = tuple[tuple[str, str], ...]
COUNTRY, COMMON_NAME = "2.5.4.6", "2.5.4.3"
_SHORT = {
    COUNTRY: "C",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    COMMON_NAME: "CN",
    "2.5.4.5": "serialNumber",
    "2.5.4.8": "ST",
}
_LETTERS: Mapping[int, str] = {0x0C: "utf-8", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}
"""UTF8String, BMPString, UniversalString; all other types of text are read byte by byte, whatever they hold."""
_TEXT_MOST = 200
"""Characters of a name that is shown; the longest of real issuers have some 150."""
_PARTS_MOST = 32


def read_name(item: Element) -> NameParts:
    """What a name says, in its order: object identifiers with texts. Raises Malformed."""
    if item.tag != SEQUENCE:
        raise Malformed("a name is wanted")
    parts = list[tuple[str, str]]()
    for group in elements(item.value):
        if group.tag != SET:
            raise Malformed("a part of a name is wanted")
        for each in elements(group.value):
            kind, text = list(elements(each.value))[:2]
            parts.append((identifier(kind), text.value.decode(_LETTERS.get(text.tag, "latin-1"), "replace")))
    if len(parts) > _PARTS_MOST:
        raise Malformed(f"a name of {len(parts)} parts")
    return tuple(parts)


def folded(parts: NameParts) -> FoldedName:
    """A name to compare by."""
    return frozenset((kind, " ".join(unicodedata.normalize("NFKC", text).casefold().split())) for kind, text in parts)


def shown(parts: NameParts) -> str:
    """A name for people: `C=DE, O=bund, CN=csca-germany`."""
    text = ", ".join(f"{_SHORT.get(kind, kind)}={' '.join(value.split())}" for kind, value in parts)
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:_TEXT_MOST]


def common_name_of(parts: NameParts) -> str:
    """The common name as written, or nothing."""
    return next((text.strip() for kind, text in parts if kind == COMMON_NAME), "")


def country_of(parts: NameParts) -> str:
    """The country as written, or nothing."""
    return next((text.strip() for kind, text in parts if kind == COUNTRY), "")
