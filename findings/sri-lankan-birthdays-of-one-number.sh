#!/bin/bash
# Four packages of PyPI that read the birthday out of Sri Lanka's identity card number (year, day of the year, serial number, check
# digit): helakit 0.4.0, lka-nic-decoder 1.0.18, nic-parser 0.2.0 and idnumbers 1.22.0 (LKA.NationalID).
#
# Expected: four answers alike. The day is 001 to 366 for men and 501 to 866 for women (the Canadian High Commission's report on the
#   card, IRB LKA102742.E, as idnumbers refers to it), so that 015 is 15 January. The department publishes no more. 29 February
#   has its place in each year, so that from 1 March on the count is one ahead in a year without one: so it is in helakit, and in
#   what a holder reported to the authors of NICParser for PHP (27 October 1991 is 301, the 300th day), who then mended it.
# What happens: helakit alone does so. lka-nic-decoder and nic-parser take a day off all year round: January, February and all of a
#   leap year are a day early, and 001 is the last day of the year before in the one and an error ("not within range") in the other.
#   idnumbers takes nothing off: from March on it is a day late in ordinary years, and 31 December is 1 January of the next year.
#   So one and the same card of a January has two birthdays, one of October 1991 two, and one of 1992 two again, by other pairs.
# Why it matters: a birthday from the number is compared with the one on the card or of the passport. Each of the three is right for
#   some months, and so for the example that one tries first; everybody else seems to hold somebody else's card.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check helakit==0.4.0 lka-nic-decoder==1.0.18 \
    nic-parser==0.2.0 idnumbers==1.22.0
"$folder/venv/bin/python" - <<'PY'
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from helakit.nic import validate_nic
from idnumbers.nationalid.LKA import NationalID
from lka_nic_decoder import decode_nic
from nic_parser.parser import Parser


def by_helakit(number: str) -> date:
    return date.fromisoformat(str(validate_nic(number).dob))


READERS: dict[str, Callable[[str], date]] = {
    "helakit": by_helakit,
    "lka-nic-decoder": lambda number: decode_nic(number).birth_date,
    "nic-parser": lambda number: Parser(number).birth_date.date(),
    "idnumbers": lambda number: NationalID.parse(number)["yyyymmdd"],
}


def numbered(born: date) -> str:
    """A made-up man's number: 29 February counts in each year; the check digit is the one that idnumbers wants."""
    day = (date(2000, born.month, born.day) - date(1999, 12, 31)).days
    for serial in range(421, 441):
        for last in range(10):
            number = f"{born.year}{day:03}{serial:04}{last}"
            if NationalID.parse(number):
                return number
    raise AssertionError(born)


def days_off(year: int, reader: Callable[[str], date]) -> Counter:
    born, off = date(year, 1, 1), Counter()
    while born.year == year:
        try:
            found = (reader(numbered(born)) - born).days
        except ValueError:
            found = "error"
        off["to February" if born.month < 3 else "from March", found] += 1
        born += timedelta(days=1)
    return off


seen = {}
for year in (1991, 1992):
    for name, reader in READERS.items():
        seen[name, year] = dict(days_off(year, reader))
        told = "; ".join(f"{count} days {when} off by {off}" for (when, off), count in seen[name, year].items())
        print(f"{year} {name:16} {told}")
early, late = "to February", "from March"
assert seen["helakit", 1991] == {(early, 0): 59, (late, 0): 306}
assert seen["helakit", 1992] == {(early, 0): 60, (late, 0): 306}
assert seen["lka-nic-decoder", 1991] == {(early, -1): 59, (late, 0): 306}
assert seen["lka-nic-decoder", 1992] == {(early, -1): 60, (late, -1): 306}
assert seen["nic-parser", 1991] == {(early, "error"): 1, (early, -1): 58, (late, 0): 306}
assert seen["nic-parser", 1992] == {(early, "error"): 1, (early, -1): 59, (late, -1): 306}
assert seen["idnumbers", 1991] == {(early, 0): 59, (late, 1): 306}
assert seen["idnumbers", 1992] == {(early, 0): 60, (late, 0): 306}
PY
