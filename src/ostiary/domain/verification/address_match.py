"""Whether an address as a client typed it is the one that a seal says, written as the French post has it.

What agrees here passes by itself, so nothing is guessed: the same numbers, the same words but for how they are
shortened. A difference is a doubt, never a contradiction: people write an address in many ways.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from ostiary.domain.chip.countries import signing_country
from ostiary.domain.clients.client import Address
from ostiary.domain.seals.statement import SealStatement
from ostiary.domain.sentences import N_

_WHOLE: Mapping[str, str] = {
    "ALL": "ALLEE", "AV": "AVENUE", "AVE": "AVENUE", "BD": "BOULEVARD", "BLD": "BOULEVARD", "BVD": "BOULEVARD",
    "BAT": "BATIMENT", "CHE": "CHEMIN", "CH": "CHEMIN", "CRS": "COURS", "FG": "FAUBOURG", "IMP": "IMPASSE",
    "LOT": "LOTISSEMENT", "PASS": "PASSAGE", "PL": "PLACE", "QU": "QUAI", "RES": "RESIDENCE", "RTE": "ROUTE",
    "SQ": "SQUARE", "ST": "SAINT", "STE": "SAINTE", "ZA": "ZA", "B": "BIS", "T": "TER", "GAL": "GENERAL",
    "MAL": "MARECHAL", "DR": "DOCTEUR", "PDT": "PRESIDENT",
}  # fmt: skip
"""How words of French addresses are shortened on 32 or 38 signs, and by people."""
_SMALL = frozenset(["A", "AU", "AUX", "D", "DE", "DES", "DU", "EN", "ET", "L", "LA", "LE", "LES", "SUR", "SOUS"])
"""What is left out as often as not."""
_CEDEX = "CEDEX"


def is_in_country(home: Address, country: str) -> bool:
    """Whether a client's country is the seal's, which has two letters."""
    return signing_country(home.country) == country


def address_doubt(home: Address, statement: SealStatement) -> str:
    """What of an address does not agree; empty: all of it does."""
    if "".join((home.postal_code or "").split()) != statement.postal_code or not statement.postal_code:
        return N_("another postal code, or none")
    if statement.city and _city(home.city) != _city(statement.city):
        return N_("another city")
    street, typed = _words(statement.street), _words(home.street_line1)
    whole = typed | _words(home.street_line2 or "")
    if not street:
        return N_("the seal names no street")
    if not street <= whole:
        return N_("not every word of the seal's street was given")
    printed = set[str]().union(*map(_words, statement.lines))
    if not _numbers(typed) <= _numbers(printed):
        return N_("a number of the street was given that the seal does not have")
    return ""


def _city(text: str) -> frozenset[str]:
    """Without what only the post needs: `PARIS CEDEX 08`."""
    return _words(_plain(text).partition(_CEDEX)[0])


def _plain(text: str) -> str:
    """In capitals without accents; whatever is neither letter nor figure parts words."""
    spelled = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    signs = (sign for sign in spelled if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in signs).upper()


def _words(text: str) -> frozenset[str]:
    words = _plain(text).split()
    return frozenset(_WHOLE.get(word, word) for word in words if word not in _SMALL)


def _numbers(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(map(str.isdecimal, word)))
