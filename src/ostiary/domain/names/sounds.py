"""What is left of a word when letters that transliterations choose freely are made one.

The pairs are of ICAO Doc 9303 part 3 (section 6), beside English, French, German, Polish and Latvian usage for Slavic
names, the assimilated article of Arabic, and pinyin beside English ears.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MOST_SOUNDS = 1 << 14
_SERVANT = re.compile(r"^(?:ABD)[AEIOU]{1,2}(?:L|([DNRSTZ])(?=\1))")
"""Abd al-Rahman is Abdurrahman, Abdelrahman, Abdoul Rahman."""
_ARTICLES = {"EL": "AL", "UL": "AL"}
"""El-Sisi, ul-Haq: the article as it is heard."""
_STARTS = (("YE", "E"), ("JE", "E"), ("IE", "E"), ("X", "S"))
"""Yevgeny, Evgeni; Xi, Shi."""
_GROUPS = (
    ("SCHTSCH", "SC"), ("SHTSH", "SC"), ("CHTCH", "SC"), ("SHCH", "SC"), ("SZCZ", "SC"), ("TSCH", "C"), ("DSCH", "J"),
    ("DZH", "J"), ("SCH", "S"), ("TCH", "C"), ("CZ", "C"), ("SZ", "S"), ("RZ", "J"), ("SH", "S"), ("KH", "K"),
    ("GH", "G"), ("PH", "F"), ("TH", "T"), ("DH", "D"), ("ZH", "J"), ("DJ", "J"), ("TZ", "S"), ("TS", "S"),
    ("CK", "K"), ("CH", "C"), ("QU", "K"), ("OU", "U"),
)  # fmt: skip
_LONG_VOWELS, _LONG_VOWELS_LEAST = (("OO", "U"), ("EE", "I")), 4
"""Saleem, Moon. Lee is left: it is as near to Li as it looks."""
_LETTERS = str.maketrans({"Q": "K", "W": "V", "F": "V", "O": "U", "Y": "I", "J": "I", "Z": "S", "X": "KS", "C": "K"})
_REPEATED = re.compile(r"(.)\1+")
_LATVIAN = re.compile(r"(?<=[VI])S$")
"""Lavrovs, Sergejs: the ending of men's names."""
_LATVIAN_LEAST = 6


@lru_cache(maxsize=_MOST_SOUNDS)
def sound_of(word: str) -> str:
    """A word of A to Z as it sounds."""
    word = _ARTICLES.get(word) or _SERVANT.sub("ABDUL", word)
    for written, sound in _STARTS:
        if word.startswith(written) and len(word) > len(written):
            word = sound + word[len(written) :]
    for written, sound in _GROUPS:
        if written in word:
            word = word.replace(written, sound)
    if len(word) >= _LONG_VOWELS_LEAST:
        for written, vowel in _LONG_VOWELS:
            word = word.replace(written, vowel)
    sound = _REPEATED.sub(r"\1", word.translate(_LETTERS))
    if len(sound) >= _LATVIAN_LEAST:
        sound = _LATVIAN.sub("", sound)
    return sound[:-1] if len(sound) > 2 and sound.endswith("H") else sound


_LEFT_OUT = str.maketrans({**dict.fromkeys("AEIOUYWJ'", None), "P": "B", "F": "B", "V": "B"})
CONSONANTS_LEAST = 3
"""Fewer fit too many names."""
ENDINGS = ("", "B", "HB")
"""Of consonants: what may be a vowel at the end (Netanyahu: NTNYHV)."""


def is_without_vowels(word: str) -> bool:
    """Whether a word comes from a script that leaves vowels out (Arabic, Hebrew), as it is transliterated."""
    return len(word) >= CONSONANTS_LEAST and not set(word).intersection("AEIOU")


@lru_cache(maxsize=_MOST_SOUNDS)
def consonants_of(word: str) -> str:
    """What both ways to write a word share when one leaves vowels out: Mohammed and MHMD, Netanyahu and NTNYHV.

    Arabic has no P and Hebrew one letter for B and V; W and Y, and H at the end, may stand for vowels.
    """
    for written, sound in _GROUPS:
        word = word.replace(written, sound)
    return _REPEATED.sub(r"\1", word.translate(_LEFT_OUT).translate(_LETTERS)).removesuffix("H")
