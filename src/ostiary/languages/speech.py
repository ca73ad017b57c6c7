"""In which language an answer's texts for people are said. Codes, ids and keys are the same in every language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ostiary.languages.choosing import ENGLISH, OFFERED, wanted_language
from ostiary.languages.language import Languages

MOST_HEADERS_KEPT = 256
"""Different headers `Accept-Language` whose meaning is kept: partners' programs and browsers send a handful."""


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """`text` says a text of ours, as it was made or as it was stored; `name` a name or a description of the catalogue,
    which is looked up nowhere else. Both give a plain text: what `msgspec` writes."""

    tag: str
    text: Callable[[str], str] = str
    name: Callable[[str], str] = str


IN_ENGLISH = Speech(ENGLISH)
"""What texts are made in: nothing is looked up."""
_languages = Languages()
_SPOKEN = {
    tag: IN_ENGLISH if tag == ENGLISH else Speech(tag, _languages[tag].retold, _languages[tag].named) for tag in OFFERED
}


def speech_in(tag: str) -> Speech:
    """Raises KeyError for a language that is not offered."""
    return _SPOKEN[tag]


@lru_cache(MOST_HEADERS_KEPT)
def speech_for(accepted: bytes) -> Speech:
    """What a header `Accept-Language` asks for (RFC 9110 section 12.5.4); English where it asks for none that there
    is."""
    return _SPOKEN[wanted_language(accepted.decode("latin-1"))]
