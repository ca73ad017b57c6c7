"""Tax ids country by country, all invented: which are good, that one wrong digit shows, and whose rule is used."""

from __future__ import annotations

import re

import pytest

from ostiary.adapters.lookups.countries import country_fault
from ostiary.adapters.lookups.tax_ids import LONGEST, RULES, tax_id_fault

CHECKED = [
    ("ARG", "24848413549"), ("AUS", "512266434"), ("AUT", "818141475"), ("BEL", "08125891522"),
    ("BRA", "64001653800"), ("CAN", "511766040"), ("CHE", "7569409591371"), ("CHL", "043953850"),
    ("CHN", "110101196708128363"), ("COL", "864831250004"), ("CZE", "6607145457"), ("DOM", "71521449943"),
    ("ECU", "2112968108"), ("ESP", "62375798M"), ("EST", "48511077801"), ("FIN", "060385-233R"),
    ("FRA", "2413253780070"), ("GHA", "P0037104357"), ("GRC", "140654908"), ("GTM", "3333336K"),
    ("HRV", "46554492933"), ("IRL", "3428905L"), ("ITA", "GCOMNL37P30G675D"), ("KOR", "8503150424254"),
    ("LTU", "38306288962"), ("LVA", "51050917847"), ("NLD", "32337474"), ("NOR", "66120272404"), ("NZL", "039369621"),
    ("PER", "15303012211"), ("POL", "97012724619"), ("PRT", "447691724"), ("PRY", "93523068"),
    ("ROU", "8001026098759"), ("RUS", "1970410943"), ("SLV", "18406213239957"), ("SVK", "6906114534"),
    ("SVN", "40678164"), ("SWE", "8204194149"), ("THA", "2254664503860"), ("TUR", "42400370932"),
    ("UKR", "7105237440"), ("ZAF", "0203527916"),
]  # fmt: skip
"""Made by chance until the rule took one. Their last digit is checked: every other one is refused."""
UNCHECKED = [
    ("BGR", "3851201382"), ("CRI", "790131177"), ("DEU", "46108299934"), ("DNK", "1909865280"), ("IND", "GLIPL2758M"),
    ("ISL", "5903189810"), ("KEN", "A127678744U"), ("MEX", "UDIK550704Q27"), ("USA", "568659413"),
]  # fmt: skip
"""Of countries with a rule of form only, or with a second rule that takes what the first refuses."""


@pytest.mark.parametrize(("country", "value"), [*CHECKED, *UNCHECKED])
def test_an_invented_number_that_keeps_the_rule_is_good(country: str, value: str) -> None:
    assert tax_id_fault(country, value) is None


@pytest.mark.parametrize(("country", "value"), CHECKED)
def test_every_other_last_digit_is_refused_by_the_numbers_name(country: str, value: str) -> None:
    at = max(place for place, character in enumerate(value) if character.isdigit())
    for digit in set("0123456789") - {value[at]}:
        fault = tax_id_fault(country, value[:at] + digit + value[at + 1 :])
        assert fault is not None
        assert fault.startswith(f"must be a valid {RULES[country].name} of {country};")


@pytest.mark.parametrize("country", RULES)
@pytest.mark.parametrize(
    "value",
    ["", " ", "x", "-", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669", "ABCDEFGHIJKLMNOP",
     "1" * LONGEST, "\ud800", "\0" * 9, "9" * 14 + "Z", "1.2.3.4.5"],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_number_of_a_country_is_refused_in_words(country: str, value: str) -> None:
    fault = tax_id_fault(country, value)
    assert fault is not None
    assert re.search("check digit does not fit|at most 30", fault)
    assert value not in fault or len(value.strip()) < 2


@pytest.mark.parametrize("country", RULES)
def test_every_rule_is_a_known_countrys_and_its_modules_are_there(country: str) -> None:
    assert country_fault(country) is None
    for module in RULES[country].modules:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", module)
        __import__(f"stdnum.{module}")


@pytest.mark.parametrize(("more", "good"), [(-1, True), (0, True), (1, False)])
def test_the_general_form_has_4_to_30_characters(more: int, good: bool) -> None:
    assert (tax_id_fault("GBR", "1" * (30 + more)) is None) is good
    assert (tax_id_fault("GBR", "1" * (4 - more)) is None) is good


@pytest.mark.parametrize("sign", [" ", ".", "/", "-", "(", "a", "Z", "0", ",", ":", "\u2013", "\u00a0"], ids=ascii)
def test_the_general_form_takes_what_people_group_numbers_with(sign: str) -> None:
    assert tax_id_fault("URY", f"12{sign}34") is None


@pytest.mark.parametrize("sign", ["é", "\u0661", "<", "\\", "+", "\u200b"], ids=ascii)
def test_the_general_form_takes_nothing_else(sign: str) -> None:
    assert "4 to 30 letters, digits" in (tax_id_fault("URY", f"12{sign}34") or "")


@pytest.mark.parametrize("signs", ["----", "....", "(  )", "\u2013\u2013\u2013\u2013"], ids=ascii)
@pytest.mark.parametrize("country", ["URY", "GBR", "ARG"])
def test_what_only_groups_numbers_is_none(country: str, signs: str) -> None:
    assert tax_id_fault(country, signs) is not None


@pytest.mark.parametrize("country", ["", "arg", "AR", "XXX", "os", "..", "ARG\n"], ids=ascii)
def test_a_country_without_a_rule_has_the_general_form(country: str) -> None:
    assert tax_id_fault(country, "20-05536168-3") is None
    assert "4 to 30" in (tax_id_fault(country, "123") or "")
