#!/bin/bash
# python-stdnum 2.2 (stdnum.id.nik, with its table id/loc) and idnumbers 1.22.0 (IDN.NIK), which judge the number of Indonesia's
# identity cards, asked about people who were registered in Papua, the western half of New Guinea.
#
# Expected: the first six digits are the ministry of home affairs' codes of province, regency and district: there 91 for Papua, 92
#   for West Papua, and since the division of 2022 also 93 to 96 for South, Central, Highland and Southwest Papua. A number is
#   kept for life, so that those of before the division stay as well.
# What happens: stdnum has the statistics office's codes instead, in which 91 is West Papua and 94 is Papua. Whoever was registered
#   in West Papua (9202, Manokwari) has no valid number (InvalidComponent), nor has anybody of 93, 95 and 96; a number of
#   Papua is valid, and its place is said to be in the other province. idnumbers has the ministry's codes of before 2022: 93
#   to 96 are refused, and in Manokwari nine of the district codes are known, from 03 on.
# Why it matters: the number is the tax number too (since 2024). Of the six provinces of Papua one is onboarded by both, and the
#   place that one of them gives for it is wrong, where a person compares it with the address.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-stdnum==2.2 idnumbers==1.22.0
cat > "$folder/try.py" <<'PY'
"""Made-up people, each born on 15 May 1990 and the first who was registered in a district."""
from idnumbers.nationalid.IDN import NIK
from stdnum import numdb
from stdnum.exceptions import InvalidComponent
from stdnum.id import nik

PLACES = {
    "317101": "Jakarta, Central Jakarta",
    "910101": "Papua, Merauke, before 2022",
    "910301": "Papua, Jayapura",
    "920201": "West Papua, Manokwari",
    "930101": "South Papua, Merauke",
    "940101": "Central Papua, Nabire",
    "950101": "Highland Papua, Jayawijaya",
    "960101": "Southwest Papua, Sorong",
}


def judged(number: str) -> str:
    try:
        nik.validate(number)
    except InvalidComponent:
        return "InvalidComponent"
    return "valid, in " + numdb.get("id/loc").info(number[:4])[0][1]["name_en"]


seen = {}
print(f"{'':30}{'number':18}{'stdnum':42}idnumbers")
for code, place in PLACES.items():
    number = f"{code}1505900001"
    seen[code] = judged(number), NIK.validate(number)
    print(f"{place:30}{number:18}{seen[code][0]:42}{seen[code][1]}")
refused = ("InvalidComponent", False)
assert seen["910301"][1] and seen["910101"][1] and seen["317101"][1], seen
assert "West Papua" in seen["910101"][0] and "West Papua" in seen["910301"][0], seen
assert [seen[code] for code in ("920201", "930101", "950101", "960101")] == [refused] * 4, seen
assert seen["940101"] == ("valid, in Papua", False), seen
assert len([code for code in NIK.DISTRICT if code.startswith("9202")]) == 9
PY
"$folder/venv/bin/python" "$folder/try.py"
