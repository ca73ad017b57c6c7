"""Countries as publishers of lists write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.lists.country_names import alpha3_of_code, alpha3_of_name, code_of_alpha3
from ostiary.adapters.lists.csv_entries import entries_of


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Congo, Democratic Republic of the", "COD"),
        ("Congo, Republic of the", "COG"),
        ("Congo", "COG"),
        ("Democratic Republic of the Congo", "COD"),
        ("Cote d Ivoire", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Gambia, The", "GMB"),
        ("The Gambia", "GMB"),
        ("Bahamas, The", "BHS"),
        ("West Bank", "PSE"),
        ("Gaza", "PSE"),
        ("Region: Gaza", "PSE"),
        ("Palestinian", "PSE"),
        ("Palestinian Territory, Occupied", "PSE"),
        ("Brunei", "BRN"),
        ("Macau", "MAC"),
        ("Burma", "MMR"),
        ("Cape Verde", "CPV"),
        ("Czech Republic", "CZE"),
        ("Korea, North", "PRK"),
        ("Korea, South", "KOR"),
        ("North Macedonia, The Republic of", "MKD"),
        ("Swaziland", "SWZ"),
        ("Turkey", "TUR"),
        ("Turkiye", "TUR"),
        ("Vatican City", "VAT"),
        ("Virgin Islands, British", "VGB"),
        ("Virgin Islands, U.S.", "VIR"),
        ("St. Kitts and Nevis", "KNA"),
        ("Saint Vincent and the Grenadines", "VCT"),
        ("Trinidad and Tobago", "TTO"),
        ("Falkland Islands (Islas Malvinas)", "FLK"),
        ("Micronesia, Federated States of", "FSM"),
        ("Kosovo", "XKX"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Guinea-Bissau", "GNB"),
        ("Sao Tome and Principe", "STP"),
        ("UAE", "ARE"),
        ("Bosnia and Herzegovina", "BIH"),
        ("Saint Helena", "SHN"),
        ("Svalbard", "SJM"),
        ("Pitcairn Islands", "PCN"),
        ("Ascension", "SHN"),
        ("Republic of Korea", "KOR"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Virgin Islands (British)", "VGB"),
        ("Virgin Islands (U.S.)", "VIR"),
        ("Burma (Myanmar)", "MMR"),
        ("Congo-Kinshasa", "COD"),
        ("Timor Leste", "TLS"),
        ("Guinea Bissau", "GNB"),
        ("São Tomé and Príncipe", "STP"),
        ("Antigua & Barbuda", "ATG"),
        ("State of Palestine", "PSE"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("Hong Kong SAR", "HKG"),
        ("Congo (DRC)", None),
        ("Netherlands Antilles", None),
        ("Region: Crimea", None),
        ("Atlantis", None),
        ("undetermined", None),
        ("", None),
    ],
)
def test_a_country_by_a_name_that_ofac_gives_it(name: str, code: str | None) -> None:
    assert alpha3_of_name(name) == code


@pytest.mark.parametrize(
    ("remarks", "countries"),
    [
        ("DOB 1970; nationality Congo, Democratic Republic of the; Gender Male.", ("COD",)),
        ("nationality Cote d Ivoire; citizen Gambia, The; Passport X.", ("CIV", "GMB")),
        ("nationality Virgin Islands, U.S.; POB X.", ("VIR",)),
        ("DOB 1970; nationality West Bank.", ("PSE",)),
        ("citizen Bahamas, The (individual) [SDGT].", ()),
        ("nationality Macau", ("MAC",)),
    ],
)
def test_nationalities_in_ofacs_remarks(tmp_path: Path, remarks: str, countries: tuple[str, ...]) -> None:
    path = tmp_path / "sdn.csv"
    path.write_text(f'1,"LOPEZ, Ana",individual,-0- {",-0- " * 7},"{remarks}"\n')
    assert next(entries_of(path)).countries == countries


@pytest.mark.parametrize(
    ("code", "alpha3"),
    [
        ("ru", "RUS"),
        ("xk", "XKX"),
        ("XK", "XKX"),
        ("gb-sct", "GBR"),
        ("ge-ab", "GEO"),
        ("cy-trnc", "CYP"),
        ("uk", "GBR"),
        ("hk", "HKG"),
        ("RUS", "RUS"),
        ("su", None),
        ("eu", None),
        ("zz", None),
        ("", None),
    ],
)
def test_a_country_by_a_code_of_followthemoney(code: str, alpha3: str | None) -> None:
    assert alpha3_of_code(code) == alpha3


def test_codes_there_and_back() -> None:
    assert [code_of_alpha3(alpha3) for alpha3 in ("XKX", "ARG", "XXX")] == ["xk", "ar", None]
