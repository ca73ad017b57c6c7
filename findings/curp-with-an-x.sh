#!/bin/bash
# Four readers of Mexico's population number (CURP): python-stdnum, and curp, validate-curp and stdnum for JavaScript.
#
# Expected: the eleventh sign is H, M, or X for whom the register has as non-binary, as issued since July 2022 and printed on
#   voters' cards since 2023; and the four agree about a number whose check digit is right.
# What happens: python-stdnum and validate-curp refuse each number with an X as malformed, where curp and stdnum for JavaScript
#   take it, and curp makes such numbers. Read by python-stdnum, a number that a form took in the browser has an invalid part.
#   All four take a seventeenth sign that puts a birth into the year 2090, which python-stdnum gives as the date of birth.
# Why it matters: a client with a good voter's card cannot be onboarded, and is told that the number has a typing error. Who
#   takes the date of birth from the number had better look whether it is past.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check python-stdnum==2.2
npm install --silent --no-audit --no-fund curp@1.4.0 validate-curp@1.0.0 stdnum@1.12.0
cat >read.cjs <<'JS'
const curp = require("curp"), validateCurp = require("validate-curp"), { stdnum } = require("stdnum");
const number = process.argv[2];
console.log(JSON.stringify([curp.validar(number), validateCurp(number).isValid, stdnum.MX.curp.validate(number).isValid]));
JS
venv/bin/python - <<'PY'
import json
import subprocess
from datetime import date
from importlib.metadata import version

from stdnum.exceptions import InvalidComponent
from stdnum.mx import curp

print("python-stdnum", version("python-stdnum"), "curp 1.4.0, validate-curp 1.0.0, stdnum 1.12.0 for JavaScript")
TABLE = (
    ("LOGA900101HDFPRN0", [True, True, True, True]),
    ("LOGA900101MDFPRN0", [True, True, True, True]),
    ("LOGA900101XDFPRN0", [False, True, False, True]),
    ("LOGA040315XNLPRNA", [False, True, False, True]),
    ("LOGA900101HDFPRNA", [True, True, True, True]),  # of 2090
)
for body, expected in TABLE:
    number = body + curp.calc_check_digit(body)
    answer = subprocess.run(["node", "read.cjs", number], capture_output=True, text=True, check=True).stdout
    found = [curp.is_valid(number), *json.loads(answer)]
    print(number, dict(zip(("python-stdnum", "curp", "validate-curp", "stdnum"), found)))
    assert found == expected, "the behaviour changed"
assert curp.get_birth_date(number) == date(2090, 1, 1), "the behaviour changed"
try:
    curp.get_gender("LOGA900101XDFPRN0")
except InvalidComponent as problem:
    print("get_gender:", problem)
else:
    raise SystemExit("the behaviour changed: a gender is told")
PY
