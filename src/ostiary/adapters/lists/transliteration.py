"""Names of any script in Latin letters, with AnyAscii (why this one: docs/decisions/0022-names-in-latin-letters.md)."""

from __future__ import annotations

import re

from anyascii import anyascii

from ostiary.domain.names.readings import readings_of

MOST_LATIN_FORMS, MOST_ASKED_NAMES = 2, 16
"""Of one name, and in all: each is a question to a service."""
_SYLLABLES = re.compile("([\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff])")
"""Chinese characters and Korean syllables, which are words of their own once they are spelled."""
_ARABIC = ((re.compile(r"\bال(?=\w{2})"), "al "), (re.compile(r"\bبن\b"), "bin"), (re.compile(r"\bابن\b"), "ibn"))
"""The article apart from its name, and the vowels of what stands before a father's name."""
_HANGUL = re.compile("[\uac00-\ud7a3]")
_SOUNDS = (
    (r"\bG", "K"), (r"\bB", "P"), (r"\bD", "T"), (r"(?<!N)G\b", "K"), (r"B\b", "P"), ("EO", "O"), ("EU", "U"),
)  # fmt: skip
"""From the revised romanisation of Korean to that of McCune and Reischauer, which the North prints."""
_PRINTED = """
I=LEE YI=LEE NO=ROH IM=LIM BAG=PARK GIM=KIM CHOE=CHOI U=WOO JEONG=JUNG GANG=KANG JO=CHO YUN=YOON SIN=SHIN O=OH RYU=YOO
YU=YOO AN=AHN GU=KOO MUN=MOON SEO=SUH JEON=CHUN GO=KO BAEG=PAIK HEO=HUH GWON=KWON
"""
_SURNAMES = dict(pair.split("=") for pair in _PRINTED.split())
"""What passports of the South print for the commonest surnames, whatever the revised romanisation says."""


def in_latin(name: str) -> tuple[str, ...]:
    """A name in capitals A to Z, digits and signs; Korean ones also as passports have them."""
    for arabic, spelled in _ARABIC:
        name = arabic.sub(spelled, name)
    latin = anyascii(_SYLLABLES.sub(r" \1 ", name)).upper()
    if _HANGUL.search(name) is None:
        return (latin,)
    north = latin
    for written, sound in _SOUNDS:
        north = re.sub(written, sound, north)
    surname, _, given = latin.strip().partition(" ")
    return latin, f"{_SURNAMES.get(surname, surname)} {given}", north


def with_latin(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that a service is asked about: those given, and those in other letters in Latin ones too, which not
    every service reads."""
    latin = (
        " ".join(words).title()
        for name in names
        if not _is_latin(name)
        for words in readings_of(name, in_latin)[:MOST_LATIN_FORMS]
    )
    return tuple(dict.fromkeys((*names, *latin)))[:MOST_ASKED_NAMES]


def _is_latin(name: str) -> bool:
    return all(letter < "\u0370" or "\u1e00" <= letter <= "\u1eff" for letter in name if letter.isalpha())
