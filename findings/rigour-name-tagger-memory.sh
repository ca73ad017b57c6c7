#!/bin/bash
# rigour (OpenSanctions' library of name data and comparison): what the first name costs.
#
# Expected: a wheel of 6 MB, whose names are compiled in, answers about a name at the cost of some tens of megabytes.
# Happens: importing rigour.names is cheap, but the first call of analyze_names() with symbols builds an automaton of every
#   name of Wikidata and keeps it: some 300 MB stay in the process, and the call takes seconds. With symbols=False the same
#   call takes neither. The memory is per process, so a service with eight workers needs 2.4 GB for it.
# Why it matters: whoever adds variants of names to a screening service by this library must put it into a process of its
#   own, or leave symbols out and have no variants. It also needs PyICU (through normality), which is compiled at install.
#
# Needs g++, pkg-config and ICU's headers (libicu-dev), since PyICU publishes no wheels.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rigour==2.6.1 2>"$folder/log" || { cat "$folder/log"; exit 2; }
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import sys
import time


def resident_mb():
    with open("/proc/self/status") as status:
        return int(status.read().partition("VmRSS:")[2].split()[0]) / 1024


from rigour.names import NameTypeTag, analyze_names

imported = resident_mb()
analyze_names(NameTypeTag.PER, ["Ana Lopez"], symbols=False)
plain = resident_mb()
began = time.process_time()
[name] = analyze_names(NameTypeTag.PER, ["Ana Lopez"])
seconds = time.process_time() - began
tagged = resident_mb()
began = time.process_time()
analyze_names(NameTypeTag.PER, ["Juan Perez"])
again = time.process_time() - began
print("rigour", importlib.metadata.version("rigour"))
print(f"after the import {imported:.0f} MB, after a name without symbols {plain:.0f} MB, with symbols {tagged:.0f} MB")
print(f"first name with symbols {seconds:.1f} s of processor time, the next {again * 1000:.2f} ms; symbols: {len(name.symbols)}")
held = tagged - plain > 150 and plain - imported < 50 and seconds > 20 * again
sys.exit(0 if held else "the behaviour changed")
PYTHON
