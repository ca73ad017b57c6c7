"""Which names a list in Latin letters can be compared with at all.

An alphabet is put into Latin letters one by one. Scripts that leave vowels out (Arabic, Hebrew), that are read in
several languages (Chinese characters) or whose letters have conventional spellings of their own (Korean, Thai, the
scripts of India) are transliterated too, but a name that then resembles nobody is not thereby cleared.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import name as name_of

from ostiary.domain.names.visible import visible

MOST_WORDS, MOST_NAME_CHARACTERS = 24, 320
"""Of a name that is compared: more than a document's lines hold (20 words) and a client may give (three times 100)."""
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "GEORGIAN", "ARMENIAN", "MODIFIER LETTER", "FEMININE", "MASCULINE")


def is_comparable(name: str) -> bool:
    """Whether all of a name can be compared with names in Latin letters: it is in an alphabet, and not too long."""
    shown = visible(name)
    if len(shown) > MOST_NAME_CHARACTERS or len(shown.split()) > MOST_WORDS:
        return False
    return shown.isascii() or all(_is_of_an_alphabet(letter) for letter in shown if letter.isalpha())


@lru_cache(maxsize=4096)
def _is_of_an_alphabet(letter: str) -> bool:
    return name_of(letter, "").removeprefix("FULLWIDTH ").startswith(_ALPHABETS)
