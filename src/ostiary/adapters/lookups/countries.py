"""Countries (ISO 3166-1 alpha-3) and their subdivisions (ISO 3166-2), as pycountry publishes them.

Kosovo (XKX, XK) is not in ISO 3166 but its codes are set aside for such use, and banks, passports (ICAO: UNK, RKS)
and the European Union use them; so it is known here. Everything is read once, on first use.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

from ostiary.adapters.lookups.replaced_subdivisions import REPLACED
from ostiary.domain.sentences import sentence

KOSOVO = ("XKX", "XK", "Kosovo")
_LONGEST = 8
"""No code is longer (`ARG-B`, `GBR-ABC`); what is longer is not even quoted back."""


def country_fault(alpha3: str) -> str | None:
    """None for a known country, else what would be right."""
    names = _names()
    if alpha3 in names:
        return None
    wanted = sentence("must be a three-letter country code (ISO 3166-1 alpha-3), as ARG")
    if len(alpha3) > _LONGEST or not alpha3.isascii():
        return wanted
    upper = alpha3.strip().upper()
    if upper in names:
        return sentence("must be written in capitals without spaces: %(right)s", right=upper)
    if upper in _alpha_3s():
        return sentence(
            "must have three letters: %(right)s, not %(sent)s (ISO 3166-1 alpha-3)",
            right=_alpha_3s()[upper],
            sent=upper,
        )
    near = difflib.get_close_matches(upper, names, n=1, cutoff=0.5)
    if not near:
        return wanted
    return sentence(
        "%(wanted)s; the nearest known is %(code)s, %(name)s", wanted=wanted, code=near[0], name=names[near[0]]
    )


def state_fault(country: str, state: str) -> str | None:
    """None for a subdivision of the country. An unknown country has its own fault, so nothing is said here."""
    places = _subdivisions()
    if state in places.get(country, ()) or country not in _names():
        return None
    if country not in places:
        return sentence("must be left out: %(country)s has no subdivisions in ISO 3166-2", country=_names()[country])
    example = next(iter(places[country]))
    wanted = sentence(
        "must be a subdivision of %(country)s, as %(example)s (the three-letter country, a dash, the ISO 3166-2 code)",
        country=country,
        example=example,
    )
    if len(state) > _LONGEST or not state.isascii():
        return wanted
    prefix, _, suffix = state.strip().upper().rpartition("-")
    if prefix in ("", country, _two_letters()[country]) and f"{country}-{suffix}" in places[country]:
        return sentence("must be written %(right)s", right=f"{country}-{suffix}")
    if f"{prefix}-{suffix}" in places.get(prefix, ()):
        return sentence(
            "belongs to %(other)s, but the address is in %(country)s; %(wanted)s",
            other=prefix,
            country=country,
            wanted=wanted,
        )
    now = REPLACED.get(f"{country}-{suffix}") if prefix in ("", country, _two_letters()[country]) else None
    if now is None:
        return wanted
    return sentence("must be %(right)s, by which ISO 3166-2 replaced %(sent)s", right=now, sent=f"{country}-{suffix}")


def country_codes() -> tuple[str, ...]:
    """Every known country's alpha-3 code."""
    return tuple(_names())


def two_letters(alpha3: str) -> str:
    """The country's alpha-2 code, or nothing for an unknown one."""
    return _two_letters().get(alpha3, "")


@cache
def _names() -> Mapping[str, str]:
    """alpha-3 → name."""
    import pycountry

    return {country.alpha_3: country.name for country in pycountry.countries} | {KOSOVO[0]: KOSOVO[2]}


@cache
def _alpha_3s() -> Mapping[str, str]:
    """alpha-2 → alpha-3."""
    import pycountry

    return {country.alpha_2: country.alpha_3 for country in pycountry.countries} | {KOSOVO[1]: KOSOVO[0]}


@cache
def _two_letters() -> Mapping[str, str]:
    """alpha-3 → alpha-2."""
    return {three: two for two, three in _alpha_3s().items()}


@cache
def _subdivisions() -> Mapping[str, Mapping[str, None]]:
    """alpha-3 → its subdivisions as `ARG-B`, in the order of ISO 3166-2 (a mapping, to be ordered and quick)."""
    import pycountry

    three = _alpha_3s()
    parts: dict[str, dict[str, None]] = {}
    for subdivision in pycountry.subdivisions:
        country, suffix = subdivision.code.split("-", 1)
        parts.setdefault(three[country], {})[f"{three[country]}-{suffix}"] = None
    return parts
