"""The ranges that the recogniser's results have, for its form in 8 bits: `python -m bench.documents.ranges FOLDER`.

Reads every third picture of a folder with truth.json, has the recogniser in 32 bits show what happens inside it over
the lines of each one's first look, and writes `src/ostiary/adapters/reader/converting/ranges.py` anew, hashes included.
It is run when rapidocr comes with another recogniser; what documents then read has to be measured again.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime

from bench.documents.truth import known
from ostiary.adapters.reader.converting import ranges as ranges_module
from ostiary.adapters.reader.converting.eight_bits import Ranges, in_eight_bits, results_needed
from ostiary.adapters.reader.converting.model_files import ModelFile, opened, written
from ostiary.adapters.reader.converting.recognisers import reduced
from ostiary.adapters.reader.recognition.documents import DocumentReader
from ostiary.adapters.reader.recognition.models import RECOGNISER, Colour, Models, Shares, as_taken
from ostiary.domain.documents.document import FRONT

FIRST, EVERY = 1, 3
MOST_LINES = 4
"""Of one picture, so that a page full of print does not count more than a passport."""
DIGITS = 4
"""Of a range's ends that are kept: how far another picture is off is far more."""


class WatchedModels(Models):
    """Notes the lines of first looks, as the recogniser takes them."""

    def __init__(self) -> None:
        self.lines: list[Shares] = []
        super().__init__()  # which looks for the first time

    def steps(self, line: Colour, stretch: float = 1.0, *, is_quick: bool = False) -> Shares:
        if is_quick:
            self.lines.append(as_taken(line, stretch))
        return super().steps(line, stretch, is_quick=is_quick)


def main(folder: Path) -> int:
    packaged = (files("rapidocr") / "models" / RECOGNISER).read_bytes()
    model = reduced(opened(packaged))[0]
    lines = list(first_lines(folder))
    if not lines:
        print(f"{folder} has no pictures with lines.", file=sys.stderr)
        return 2
    ranges = seen(model, lines)
    hashes = {
        "PACKAGED_SHA256": sha256(packaged).hexdigest(),
        "EXACT_SHA256": sha256(written(model)).hexdigest(),
        "QUICK_SHA256": sha256(written(in_eight_bits(model, ranges))).hexdigest(),
    }
    Path(ranges_module.__file__).write_text(module(ranges_module.__doc__ or "", hashes, ranges))
    print(f"{len(ranges)} ranges over {len(lines)} lines")
    return 0


def first_lines(folder: Path) -> list[Shares]:
    models, lines = WatchedModels(), list[Shares]()
    reader = DocumentReader(models)
    for picture in list(known(folder))[FIRST::EVERY]:
        models.lines.clear()
        reader.read([(FRONT, picture.path.read_bytes())], (), datetime.now(UTC).date())
        lines += models.lines[:MOST_LINES]
    return lines


def seen(model: ModelFile, lines: list[Shares]) -> Ranges:
    """The least and the greatest value of every result that is asked for. What goes into the model counts as well."""
    goes_in, *needed = sorted(results_needed(model), key=lambda name: name not in {"x"})
    session = onnxruntime.InferenceSession(written(model, needed), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_outputs()]
    ends: dict[str, tuple[float, float]] = {}
    for line in lines:
        for name, values in [(goes_in, line), *zip(names, session.run(None, {goes_in: line}), strict=True)]:
            least, greatest = ends.get(name, (np.inf, -np.inf))
            ends[name] = min(least, float(values.min())), max(greatest, float(values.max()))
    return {name: (_short(ends[name][0]), _short(ends[name][1])) for name in [goes_in, *needed]}


def module(words: str, hashes: dict[str, str], ranges: Ranges) -> str:
    rows = [f'    "{name}": ({least!r}, {greatest!r}),' for name, (least, greatest) in ranges.items()]
    constants = [f'{name} = "{value}"' for name, value in hashes.items()]
    return "\n".join(
        [f'"""{words}"""', "", "from __future__ import annotations", "", *constants, "", "RANGES = {", *rows, "}", ""]
    )


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
