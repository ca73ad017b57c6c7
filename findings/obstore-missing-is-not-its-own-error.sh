#!/bin/bash
# Expected: obstore's `NotFoundError` ("object is not found at given location", a `BaseError`) is what a missing object
# raises.
# What happens: the built-in FileNotFoundError is raised instead, which is no `BaseError`, so that code which catches what
# the package documents lets it through.
# Why it matters: removing a picture that is gone already failed with gs:// and az://, where a removal asks for one object.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check obstore==0.12.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import MemoryStore

print("obstore", version("obstore"))
try:
    obstore.get(MemoryStore(), "nothing/here")
except Exception as problem:
    print(type(problem).__mro__)
    assert isinstance(problem, FileNotFoundError), "the behaviour changed"
    assert not isinstance(problem, (NotFoundError, BaseError)), "the behaviour changed"
else:
    raise SystemExit("the behaviour changed: nothing is raised")
PY
