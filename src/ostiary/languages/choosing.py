"""Which language a reader gets: of those offered, the best that a browser asks for (RFC 9110 section 12.5.4)."""

from __future__ import annotations

import re

OFFERED = {"en": "English", "es": "Español", "pt": "Português"}
"""By their tags (RFC 5646), as each calls itself. The first is what the code is written in."""
ENGLISH = "en"
MOST_RANGES = 32
"""Of a header that are looked at: browsers send a handful, and each costs a look."""
_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


def is_offered(tag: str) -> bool:
    """Whether a text, from wherever, is the tag of a language that there is."""
    return tag in OFFERED


def wanted_language(header: str) -> str:
    """The tag of the language for a header `Accept-Language`; English where it asks for none that is offered.

    A range of a place finds the language as such, `pt-BR` Portuguese (RFC 4647 section 3.4). What is no range is as if
    it were not there.
    """
    ranges = _ranges(header)
    refused = {tag for tag, quality in ranges if quality == 0}
    for tag, quality in sorted(ranges, key=lambda pair: -pair[1]):
        if quality == 0:
            continue
        for offered in OFFERED if tag == "*" else (tag.partition("-")[0],):
            if is_offered(offered) and (offered not in refused):
                return offered
    return ENGLISH


def _ranges(header: str) -> list[tuple[str, float]]:
    """Each range in small letters, with its quality; in the order of the header."""
    ranges = list[tuple[str, float]]()
    for part in header.split(",", MOST_RANGES)[:MOST_RANGES]:
        if match := _RANGE.fullmatch(part):
            ranges.append((match[1].lower(), float(match[2] or 1)))
    return ranges
