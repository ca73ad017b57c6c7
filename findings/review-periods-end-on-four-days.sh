#!/bin/bash
# Four packages that read ISO 8601 durations, as data protection notices, retention schedules and rules about reviews of clients
# write them (P1Y, P5Y, P18M), each asked when such a period ends that begins on a given day.
#
# Expected: XML Schema's rule (part 2, the appendix on adding durations to times), which is what people mean: years and months are
#   counted together, a day that the month lacks becomes its last one, and days come after that. 31 March 2024 and 18 months is
#   30 September 2025. Half a year is six months, or an error.
# What happens: isodate does so, and refuses fractions of years.
#   isoduration does so too, but rounds a fraction of a year: half a year is a whole one, a year and a half are two. Its own
#   formatter writes P0.5Y back, so the value looks kept.
#   metomi-isodatetime goes month by month and shortens the day each time, for good: 18 months from 31 March end on the 28th,
#   since a February was passed, two months from 31 January on 29 March. And it adds days before months.
#   aniso8601 makes 365 days of a year and 30 of a month: five years from 28 February 2021 end on the 27th, 18 months eight days
#   early. A timedelta comes out, in which nothing of that can be seen.
# Why it matters: one contract, four deadlines. A review falls due on another day than the regulator counts, or half a year of
#   retention becomes a year.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    isodate==0.7.2 isoduration==20.11.0 metomi-isodatetime==1!3.2.0 aniso8601==10.0.1
cat > "$folder/try.py" <<'PY'
"""When a period ends: by rule, and by each package."""
from calendar import monthrange
from datetime import date, datetime, timedelta

import aniso8601
import isodate
import isoduration
from metomi.isodatetime.parsers import DurationParser, TimePointParser


def by_rule(day, months, days=0):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1])) + timedelta(days)


PACKAGES = {
    "isodate": lambda day, text: day + isodate.parse_duration(text),
    "isoduration": lambda day, text: (datetime(day.year, day.month, day.day) + isoduration.parse_duration(text)).date(),
    "metomi-isodatetime": lambda day, text: date.fromisoformat(
        str(TimePointParser().parse(str(day)) + DurationParser().parse(text))[:10]
    ),
    "aniso8601": lambda day, text: day + aniso8601.parse_duration(text),
}
CASES = [
    (date(2021, 2, 28), "P5Y", by_rule(date(2021, 2, 28), 60)),
    (date(2024, 3, 31), "P18M", by_rule(date(2024, 3, 31), 18)),
    (date(2024, 1, 31), "P2M", by_rule(date(2024, 1, 31), 2)),
    (date(2024, 1, 30), "P1M1D", by_rule(date(2024, 1, 30), 1, 1)),
    (date(2024, 1, 31), "P0.5Y", by_rule(date(2024, 1, 31), 6)),
    (date(2024, 1, 31), "P1.5Y", by_rule(date(2024, 1, 31), 18)),
]
ends = {}
for day, text, right in CASES:
    print(day, text, "by rule", right)
    for name, add in PACKAGES.items():
        try:
            end = str(add(day, text))
        except Exception as problem:  # each has errors of its own
            end = type(problem).__name__
        ends[name, text] = end
        print("   ", f"{name:20}", end, "" if end == str(right) else "<<")
assert isoduration.format_duration(isoduration.parse_duration("P0.5Y")) == "P0.5Y"
EXPECTED = {
    "isodate": "2026-02-28 2025-09-30 2024-03-31 2024-03-01 ValueError ValueError",
    "isoduration": "2026-02-28 2025-09-30 2024-03-31 2024-03-01 2025-01-31 2026-01-31",
    "metomi-isodatetime": "2026-02-28 2025-09-28 2024-03-29 2024-02-29 ISO8601SyntaxError ISO8601SyntaxError",
    "aniso8601": "2026-02-27 2025-09-22 2024-03-31 2024-03-01 2024-07-31 2025-07-31",
}
got = {name: " ".join(ends[name, text] for _, text, _ in CASES) for name in PACKAGES}
assert got == EXPECTED, f"the behaviour changed: {got}"
PY
"$folder/venv/bin/python" "$folder/try.py"
