#!/bin/bash
# Converters of Nepal's calendar (Bikram Sambat) on PyPI: nepali-datetime, nepali, bikram-sambat and pyBSDate, asked for the Gregorian
# dates of every first of a month from 2000 BS (1943) on.
#
# Expected: one answer for each date up to today, since Nepal's months are published; and, for years whose calendar is not made
#   yet, an error or at least the same guess.
# What happens:
#   - pyBSDate puts the whole of 2063 BS (2006-04-14 to 2007-04-13) exactly one year too early, as if it were 2062. No error: its own
#     table of starts holds the wrong dates. Whoever was born in 2063 BS is taken for a year older than they are.
#   - For Jestha 2062 (May 2005) pyBSDate and nepali give a day less than the other two.
#   - From 2084 BS (April 2027) on the libraries part: of the 192 months of 2084 to 2099 they disagree in the first day of 106,
#     mostly by one day. Their tables of coming years are guesses of each; none says so.
#   - nepali-datetime and bikram-sambat agree for every month from 2000 to 2083 BS.
# Why it matters: citizenship certificates and licences of Nepal print Bikram Sambat. A partner that converts a holder's date of birth
#   sends another day, or year, than the machine-readable zone of the same person's passport has; a validity of ten years
#   from today ends in the years that are guessed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    nepali-datetime==1.0.8.5 nepali==1.2.0 bikram-sambat==0.2.0 pyBSDate==0.3.2
venv/bin/python - <<'PY'
from importlib.metadata import version

import bikram_sambat
import nepali_datetime
from nepali.datetime import nepalidate
from pyBSDate.BSDate import convert_to_ad

READERS = {
    "nepali-datetime": lambda *day: nepali_datetime.date(*day).to_datetime_date().isoformat(),
    "nepali": lambda *day: nepalidate(*day).to_date().isoformat(),
    "bikram-sambat": lambda *day: bikram_sambat.date(*day).togregorian().isoformat(),
    "pyBSDate": lambda *day: convert_to_ad("{}-{}-{}".format(*day)),
}
print(*(f"{name} {version(name)}" for name in READERS), sep=", ")


def read(*day: int) -> dict[str, str]:
    return {name: reader(*day) for name, reader in READERS.items()}


for day, expected in (
    ((2062, 1, 1), ["2005-04-14"] * 4),
    ((2062, 2, 10), ["2005-05-24", "2005-05-23"] * 2),
    ((2063, 1, 1), ["2006-04-14"] * 3 + ["2005-04-14"]),
    ((2063, 12, 30), ["2007-04-13"] * 3 + ["2006-04-13"]),
    ((2064, 1, 1), ["2007-04-14"] * 4),
):
    found = read(*day)
    print(day, found)
    assert list(found.values()) == expected, "the behaviour changed"

months = [(year, month) for year in range(2000, 2084) for month in range(1, 13)]
apart = [month for month in months if len(set([*read(*month, 1).values()][:3])) > 1]
print("months of 2000 to 2083 in which one of the first three stands alone:", apart)
assert apart == [(2062, 2)], "the behaviour changed"
coming = [
    (year, month) for year in range(2084, 2100) for month in range(1, 13) if len(set(read(year, month, 1).values())) > 1
]
print("months of 2084 to 2099 in which they disagree:", len(coming), "of 192,")
print("first:", coming[0], read(*coming[0], 1))
assert len(coming) == 106, "the behaviour changed"
PY
