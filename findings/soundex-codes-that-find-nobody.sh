#!/bin/bash
# Soundex by four packages, beside the examples that the United States' National Archives publish for their census indexes.
#
# Expected: a letter and three digits. A letter of the same digit as the one before it is not coded, also right after the first
#   letter (Pfister P236, Lloyd L300), nor across H and W (Ashcraft A261); short codes are filled with zeros (Lee L000).
# What happens: phonetics 1.0.5 leaves the vowels' zeros in and never ends, so that Washington is W02052305; a name with a
#   capital inside, as VanDeusen, raises IndexError. soundex
#   1.1.3 neither cuts nor fills (Rubin R15, Washington W25235), and drops what is said again behind a vowel (Honeyman
#   H5). pyphonetics 0.5.3 is right but for what follows the first letter (Pfister P123, Lloyd L430). abydos 0.5.0 is right
#   in all of them.
# Why it matters: the code is a column of an index: of lists of persons, of earlier clients. Whoever fills it with one
#   package and asks with another, or with a database's own function, finds nobody, and no error says so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    phonetics==1.0.5 soundex==1.1.3 pyphonetics==0.5.3 abydos==0.5.0
"$folder/venv/bin/python" - <<'PY'
import abydos.phonetic
import phonetics
import pyphonetics
import soundex

CODERS = {
    "phonetics": phonetics.soundex,
    "soundex": soundex.getInstance().soundex,
    "pyphonetics": pyphonetics.Soundex().phonetics,
    "abydos": abydos.phonetic.Soundex().encode,
}
RIGHT = {
    "Washington": "W252", "Lee": "L000", "Gutierrez": "G362", "Pfister": "P236", "Jackson": "J250",
    "Tymczak": "T522", "VanDeusen": "V532", "Ashcraft": "A261", "Lloyd": "L300", "Honeyman": "H555",
}
WRONG = {
    "phonetics": {
        "Washington": "W02052305", "Gutierrez": "G030602", "Pfister": "P102306", "Jackson": "J0205",
        "Tymczak": "T05202", "VanDeusen": "IndexError", "Ashcraft": "A2026013", "Lloyd": "L403", "Honeyman": "H050505",
    },
    "soundex": {
        "Washington": "W25235", "Lee": "L", "Pfister": "P1236", "Jackson": "J25", "Tymczak": "T52",
        "VanDeusen": "V5325", "Ashcraft": "A2613", "Lloyd": "L43", "Honeyman": "H5",
    },
    "pyphonetics": {"Pfister": "P123", "Lloyd": "L430"},
    "abydos": {},
}


def code(coder, name):
    try:
        return coder(name)
    except Exception as problem:
        return type(problem).__name__


for package, coder in CODERS.items():
    codes = {name: code(coder, name) for name in RIGHT}
    wrong = {name: given for name, given in codes.items() if given != RIGHT[name]}
    print(f"{package}: {len(RIGHT) - len(wrong)} of {len(RIGHT)} as published; not so: {wrong}")
    assert wrong == WRONG[package], "the behaviour changed"
PY
