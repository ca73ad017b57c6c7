#!/bin/bash
# msgspec (decoder and maker of JSON Schemas) beside ajv (the usual validator in JavaScript), both on msgspec's schemas.
#
# Expected: what `msgspec.json.schema` says of a type is what `msgspec.json.decode` takes for it, as it is published in an
#   OpenAPI text; a client that validates before it sends is not refused, and what is taken can be validated afterwards.
# What happens: they part for most types of an onboarding form. The schema lets through, and the decoder refuses: 1.0 for an
#   integer, a leap second, durations in weeks, months and years, any key where a mapping has a closed set of keys. The
#   decoder takes, and the schema refuses: a UUID without hyphens, a number for a Decimal, repetitions in a set, a
#   duration below zero, a text that ends in a line feed for ^[0-9]+$, and Arabic digits for \d, since the pattern is
#   published as it stands and Python reads it otherwise than JavaScript. Both take "NaN" for a Decimal.
# Why it matters: contract tests with generated values fail on one side only, and a number with a line feed at its end passes
#   the server, is stored, and is refused by the first client that checks the answer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check msgspec==0.22.0
npm install --silent --no-audit --no-fund ajv@8.20.0 ajv-formats@3.0.1
cat >validate.cjs <<'JS'
const { Ajv2020 } = require("ajv/dist/2020");
const ajv = new Ajv2020({ strict: false, logger: false });
require("ajv-formats").default(ajv);
const cases = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([schema, value]) => ajv.validate(schema, value))));
JS
venv/bin/python - <<'PY'
import json
import subprocess
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Annotated, Literal
from uuid import UUID

import msgspec

print("msgspec", version("msgspec"), "ajv 8.20.0")
moment = Annotated[datetime, msgspec.Meta(tz=True)]
digits, any_digits = (Annotated[str, msgspec.Meta(pattern=pattern)] for pattern in ("^[0-9]+$", r"^\d+$"))
AGREED = (  # both take these
    (int, 1), (moment, "2026-06-30T23:59:59Z"), (timedelta, "P1D"), (UUID, "12345678-1234-5678-1234-567812345678"),
    (Decimal, "1.5"), (Decimal, "NaN"), (set[int], [1, 2]), (digits, "12"), (any_digits, "12"),
    (dict[Literal["a"], int], {"a": 1}),
)
SCHEMA_ALONE = (
    (int, 1.0), (moment, "2026-06-30T23:59:60Z"), (timedelta, "P2W"), (timedelta, "P1M"), (timedelta, "P1Y"),
    (dict[Literal["a"], int], {"b": 1}),
)
DECODER_ALONE = (
    (UUID, "12345678123456781234567812345678"), (Decimal, 1.5), (set[int], [1, 1]), (timedelta, "-P1D"), (digits, "12\n"),
    (any_digits, "١٢"),
)


def taken(kind, value):
    try:
        msgspec.json.decode(json.dumps(value), type=kind)
    except msgspec.ValidationError:
        return False
    return True


cases = [*AGREED, *SCHEMA_ALONE, *DECODER_ALONE]
schemas = [msgspec.json.schema(kind) for kind, _ in cases]
asked = json.dumps([[schema, value] for schema, (_, value) in zip(schemas, cases)])
answer = subprocess.run(["node", "validate.cjs"], input=asked, capture_output=True, text=True, check=True).stdout
found = [(taken(*each), valid) for each, valid in zip(cases, json.loads(answer))]
for (kind, value), schema, (decoded, valid) in zip(cases, schemas, found):
    print(f"decoded: {decoded!s:5}  valid: {valid!s:5}  {value!r:38} {schema}")
expected = [(True, True)] * len(AGREED) + [(False, True)] * len(SCHEMA_ALONE) + [(True, False)] * len(DECODER_ALONE)
raise SystemExit(0 if found == expected else "the behaviour changed")
PY
