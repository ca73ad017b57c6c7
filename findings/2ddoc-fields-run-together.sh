#!/bin/bash
# py2ddoc beside tddoc: two readers of 2D-Doc, the signed barcode on French proofs of address, tax notices and payslips.
#
# Expected: both read the same fields. ANTS' specification ends a field by the separator GS only if it is shorter than its
#   longest; one of fixed length (country, postcode) is followed by the next at once. The header has 22 signs in version
#   2, 24 in 3 and 26 in 4, and its two dates are hexadecimal counts of days since the year 2000.
# What happens: py2ddoc splits at separators alone, so country, postcode and the holder's name come as one field "26" of
#   FR247500110MME/LOPEZ/ANA, and there is no "24" or "10". It takes 24 signs of header from each version, so in 2 and 4
#   even the first field's name is wrong. Dates are read in base 36: 13 May 2026 is 22 February 2274. Nothing is raised,
#   though its description names the three versions. tddoc reads them all.
# Why it matters: the code on a proof of address is read for the holder's name and for the document's age, and just those are
#   lost; what is dated in two hundred years is never too old.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check py2ddoc==0.1.4 tddoc==0.3.0
"$folder/venv/bin/python" - <<'PY'
from datetime import date
from importlib.metadata import version

import py2ddoc
from tddoc.doc import TwoDDoc

print("py2ddoc", version("py2ddoc"), "tddoc", version("tddoc"))
END, SIGNATURE = "\x1d", "\x1f" + "A" * 103  # of no key: neither is asked to verify
FIELDS = "26FR" + "2475001" + "10MME/LOPEZ/ANA" + END + "2212 RUE DES LILAS" + END
DATES = "259D" + "25A2"
RIGHT = {"26": "FR", "24": "75001", "10": "MME/LOPEZ/ANA", "22": "12 RUE DES LILAS"}
WRONG = {
    2: {"FR": "247500110MME/LOPEZ/ANA", "22": "12 RUE DES LILAS"},
    3: {"26": "FR247500110MME/LOPEZ/ANA", "22": "12 RUE DES LILAS"},
    4: {"FR": "26FR247500110MME/LOPEZ/ANA", "22": "12 RUE DES LILAS"},
}
for edition, ending in ((2, "01"), (3, "0101"), (4, "0101FR")):  # type; and perimeter; and country
    text = f"DC0{edition}FR000001{DATES}{ending}{FIELDS}{SIGNATURE}"
    one, other = py2ddoc.parse(text), TwoDDoc.from_code(text)
    other_fields = {each.definition.id: each.value for each in other.message.dataset}
    print(f"version {edition}\n  py2ddoc {one.doc_date}, {one.fields}\n  tddoc   {other.header.emit_date}, {other_fields}")
    assert one.fields == WRONG[edition] and one.doc_date == date(2274, 2, 22), "the behaviour changed"
    assert other_fields == RIGHT and other.header.emit_date == date(2026, 5, 13), "the behaviour changed"
PY
