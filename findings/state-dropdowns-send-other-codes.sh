#!/bin/bash
# country-state-city (npm), of which many address forms are made, beside pycountry (PyPI): codes of ISO 3166-2.
#
# Expected: the field `isoCode` of a state is its ISO 3166-2 code without the country, as its documentation has it, so that
#   what a form sends is what a server that checks ISO 3166-2 takes.
# What happens: of 4,963 states 479 have a code that ISO 3166-2 does not have, in 38 countries: what was replaced years ago (India's
#   CT, OR, TG and UT, all of Poland, Kazakhstan, Guatemala), what never was one (MX-CDMX), places that are gone (Norway's counties
#   of before 2020, Sardinia's provinces of 2005 to 2016). Worse are codes that both have for different places, which no check
#   finds: six provinces of Algeria, as DZ-57, which is In Salah here and El Meghaier in ISO, and TN-31, here Kassrine, there Béja.
# Why it matters: a client who picks his state from such a list is refused for it, or lives on record a thousand kilometres away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pycountry==26.2.16
npm install --silent --no-audit --no-fund country-state-city@3.2.1 >/dev/null
node -e 'console.log(JSON.stringify(require("country-state-city").State.getAllStates().map((state) => [`${state.countryCode}-${state.isoCode}`, state.name])))' >states.json
venv/bin/python - <<'PY'
import json
from collections import Counter
from importlib.metadata import version

import pycountry

with open("states.json") as file:
    offered = json.load(file)
standard = {place.code: place.name for place in pycountry.subdivisions}
unknown = [code for code, _ in offered if code not in standard]
print("country-state-city 3.2.1, pycountry", version("pycountry"))
print(len(offered), "states, of which", len(unknown), "are not in ISO 3166-2:", Counter(code[:2] for code in unknown).most_common(12))
assert (len(offered), len(unknown), len({code[:2] for code in unknown})) == (4963, 479, 38), "the behaviour changed"
for code in ("IN-UT", "PL-MZ", "MX-CDMX", "KZ-ALA", "GT-GU", "NO-01", "IT-OT"):
    assert code in unknown, "the behaviour changed"
names = dict(offered)
for code, here, there in (
    ("DZ-49", "El M'ghair", "Timimoun"),
    ("DZ-50", "El Menia", "Bordj Badji Mokhtar"),
    ("DZ-53", "Béni Abbès", "In Salah"),
    ("DZ-54", "Timimoun", "In Guezzam"),
    ("DZ-57", "In Salah", "El Meghaier"),
    ("DZ-58", "In Guezzam", "El Meniaa"),
    ("TN-31", "Kassrine", "Béja"),
):
    print(code, "is", names[code], "there, and in ISO 3166-2", standard[code])
    assert (names[code], standard[code]) == (here, there), "the behaviour changed"
PY
