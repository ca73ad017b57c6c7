#!/bin/bash
# python-stdnum 2.2 (stdnum.cn.ric), id-validator 1.0.20 and idnumbers 1.22.0, which judge China's identity numbers of eighteen
# characters (GB 11643), asked about people who live in China and are no citizens of the mainland.
#
# Expected: three kinds of cards carry such a number, with the same check character. Identity cards begin with the county that
#   issued the first one. Residence permits for people from Hong Kong, Macao and Taiwan, since September 2018, begin with 810000,
#   820000 or 830000. Permanent residence cards of foreigners, in the form of December 2023, begin with 9, then two digits
#   for the province and three for the nationality (ISO 3166-1 numeric), where the others have the county.
# What happens: stdnum takes 810000, 820000 and 830000 for counties that there are not (InvalidComponent), and the foreigners' card
#   too: none of the three is valid. id-validator takes the permits, of which it says that their holder comes from the
#   region of that name, and refuses every foreigner's card, since its own table of counties has none that begins with 9;
#   get_info() then gives False. idnumbers takes all of them, whatever stands where the county is: 999999 as well.
# Why it matters: the permits and cards exist so that their holders may open accounts as citizens do. Who judges by one of the
#   first two turns away all of them, with the words for a forged number; who judges by the third learns nothing from the place.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    python-stdnum==2.2 id-validator==1.0.20 idnumbers==1.22.0 python-dateutil==2.9.0.post0 six==1.17.0
cat > "$folder/try.py" <<'PY'
"""Made-up people of each kind: the same day of birth, and the check character that belongs to it."""
from id_validator import validator
from idnumbers.nationalid import CHN
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(place: str) -> str:
    body = f"{place}19841121301"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS)) % 11]


def of_stdnum(text: str) -> str:
    try:
        return "valid" if ric.validate(text) == text else "another"
    except InvalidComponent:
        return "InvalidComponent"


KINDS = {
    "identity card, Beijing": "110105",
    "residence permit, Hong Kong": "810000",
    "residence permit, Macao": "820000",
    "residence permit, Taiwan": "830000",
    "permanent residence card, Beijing, a Canadian": "911124",
    "permanent residence card, Shanghai, a Swiss": "931756",
}
print(f"{'':48}{'number':20}{'stdnum':18}{'id-validator':14}idnumbers")
seen = {}
for kind, place in KINDS.items():
    text = number(place)
    seen[kind] = of_stdnum(text), validator.is_valid(text), CHN.ResidentID.validate(text)
    print(f"{kind:48}{text:20}{seen[kind][0]:18}{seen[kind][1]!s:14}{seen[kind][2]}")
nowhere = CHN.ResidentID.validate(number("999999"))
print(f"idnumbers, of 999999: {nowhere}")
print(f"id-validator's words for the Swiss: {validator.get_info(number('931756'))}")
permits = ("InvalidComponent", True, True)
cards = ("InvalidComponent", False, True)
assert list(seen.values()) == [("valid", True, True), permits, permits, permits, cards, cards], seen
assert nowhere is True and validator.get_info(number("931756")) is False
PY
"$folder/venv/bin/python" "$folder/try.py"
