#!/bin/bash
# iuliia's scheme icao_doc_9303, named after the standard by which passports spell Cyrillic names in Latin letters.
#
# Expected: each letter of the Cyrillic table of Doc 9303 part 3 (section 6 B) becomes Latin ones. The table has those of
#   Belarus, North Macedonia, Serbia and Ukraine beside the Russian ones: Ї is I, Є is IE, Ў is U.
# What happens: letters that Russian lacks are left where they stand, with no error and no mark, in a word that is otherwise
#   Latin. Most look Latin: the second letter of what comes for the Ukrainian name Nina is U+0456, so nobody sees it, and
#   it equals no "Nina". Of twelve such letters of the table twelve stay.
# Why it matters: a name spelled that way is compared with the zone of a passport, or looked for on a list, and never fits;
#   people who look at both see the same word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check iuliia==0.13.0
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import iuliia

print("iuliia", version("iuliia"), "scheme", iuliia.ICAO_DOC_9303.name)
TABLE = dict(zip("ҐЄІЇЎЂЅЈЉЊЌЏ", "G IE I I U D DZ J LJ NJ K DZ".split(), strict=True))
stays = [letter for letter in TABLE if iuliia.ICAO_DOC_9303.translate(letter) == letter]
print("stay:", " ".join(stays), "| by Doc 9303:", " ".join(TABLE[letter] for letter in stays))
assert stays == list(TABLE), "the behaviour changed"
assert iuliia.ICAO_DOC_9303.translate("Юлия") == "Iuliia", "Russian ones are right"
name = iuliia.ICAO_DOC_9303.translate("Ніна")
print(f"Nina of Kyiv: {name!r} == 'Nina' is {name == 'Nina'}: {name.encode('unicode-escape').decode()}")
assert name == "N\u0456na", "the behaviour changed"
PY
