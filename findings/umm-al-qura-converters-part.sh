#!/bin/bash
# hijridate and ummalqura (PyPI) and ICU (the calendar "islamic-umalqura" of Intl.DateTimeFormat in Node.js 20, and so of pages in
# browsers): first days of the months of Saudi Arabia's civil calendar, 1356 to 1450 AH (1937 to 2029).
#
# Expected: the Umm al-Qura calendar is published as a table, not observed, so that three copies of it say the same.
# What happens:
#   - ICU's table is another one before 1420 AH (April 1999): 484 of 768 months begin on another day than in both libraries, 452 a day
#     later. The first of Muharram 1400 is 1979-11-20 in the libraries (the day on which Mecca's Great Mosque was seized,
#     at the dawn of the new century) and 1979-11-21 in ICU. From 1420 on ICU and hijridate agree for every month.
#   - ummalqura begins Jumada II 1427 on 2006-06-26, the others on the 27th; and Jumada II 1446 on 2024-12-03, the others on
#     the 2nd, so that all of that month is a day off.
# Why it matters: identity cards and residence permits of Saudi Arabia print these dates. A page that converts the birthday of
#   somebody older than 27 with the browser's own calendar shows and sends, more often than not, another day than a server
#   that uses a library of the same calendar's name, or than the machine-readable zone of the holder's passport.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check hijridate==2.6.0 ummalqura==2.0.1
cat >icu.cjs <<'JS'
const calendar = new Intl.DateTimeFormat("en-u-ca-islamic-umalqura-nu-latn", { timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric" });
const starts = {};
for (let day = Date.UTC(1937, 2, 1); day < Date.UTC(2030, 0, 1); day += 86400000) {
  const parts = Object.fromEntries(calendar.formatToParts(day).map((part) => [part.type, part.value]));
  if (parts.day === "1") starts[`${parts.year}-${parts.month}`] = new Date(day).toISOString().slice(0, 10);
}
console.log(JSON.stringify({ icu: process.versions.icu, starts }));
JS
node icu.cjs >icu.json
venv/bin/python - <<'PY'
import json
from collections import Counter
from datetime import date
from importlib.metadata import version

from hijridate import Hijri
from ummalqura.hijri_date import HijriDate

with open("icu.json") as file:
    icu = json.load(file)
print("hijridate", version("hijridate"), "ummalqura", version("ummalqura"), "ICU", icu["icu"])


def starts(year: int, month: int) -> tuple[date, date, date]:
    """By hijridate, ummalqura and ICU."""
    other = HijriDate(year, month, 1, gr=False)
    return (
        date.fromisoformat(Hijri(year, month, 1).to_gregorian().isoformat()),
        date(int(other.year_gr), int(other.month_gr), int(other.day_gr)),
        date.fromisoformat(icu["starts"][f"{year}-{month}"]),
    )


days = {(year, month): starts(year, month) for year in range(1356, 1451) for month in range(1, 13)}
later = Counter((ours[2] - ours[0]).days for (year, _), ours in days.items() if year < 1420)
print("1356 to 1419: days by which ICU begins a month after hijridate, with how many months:", sorted(later.items()))
assert later == {-1: 17, 0: 284, 1: 452, 2: 15}, "the behaviour changed"
print("1 Muharram 1400:", *map(str, days[1400, 1]))
assert [*map(str, days[1400, 1])] == ["1979-11-20", "1979-11-20", "1979-11-21"], "the behaviour changed"
apart = {month: [*map(str, found)] for month, found in days.items() if month[0] >= 1420 and len(set(found)) > 1}
print("1420 to 1450, where not all agree:", apart)
assert apart == {
    (1427, 6): ["2006-06-27", "2006-06-26", "2006-06-27"],
    (1446, 6): ["2024-12-02", "2024-12-03", "2024-12-02"],
}, "the behaviour changed"
PY
