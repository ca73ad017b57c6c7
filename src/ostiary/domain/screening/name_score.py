"""How alike two names are: word by word, in any order, in Latin letters, by spelling and by sound. From 0 to 1.

What stands against something else contradicts; what stands against nothing was left out. The first costs as much as a
word that agrees brings, the second little: lists and clients leave out second names, patronymics and second surnames.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise, permutations

from ostiary.domain.names.readings import Words
from ostiary.domain.names.sounds import CONSONANTS_LEAST, ENDINGS, consonants_of, is_without_vowels, sound_of
from ostiary.domain.verification.name_match import PARTICLES

Similarity = Callable[[str, str], float]
WORD_LEAST = 0.7
"""Below this two words are different words: more than two wrong letters of seven."""
INITIAL_SCORE, INITIALS_SCORE = 0.5, 0.6
"""A single letter stands for a name that begins with it: some twenty names do, so that it is hardly evidence. Two of
them are some."""
SAME_SOUND = 0.95
"""Of words that differ in letters which transliterations choose freely: Yusuf, Youssuf."""
SAME_FRAME, FRAME_CONSONANTS = 0.9, 2
"""Of words with the same consonants, beginning and end, whose vowels inside differ: Mohammed, Muhammad. Hassan and
Hussein begin differently, Maria and Mario end so."""
STEEPNESS = 1.5
"""How much faster than its letters a word stops agreeing: one wrong letter of five is a slip or somebody else."""
LEFT_OUT, FATHER_LEFT_OUT = 0.25, 0.1
"""What a word that nothing stands against costs of its weight; a father's name is left out more often than not."""
INITIAL_WEIGHT = 0.5
"""Of a single letter that stands against something else, or beside other initials: it says little either way."""
SHORT_WEIGHT, PARTICLE_WEIGHT, SHORT_MOST_LETTERS = 0.8, 0.25, 3
"""Beside 1 of other words. Short words agree by chance, particles say nothing; but Li is a surname as Petrov is."""
TYPED_LEAST = 8
"""Letters of a whole name in which one wrong letter, or a space elsewhere, is a typing error whatever the words are:
Kmi Petrov, Yuk iTanaka."""
JOINED_MOST = 3
"""So many words are written as one: Abd al Rahman, Abdalrahman."""
JOINED_AMONG = 5
"""With more words that have no equal it is another name, and trying all their orders would take long."""
_VOWELS = str.maketrans("", "", "AEIU")
FATHERS = frozenset(("BIN", "IBN", "BEN", "BINT", "OULD", "UL", "OGLU", "KYZY", "UULU"))
"""What stands before a father's name, or behind it, where it is no part of the surname."""
_PATRONYMIC = re.compile(r"(?:[AOE]V[IY][CT]|[AOE]WIT)[A-Z]{0,5}$|(?:[AOE][VW]NA|AUNA|ICHNA|IVNA)$")
"""Viktorovich, Wiktorowitsch, Romanivna, Ryhoravich: as Russian, Ukrainian and Belarusian form them."""
PATRONYMIC_LEAST_WORDS = 3
"""In a name of two words Ivanovic is the surname."""


def word_score(word: str, other: str, similarity: Similarity) -> float:
    """How alike two words are, 0 for different ones."""
    if word == other:
        return 1.0
    if len(word) == 1 or len(other) == 1:
        return INITIAL_SCORE if word[0] == other[0] else 0.0
    mine, theirs = sound_of(word), sound_of(other)
    near = max(similarity(word, other), SAME_SOUND * similarity(mine, theirs))
    if near < SAME_FRAME and mine[:2] == theirs[:2] and mine[-1] == theirs[-1]:
        frame = mine.translate(_VOWELS)
        if len(frame) >= FRAME_CONSONANTS and frame == theirs.translate(_VOWELS):
            near = SAME_FRAME
    if near < SAME_FRAME and is_without_vowels(word) is not is_without_vowels(other):
        near = max(near, SAME_FRAME * _same_consonants(word, other))
    return 1 - (1 - near) * STEEPNESS if near >= WORD_LEAST else 0.0


def _same_consonants(word: str, other: str) -> bool:
    """Whether a word without vowels is the other one; either may end in a letter that stands for a vowel there."""
    short, long = sorted((consonants_of(word), consonants_of(other)), key=len)
    return len(short) >= CONSONANTS_LEAST - 1 and long.removeprefix(short) in ENDINGS and long.startswith(short)


def weight_of(word: str) -> float:
    """How much a word counts."""
    if len(word) == 1:
        return INITIAL_WEIGHT
    if word in PARTICLES:
        return PARTICLE_WEIGHT
    return SHORT_WEIGHT if len(word) <= SHORT_MOST_LETTERS else 1.0


def names_score(words: Words, other: Words, similarity: Similarity) -> float:
    """Two names, in whatever order their words are."""
    turns = dict.fromkeys((other, other[1:] + other[:1], other[-1:] + other[:-1]))
    typed = max(_as_typed("".join(words), "".join(turned), similarity) for turned in turns)
    return max(_word_by_word(words, other, similarity), typed)


def _as_typed(word: str, other: str, similarity: Similarity) -> float:
    """Two names without their spaces, if they are the same but for one letter."""
    length = max(len(word), len(other))
    if min(len(word), len(other)) < max(TYPED_LEAST, length - 1):
        return 0.0
    wrong = 1 - similarity(word, other)
    return 1 - wrong * STEEPNESS if wrong * length < 1.5 else 0.0


def _word_by_word(words: Words, other: Words, similarity: Similarity) -> float:
    same = Counter(words) & Counter(other)
    mine, theirs = sorted((Counter(words) - same).elements()), sorted((Counter(other) - same).elements())
    agreed = sum(weight_of(word) for word in same.elements())
    paired = agreed
    for first, second in ((mine, theirs), (theirs, mine)):
        for score, weight in _joined(first, second, similarity):
            agreed, paired = agreed + score * weight, paired + weight
    for score, weight in _pairs(mine, theirs, similarity):
        agreed, paired = agreed + score * weight, paired + weight
    left, right = sum(map(weight_of, mine)), sum(map(weight_of, theirs))
    against, more = min(left, right), max(left, right)
    cost = _cost_left_out(words, mine) if left > right else _cost_left_out(other, theirs)
    if min(len(words), len(other)) == 1:
        cost = 1.0  # a single word with nothing beside it is anybody's
    return agreed / (paired + against + cost * (more - against)) if agreed else 0.0


def _cost_left_out(name: Words, words: list[str]) -> float:
    """What words of a name that nothing stands against cost of their weight."""
    fathers = fathers_names(name)
    weights = [(weight_of(word), FATHER_LEFT_OUT if word in fathers else LEFT_OUT) for word in words]
    return sum(weight * cost for weight, cost in weights) / max(PARTICLE_WEIGHT, sum(weight for weight, _ in weights))


def fathers_names(name: Words) -> frozenset[str]:
    """The patronymics in a name: Viktorovich, bin Salman, Aliyev Heydar oglu."""
    before = {word for former, word in pairwise(name) if former in FATHERS}
    behind = {word for word, later in pairwise(name[1:]) if later in ("OGLU", "KYZY", "UULU")}
    formed = {word for word in name if _PATRONYMIC.search(word)} if len(name) >= PATRONYMIC_LEAST_WORDS else set[str]()
    return frozenset(before | behind | formed)


def _pairs(mine: list[str], theirs: list[str], similarity: Similarity) -> list[tuple[float, float]]:
    """The nearest words first, with scores and weights; they are taken out of both."""
    scores = sorted(
        ((score, a, b) for a in set(mine) for b in set(theirs) if (score := word_score(a, b, similarity))),
        key=lambda pair: (-pair[0], *sorted(pair[1:])),
    )
    pairs = []
    for score, a, b in scores:
        while a in mine and b in theirs:
            mine.remove(a)
            theirs.remove(b)
            pairs.append((score, a, b))
    initials = sum(1 in (len(a), len(b)) for _, a, b in pairs)
    return [
        (INITIALS_SCORE, INITIAL_WEIGHT)
        if initials > 1 and 1 in (len(a), len(b))
        else (score, max(weight_of(a), weight_of(b)))
        for score, a, b in pairs
    ]


def _joined(parts: list[str], wholes: list[str], similarity: Similarity) -> list[tuple[float, float]]:
    """Words of one name that are a single word of the other; they are taken out of both."""
    pairs = []
    for whole in tuple(wholes):
        if division := _parts_of(whole, parts, similarity):
            score, some = division
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
