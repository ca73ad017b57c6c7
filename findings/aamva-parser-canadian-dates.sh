#!/bin/bash
# aamva-parser, for JavaScript and for Python, beside aamvajs: the dates of a Canadian driver's licence.
#
# Expected: readers "of US and Canadian" licences take dates as the AAMVA card standard has them: month first in the United
#   States, year first in Canada, as told by the country in the same barcode (DCG).
# What happens: aamva-parser finds that the country is Canada and reads the dates as American all the same. 19960229 is day 96
#   of month 19 of the year 229: JavaScript rolls it over to 4 October 230, and a licence that is good until 2090 has
#   `expired`; the Python port gives None for all three dates, and its `expired` is False for want of one. Neither raises
#   anything, and both are right for the same card from California. aamvajs reads either.
# Why it matters: a whole country's licences have no dates, or those of antiquity: their holders are 1,796 years old, and the
#   same card is over in the browser and good on the server.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check aamva-parser==0.1.2
npm install --silent --no-audit --no-fund aamva-parser@1.7.0 aamvajs@0.1.1
cat >read.cjs <<'JS'
const { parse } = require("aamva-parser");
const AAMVA = require("aamvajs");
const day = (date) => date && [date.getFullYear(), date.getMonth() + 1, date.getDate()].join("-");
const text = require("node:fs").readFileSync(0, "latin1");
const one = parse(text), { data } = AAMVA.raw(text);
console.log(JSON.stringify([
  [one.country, day(one.dateOfBirth), day(one.issueDate), day(one.expirationDate), one.expired],
  [data.country, data.dateOfBirth, data.issueDate, data.expirationDate],
]));
JS
venv/bin/python - <<'PY'
import json
import subprocess
from importlib.metadata import version

import aamva_parser

print("aamva-parser", version("aamva-parser"), "(Python) 1.7.0 (JavaScript), aamvajs 0.1.1")


def barcode(issuer, *elements):
    body = "DL" + "\n".join(("DAQD1234567", "DCSLOPEZ", "DDEN", "DACANA", "DDFN", "DBC2", *elements)) + "\r"
    return f"@\n\x1e\rANSI {issuer}100001DL0031{len(body):04d}{body}"


def read(text):
    one = aamva_parser.parse(text)
    dates = [found and found.date().isoformat() for found in (one.date_of_birth, one.issue_date, one.expiration_date)]
    in_javascript = subprocess.run(["node", "read.cjs"], input=text, capture_output=True, text=True, check=True).stdout
    return [[one.country.value, *dates, one.expired], *json.loads(in_javascript)]


american = barcode("636014", "DBB02291996", "DBD01152020", "DBA02282090", "DAJCA", "DCGUSA")
canadian = barcode("604428", "DBB19960229", "DBD20200115", "DBA20900228", "DAJQC", "DCGCAN")
RIGHT = ["1996-02-29", "2020-01-15", "2090-02-28"]
EXPECTED = {
    american: [
        ["United States", *RIGHT, False],
        ["United States", "1996-2-29", "2020-1-15", "2090-2-28", False],
        ["USA", *RIGHT],
    ],
    canadian: [
        ["Canada", None, None, None, False],
        ["Canada", "230-10-4", "116-8-20", "229-10-29", True],
        ["CAN", *RIGHT],
    ],
}
for text, expected in EXPECTED.items():
    found = read(text)
    for name, line in zip(("aamva-parser, Python", "aamva-parser, JavaScript", "aamvajs"), found):
        print(f"{name:25}", line)
    assert found == expected, "the behaviour changed"
PY
