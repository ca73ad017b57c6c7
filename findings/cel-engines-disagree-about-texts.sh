#!/bin/bash
# Three engines of the Common Expression Language for Python on the same expressions: Google's (cel-expr-python), the one in
# plain Python (cel-python) and the one over Rust (common-expression-language).
#
# Expected: a language with a specification and conformance tests gives one answer, or at the least an error in all three.
# What happens: texts are where they part. "0x10" is the number 16.0 for double() in the first and 16 for int() in the
#   second, each refusing it in the other function, and the third refuses both; "1_000" is a thousand in the second alone;
#   " 1" is 1 in the first two. A pattern ^\d+$ takes Arabic digits in the third alone. size() of an accented letter counts
#   code points in two and bytes in the third. A date without a time is a timestamp in the second alone. 1 == 1.0 over
#   variables is a compile error, a type error and true. string(1.0) is "1", "1.0" and "1". 23:59:60 is the next day, an
#   error, and the second before.
# Why it matters: rules about clients move between services (a gateway in one language, a back office in another); what was
#   tried in one engine decides otherwise in the next, without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  cel-expr-python==0.1.3 cel-python==0.5.0 common-expression-language==0.10.0
"$folder/venv/bin/python" -W ignore - <<'PY'
import logging
from importlib.metadata import version

logging.disable(logging.CRITICAL)

import cel as over_rust
import celpy
from cel_expr_python import cel as google

PACKAGES = ("cel-expr-python", "cel-python", "common-expression-language")
print(", ".join(f"{name} {version(name)}" for name in PACKAGES))
kinds = {"s": google.Type.STRING, "d": google.Type.DOUBLE, "i": google.Type.INT}
checked, plain = google.NewEnv(variables=kinds), celpy.Environment()


def by_google(text, values):
    answer = checked.compile(text).eval(data=values)
    if str(answer.type()) == "ERROR":
        raise ValueError(answer.value())
    return answer.value()


def by_plain_python(text, values):
    return plain.program(plain.compile(text)).evaluate({name: celpy.json_to_cel(each) for name, each in values.items()})


def shown(engine, text, values):
    try:
        answer = engine(text, values)
    except Exception:
        return "error"
    return f"{answer:%d %H:%M:%S}" if hasattr(answer, "hour") else str(answer)


TABLE = (
    ("double(s)", {"s": "0x10"}, ("16.0", "error", "error")),
    ("int(s)", {"s": "0x10"}, ("error", "16", "error")),
    ("int(s)", {"s": "1_000"}, ("error", "1000", "error")),
    ("int(s)", {"s": " 1"}, ("1", "1", "error")),
    (r's.matches("^\\d+$")', {"s": "١٢"}, ("False", "False", "True")),
    ("size(s)", {"s": "é"}, ("1", "1", "2")),
    ('timestamp(s) > timestamp("2020-01-01T00:00:00Z")', {"s": "2026-01-01"}, ("error", "True", "error")),
    ("timestamp(s)", {"s": "2026-06-30T23:59:60Z"}, ("01 00:00:00", "error", "30 23:59:59")),
    ("i == d", {"i": 1, "d": 1.0}, ("error", "error", "True")),
    ("string(d)", {"d": 1.0}, ("1", "1.0", "1")),
    ("[1, 2][-1]", {}, ("error", "2", "error")),
)
changed = 0
for text, values, expected in TABLE:
    found = tuple(shown(engine, text, values) for engine in (by_google, by_plain_python, over_rust.evaluate))
    print(f"{text:50} {values!s:32} {found}")
    changed += found != expected
raise SystemExit("the behaviour changed" if changed else 0)
PY
