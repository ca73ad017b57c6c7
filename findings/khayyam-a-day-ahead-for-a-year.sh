#!/bin/bash
# Khayyam, jdatetime and persiantools (PyPI): dates of Iran's calendar (Solar Hijri) around the leap year 1403.
#
# Expected: 1403 has a 30 Esfand, 2025-03-20, and 1404 begins on 2025-03-21. Iran's calendar goes by the equinox: on 2025-03-20 it
#   came at 12:31 in Tehran, after noon, so that the new year began on the day after. Browsers' and databases' calendars (ICU) have it so.
# What happens: Khayyam has leap years in another place: 1403 is none, 1404 is. Everything from 2025-03-20 to 2026-03-20, a whole year,
#   is one day ahead, and 30 Esfand 1403 is refused as no date. The same comes again for 1436/1437 and 1469/1470. In all other years
#   from 1300 (1921) to 1499 the three agree, so that no test with a usual birthday shows it.
# Why it matters: Iranian identity documents print Solar Hijri dates. What was issued or expires in 1404 is off by a day,
#   and whoever converts "today" for a partner's form sends tomorrow.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check Khayyam==3.0.17 jdatetime==6.1.1 persiantools==6.2.0
venv/bin/python - <<'PY'
from datetime import date, timedelta
from importlib.metadata import version

import jdatetime
from khayyam import JalaliDate
from persiantools.jdatetime import JalaliDate as PersianDate

print(*(f"{name} {version(name)}" for name in ("Khayyam", "jdatetime", "persiantools")), sep=", ")


def read(day: date) -> list[str]:
    found = JalaliDate(day), jdatetime.date.fromgregorian(date=day), PersianDate(day)
    return [f"{one.year:04}-{one.month:02}-{one.day:02}" for one in found]


for day, expected in (
    ("2025-03-19", ["1403-12-29"] * 3),
    ("2025-03-20", ["1404-01-01"] + ["1403-12-30"] * 2),
    ("2025-11-29", ["1404-09-09"] + ["1404-09-08"] * 2),
    ("2026-03-20", ["1404-12-30"] + ["1404-12-29"] * 2),
    ("2026-03-21", ["1405-01-01"] * 3),
):
    found = read(date.fromisoformat(day))
    print(day, found)
    assert found == expected, "the behaviour changed"

try:
    JalaliDate(1403, 12, 30)
except ValueError as problem:
    print("30 Esfand 1403:", problem)
else:
    raise SystemExit("the behaviour changed: the date is taken")

days = [date(1921, 3, 21) + timedelta(days=after) for after in range(200 * 365)]
apart = [day for day in days if len(set(read(day))) > 1]
print("days that differ:", len(apart), "in", sorted({read(day)[1][:4] for day in apart}))
assert len(apart) == 3 * 366, "the behaviour changed"
PY
