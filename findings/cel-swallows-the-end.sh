#!/bin/bash
# cel-expr-python (Google's engine of the Common Expression Language): what becomes of SystemExit and KeyboardInterrupt that
# are raised while it runs Python.
#
# Expected: they pass through, as through any extension module: both are BaseException and no Exception, so that nothing that
#   catches errors holds up a process that is told to end.
# What happens: `NewEnv` calls Python (protobuf's descriptor_pool.Default, and the imports before it in a new process). What
#   a signal's handler raises there is dropped: NewEnv gives an environment that works, and the process goes on. A
#   SystemExit or KeyboardInterrupt out of a function of one's own, called by an expression, becomes a value of type ERROR, as
#   errors do, and `f(a) || a == 1` is then true. No exception is raised at all.
# Why it matters: NewEnv runs at the start of a service and at each change of its rules, which are the moments when an
#   orchestrator replaces it. Its SIGTERM is lost now and then, and it is killed after the grace period with its work open.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check cel-expr-python==0.1.3
cat >"$folder/ended.py" <<'PY'
import os
import signal
import sys

from cel_expr_python import cel

moment, variables = sys.argv[1], {"a": cel.Type.INT}


def end(*_):
    raise SystemExit(7)


def tell(frame, event, _):  # as if the signal had come just then
    if event == "call" and frame.f_code.co_name == moment:
        sys.setprofile(None)
        os.kill(os.getpid(), signal.SIGTERM)


signal.signal(signal.SIGTERM, end)
if moment == "in a function":
    answer = cel.Overload("f_int", cel.Type.BOOL, [cel.Type.INT], impl=lambda a: os.kill(os.getpid(), signal.SIGTERM))
    environment = cel.NewEnv(variables=variables, functions=[cel.FunctionDecl("f", [answer])])
    alone, either = (environment.compile(text).eval(data={"a": 1}) for text in ("f(a)", "f(a) || a == 1"))
    print(f"went on: f(a) is an {alone.type()}, f(a) || a == 1 is {either.value()}")
elif moment == "before":
    os.kill(os.getpid(), signal.SIGTERM)
else:
    sys.setprofile(tell)
    environment = cel.NewEnv(variables=variables)
    sys.setprofile(None)
    print("went on: a > 1 is", environment.compile("a > 1").eval(data={"a": 2}).value())
PY
"$folder/venv/bin/python" - "$folder/ended.py" <<'PY'
import subprocess
import sys
from importlib.metadata import version

print("cel-expr-python", version("cel-expr-python"))
for moment, expected in (
    ("before", (7, "")),
    ("Default", (0, "went on: a > 1 is True")),
    ("in a function", (0, "went on: f(a) is an ERROR, f(a) || a == 1 is True")),
):
    done = subprocess.run([sys.executable, sys.argv[1], moment], capture_output=True, text=True)
    found = done.returncode, done.stdout.strip()
    print(f"told to end {moment!r}: exit code {found[0]} {found[1]}")
    assert found == expected, "the behaviour changed"
PY
