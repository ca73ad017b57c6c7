"""Codes of issuers, and the countries they are of."""

from __future__ import annotations

import pycountry
import pytest

from ostiary.domain.mrz.issuers import iso_country, special


def test_the_codes_of_iso_3166_1_pass() -> None:
    assert all(
        iso_country(country.alpha_3) == country.alpha_3 and special(country.alpha_3) is None
        for country in pycountry.countries
    )


def test_no_other_three_letters_are_a_country() -> None:
    countries = {country.alpha_3 for country in pycountry.countries} | {"GBD", "GBN", "GBO", "GBP", "GBS", "RKS"}
    letters = [chr(65 + at) for at in range(26)]
    every = {a + b + c for a in letters for b in letters for c in letters}
    assert {letters for letters in every if iso_country(letters)} == countries


@pytest.mark.parametrize(
    ("code", "country"), [("D", "DEU"), ("GBD", "GBR"), ("GBN", "GBR"), ("GBS", "GBR"), ("RKS", "XKX")]
)
def test_codes_of_the_standard_stand_for_a_country(code: str, country: str) -> None:
    assert iso_country(code) == country
    assert special(code) is None


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("EUE", "European Union"), ("UNO", "United Nations"), ("XXA", "stateless person"), ("XOM", "Order of Malta"),
        ("XXB", "refugee (convention of 1951)"), ("UTO", "specimen (Utopia)"),
        ("UNK", "United Nations mission in Kosovo"), ("XXC", "refugee (other)"),
    ],
)  # fmt: skip
def test_codes_that_are_no_country_are_told(code: str, meaning: str) -> None:
    assert iso_country(code) is None
    assert special(code) == meaning


@pytest.mark.parametrize("code", ["", "SI", "DE", "arg", "ARG ", "ZAR", "YUG", "DEUT", "😀", "D<<"])
def test_anything_else_is_nothing(code: str) -> None:
    assert iso_country(code) is None
    assert special(code) is None
