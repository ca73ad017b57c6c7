#!/bin/bash
# Six judges of Iceland's personal number (kennitala): python-stdnum 2.2 (stdnum.is_.kennitala), kennitala 0.2.0,
# django-localflavor 5.1 (ISIdNumberField) and idnumbers 1.22.0 (ISL.IcelandicID) of PyPI, stdnum 1.12.0 and kennitala 3.1.2 of npm.
#
# Expected: since 18 February 2026 the ninth digit is no check digit in numbers that the registry (Þjóðskrá) gives out; it
#   announced so on 14 May 2025, asked everybody to check no more, and published six made-up numbers to try it with. Who
#   is in the register of systems alone (foreigners without a residence) has a number that begins with 8 or 9 and tells no birthday.
# What happens: of ten people who share a birthday and two digits, and differ in the ninth, python-stdnum, PyPI's kennitala,
#   localflavor and npm's stdnum take one; idnumbers and npm's kennitala take all. The registry's own example 281191-3049 is invalid
#   for the first four. A number that begins with 8 is refused by all six as a person's; asked whether it is valid at all,
#   npm's kennitala says yes.
# Why it matters: nine of ten who get a number from now on cannot be onboarded, and nothing shows in tests, whose
#   examples are older than the change. The two packages named kennitala answer differently for the same person.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-stdnum==2.2 kennitala==0.2.0 \
    django==5.2.19 django-localflavor==5.1 idnumbers==1.22.0
npm install --silent --no-audit --no-fund --prefix "$folder" stdnum@1.12.0 kennitala@3.1.2
cat > "$folder/try.py" <<'PY'
"""People born on 15 May 1990, all made up, then the registry's example, then a number of the systems' register."""
import json
import subprocess
import sys

import django
from django.conf import settings
from django.core.exceptions import ValidationError
from idnumbers.nationalid.ISL import IcelandicID
from kennitala import Kennitala
from stdnum.is_ import kennitala

settings.configure()
django.setup()
from localflavor.is_.forms import ISIdNumberField  # noqa: E402

ASKED = """
const { stdnum } = require("stdnum"), kennitala = require("kennitala");
const judged = JSON.parse(process.argv[2]).map((number) =>
    [stdnum.IS.kennitala.validate(number).isValid, kennitala.isPerson(number), kennitala.isValid(number)]);
console.log(JSON.stringify(judged));
"""
NAMES = ("stdnum (PyPI)", "kennitala (PyPI)", "localflavor", "idnumbers", "stdnum (npm)", "kennitala (npm)")


def in_form(number: str) -> bool:
    try:
        ISIdNumberField().clean(number)
    except ValidationError:
        return False
    return True


ten = [f"15059021{ninth}9" for ninth in range(10)]
example, of_systems = "2811913049", "8123456789"
numbers = [*ten, example, of_systems]
script = sys.argv[1] + "/asked.cjs"
with open(script, "w") as file:
    file.write(ASKED)
others = json.loads(subprocess.run(["node", script, json.dumps(numbers)], check=True, capture_output=True).stdout)
print(f"{'':12}" + "".join(f"{name:>18}" for name in NAMES))
seen = {}
for number, other in zip(numbers, others, strict=True):
    ours = kennitala.is_valid(number), Kennitala(number).validate(), in_form(number), IcelandicID.validate(number)
    seen[number] = (*ours, *other[:2])
    print(f"{number:12}" + "".join(f"{'valid' if good else 'refused':>18}" for good in seen[number]))
taken = [sum(seen[number][judge] for number in ten) for judge in range(6)]
print("of the ten:", dict(zip(NAMES, taken, strict=True)))
assert taken == [1, 1, 1, 10, 1, 10], taken
assert seen[example] == (False, False, False, True, False, True), seen
assert not any(seen[of_systems]) and others[-1][2], others[-1]
PY
"$folder/venv/bin/python" "$folder/try.py" "$folder"
