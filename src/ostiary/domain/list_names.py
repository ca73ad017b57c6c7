"""How alike two names are: word by word, in any order, in Latin letters, by spelling and by sound. From 0 to 1.

What stands against something else contradicts; what stands against nothing was left out. The first costs as much as a
word that agrees brings, the second little: lists and clients leave out second names, patronymics and second surnames.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import permutations
from unicodedata import combining, normalize

from ostiary.domain.machine_readable.letters import spellings
from ostiary.domain.names_compared import PARTICLES

Similarity = Callable[[str, str], float]
Words = tuple[str, ...]
WORD_LEAST = 0.7
"""Below this two words are different words: more than two wrong letters of seven."""
INITIAL_SCORE = 0.5
"""A single letter stands for a name that begins with it: some twenty names do, so that it is hardly evidence."""
SAME_SOUND = 0.95
"""Of words that differ in letters which transliterations choose freely: Yusuf, Youssuf."""
SAME_FRAME, FRAME_CONSONANTS = 0.9, 2
"""Of words with the same consonants, beginning and end, whose vowels inside differ: Mohammed, Muhammad. Hassan and
Hussein begin differently, Maria and Mario end so."""
STEEPNESS = 1.5
"""How much faster than its letters a word stops agreeing: one wrong letter of five is a slip or somebody else."""
LEFT_OUT = 0.25
"""What a word that nothing stands against costs of its weight."""
SHORT_WEIGHT, PARTICLE_WEIGHT, SHORT_MOST_LETTERS = 0.8, 0.25, 3
"""Beside 1 of other words. Short words agree by chance, particles say nothing; but Li is a surname as Petrov is."""
TYPED_LEAST = 8
"""Letters of a whole name in which one wrong letter, or a space elsewhere, is a typing error whatever the words are:
Kmi Petrov, Yuk iTanaka."""
JOINED_MOST = 3
"""So many words are written as one: Abd al Rahman, Abdalrahman."""
JOINED_AMONG = 5
"""With more words that have no equal it is another name, and trying all their orders would take long."""
MOST_WORDS, MOST_NAME_CHARACTERS, MOST_READINGS = 12, 200, 3
"""Names are cut where no name goes on. Spellings beyond the third are of rare usages."""

_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
_SOUNDS = (
    ("SCH", "S"), ("TCH", "C"), ("CZ", "C"), ("SZ", "S"), ("SH", "S"), ("KH", "K"), ("GH", "G"), ("PH", "F"),
    ("TH", "T"), ("DH", "D"), ("ZH", "J"), ("DJ", "J"), ("TZ", "S"), ("TS", "S"), ("CK", "K"), ("CH", "C"),
    ("QU", "K"), ("OU", "U"),
)  # fmt: skip
"""Written one for the other where Arabic, Cyrillic and Persian names are put into Latin letters (Doc 9303 part 3,
section 6, beside English, French and German usage)."""
_LETTERS = str.maketrans({"Q": "K", "W": "V", "F": "V", "O": "U", "Y": "I", "J": "I", "Z": "S", "X": "KS", "C": "K"})
_REPEATED = re.compile(r"(.)\1+")
_VOWELS = str.maketrans("", "", "AEIU")
_MOST_SOUNDS = 1 << 14
_FURTHER = str.maketrans({"'": "", "’": "", "`": ""})


def words_of(name: str) -> Words:
    """The words of a name in A to Z and digits, in the most usual spelling. Letters without one stay as they are."""
    return next(iter(readings_of(name)), ())


def readings_of(name: str) -> tuple[Words, ...]:
    """The words of a name in every usual spelling: as ICAO Doc 9303 has them, and without accents. Empty if none."""
    name = name[:MOST_NAME_CHARACTERS].translate(_FURTHER)
    if name.isascii():
        texts: Sequence[str] = (name.upper().translate(_APART),)  # as below, and faster
    else:
        folded = "".join(one for one in normalize("NFKD", name) if not combining(one)).upper()
        kept = "".join(one if one.isalnum() else " " for one in folded)
        texts = (*spellings(name)[: MOST_READINGS - 1], kept) if kept.isascii() else (*spellings(name), kept)
    found = dict.fromkeys(tuple(one.split()[:MOST_WORDS]) for one in texts[:MOST_READINGS])
    return tuple(one for one in found if one)


@lru_cache(maxsize=_MOST_SOUNDS)
def sound_of(word: str) -> str:
    """What is left of a word when letters that transliterations choose freely are made one."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    sound = _REPEATED.sub(r"\1", word.translate(_LETTERS))
    return sound[:-1] if len(sound) > 2 and sound.endswith("H") else sound


def word_score(one: str, other: str, similarity: Similarity) -> float:
    """How alike two words are, 0 for different ones."""
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return INITIAL_SCORE if one[0] == other[0] else 0.0
    mine, theirs = sound_of(one), sound_of(other)
    near = max(similarity(one, other), SAME_SOUND * similarity(mine, theirs))
    if near < SAME_FRAME and mine[:2] == theirs[:2] and mine[-1] == theirs[-1]:
        frame = mine.translate(_VOWELS)
        if len(frame) >= FRAME_CONSONANTS and frame == theirs.translate(_VOWELS):
            near = SAME_FRAME
    return 1 - (1 - near) * STEEPNESS if near >= WORD_LEAST else 0.0


def weight_of(word: str) -> float:
    """How much a word counts."""
    if word in PARTICLES:
        return PARTICLE_WEIGHT
    return SHORT_WEIGHT if len(word) <= SHORT_MOST_LETTERS else 1.0


def names_score(one: Words, other: Words, similarity: Similarity) -> float:
    """Two names, in whatever order their words are."""
    turns = dict.fromkeys((other, other[1:] + other[:1], other[-1:] + other[:-1]))
    typed = max(_as_typed("".join(one), "".join(turned), similarity) for turned in turns)
    return max(_word_by_word(one, other, similarity), typed)


def _as_typed(one: str, other: str, similarity: Similarity) -> float:
    """Two names without their spaces, if they are the same but for one letter."""
    length = max(len(one), len(other))
    if min(len(one), len(other)) < max(TYPED_LEAST, length - 1):
        return 0.0
    wrong = 1 - similarity(one, other)
    return 1 - wrong * STEEPNESS if wrong * length < 1.5 else 0.0


def _word_by_word(one: Words, other: Words, similarity: Similarity) -> float:
    same = Counter(one) & Counter(other)
    mine, theirs = sorted((Counter(one) - same).elements()), sorted((Counter(other) - same).elements())
    agreed = sum(weight_of(word) for word in same.elements())
    paired = agreed
    for first, second in ((mine, theirs), (theirs, mine)):
        for score, weight in _joined(first, second, similarity):
            agreed, paired = agreed + score * weight, paired + weight
    for score, weight in _pairs(mine, theirs, similarity):
        agreed, paired = agreed + score * weight, paired + weight
    left, right = sum(map(weight_of, mine)), sum(map(weight_of, theirs))
    against = min(left, right)
    return (
        agreed / (paired + against + LEFT_OUT * _omitted(one, other) * (max(left, right) - against)) if agreed else 0.0
    )


def _omitted(one: Words, other: Words) -> float:
    """A single word with nothing beside it is anybody's: what it leaves out counts in full."""
    return 1.0 if min(len(one), len(other)) > 1 else 1 / LEFT_OUT


def _pairs(mine: list[str], theirs: list[str], similarity: Similarity) -> list[tuple[float, float]]:
    """The nearest words first, with scores and weights; they are taken out of both."""
    found = sorted(
        ((score, a, b) for a in set(mine) for b in set(theirs) if (score := word_score(a, b, similarity))),
        key=lambda one: (-one[0], *sorted(one[1:])),
    )
    pairs = []
    for score, a, b in found:
        while a in mine and b in theirs:
            mine.remove(a)
            theirs.remove(b)
            pairs.append((score, max(weight_of(a), weight_of(b))))
    return pairs


def _joined(parts: list[str], wholes: list[str], similarity: Similarity) -> list[tuple[float, float]]:
    """Words of one name that are a single word of the other; they are taken out of both."""
    pairs = []
    for whole in tuple(wholes):
        if found := _parts_of(whole, parts, similarity):
            score, some = found
            for part in some:
                parts.remove(part)
            wholes.remove(whole)
            pairs.append((score, max(1.0, sum(map(weight_of, some)))))
    return pairs


def _parts_of(whole: str, parts: list[str], similarity: Similarity) -> tuple[float, Words] | None:
    """The words that, written as one, are nearest to it, if they all but are."""
    best: tuple[float, Words] | None = None
    if len(parts) > JOINED_AMONG or len(whole) <= SHORT_MOST_LETTERS:
        return None
    for count in range(2, min(JOINED_MOST, len(parts)) + 1):
        for some in permutations(parts, count):
            if whole[0] != some[0][0] or abs(len(whole) - sum(map(len, some))) > 1:
                continue
            score = word_score("".join(some), whole, similarity)
            if score >= WORD_LEAST and (best is None or score > best[0]):
                best = score, some
    return best
