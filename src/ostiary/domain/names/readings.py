"""The words of a name in every usual way to write it: what screening compares.

Whatever the document check takes for the same name (`name_match`) has a reading here in which it is the same:
fillers left out, punctuation and digits as nothing or as borders, letters set apart joined again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from unicodedata import combining, normalize

from ostiary.domain.names.letters import spellings
from ostiary.domain.names.pinyin import in_wade_giles
from ostiary.domain.names.scripts import MOST_NAME_CHARACTERS, MOST_WORDS
from ostiary.domain.names.visible import visible

Words = tuple[str, ...]
Transliterate = Callable[[str], tuple[str, ...]]
"""A name of any script in letters A to Z, one to three ways."""
MOST_SPELLINGS = 3
"""Beyond the third they are of rare usages."""
INITIALS_MOST_LETTERS = 3
"""JC and JFK are initials; four consonants are somebody's name."""
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
_NOTHING = {code: " " if chr(code) in " -,\t" else "" for code in range(128) if not chr(code).isalpha()}
_APOSTROPHES = str.maketrans({"'": "", "’": "", "`": "", "ʼ": "", "ʻ": "", "´": "", "′": ""})
_AS_LETTERS = str.maketrans("0134578@$", "OIEASTBAS")
"""Digits and signs that stand for letters in names written to be overlooked: Ig0r Sech1n."""
_PLAIN = re.compile("[A-Z -]*")
_SINGLE = re.compile(r"\b(\w) (?=\w\b)")
_NINE = str.maketrans("96", "GG")
_MARIA = re.compile(r"\bM(?:\.?ª|a\.)", re.IGNORECASE)
"""As Maria is shortened in Spain and the Philippines: Mª, M.ª, Ma. With neither sign it is the surname Ma."""


def unaccented(name: str) -> tuple[str, ...]:
    """A name without its accents; letters of other scripts stay."""
    return ("".join(letter for letter in normalize("NFKD", name) if not combining(letter)),)


def words_of(name: str, transliterate: Transliterate = unaccented) -> Words:
    """The words of a name in A to Z and digits, in the most usual spelling."""
    return next(iter(readings_of(name, transliterate)), ())


@lru_cache(maxsize=1 << 10)
def readings_of(name: str, transliterate: Transliterate = unaccented) -> tuple[Words, ...]:
    """The words of a name in every usual spelling: as ICAO Doc 9303 has them, without accents, transliterated, with
    letters that were set apart joined, digits read as letters, and Chinese syllables as Wade and Giles wrote them.

    Empty when there is no letter. Words beyond MOST_WORDS are left out; `is_comparable` says so.
    """
    readings = dict.fromkeys(words[:MOST_WORDS] for text in _texts(name, transliterate) for words in _parted(text))
    readings.pop((), None)
    return tuple(readings)


def _texts(name: str, transliterate: Transliterate) -> Iterator[str]:
    """Texts in capitals, borders still as typed."""
    name = visible(name)[:MOST_NAME_CHARACTERS].translate(_APOSTROPHES)
    in_full = _MARIA.sub("Maria ", name)
    if in_full != name:
        yield from _texts(in_full, transliterate)
    if name.isascii():
        yield name.upper()
        return
    latin = [word.upper() for word in transliterate(normalize("NFKC", name))]
    spelled = islice(spellings(name), MOST_SPELLINGS - 1)
    yield from dict.fromkeys((*spelled, *latin))


def _parted(text: str) -> Iterator[Words]:
    """A text as words: whatever is no letter or digit parts them, or is left out as on documents."""
    apart = _words(text.translate(_APART))
    yield apart
    if not _PLAIN.fullmatch(text):
        if not text.isalpha():
            yield _words(text.translate(_AS_LETTERS).translate(_NINE).translate(_APART))
        typed = _words(text.translate(_NOTHING))  # digits and dots vanish: V.l.a.d.i.m.i.r
        yield typed
        yield _rejoined(typed)
    if any(len(word) <= INITIALS_MOST_LETTERS for word in apart):
        yield _rejoined(apart)
        yield _initials_apart(apart)
    yield in_wade_giles(apart)


def _words(text: str) -> Words:
    plain = text if text.isascii() else "".join(character if character.isalnum() else " " for character in text)
    return tuple(plain.split())


def _rejoined(words: Words) -> Words:
    """Runs of single letters as the word that they are: V L A D I M I R PUTIN."""
    if sum(len(word) == 1 for word in words) < 2:
        return words
    return tuple(_SINGLE.sub(r"\1", " ".join(words)).split())


def _initials_apart(words: Words) -> Words:
    """JC JUNCKER is J C JUNCKER: short words without a vowel are initials."""
    return tuple(
        letter
        for word in words
        for letter in (word if 1 < len(word) <= INITIALS_MOST_LETTERS and _is_initials(word) else (word,))
    )


def _is_initials(word: str) -> bool:
    return word.isalpha() and not set(word).intersection("AEIOUYW") and word != "NG"
