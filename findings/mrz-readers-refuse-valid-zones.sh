#!/bin/bash
# Four readers of machine-readable zones (mrz and fastmrz for Python, mrz and mrz-fast for JavaScript) on valid zones.
#
# Expected: what ICAO Doc 9303 has is read by all: Germany's code is the one letter D with two fillers, a card's number of
#   more than nine signs goes on in the optional data with its check digit at the end, a card has optional data in both
#   lines, a name may fill its field to the last sign, and people live for more than ninety years.
# What happens: fastmrz calls each German document a FAILURE, since its codes must be letters, both Python packages refuse the
#   card with the long number (the ordinary Belgian one) and give its first nine signs as all of it, fastmrz reads the
#   second optional data from the first line and lets whoever was born in 1930 be born in 2030 if the passport outlasts
#   that year, and a surname that fills the field is given as first name too by mrz for JavaScript and is an IndexError in
#   fastmrz. mrz-fast, which knows passports alone, is right.
# Why it matters: each is right for the specimens of its own tests. Whole nations and the oldest clients fail.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check mrz==0.6.2 fastmrz==2.1.2
npm install --silent --no-audit --no-fund mrz@5.0.2 mrz-fast@1.0.9
cat >read.mjs <<'JS'
import { parse } from "mrz";
import { parseMRZ } from "mrz-fast";

const text = process.argv[2].split("\n"), one = parse(text), of = (found) => found.fields ?? {};
const other = text.length === 2 ? parseMRZ(text) : { valid: null };
console.log(JSON.stringify([[one.valid, one.documentNumber, of(one).firstName], [other.valid, of(other).firstName ?? null]]));
JS
venv/bin/python - <<'PY'
import json
import subprocess
from importlib.metadata import version

from fastmrz import FastMRZ
from mrz.checker.td1 import TD1CodeChecker
from mrz.checker.td3 import TD3CodeChecker

print(", ".join(f"{name} {version(name)}" for name in ("mrz", "fastmrz")), "mrz 5.0.2 and mrz-fast 1.0.9 for JavaScript")


def checked(text):
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    return text + str(sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10)


def passport(code, born="740812", names="LOPEZ<<ANA"):
    middle = checked(born), checked("320415"), checked("A" + "<" * 13)
    number = checked("C01X00T47")
    overall = checked(number + "".join(middle))[-1]
    return f"P<{code}{names:<<39}\n{number}{code}{middle[0]}F{middle[1]}{middle[2]}{overall}"


def card(code, number, second=""):
    shown = checked(number) if len(number) == 9 else f"{number[:9]}<{checked(number)[9:]}<"
    first, born, end, second = f"I<{code}{shown:<<25}", checked("740812"), checked("320415"), f"{second:<<11}"
    return f"{first}\n{born}F{end}{code}{second}{checked(first[5:] + born + end + second)[-1]}\n{'LOPEZ<<ANA':<<30}"


def read(text):
    one = (TD3CodeChecker if text.count("\n") == 1 else TD1CodeChecker)(text)
    try:
        found = reader.get_details(text, input_type="text")
        other = [found["status"], found["document_number"], found["birth_date"], found.get("optional_data_2")]
    except IndexError:
        other = None
    answer = subprocess.run(["node", "read.mjs", text], capture_output=True, text=True, check=True).stdout
    return [[bool(one), one.fields().document_number], other, *json.loads(answer)]


reader, LONG = FastMRZ(), "DE<LOS<ANGELES<HERRERA<Y<MONTES<DE<OCAS"
NUMBER, BORN, FINE = "C01X00T47", "1974-08-12", [True, "ANA"]
TABLE = {
    "passport": (passport("COL"), [[True, NUMBER], ["SUCCESS", NUMBER, BORN, None], [True, NUMBER, "ANA"], FINE]),
    "German": (passport("D<<"), [[True, NUMBER], ["FAILURE", NUMBER, BORN, None], [True, NUMBER, "ANA"], FINE]),
    "born 1930": (
        passport("COL", "300812"), [[True, NUMBER], ["SUCCESS", NUMBER, "2030-08-12", None], [True, NUMBER, "ANA"], FINE],
    ),
    "long surname": (passport("COL", names=LONG), [[True, NUMBER], None, [True, NUMBER, LONG.replace("<", " ")], [True, ""]]),
    "long number": (card("BEL", "592000095321"), [
        [False, "592000095"], ["FAILURE", "592000095", BORN, "4"], [True, "592000095321", "ANA"], [None, None],
    ]),
    "second data": (card("ESP", NUMBER, "A12345"), [
        [True, NUMBER], ["SUCCESS", NUMBER, BORN, ""], [True, NUMBER, "ANA"], [None, None],
    ]),
}
for name, (text, expected) in TABLE.items():
    found = read(text)
    print(f"{name:12}", *found, sep="  ")
    assert found == expected, "the behaviour changed"
PY
