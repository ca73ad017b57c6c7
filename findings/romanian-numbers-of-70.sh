#!/bin/bash
# Five judges of Romania's personal number (CNP): python-stdnum 2.2 (stdnum.ro.cnp), idnumbers 1.22.0 (ROU.PersonalNumericalCode)
# and, of npm, stdnum 1.12.0, cnp 1.0.3 and romanian-personal-identity-code-validator 1.1.4, asked about whoever got a number lately.
#
# Expected: digits eight and nine were the county (01 to 46, 51, 52). Since births are registered in the integrated system of
#   civil status records (the ministry of the interior's word on it; with the directorate of records, which answered the authors of
#   a specification of the CNP), every number that it gives has 70 there, in each county; numbers of consulates have 80 to 83, and
#   there are older ones with 50, 54, 56, 60, 64, 78, 84, 87, 88, 90, 98 and 99.
# What happens: with the right check digit and date, 70 is valid for python-stdnum alone: the four others refuse it, whatever the
#   rest of the number is. 80 is valid for python-stdnum and one of npm's. 50 passes with two that refuse 70; 54, 60 and 90,
#   which exist, are refused by all five. The two packages named stdnum differ.
# Why it matters: that is every child and everybody else who is registered now. Numbers that mean a place are read as a list of
#   places, and the list is closed; a check digit and a date are enough to catch what somebody mistypes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-stdnum==2.2 idnumbers==1.22.0
npm install --silent --no-audit --no-fund --prefix "$folder" \
    stdnum@1.12.0 cnp@1.0.3 romanian-personal-identity-code-validator@1.1.4
cat > "$folder/try.py" <<'PY'
"""Made-up women and men born on 15 May 1990, whose numbers differ in the county and the check digit alone."""
import json
import subprocess
import sys

from idnumbers.nationalid.ROU import PersonalNumericalCode
from stdnum.ro import cnp

ASKED = """
const { stdnum } = require("stdnum"), cnp = require("cnp").default;
const { CNP } = require("romanian-personal-identity-code-validator");
const judged = JSON.parse(process.argv[2]).map((number) =>
    [stdnum.RO.cnp.validate(number).isValid, Boolean(cnp(number)), new CNP(number).isValid()]);
console.log(JSON.stringify(judged));
"""
NAMES = ("stdnum (PyPI)", "idnumbers", "stdnum (npm)", "cnp", "romanian-personal-...")


def numbered(county: str) -> str:
    begins = f"1900515{county}421"
    weighed = sum(int(digit) * int(by) for digit, by in zip(begins, "279146358279", strict=True)) % 11
    return begins + ("1" if weighed == 10 else str(weighed))


counties = ["01", "40", "46", "52", "50", "54", "60", "70", "80", "90"]
numbers = [numbered(county) for county in counties]
script = sys.argv[1] + "/asked.cjs"
with open(script, "w") as file:
    file.write(ASKED)
others = json.loads(subprocess.run(["node", script, json.dumps(numbers)], check=True, capture_output=True).stdout)
print(f"{'':22}" + "".join(f"{name:>24}" for name in NAMES))
seen = {}
for county, number, other in zip(counties, numbers, others, strict=True):
    seen[county] = (cnp.is_valid(number), PersonalNumericalCode.validate(number), *other)
    print(f"{county}  {number:18}" + "".join(f"{'valid' if good else 'refused':>24}" for good in seen[county]))
for county in ("01", "40", "46", "52"):
    assert all(seen[county]), seen
assert seen["70"] == (True, False, False, False, False), seen
assert seen["80"] == (True, False, False, False, True), seen
assert seen["50"] == (False, True, False, True, False), seen
assert not any(seen["54"] + seen["60"] + seen["90"]), seen
PY
"$folder/venv/bin/python" "$folder/try.py" "$folder"
