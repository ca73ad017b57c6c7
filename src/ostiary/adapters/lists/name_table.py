"""A list in memory, packed: a hundred thousand people take some tens of megabytes.

Every name that an entry goes by is a row of word numbers; what a reviewer sees of an entry is kept as bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from ostiary.domain.list_matching import Entry
from ostiary.domain.list_names import Words, readings_of, sound_of, weight_of
from ostiary.domain.names_compared import bonded

_encode, _decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Entry)


class NameTable:
    """Entries, their names as rows, and the rows in which a sound occurs. Immutable once built.

    `row_entries` and `row_weights` are by row; `years` by entry: the one year of birth that is listed, or 0.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._known: dict[str, int] = {}
        self._packed, self._packed_ends = bytearray(), array("Q", (0,))
        self._row_words, self._row_ends, row_entries, years = array("I"), array("I", (0,)), array("I"), array("H")
        for number, entry in enumerate(entries):
            self._packed += _encode(entry)
            self._packed_ends.append(len(self._packed))
            years.append(_year(entry))
            for words in _differing(entry):
                self._row_words.extend(self._known.setdefault(word, len(self._known)) for word in words)
                self._row_ends.append(len(self._row_words))
                row_entries.append(number)
        self._words = list(self._known)
        self.years, self.row_entries = np.array(years, np.int16), np.array(row_entries, np.uint32)
        self._sound()

    def __len__(self) -> int:
        return len(self._packed_ends) - 1

    def _sound(self) -> None:
        """Which rows each sound is in: `_rows_by_sound` holds them one sound after the other."""
        self.sounds: dict[str, int] = {}
        by_word = np.array([self.sounds.setdefault(sound_of(one), len(self.sounds)) for one in self._words], np.uint32)
        del self._known
        words, ends = np.array(self._row_words, np.uint32), np.array(self._row_ends, np.int64)
        sounds = by_word[words]
        order = np.argsort(sounds, kind="stable")
        self._rows_by_sound = np.repeat(np.arange(len(ends) - 1, dtype=np.uint32), np.diff(ends))[order]
        self._sound_ends = np.searchsorted(sounds[order], np.arange(len(self.sounds) + 1))
        weights = np.array([weight_of(one) for one in self._words], np.float32)
        self.row_weights = np.add.reduceat(weights[words], ends[:-1]) if len(words) else np.zeros(0, np.float32)

    def rows_of(self, sounds: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """The rows in which sounds occur, one sound after the other, and how many each has."""
        pieces = [self._rows_by_sound[self._sound_ends[one] : self._sound_ends[one + 1]] for one in sounds.tolist()]
        counts = np.fromiter(map(len, pieces), np.intp, len(pieces))
        return (np.concatenate(pieces) if pieces else np.zeros(0, np.uint32)), counts

    def words_in(self, row: int) -> Words:
        """The name in a row."""
        return tuple(self._words[one] for one in self._row_words[self._row_ends[row] : self._row_ends[row + 1]])

    def entry(self, number: int) -> Entry:
        """An entry as it was listed."""
        return _decoder.decode(self._packed[self._packed_ends[number] : self._packed_ends[number + 1]])


def _differing(entry: Entry) -> Iterable[Words]:
    """The names of an entry, also with particles bonded, those with the same words once."""
    found: dict[Words, Words] = {}
    for name in entry.names:
        for words in readings_of(name):
            for one in (words, bonded(words)):
                found.setdefault(tuple(sorted(one)), one)
    return found.values()


def _year(entry: Entry) -> int:
    years = {one[:4] for one in entry.birth_dates}
    only = years.pop() if len(years) == 1 else ""
    return int(only) if only.isascii() and only.isdigit() else 0
