#!/bin/bash
# Three packages that convert dates to the Ethiopian calendar, in which identity cards and birth certificates of Ethiopia
# are dated: thirteen months, the last of five days, of six before a Julian leap year.
#
# Expected: each day has a date, no two days the same one, and there and back is where one was.
# What happens: ethiopian-calendar gives the sixth day of the thirteenth month as the first day of that very year: 11
#   September 2023 becomes 1 Meskerem 2015, which was a year before, and the day after it is 1 Meskerem 2016. It raises
#   nothing, and its own way back is a year early. ethiopian-date puts what it has computed into datetime.date, which
#   has no thirteenth month and no 30th of a second one: seven days of nearly each year (6 to 10 September, and two in
#   November) raise ValueError. ethiopian-date-converter, which is imported by the same name as ethiopian-date, is right.
#   The other direction, to the usual calendar, is right in all three.
# Why it matters: who writes a client's birth date beside the one on the card loses one in fifty clients by the one, and
#   makes those born on a sixth of Pagume a year older or younger by the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
for packages in "ethiopian-calendar==0.1.0" "ethiopian-date==1.0 six==1.17.0" "ethiopian-date-converter==0.1.5 six==1.17.0"; do
    # shellcheck disable=SC2086
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --target "$folder/${packages%%==*}" $packages
done
cat > "$folder/try.py" <<'PY'
"""Each day of a century, as a package converts it and by day counts: 1 Meskerem of year 1 is 27 August 8 in the Gregorian
calendar, and every fourth year is a day longer."""
import sys
from collections import Counter
from datetime import date, timedelta

name, folder = sys.argv[1:]
sys.path.insert(0, folder)
if name == "ethiopian-calendar":
    from ethiopian_calendar import EthiopicDate

    def there(day):
        made = EthiopicDate.from_gregorian(day)
        return made.year, made.month, made.day

    def back(year, month, day):
        return EthiopicDate(year, month, day).to_gregorian()
else:
    from ethiopian_date import EthiopianDateConverter

    def there(day):
        made = EthiopianDateConverter.to_ethiopian(day.year, day.month, day.day)
        return made if isinstance(made, tuple) else (made.year, made.month, made.day)

    back = EthiopianDateConverter.to_gregorian


def counted(year, month, day):
    return date.fromordinal(date(8, 8, 27).toordinal() + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)


assert counted(2000, 1, 1) == date(2007, 9, 12), "the millennium was celebrated on that day"
ends, at = Counter(), counted(1923, 1, 1)
for year in range(1923, 2023):
    for month in range(1, 14):
        for day in range(1, 31 if month < 13 else 7 if year % 4 == 3 else 6):
            assert counted(year, month, day) == at and back(year, month, day) == at
            try:
                ends["right" if there(at) == (year, month, day) else "wrong"] += 1
            except ValueError:
                ends["raised"] += 1
            at += timedelta(1)
print(name, dict(ends))
sixth = date(2023, 9, 11)
EXPECTED = {
    "ethiopian-calendar": ({"right": 36500, "wrong": 25}, (2015, 1, 1), date(2022, 9, 11)),
    "ethiopian-date": ({"right": 35825, "raised": 700}, None, None),
    "ethiopian-date-converter": ({"right": 36525}, (2015, 13, 6), sixth),
}
try:
    got = there(sixth)
except ValueError as problem:
    got = None
    print("  11 September 2023:", problem)
else:
    print("  11 September 2023:", got, "and back:", back(*got), "| the day after:", there(sixth + timedelta(1)))
assert (dict(ends), got, got and back(*got)) == EXPECTED[name], "the behaviour changed"
PY
for name in ethiopian-calendar ethiopian-date ethiopian-date-converter; do
    "$folder/venv/bin/python" "$folder/try.py" "$name" "$folder/$name"
done
