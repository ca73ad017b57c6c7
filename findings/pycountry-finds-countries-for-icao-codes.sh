#!/bin/bash
# pycountry: what its fuzzy search makes of the codes that passports print and ISO 3166-1 does not have.
#
# Expected: the three-letter codes of ICAO Doc 9303 part 3, section 5, which are no country's in ISO (D, RKS, UNO, IAO,
#   XXA ...), are found by nothing: LookupError, as for a code that does not exist.
# What happens: `lookup` refuses them, but `search_fuzzy`, the usual second try, answers several with a country, and
#   without a score, since it looks for the text inside the names of all subdivisions: Germany's D is the United Kingdom,
#   Kosovo's RKS the Turks and Caicos Islands, the United Nations' UNO Lithuania, ICAO's own IAO China, a stateless
#   person's XXA Malta, and the specimen's UTO Brunei. By name it is no better: Kosovo is Serbia, Niger is Nigeria.
# Why it matters: a nationality that was read rightly from a document becomes another country's, and with it the tax rules
#   and the country risk.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pycountry==26.2.16
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from pycountry import countries

print("pycountry", version("pycountry"))


def refused(search, text):
    try:
        search(text)
    except LookupError:
        return True
    return False


first = {
    "D": "GBR", "RKS": "TCA", "UNO": "LTU", "UNA": "ISL", "UNK": "PAK", "IAO": "CHN", "XXA": "MLT", "UTO": "BRN",
    "Kosovo": "SRB", "Niger": "NGA", "Korea": "PRK",
}
for text, expected in first.items():
    found = countries.search_fuzzy(text)
    print(f"{text:8} lookup refuses: {refused(countries.lookup, text)!s:6} first of {len(found)}: {found[0].name}")
    assert found[0].alpha_3 == expected, "the behaviour changed"
for code in ("D", "RKS", "UNO", "IAO", "XXA", "UTO"):
    assert refused(countries.lookup, code), "the behaviour changed"
for code in ("GBD", "EUE", "XXB", "XPO"):
    print(f"{code:8} search_fuzzy refuses: {refused(countries.search_fuzzy, code)}")
    assert refused(countries.search_fuzzy, code), "the behaviour changed"
PY
