"""Kinds of tax ids that persons may have now, each as printed on its card or form, and numbers that nobody has."""

from __future__ import annotations

import pytest

from ostiary.adapters.lookups.tax_ids import RULES, TaxIds, tax_id_fault

GOOD = [
    ("ARG", "25-05536168-4"), ("ARG", "26-05536168-0"), ("ARG", "20.05536168.2"),
    ("AUS", "512 266 434"), ("AUS", "512-266-434"), ("AUT", "81-814/1475"), ("AUT", "00 814 1475"),
    ("BEL", "08.12.58-915.22"), ("BEL", "08.12.58 915-22"), ("BGR", "385120 1382"),
    ("BRA", "640.016.538-00"), ("CAN", "046 454 286"), ("CAN", "511-766-040"), ("CHE", "756.9409.5913.71"),
    ("CHL", "12.531.909-2"), ("CHL", "123.456-0"), ("CHL", "11.111.111-1"),
    ("CHN", "810000199408230021"), ("CHN", "911124198108030024"), ("CHN", "321119198003070010"),
    ("CHN", "110101 19670812 8363"), ("CHN", "CAN110075010101"), ("CHN", "C12400000AB1234567"),
    ("COL", "1020304050"), ("COL", "79123456"), ("COL", "1234563"), ("COL", "1.020.304.050"), ("COL", "79.123.456-1"),
    ("COL", "123"), ("CRI", "1-0613-0584"), ("CRI", "1-613-584"), ("CRI", "01-0613-0584"), ("CRI", "155812994816"),
    ("CRI", "3120175934"), ("CZE", "CZ7103192745"), ("CZE", "CZ682127228"), ("CZE", "710319/2745"),
    ("CZE", "CZ 710319 2745"), ("DEU", "36 574 261 809"), ("DEU", "181/815/08155"), ("DEU", "DE123456788-00001"),
    ("DNK", "190986-5280"), ("DNK", "790986-5280"), ("DOM", "001-1391820-5"), ("ECU", "171430710-3"),
    ("ECU", "1790011674001"), ("ECU", "1760001550001"), ("ESP", "54.362.315-K"), ("ESP", "54362315K"),
    ("ESP", "X-2482300-W"), ("ESP", "1.234.567-L"), ("EST", "4851107 7801"), ("FIN", "131052-308T"),
    ("FIN", "060385-233R"), ("FRA", "24 13 253 780 070"), ("FRA", "24.13.253.780.070"),
    ("GHA", "GHA-712345678-9"), ("GHA", "NGA-712345678-9"), ("GHA", "P0037104357"), ("GRC", "EL140654908"),
    ("GTM", "1234 56789 0101"), ("GTM", "1234-56789-0101"), ("GTM", "576937-K"), ("HKG", "A123456(3)"),
    ("HRV", "HR46554492933"), ("IDN", "9202011505900001"), ("IDN", "92.02.01.150590.0001"), ("IDN", "9202015505900001"),
    ("IDN", "01.312.166.0-091.000"), ("IDN", "0013121660091000"), ("IND", "ACUPA 7085 R"), ("IND", "2341 2341 2346"),
    ("IRL", "6433435F"),
    ("IRL", "6433435OA"), ("IRL", "1234567FA"), ("IRL", "1234567 TW"), ("ISL", "590318-9810"), ("ISL", "010190-2009"),
    ("ISL", "8512010010"), ("ITA", "RCC MNL 83S18 D969H"), ("ITA", "IT00743110157"), ("KEN", "A012345678Z"),
    ("KEN", "p012345678z"), ("KOR", "210305-4981234"), ("KOR", "200101-7123456"), ("KOR", "850315-1999999"),
    ("LTU", "38306288962"), ("LTU", "1234567890"), ("LVA", "320000-12345"), ("LVA", "161175-19997"),
    ("MEX", "GODE 561231 GR8"), ("MEX", "GODE-561231-GR8"), ("MEX", "BOXW310820XNERXN03"), ("NLD", "0323.37.474"),
    ("NLD", "32337474"), ("NOR", "661202 72404"), ("NOR", "661202-72404"), ("NZL", "039-369-621"),
    ("NZL", "165-432-108"),
    ("PER", "10.117.410"), ("PER", "10117410-2"), ("PER", "10-10117410-2"), ("PER", "15-30301221-1"),
    ("PER", "16-10117410-1"), ("POL", "PL 856-734-62-15"), ("POL", "856-734-62-15"), ("PRT", "PT 447 691 724"),
    ("PRY", "9352306-8"), ("PRY", "9.352.306-8"), ("ROU", "9000123456785"), ("ROU", "1800101704211"),
    ("RUS", "1970410943"), ("RUS", "500100732259"), ("SLV", "04567890-3"), ("SLV", "1840-621323-995-7"),
    ("SVK", "690611/4534"), ("SVK", "SK1020304054"), ("SVN", "SI 4067 8164"), ("SWE", "20021090-5311"),
    ("SWE", "191500722390"), ("SWE", "820419-4149"), ("SWE", "820419+4149"), ("THA", "2-2546-64503-86-0"),
    ("THA", "1-2345-6789-0"),
    ("TUR", "424 003 709 32"), ("UKR", "7105237440"), ("UKR", "АБ 123456"), ("UKR", "001234567"),
    ("USA", "536-90-4399"), ("USA", "912-90-3456"), ("USA", "912-93-3456"), ("USA", "P12345678"), ("USA", "12-3456789"),
    ("USA", "912-50-3456"), ("USA", "912653456"), ("USA", "987-65-4319"),
    ("ZAF", "0203/527/91/6"),
]  # fmt: skip
IMPOSSIBLE = [
    ("USA", "000-00-0000"), ("USA", "078-05-1120"), ("USA", "078051120"), ("USA", "219-09-9999"),
    ("USA", "666-12-3456"),
    ("USA", "536-00-4399"), ("USA", "536-90-0000"), ("USA", "987-65-4320"), ("USA", "900-49-1234"),
    ("USA", "987654329"), ("USA", "912-66-3456"), ("USA", "912-69-3456"),
    ("KEN", "|123456789Z"), ("KEN", "B123456789Z"), ("BRA", "111.111.111-11"), ("BRA", "99999999999"),
    ("BRA", "000.000.000-00"), ("MEX", "XAXX010101000"), ("MEX", "XEXX010101000"), ("COL", "222222222222"),
    ("CHL", "66.666.666-6"), ("CHL", "55.555.555-5"), ("PRT", "999999990"), ("ESP", "00000000T"), ("PER", "00000000"),
    ("PER", "000.000.00"), ("CAN", "000 000 000"), ("CAN", "846 454 285"), ("GBR", "0000000000"), ("COL", "12"),
    ("KOR", "210230-4981234"), ("KOR", "210305-0981234"), ("CHN", "990000199408230021"), ("CHN", "110101196702308363"),
    ("IDN", "9202013905900001"), ("IDN", "9202011513900001"), ("ISL", "3213012009"), ("ISL", "0101902001"),
    ("SWE", "20021340-5311"), ("SWE", "200210955311"), ("SLV", "04567890-4"), ("GTM", "1234 56788 0101"),
    ("GHA", "GHA-71234567-9"), ("NLD", "12"), ("ROU", "1801301704218"), ("ROU", "9000123456787"), ("SVK", "1020304059"),
    ("LVA", "310000-12345"), ("ESP", "1.234.567-M"), ("PER", "16-10117410-6"), ("ARG", "25-05536168-5"),
    ("MEX", "BOXW310820XNERXN02"), ("IRL", "1234567GA"), ("COL", "1.2.3.4.5"),
    ("NZL", "165-432-109"), ("NZL", "200-000-004"), ("IND", "2341 2341 2347"),
    ("UKR", "АБВ12345"), ("BEL", "08.12.58-915.23"), ("CHL", "123.456-1"), ("AUT", "81-814/1476"),
]  # fmt: skip


@pytest.mark.parametrize(("country", "value"), GOOD)
def test_every_kind_of_number_that_a_person_may_have_is_good_as_printed(country: str, value: str) -> None:
    assert tax_id_fault(country, value) is None


@pytest.mark.parametrize(("country", "value"), IMPOSSIBLE)
def test_a_number_that_nobody_has_is_refused(country: str, value: str) -> None:
    assert tax_id_fault(country, value) is not None


def test_every_country_and_each_of_its_rules_has_a_number_here() -> None:
    assert {country for country, _ in GOOD} >= set(RULES)
    for country, kinds in RULES.items():
        numbers = [value for place, value in GOOD if place == country]
        for at, rule in enumerate((*kinds.own, *kinds.as_written)):
            alone = TaxIds(kinds.name, own=(rule,)) if rule in kinds.own else TaxIds(kinds.name, as_written=(rule,))
            assert any(_fits(alone, country, value) for value in numbers), f"{country}: rule {at} has no number"


def _fits(kinds: TaxIds, country: str, value: str) -> bool:
    before = RULES[country]
    RULES[country] = kinds  # type: ignore[index]
    try:
        return tax_id_fault(country, value) is None
    finally:
        RULES[country] = before  # type: ignore[index]


@pytest.mark.parametrize("sign", [" ", "-", ".", "/", "\u00a0", "\u2009", "\u2013", "\u2011"], ids=ascii)
@pytest.mark.parametrize("country", sorted(set(RULES) - {"FIN"}))
def test_whatever_separates_the_groups_does_not_matter(country: str, sign: str) -> None:
    value = next(value for place, value in GOOD if place == country)
    bare = "".join(letter for letter in value if letter.isalnum())
    assert tax_id_fault(country, f"{bare[:3]}{sign}{bare[3:6]}{sign}{bare[6:]}") is None
