"""How a name may be printed in the letters A to Z of machine-readable lines: ICAO Doc 9303 part 3, sections 4.6 and 6.

Names in scripts without a table (Chinese, Hebrew, Thai, ...) have no spelling that could be told from the letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, product
from string import ascii_uppercase
from unicodedata import category, normalize

from ostiary.domain.names.letter_tables import RECOMMENDED, SHADDA, USAGES, Usage
from ostiary.domain.names.visible import visible

MOST_SPELLINGS = 32
"""Of one name: three letters with alternatives of their own in every usage of Cyrillic. Names have one or two."""
MOST_NAME_CHARACTERS = 200
"""Twice what a client may give, five times what a line can hold."""
_MOST_TRIES = MOST_SPELLINGS * len(USAGES)
"""Usages often agree about a name."""
_APOSTROPHES = frozenset("ʹʺʻʼʽʾʿˈ")
"""Those that Unicode has as letters."""
_COMMAS = frozenset(",،、")
_LETTERS = frozenset((*ascii_uppercase, *RECOMMENDED.letters, SHADDA))


def spellings(name: str) -> tuple[str, ...]:
    """Every spelling that may be printed, most usual first, words parted by one space; any text may be asked about.
    Fillers that nobody sees are no part of a name.

    Empty when nothing is left to print, for letters without a table, and for a text that is too long for a name. One
    letter is spelled in one way throughout a name.
    """
    if len(name) > MOST_NAME_CHARACTERS:
        return ()
    words = _words(visible(name))
    ways = chain.from_iterable(_spelled(words, usage) for usage in _usages(words))
    possible = dict.fromkeys(islice(ways, _MOST_TRIES))
    possible.pop("", None)
    return tuple(islice(possible, MOST_SPELLINGS))


def spelled_by_ear(name: str) -> bool:
    """Whether documents print such a name as it sounds, whatever the tables say: Arabic script leaves vowels out, and
    most issuers write them (part 3, appendix B). Its spellings may then agree with a document; that they differ
    proves nothing."""
    return any("\u0600" <= letter <= "\u06ff" and letter.isalpha() for letter in normalize("NFKC", name))


def _words(name: str) -> tuple[str, ...]:
    """The name in letters of the tables; none at all if another letter is among them."""
    printed = [_printed(letter) for letter in normalize("NFC", normalize("NFC", name).upper())]
    return () if None in printed else tuple("".join(letter for letter in printed if letter is not None).split())


def _printed(sign: str) -> str | None:
    """The letters for one sign, a space for what parts words, nothing for what is left out; None for a letter that has
    no table. Section 4.6: spaces, hyphens and commas part words; apostrophes, other punctuation and digits vanish."""
    if sign in _LETTERS:
        return sign
    kind = category(sign)
    if sign in _COMMAS or kind == "Pd" or (kind != "Cf" and kind[0] in "CZ"):
        return " "
    if not sign.isalpha() or sign in _APOSTROPHES:
        return ""
    letters = "".join(filter(str.isalpha, normalize("NFKD", sign).upper()))
    return letters if letters and _LETTERS.issuperset(letters) else None


def _usages(words: tuple[str, ...]) -> list[Usage]:
    """Those whose own letters the name has come first."""
    letters = {letter for word in words for letter in word}
    return sorted(USAGES, key=lambda usage: -len(letters.intersection(usage.marks)))


def _spelled(words: tuple[str, ...], usage: Usage) -> Iterator[str]:
    """The name in every choice of spellings for its letters: all their first ones, all their second, then mixtures."""
    options = [[_options(word, at, usage) for at in range(len(word))] for word in words]
    counts = {
        letter: len(several)
        for word, ways in zip(words, options, strict=True)
        for letter, several in zip(word, ways, strict=True)
        if len(several) > 1
    }
    for choice in _choices(counts):
        printed = (_joined(word, ways, choice) for word, ways in zip(words, options, strict=True))
        yield " ".join(filter(None, printed))  # of a lone soft sign nothing is left


def _options(word: str, at: int, usage: Usage) -> tuple[str, ...]:
    letter = word[at]
    for group, spelled in usage.groups.items():
        for start in range(max(0, at - len(group) + 1), at + 1):
            if word.startswith(group, start):  # the first letter of a group stands for all of it
                return spelled if start == at else ("",)
    tables = [usage.letters, RECOMMENDED.letters]
    if at == len(word) - 1:
        tables[:0] = [usage.at_end, RECOMMENDED.at_end]
    if at == 0:
        tables.insert(0, usage.at_start)
    return next((table[letter] for table in tables if letter in table), (letter,))


def _choices(counts: dict[str, int]) -> Iterator[dict[str, int]]:
    alike = (
        {letter: min(way, most - 1) for letter, most in counts.items()}
        for way in range(max(counts.values(), default=0))
    )
    mixed = product(*(range(most) for most in counts.values()))
    return chain(alike, (dict(zip(counts, choice, strict=True)) for choice in mixed))


def _joined(word: str, options: list[tuple[str, ...]], choice: dict[str, int]) -> str:
    printed: list[str] = []
    for letter, several in zip(word, options, strict=True):
        if letter == SHADDA:
            printed.append(printed[-1].removeprefix("X") if printed else "")
        else:
            printed.append(several[min(choice.get(letter, 0), len(several) - 1)])
    return "".join(printed)
