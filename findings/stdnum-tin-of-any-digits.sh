#!/bin/bash
# Expected: python-stdnum's `us.tin` refuses numbers that the Social Security Administration never issues, as its own
# `us.ssn` does, and `ke.pin` takes A or P as the first letter.
# What happens: `us.tin` takes any nine digits, since it ends by asking `us.atin`, which knows no more than a length; and
# `ke.pin` takes a vertical bar, since its pattern has `[A|P]`.
# Why it matters: a form that relies on them takes 000-00-0000 as somebody's tax id.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-stdnum==2.2
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from stdnum.ke import pin
from stdnum.us import atin, ssn, tin

print("python-stdnum", version("python-stdnum"))
for number in ("000-00-0000", "078-05-1120", "666-12-3456"):
    print(number, "ssn:", ssn.is_valid(number), "atin:", atin.is_valid(number), "tin:", tin.is_valid(number))
    assert (ssn.is_valid(number), tin.is_valid(number)) == (False, True), "the behaviour changed"
print("|123456789Z", "pin:", pin.is_valid("|123456789Z"))
assert pin.is_valid("|123456789Z"), "the behaviour changed"
PY
