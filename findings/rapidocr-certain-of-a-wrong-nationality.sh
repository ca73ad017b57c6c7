#!/bin/bash
# rapidocr with the models in its own package, on the lines of a machine-readable zone (ICAO Doc 9303).
#
# Expected: clean, large, black print in a font whose zero has a dot comes right but for a filler lost in a long run,
#   and where a letter is taken for a digit the score says so.
# What happens: not one of six lines in three sizes comes right, though their letters and digits are plain. The letter O in a
#   row with digits becomes a 0, so the nationality UTO is UT0, and the score of that line is 0.99 and more: higher than
#   that of any line of names. Runs of fillers lose one to seven signs, so the line's length no longer fits either.
# Why it matters: a threshold on the score lets the wrong line pass and refuses the better ones; country codes have no check
#   digit that would tell (COL, DOM, NOR, POL, ROU and all others with an O).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  rapidocr==3.10.0 onnxruntime==1.32.0 matplotlib==3.11.2 pillow==13.0.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import logging
from importlib.metadata import version
from pathlib import Path

logging.disable(logging.CRITICAL)

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidocr import RapidOCR

print("rapidocr", version("rapidocr"), "onnxruntime", version("onnxruntime"))
FONT = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSansMono.ttf"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"  # of the specimen of Doc 9303 part 4
LINES = (
    "P<UTOERIKSSON<<ANNA<MARIA" + "<" * 19, SECOND, "I<UTOD231458907" + "<" * 15,
    "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<", "P<UTOOBRIEN<<IO<OI" + "<" * 26,
)
engine, right, scores = RapidOCR(), 0, {line: [] for line in LINES}
for size in (24, 32, 48):
    font = ImageFont.truetype(FONT, size)
    for line in LINES:
        picture = Image.new("RGB", (int(font.getlength(line)) + 40, 2 * size), "white")
        ImageDraw.Draw(picture).text((20, size // 2 - 2), line, font=font, fill="black")
        answer = engine(np.asarray(picture)[:, :, ::-1], use_det=False, use_cls=False, use_rec=True)
        [text], [score] = answer.txts, answer.scores
        print(f"{size} px  {len(line)} signs  {line}\n  {score:.4f}  {len(text)} signs  {text}")
        right += text == line
        scores[line].append(score)
        if line == SECOND:
            assert text == SECOND.replace("UTO", "UT0"), "the behaviour changed"
assert right == 0, "the behaviour changed"
assert min(scores[SECOND]) > 0.98, "the behaviour changed"
assert all(max(found) < min(scores[SECOND]) for line, found in scores.items() if "ANNA" in line or "BRIEN" in line)
PY
