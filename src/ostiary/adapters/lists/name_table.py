"""A list in memory, packed: a hundred thousand people take some tens of megabytes.

Every name that an entry goes by is a row of word numbers; what a reviewer sees of an entry is kept as bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from ostiary.adapters.lists.transliteration import in_latin
from ostiary.domain.names.readings import Words, readings_of
from ostiary.domain.names.sounds import consonants_of, is_without_vowels, sound_of
from ostiary.domain.screening.matching import ListEntry
from ostiary.domain.screening.name_score import weight_of
from ostiary.domain.verification.name_match import bonded

_encode, _decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(ListEntry)


class NameTable:
    """Entries, their names as rows, and the rows in which a sound occurs. Immutable once built.

    `row_entries` and `row_weights` are by row; `years` by entry: the one year of birth that is listed, or 0.
    """

    def __init__(self, entries: Iterable[ListEntry]) -> None:
        self._word_numbers: dict[str, int] = {}
        self._packed, self._packed_ends = bytearray(), array("Q", (0,))
        self._row_words, self._row_ends, row_entries, years = array("I"), array("I", (0,)), array("I"), array("H")
        for number, entry in enumerate(entries):
            self._packed += _encode(entry)
            self._packed_ends.append(len(self._packed))
            years.append(_year(entry))
            for words in _differing(entry):
                self._row_words.extend(self._word_numbers.setdefault(word, len(self._word_numbers)) for word in words)
                self._row_ends.append(len(self._row_words))
                row_entries.append(number)
        self._words = list(self._word_numbers)
        self.years, self.row_entries = np.array(years, np.int16), np.array(row_entries, np.uint32)
        self._sound()

    def __len__(self) -> int:
        return len(self._packed_ends) - 1

    def _sound(self) -> None:
        """Which rows each sound is in: `_rows_by_sound` holds them one sound after the other."""
        self.sounds: dict[str, int] = {}
        by_word = np.array(
            [self.sounds.setdefault(sound_of(word), len(self.sounds)) for word in self._words], np.uint32
        )
        del self._word_numbers
        words, ends = np.array(self._row_words, np.uint32), np.array(self._row_ends, np.int64)
        sounds = by_word[words]
        order = np.argsort(sounds, kind="stable")
        self._rows_by_sound = np.repeat(np.arange(len(ends) - 1, dtype=np.uint32), np.diff(ends))[order]
        self._sound_ends = np.searchsorted(sounds[order], np.arange(len(self.sounds) + 1))
        weights = np.array([weight_of(word) for word in self._words], np.float32)
        self.row_weights = np.add.reduceat(weights[words], ends[:-1]) if len(words) else np.zeros(0, np.float32)
        letters = np.fromiter(
            (_letters_key(self.words_in(row)) for row in range(len(ends) - 1)), np.int64, len(ends) - 1
        )
        self._rows_by_letters = np.argsort(letters, kind="stable").astype(np.uint32)
        self._letters = letters[self._rows_by_letters]

    def rows_of(self, sounds: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """The rows in which sounds occur, one sound after the other, and how many each has."""
        pieces = [
            self._rows_by_sound[self._sound_ends[sound] : self._sound_ends[sound + 1]] for sound in sounds.tolist()
        ]
        counts = np.fromiter(map(len, pieces), np.intp, len(pieces))
        return (np.concatenate(pieces) if pieces else np.zeros(0, np.uint32)), counts

    def rows_with_letters(self, words: Words) -> NDArray[np.uint32]:
        """The rows whose words, written as one, have the letters of these in their order: borders hide nothing."""
        key = _letters_key(words)
        first, last = np.searchsorted(self._letters, key, "left"), np.searchsorted(self._letters, key, "right")
        return self._rows_by_letters[first:last]

    @cached_property
    def sounds_by_consonants(self) -> Mapping[str, tuple[int, ...]]:
        """The sounds of words by the consonants they have: for names of scripts that leave vowels out."""
        return self._sounds_by(consonants_of)

    @cached_property
    def sounds_without_vowels(self) -> Mapping[str, tuple[int, ...]]:
        """The same of the words that come from such scripts: what a name with vowels may be written as there."""
        return self._sounds_by(lambda word: consonants_of(word) if is_without_vowels(word) else "")

    @cached_property
    def sounds_by_initial(self) -> Mapping[str, tuple[int, ...]]:
        """The sounds of words by the letter they begin with."""
        return self._sounds_by(lambda word: word[0])

    def _sounds_by(self, key: Callable[[str], str]) -> Mapping[str, tuple[int, ...]]:
        rows: dict[str, set[int]] = {}
        for word in self._words:
            rows.setdefault(key(word), set()).add(self.sounds[sound_of(word)])
        rows.pop("", None)
        return {value: tuple(numbers) for value, numbers in rows.items()}

    def words_in(self, row: int) -> Words:
        """The name in a row."""
        return tuple(
            self._words[row_word] for row_word in self._row_words[self._row_ends[row] : self._row_ends[row + 1]]
        )

    def entry(self, number: int) -> ListEntry:
        """An entry as it was listed."""
        return _decoder.decode(self._packed[self._packed_ends[number] : self._packed_ends[number + 1]])


def _letters_key(words: Words) -> int:
    return hash("".join(words))


def _differing(entry: ListEntry) -> Iterable[Words]:
    """The names of an entry, also with particles bonded, those with the same words once."""
    names: dict[Words, Words] = {}
    for name in entry.names:
        for words in readings_of(name, in_latin):
            for variant in (words, bonded(words)):
                names.setdefault(tuple(sorted(variant)), variant)
    return names.values()


def _year(entry: ListEntry) -> int:
    years = {birth_date[:4] for birth_date in entry.birth_dates}
    only = years.pop() if len(years) == 1 else ""
    return int(only) if only.isascii() and only.isdigit() else 0
