#!/bin/bash
# Who knows which tax numbers the United States give to foreigners (ITIN): python-stdnum 2.2 (us.itin, us.tin), django-localflavor 5.1
# and Faker 40.63.0 of PyPI, itin-validator 1.0.0 of npm.
#
# Expected: a 9, and 50 to 65, 70 to 88, 90 to 92 or 94 to 99 as fourth and fifth digit (IRS, publication 1915 on the number, and
#   publication 4757 for those who prepare returns). The numbers have no check digit: these two digits are all there is to judge.
# What happens: all of them have the rule as it was announced in 2011 and take, or make, the 28 pairs from 70 on. Each of 50 to 65 is
#   refused by us.itin, by localflavor and by itin-validator, and Faker makes none, so that tests filled by it never
#   meet one. us.tin, which asks us.itin, takes them, but as it takes any nine digits.
# Why it matters: those with the number are foreigners, whom onboarding is for. The refused pairs are more than a third of
#   what may be issued; as form, server and test data agree, nothing shows it but a client who is told to have mistyped
#   what stands on the letter of the IRS.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-stdnum==2.2 django==5.2.19 \
    django-localflavor==5.1 faker==40.63.0
npm install --silent --no-audit --no-fund --prefix "$folder" itin-validator@1.0.0
cat > "$folder/try.py" <<'PY'
"""Numbers that differ in the fourth and fifth digit alone, 00 to 99, and 20,000 of Faker's from one seed."""
import json
import subprocess
import sys

import django
from django.conf import settings
from django.core.exceptions import ValidationError
from faker import Faker
from stdnum.us import itin, tin

settings.configure()
django.setup()
from localflavor.us.forms import USIndividualTaxpayerIdentificationNumberField  # noqa: E402

ASKED = """
const { isValid } = require("itin-validator");
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(isValid)));
"""


def in_form(number: str) -> bool:
    try:
        USIndividualTaxpayerIdentificationNumberField().clean(number)
    except ValidationError:
        return False
    return True


issued = {*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)}
numbers = [f"900-{pair:02}-1234" for pair in range(100)]
script = sys.argv[1] + "/asked.cjs"
with open(script, "w") as file:
    file.write(ASKED)
others = json.loads(subprocess.run(["node", script, json.dumps(numbers)], check=True, capture_output=True).stdout)
taken = {
    "python-stdnum, us.itin": {pair for pair, number in enumerate(numbers) if itin.is_valid(number)},
    "python-stdnum, us.tin": {pair for pair, number in enumerate(numbers) if tin.is_valid(number)},
    "django-localflavor": {pair for pair, number in enumerate(numbers) if in_form(number)},
    "itin-validator": {pair for pair, good in enumerate(others) if good},
}
Faker.seed(1)
fake = Faker("en_US")
taken["Faker makes"] = {int(fake.itin()[4:6]) for _ in range(20_000)}
for name, pairs in taken.items():
    refused = sorted(issued - pairs)
    print(f"{name:24} {len(pairs):3} pairs; not, though issued:", *refused or ["none"])
of_2011 = {pair for pair in issued if pair >= 70}
assert (len(issued), len(of_2011)) == (44, 28)
for name in ("python-stdnum, us.itin", "django-localflavor", "itin-validator", "Faker makes"):
    assert taken[name] == of_2011, (name, taken[name])
assert taken["python-stdnum, us.tin"] == set(range(100)), taken
PY
"$folder/venv/bin/python" "$folder/try.py" "$folder"
