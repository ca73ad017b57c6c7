"""Whether a client's name and the name read on a document are one and the same.

Names are compared in the letters of machine-readable lines, in every spelling that Doc 9303 part 3 (section 6) gives
them. Order does not matter, nor whether a particle stands alone. A client may leave out what comes after the first
given name and the first surname. Near misses are doubts, since either side may have a wrong letter, and so is what
only agrees once something is taken away: digits, borders between single letters, letters that a document cuts off (part
4, 4.2.3). What agrees here is compared by screening too, so that nothing is hidden from lists that is shown to us.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import category

from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.reading import Result
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.names.letters import spelled_by_ear, spellings
from ostiary.domain.names.visible import visible
from ostiary.domain.sentences import N_

NAME_DOUBTFUL_LEAST = 0.8
"""One wrong letter of five. Names of different people that come so near (MARIA, MARTA) are a doubt, never a pass."""
WRONG_LETTERS_MOST = 1
"""In names shorter than that: one letter of ANA or LI is a misreading as likely as another name."""
ABBREVIATION_MOST_LETTERS = 5
"""Of given names and surnames as they are shortened in writing: Fco., Mª, Glez., Rguez., Mohd."""
CUT_LEAST_LETTERS = 3
"""A cut name that shows fewer fits too many names."""
_ALL_PARTICLES = (
    "ABU AF AL AV BEN BIN BINT DA DAS DE DEL DELA DELLA DEN DER DES DI DO DOS DU E EL HET I IBN LA LAS LE LES LO LOS "
    "MAC MC O SAN SANTA ST TE TEN TER UL UR VAN VOM VON Y ZU ZUM ZUR"
)
PARTICLES = frozenset(_ALL_PARTICLES.split())
"""What belongs to the name that follows it, written together or not."""

_APOSTROPHES = str.maketrans({"'": "", "’": "", "`": "", "ʼ": "", "ʻ": "", "′": "", "´": ""})
_Words = tuple[str, ...]
_Similarity = Callable[[str, str], float]
_Way = Callable[[_Words, _Words], bool]


@dataclass(frozen=True, slots=True)
class PartCompared:
    """How one part of the name came out, and why."""

    result: Result
    note: str = ""


def surnames_compared(profile: Profile, zone: Zone, similarity: _Similarity) -> PartCompared:
    """The last name with the surname as read."""
    return _one_part((profile.last_name,), zone.surname, profile, zone, similarity)


def given_names_compared(profile: Profile, zone: Zone, similarity: _Similarity) -> PartCompared:
    """First and second name with the given names as read."""
    return _one_part(_given_names(profile), zone.given_names, profile, zone, similarity)


def _given_names(profile: Profile) -> _Words:
    return (profile.first_name, profile.second_name) if profile.second_name else (profile.first_name,)


def _one_part(names: _Words, read: str, profile: Profile, zone: Zone, similarity: _Similarity) -> PartCompared:
    client, document = _spelled(*names), _spelled(read)
    if not client:
        return PartCompared(Result.DOUBTFUL, "written in letters that have no spelling in machine-readable lines")
    if not document:
        return PartCompared(Result.DOUBTFUL, "the document shows none")
    evidence = _compared(client, document, zone.names_truncated, similarity)
    if evidence.result is Result.AGREES and (doubt := _typed_oddly(" ".join(names), document)):
        return PartCompared(Result.DOUBTFUL, doubt)
    if evidence.result is not Result.DIFFERS:
        return evidence
    if any(map(spelled_by_ear, names)):
        return PartCompared(Result.DOUBTFUL, N_("written in letters that documents spell as they sound"))
    if _all_are_there(profile, zone):
        note = N_("every name is on the document, but surname and given names are parted elsewhere")
        return PartCompared(Result.DOUBTFUL, note)
    return evidence


def _spelled(*names: str) -> tuple[_Words, ...]:
    """Every spelling of the names together, each as its words. A document spells a letter in one way throughout."""
    return tuple(tuple(spelling.split()) for spelling in spellings(" ".join(names)))


def _typed_oddly(typed: str, document: tuple[_Words, ...]) -> str:
    """Why a name that agrees is looked at all the same; empty: it is written as names are."""
    if any(map(str.isdecimal, typed)):
        return "typed with digits, which no name has"
    single = {word for word in words_apart(typed) if len(word) == 1 and word not in PARTICLES}
    if not any(single <= set(words) for words in document):
        return "typed with single letters that the document writes as words"
    return ""


def _all_are_there(profile: Profile, zone: Zone) -> bool:
    client = _spelled(*_given_names(profile), profile.last_name)
    document = _spelled(zone.surname, zone.given_names)
    return any(Counter(bonded(name)) <= Counter(bonded(other)) for name in client for other in document)


def _compared(
    client: tuple[_Words, ...], document: tuple[_Words, ...], truncated: bool, similarity: _Similarity
) -> PartCompared:
    def near(name: _Words, other: _Words) -> bool:
        return _near(name, other, truncated, similarity)

    ways: tuple[tuple[Result, str, _Way], ...] = (
        (Result.AGREES, "", _same_letters),
        (Result.AGREES, "in another order", _same_names),
        (Result.AGREES, "the document has further names", _begins),
        (Result.AGREES, "the document has further names", _includes),
        *(((Result.DOUBTFUL, "the document cuts the names off", _is_cut),) if truncated else ()),
        (Result.DOUBTFUL, "a name is abbreviated", _is_abbreviated),
        (Result.DOUBTFUL, "the first name of the part agrees, others do not", _shares_first),
        (Result.DOUBTFUL, "agrees but for particles", _same_without_particles),
        (Result.DOUBTFUL, "a few letters differ", near),
    )
    for result, note, way in ways:
        if any(way(name, other) for name in client for other in document):
            return PartCompared(result, note)
    return PartCompared(Result.DIFFERS)


def bonded(words: _Words) -> _Words:
    """Words with the particles before them, as some write them: DE LA CRUZ GOMEZ is DELACRUZ, GOMEZ."""
    names, pending = [], ""
    for word in words:
        pending += word
        if word not in PARTICLES:
            names.append(pending)
            pending = ""
    return (*names, pending) if pending else tuple(names)


def words_apart(name: str) -> _Words:
    """The words of a name as they are typed, in capitals: whatever is no letter, mark or digit parts them, and an
    apostrophe belongs to its word."""
    shown = visible(name).upper().translate(_APOSTROPHES)
    return tuple(
        "".join(
            character if character.isalnum() or category(character)[0] == "M" else " " for character in shown
        ).split()
    )


def _without_particles(words: _Words) -> _Words:
    return tuple(word for word in words if word not in PARTICLES) or words


# ---- ways to agree: each with the client's words first, then the document's -----------------------------------------


def _same_letters(client: _Words, document: _Words) -> bool:
    return "".join(client) == "".join(document)


def _same_names(client: _Words, document: _Words) -> bool:
    return sorted(client) == sorted(document) or sorted(bonded(client)) == sorted(bonded(document))


def _begins(client: _Words, document: _Words) -> bool:
    """The client's letters are the document's first names, wherever spaces are: MARIA JOSE, MARIAJOSE ELENA."""
    letters, names = "".join(client), bonded(document)
    return any(letters == "".join(names[:count]) for count in range(1, len(names)))


def _includes(client: _Words, document: _Words) -> bool:
    """Every name of the client is on the document, and the document's first one is among them."""
    mine, printed = bonded(client), bonded(document)
    return printed[0] in mine and Counter(mine) <= Counter(printed)


def _is_cut(client: _Words, document: _Words) -> bool:
    """The document shows beginnings only: of the whole, or of each name; names at the end may be missing."""
    whole, shown = "".join(client), "".join(document)
    if len(shown) >= CUT_LEAST_LETTERS and whole.startswith(shown):
        return True
    mine, printed = bonded(client), bonded(document)
    in_order = zip(printed, mine, strict=False)
    return len(printed) <= len(mine) and all(_begins_as(name, cut) for cut, name in in_order)


def _begins_as(name: str, cut: str) -> bool:
    return name == cut or (len(cut) >= CUT_LEAST_LETTERS and name.startswith(cut))


# ---- ways to be in doubt --------------------------------------------------------------------------------------------


def _is_abbreviated(client: _Words, document: _Words) -> bool:
    """MA TERESA for MARIA TERESA, FCO for FRANCISCO, GLEZ for GONZALEZ, J CARLOS for JUAN CARLOS; MA CARMEN for MARIA
    DEL CARMEN, since particles fall away with the rest."""
    return _stands_for(bonded(client), bonded(document)) or _stands_for(
        _without_particles(client), _without_particles(document)
    )


def _stands_for(mine: _Words, printed: _Words) -> bool:
    pairs = tuple(zip(mine, printed, strict=False))
    if len(mine) > len(printed) or not all(name == other or _abbreviates(name, other) for name, other in pairs):
        return False
    if all(name == other for name, other in pairs):
        return False  # nothing is abbreviated: what differs are particles
    return any(name == other for name, other in pairs) or all(_is_contracted(name) for name in mine)


def _abbreviates(short: str, name: str) -> bool:
    """Its first letter and some of those that follow, in their order."""
    letters = iter(name[1:])
    return (
        short[0] == name[0]
        and len(short) <= ABBREVIATION_MOST_LETTERS
        and all(letter in letters for letter in short[1:])
    )


def _is_contracted(word: str) -> bool:
    """MOHD and FCO are no whole names; ANA, which the letters of ANTONIA hold, is one."""
    return sum(letter in "AEIOU" for letter in word) <= 1


def _shares_first(client: _Words, document: _Words) -> bool:
    mine, printed = bonded(client), bonded(document)
    return mine[0] in printed or printed[0] in mine


def _same_without_particles(client: _Words, document: _Words) -> bool:
    """CRUZ and DE LA CRUZ, HASSAN and ALHASSAN; BEN, a name of its own, and BEN JOHN."""
    mine, printed = _without_particles(client), _without_particles(document)
    if mine[0] in printed or printed[0] in mine or set(client) <= set(document):
        return True
    short, long = sorted(("".join(client), "".join(document)), key=len)
    return long.endswith(short) and long.removesuffix(short) in PARTICLES


def _near(client: _Words, document: _Words, truncated: bool, similarity: _Similarity) -> bool:
    whole, shown = "".join(client), "".join(document)
    if _alike(whole[: len(shown)] if truncated else whole, shown, similarity):
        return True
    mine, printed = bonded(client), bonded(document)
    return all(any(_alike(name, other, similarity) for other in printed) for name in mine)


def _alike(word: str, other: str, similarity: _Similarity) -> bool:
    score = similarity(word, other)
    letters = round((1 - score) * max(len(word), len(other)))
    return score >= NAME_DOUBTFUL_LEAST or letters <= WRONG_LETTERS_MOST
