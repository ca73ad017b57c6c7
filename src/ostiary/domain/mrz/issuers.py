"""Who issued a document: the codes of ICAO Doc 9303 part 3, section 5, and what ISO 3166-1 makes of them.

Codes of states that are no more (section 5 F: ANT, NTZ, and others in ISO 3166-3) are left out: what they issued has
expired. Two letters (`SI` on Slovenian specimens) are no code of a zone.
"""

from __future__ import annotations

_ALL_COUNTRIES = (
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH "
    "BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB "
    "CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO "
    "GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN "
    "IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA "
    "MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER "
    "NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU "
    "RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA "
    "TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT "
    "WLF WSM YEM ZAF ZMB ZWE"
)
_COUNTRIES = frozenset(_ALL_COUNTRIES.split())
"""ISO 3166-1 alpha-3."""

_OTHERWISE = {
    "D": "DEU",
    "GBD": "GBR",  # British Overseas Territories citizen
    "GBN": "GBR",  # British National (Overseas)
    "GBO": "GBR",  # British Overseas citizen
    "GBP": "GBR",  # British protected person
    "GBS": "GBR",  # British subject
    "RKS": "XKX",  # Kosovo; XKX is of ISO's user-assigned codes, and what others use for it
}
"""Section 5 A: codes of countries that are not ISO's."""

_ALL_DEPENDENCIES = {
    "AUS": "CCK CXR HMD NFK",
    "CHN": "HKG MAC",
    "DNK": "FRO GRL",
    "FIN": "ALA",
    "FRA": "ATF BLM GLP GUF MAF MTQ MYT NCL PYF REU SPM WLF",
    "GBR": "AIA BMU CYM FLK GGY GIB IMN IOT JEY MSR PCN SGS SHN TCA VGB",
    "MAR": "ESH",
    "NLD": "ABW BES CUW SXM",
    "NOR": "BVT SJM",
    "NZL": "COK NIU TKL",
    "USA": "ASM GUM MNP PRI UMI VIR",
}
_SOVEREIGNS = {code: sovereign for sovereign, codes in _ALL_DEPENDENCIES.items() for code in codes.split()}
"""Codes of ISO 3166-1 for territories whose passports and cards are issued, in whole or in part, by another state: that
state's code is what their documents print. What a state claims and another issues for (PSE, TWN) is not among them."""

_SPECIAL = {
    "EUE": "European Union",
    "IAO": "International Civil Aviation Organization",
    "UNA": "agency of the United Nations",
    "UNK": "United Nations mission in Kosovo",
    "UNO": "United Nations",
    "UTO": "specimen (Utopia)",
    "XBA": "African Development Bank",
    "XCC": "Caribbean Community",
    "XCE": "Council of Europe",
    "XCO": "Common Market for Eastern and Southern Africa",
    "XDC": "Southern African Development Community",
    "XEC": "Economic Community of West African States",
    "XES": "Organization of Eastern Caribbean States",
    "XIM": "African Export-Import Bank",
    "XMP": "Parliamentary Assembly of the Mediterranean",
    "XOM": "Order of Malta",
    "XPO": "Interpol",
    "XXA": "stateless person",
    "XXB": "refugee (convention of 1951)",
    "XXC": "refugee (other)",
    "XXX": "person of unspecified nationality",
}
"""Section 5 B to E, G and H: no country."""


def iso_country(code: str) -> str | None:
    """The country of a code as printed, in ISO 3166-1 alpha-3 (Kosovo: XKX); None when it is none. Any text will do."""
    return code if code in _COUNTRIES else _OTHERWISE.get(code)


def may_be_printed_for(printed: str, named: str) -> bool:
    """Whether documents of one of two countries (ISO 3166-1 alpha-3) may print the other's code: the sovereign's for a
    dependency (CHN for HKG, USA for PRI), or the dependency's own where the sovereign is named. False for the same."""
    return _SOVEREIGNS.get(named) == printed or _SOVEREIGNS.get(printed) == named


def special(code: str) -> str | None:
    """What a code means that stands for no country: `United Nations`, `refugee (other)`; None for any other text."""
    return _SPECIAL.get(code)
