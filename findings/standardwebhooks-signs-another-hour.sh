#!/bin/bash
# standardwebhooks, svix (Python) beside standardwebhooks (JavaScript): the time that a signature is over.
#
# Expected: `Webhook.sign(msg_id, timestamp, data)` signs the moment that an aware datetime stands for, whatever its zone,
#   so that the header `webhook-timestamp` made from the same datetime verifies.
# What happens: both Python packages replace the datetime's zone by UTC instead of converting it. The same moment given
#   in Buenos Aires' zone is signed as three hours earlier; a naive local time is off by as much. `int(now.timestamp())` in
#   the header is right, so every receiver finds no matching signature. Where the sender's clock is set to UTC nothing
#   shows. The JavaScript package signs the moment.
# Why it matters: a sender written with `datetime.now(tz)` passes its tests on a server in UTC, and all its messages are
#   refused elsewhere.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check standardwebhooks==1.1.0 svix==2.9.1
(cd "$folder" && npm install --silent --no-audit --no-fund standardwebhooks@1.1.1)
cat >"$folder/sign.cjs" <<'JS'
const { Webhook } = require("standardwebhooks");
const [secret, seconds, body] = process.argv.slice(2);
console.log(new Webhook(secret).sign("msg_1", new Date(Number(seconds) * 1000), body));
JS
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import subprocess
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

import standardwebhooks
import svix

print("standardwebhooks", version("standardwebhooks"), "svix", version("svix"), "standardwebhooks for JavaScript 1.1.1")
SECRET, BODY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"type":"client.approved"}'


def in_javascript(seconds):
    line = ["node", "sign.cjs", SECRET, str(seconds), BODY]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()


moment = datetime(2026, 4, 15, 10, 30, tzinfo=timezone.utc)
seconds = int(moment.timestamp())
for name, hours in (("UTC", 0), ("Buenos Aires", -3), ("Delhi", 5.5)):
    zoned = moment.astimezone(timezone(timedelta(hours=hours)))
    assert zoned == moment and int(zoned.timestamp()) == seconds
    for package in (standardwebhooks, svix):
        signature = package.Webhook(SECRET).sign("msg_1", zoned, BODY)
        as_meant, shifted = in_javascript(seconds), in_javascript(seconds + int(hours * 3600))
        print(f"{package.__name__:16} {zoned.isoformat()}  signs the moment: {signature == as_meant!s:5}"
              f"  signs it {hours:+} h: {signature == shifted}")
        assert signature == shifted and (signature == as_meant) == (hours == 0), "the behaviour changed"
PY
