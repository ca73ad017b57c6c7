"""Countries as publishers of lists write them, as ISO 3166-1 alpha-3: OFAC's names, FollowTheMoney's codes.

Codes and names of states that are no more (the Soviet Union, Yugoslavia) and of unions stand for no country.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from unicodedata import combining, normalize

import pycountry

from ostiary.adapters.lookups.countries import KOSOVO

_NAMES = {
    "bolivia": "BOL", "burma": "MMR", "burma myanmar": "MMR", "cape verde": "CPV", "congo": "COG",
    "congo, democratic republic of": "COD", "democratic republic of congo": "COD", "congo kinshasa": "COD",
    "dr congo": "COD", "drc": "COD", "congo, republic of": "COG", "republic of congo": "COG",
    "congo brazzaville": "COG", "ivory coast": "CIV", "czech republic": "CZE", "east timor": "TLS",
    "falkland islands": "FLK", "falkland islands, islas malvinas": "FLK", "gaza": "PSE", "gaza strip": "PSE",
    "west bank": "PSE", "west bank and gaza": "PSE", "palestine": "PSE", "palestinian": "PSE",
    "palestinian authority": "PSE", "palestinian territory": "PSE", "palestinian territories": "PSE",
    "occupied palestinian territory": "PSE", "occupied palestinian territories": "PSE", "holy see": "VAT",
    "vatican city": "VAT", "great britain": "GBR", "england": "GBR", "scotland": "GBR", "wales": "GBR",
    "northern ireland": "GBR", "uk": "GBR", "korea": "KOR", "republic of korea": "KOR", "south korea": "KOR",
    "north korea": "PRK", "dprk": "PRK", "korea, north": "PRK", "korea, south": "KOR", "kosovo": "XKX",
    "macau": "MAC", "macau sar": "MAC", "macao sar": "MAC", "hong kong sar": "HKG", "macedonia": "MKD",
    "former yugoslav republic of macedonia": "MKD", "north macedonia, republic of": "MKD", "micronesia": "FSM",
    "russia": "RUS", "saint martin": "MAF", "saint maarten": "SXM", "sint maarten": "SXM", "saint helena": "SHN",
    "ascension": "SHN", "svalbard": "SJM", "pitcairn islands": "PCN", "bonaire": "BES", "swaziland": "SWZ",
    "turkey": "TUR", "turkiye": "TUR", "usa": "USA", "united states of america": "USA", "uae": "ARE",
    "virgin islands, british": "VGB", "virgin islands, uk": "VGB", "virgin islands, us": "VIR",
    "us virgin islands": "VIR", "western sahara": "ESH", "iran": "IRN", "brunei": "BRN", "laos": "LAO",
    "moldova": "MDA", "syria": "SYR", "taiwan": "TWN", "tanzania": "TZA", "venezuela": "VEN", "vietnam": "VNM",
    "china, peoples republic of": "CHN", "peoples republic of china": "CHN", "aland islands": "ALA",
}  # fmt: skip
"""What ISO 3166 has under longer or other names, as `_plain` leaves them."""
_CODES = {"xk": "XKX", "uk": "GBR", "el": "GRC"}
"""Beside ISO 3166-1: Kosovo, and what the European Union writes for two members. Of FollowTheMoney's codes with a dash
(`gb-sct`, `ge-ab`, `cy-trnc`) the state before it counts."""
_UNWRITTEN = re.compile("[.)]|(?<=[a-z]{2})['’](?=s)")
"""Dots of abbreviations, brackets that close, and the apostrophe of `People's`."""
_SIGNS = re.compile(r"[^\w,]|_")
_ARTICLES = frozenset({"the"})
_ABBREVIATED = {"st": "saint"}


@lru_cache(maxsize=512)
def alpha3_of_code(code: str) -> str | None:
    """The country of a code as FollowTheMoney has them; None for what is no country."""
    state = code.strip().lower().partition("-")[0]
    if state in _CODES:
        return _CODES[state]
    country = pycountry.countries.get(alpha_2=state.upper()) or pycountry.countries.get(alpha_3=state.upper())
    return None if country is None else str(country.alpha_3)


def code_of_alpha3(alpha3: str) -> str | None:
    """FollowTheMoney's code of a country."""
    if alpha3 == KOSOVO[0]:
        return "xk"
    country = pycountry.countries.get(alpha_3=alpha3)
    return None if country is None else str(country.alpha_2).lower()


@lru_cache(maxsize=512)
def alpha3_of_name(name: str) -> str | None:
    """The country that a name means, with or without its article, accents and dots, whichever way round."""
    codes = _by_name()
    return next((codes[written] for written in _ways(name) if written in codes), None)


@cache
def _by_name() -> dict[str, str]:
    """Countries by every name and code that ISO 3166 has for them, and by the others above."""
    codes = {
        _plain(written): str(country.alpha_3)
        for country in pycountry.countries
        for at in ("alpha_2", "alpha_3", "name", "official_name", "common_name")
        if (written := getattr(country, at, None)) is not None
    }
    return codes | _NAMES


def _ways(name: str) -> tuple[str, ...]:
    """As it is written, and the other way round: `Congo, Democratic Republic of the`, `Iran (Islamic Republic of)`."""
    plain = _plain(name)
    first, _, rest = plain.partition(", ")
    return tuple(dict.fromkeys((plain, f"{rest} {first}".strip(), plain.replace(", ", " "))))


def _plain(name: str) -> str:
    """In small letters without accents, signs and articles; what stands in brackets follows a comma."""
    letters = "".join(letter for letter in normalize("NFKD", name.lower()) if not combining(letter))
    letters = letters.removeprefix("region: ").replace("&", " and ").replace("(", ", ")
    words = _SIGNS.sub(" ", _UNWRITTEN.sub("", letters)).replace(",", " , ").split()
    plain = " ".join(_ABBREVIATED.get(word, word) for word in words if word not in _ARTICLES)
    return plain.replace(" ,", ",").strip(", ")
