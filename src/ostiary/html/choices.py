"""Countries and their parts to choose from, as a language calls them (Unicode CLDR, by Babel; ISO 3166-2)."""

from __future__ import annotations

from functools import lru_cache

from ostiary.adapters.lookups.countries import country_codes, two_letters
from ostiary.languages.formats import LOCALES

Choices = tuple[tuple[str, str], ...]
"""Value and words, in the order in which they are shown."""


@lru_cache
def country_choices(tag: str) -> Choices:
    """Every country by its ISO 3166-1 alpha-3 code, in the order of its names."""
    from babel import Locale

    names = Locale.parse(LOCALES[tag]).territories
    choices = [(code, str(names.get(two_letters(code), code))) for code in country_codes()]
    return tuple(sorted(choices, key=lambda choice: _sorted_as(choice[1])))


def country_name(tag: str, code: str) -> str:
    """`ARG` → `Argentina`; the code itself where it is none."""
    return dict(country_choices(tag)).get(code, code)


@lru_cache
def state_choices(country: str) -> Choices:
    """The parts of a country, by alpha-3 and the suffix of ISO 3166-2 (`ARG-B`), as they call themselves; none where it
    has none."""
    import pycountry

    parts = (
        pycountry.subdivisions.get(  # type: ignore[no-untyped-call]
            country_code=two_letters(country) or "-"
        )
        or ()
    )
    choices = [(f"{country}-{part.code.partition('-')[2]}", part.name) for part in parts]
    return tuple(sorted(choices, key=lambda choice: _sorted_as(choice[1])))


def _sorted_as(name: str) -> str:
    """Letters with marks stand among those without."""
    from unicodedata import normalize

    return "".join(each for each in normalize("NFKD", name) if each.isascii()).casefold()
