#!/bin/bash
# PyThaiNLP's conversions between Gregorian dates and those of the Thai calendar, in which identity cards, house registers and
# civil registration of Thailand are dated, for people born before 1941.
#
# Expected: until 1940 a Thai year began on 1 April. The law of 6 September 1940 ended the year 2483 after nine months, on
#   31 December, and began 2484 on 1 January 1941. So a day of January, February or March before that is 542 years from the
#   Gregorian one, not 543, and the first three months of 2483 never were.
# What happens: the difference is 543 at all times. thai_strftime dates each day of a first quarter before 1941 a year too late;
#   thai_strptime, given the date on the card, finds a birthday a year too early, with neither an error nor a warning, and takes
#   1 February 2483, a day that no calendar had. What it writes and reads itself comes back the same, so no test of a round trip
#   can show it.
# Why it matters: of clients who are 86 and older every fourth is made a year older; the date differs from that of the passport,
#   which is Gregorian, and from every list with a day of birth.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pythainlp==5.0.5
cat > "$folder/try.py" <<'PY'
"""Every day of the years in question, by the library and by the law."""
from datetime import date, datetime, timedelta

from pythainlp.util import thai_strftime, thai_strptime

FORM = "%d %B %Y"


def thai_year(day):
    """By the law: the year that began on 1 April, and from 1941 on 1 January."""
    return day.year + 543 - (day < date(1941, 1, 1) and day.month < 4)


day, written, of_quarter = date(1920, 4, 1), [], 0
while day < date(1950, 1, 1):
    text = thai_strftime(datetime(day.year, day.month, day.day), FORM)
    of_quarter += day.year < 1941 and day.month < 4
    if int(text.split()[-1]) != thai_year(day):
        written.append(day)
    assert thai_strptime(text, FORM).date() == day, "its own way back is right"
    day += timedelta(1)
assert len(written) == of_quarter and all(each.month < 4 and each.year < 1941 for each in written)
print(len(written), "days of", of_quarter, "in a first quarter before 1941 are dated in another year, of all others none")
card = "15 กุมภาพันธ์ 2480"
read = thai_strptime(card, FORM).date()
print("on the card", card, "| born", date(1938, 2, 15), "| read as", read)
never = thai_strptime("1 กุมภาพันธ์ 2483", FORM).date()
print("1 กุมภาพันธ์ 2483, which never was, is read as", never)
assert thai_year(date(1938, 2, 15)) == 2480 and thai_year(date(1937, 2, 15)) == 2479
assert (read, never, len(written)) == (date(1937, 2, 15), date(1940, 2, 1), 1805), "the behaviour changed"
PY
"$folder/venv/bin/python" "$folder/try.py"
