#!/bin/bash
# pykakasi 2.3.0 (PyPI; each result has a key `passport`) and kuroshiro 1.2.0 (npm; `romajiSystem: "passport"`): Japanese names as
# passports spell them, given in kana, which is how forms ask for the reading of a name.
#
# Expected: the foreign ministry's table of Hepburn spelling for passports (hebon-shiki romaji tsuzurikata-hyo; to the table of the
#   ministry kuroshiro's own documentation refers): M before B, M, P; T before CH; and the long vowel is not written, so that Yoko,
#   Yuko, Kyoko and Taro have one letter. Names below are examples that passport offices (Niigata, Kanagawa) give to it
#   and common ones of the same shapes.
# What happens: in pykakasi it goes by the syllable before. A long O is left out after K, S, T, B, P, CH and a plain vowel, and written
#   after D, G, H, M, N, R, Y, Z, J and after every small YO but that of CHO; a long U only after CHU. So family names come right
#   (SATO, KATO, KONO, ONO) and the given names beside them do not (YOUKO, YUUKO, TAROU), and ENDO, GOTO and KUDO part: ENDOU, GOTO,
#   KUDOU. kuroshiro writes every one of them (SATOU): kana, says its documentation, do not tell how they are said.
# Why it matters: the tries that one makes, a Sato or an Ito, are right. Whoever compares the reading on a form with the zone of the
#   passport finds the family name and misses the given name, of every man whose name ends in -ro and every woman named Yoko.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pykakasi==2.3.0
npm install --silent --no-audit --no-fund --prefix "$folder" kuroshiro@1.2.0
cat > "$folder/try.py" <<'PY'
"""Readings of names, all common ones and nobody's together, with the spelling that a passport has."""
import json
import subprocess
import sys

import pykakasi

ASKED = """
const { Util } = require("kuroshiro").default ?? require("kuroshiro");
const spelled = JSON.parse(process.argv[2]).map((reading) => Util.kanaToRomaji(reading, "passport").toUpperCase());
console.log(JSON.stringify(spelled));
"""
EITHER = {"ほんま": "HOMMA", "なんば": "NAMBA", "ほっち": "HOTCHI", "まつうら": "MATSUURA", "せのお": "SENOO", "しいな": "SHIINA"}
PYKAKASI_ONLY = {"さとう": "SATO", "かとう": "KATO", "いとう": "ITO", "こうの": "KONO", "おおの": "ONO", "ごとう": "GOTO",
                 "はっちょう": "HATCHO"}
NEITHER = {"ようこ": "YOKO", "ゆうこ": "YUKO", "きょうこ": "KYOKO", "しょういち": "SHOICHI", "たろう": "TARO",
           "りょうたろう": "RYOTARO", "えんどう": "ENDO", "くどう": "KUDO", "ちゅうじょう": "CHUJO"}

kakasi = pykakasi.kakasi()


def by_pykakasi(reading: str) -> str:
    return "".join(part["passport"] for part in kakasi.convert(reading)).upper()


def by_kuroshiro(readings: list[str]) -> list[str]:
    script = sys.argv[1] + "/asked.cjs"
    with open(script, "w") as file:
        file.write(ASKED)
    return json.loads(subprocess.run(["node", script, json.dumps(readings)], check=True, capture_output=True).stdout)


printed = EITHER | PYKAKASI_ONLY | NEITHER
print(f"{'passport':12}{'pykakasi':14}kuroshiro")
right = {}
for (reading, spelling), other in zip(printed.items(), by_kuroshiro(list(printed)), strict=True):
    mine = by_pykakasi(reading)
    print(f"{spelling:12}{mine:14}{other}")
    right[reading] = (mine == spelling, other == spelling)
assert all(right[reading] == (True, True) for reading in EITHER), right
assert all(right[reading] == (True, False) for reading in PYKAKASI_ONLY), right
assert all(right[reading] == (False, False) for reading in NEITHER), right

plain = {"K": "こ", "S": "そ", "T": "と", "B": "ぼ", "P": "ぽ", "D": "ど", "G": "ご", "H": "ほ", "M": "も", "N": "の", "R": "ろ",
         "Y": "よ", "Z": "ぞ", "KY": "きょ", "SH": "しょ", "CH": "ちょ", "J": "じょ", "RY": "りょ", "HY": "ひょ"}
shortened = [sound for sound, kana in plain.items() if by_pykakasi(kana + "う") == sound + "O"]
written = [sound for sound, kana in plain.items() if by_pykakasi(kana + "う") == sound + "OU"]
print("a long O is left out after", *shortened, "and written after", *written)
assert shortened == ["K", "S", "T", "B", "P", "CH"], shortened
assert len(shortened) + len(written) == len(plain), written
assert [by_pykakasi(kana + "う") for kana in ("ゆ", "しゅ", "りゅ", "ちゅ")] == ["YUU", "SHUU", "RYUU", "CHU"]
assert (by_pykakasi("おうみ"), by_pykakasi("おおうち")) == ("OMI", "OUCHI")
PY
"$folder/venv/bin/python" "$folder/try.py" "$folder"
