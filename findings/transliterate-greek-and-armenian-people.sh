#!/bin/bash
# transliterate spells Greek and Armenian names in Latin letters as no passport of the two countries does.
#
# Expected: Greek by ELOT 743 (ISO 843), as on Greek passports: ου is ou, αυ and ευ are av and ev, or af and ef. Armenian by
#   what its passports have: ո is o, and only vo where a word begins; և is ev.
# What happens: each Greek diphthong goes letter by letter: the commonest ending of women's family names, -ου, becomes
#   "oy", and Evangelia is Euangelia. In Armenian each ո is "vo", so that Petrosyan, the commonest family name, is
#   "Petrvosjan"; and և, a letter of Gevorg, one of the commonest first names, becomes an ampersand. No error and no
#   mark; other languages of the package (Bulgarian, Ukrainian) come out as people are used to.
# Why it matters: a name so spelled is compared with the zone of a passport, or looked for on a list, and is somebody
#   else's; one with & in it is refused as no name, or breaks what builds addresses and forms of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check transliterate==1.10.2
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from transliterate import translit

print("transliterate", version("transliterate"))
NAMES = [  # language, name, as a passport has it, as it comes
    ("el", "Παπαδοπούλου", "Papadopoulou", "Papadopoyloy"),
    ("el", "Σταύρος", "Stavros", "Stayros"),
    ("el", "Ευαγγελία", "Evangelia", "Euangelia"),
    ("el", "Γιώργος", "Giorgos", "Giorgos"),
    ("hy", "Պետրոսյան", "Petrosyan", "Petrvosjan"),
    ("hy", "Հակոբ", "Hakob", "Hakvob"),
    ("hy", "Գևորգ", "Gevorg", "G&vorg"),
    ("hy", "Որոտան", "Vorotan", "Vorvotan"),
    ("uk", "Єлизавета", "Yelyzaveta", "Yelyzaveta"),
]
for language, name, passport, expected in NAMES:
    spelled = translit(name, language, reversed=True)
    print(f"  {language} {name}: {spelled}" + ("" if spelled == passport else f", on a passport {passport}"))
    assert spelled == expected, "the behaviour changed"
PY
