"""Other readers, each in its own process of .venv-documents: `python peers.py NAME`, file names in, lines of JSON out.

Stands alone: nothing of Ostiary is installed there. What a peer gives is its lines of text, as they are; the caller
looks for a zone in them.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

warnings.filterwarnings("ignore")


def rapidocr() -> Callable[[str], list[str]]:
    """As it comes: every line of text there is, boxes of one row joined."""
    import logging

    logging.disable(logging.INFO)
    from rapidocr import RapidOCR

    engine = RapidOCR()

    def read(path: str) -> list[str]:
        found: Any = engine(path)
        return [] if found.boxes is None else _rows(found.boxes, found.txts)

    return read


def _rows(boxes: Any, texts: Any) -> list[str]:
    placed = []
    for box, text in zip(boxes, texts, strict=True):
        top, bottom, left = min(p[1] for p in box), max(p[1] for p in box), min(p[0] for p in box)
        placed.append(((top + bottom) / 2, bottom - top, left, text))
    rows: list[tuple[float, float, list[tuple[float, str]]]] = []
    for middle, height, left, text in sorted(placed):
        if rows and abs(rows[-1][0] - middle) < 0.5 * min(height, rows[-1][1]):
            rows[-1][2].append((left, text))
        else:
            rows.append((middle, height, [(left, text)]))
    return ["".join(text for _, text in sorted(row)) for _, _, row in rows]


def passporteye() -> Callable[[str], list[str]]:
    from passporteye import read_mrz

    def read(path: str) -> list[str]:
        found = read_mrz(path)
        return [] if found is None else (found.aux.get("raw_text") or found.aux.get("text") or "").splitlines()

    return read


def fastmrz() -> Callable[[str], list[str]]:
    from fastmrz import FastMRZ

    engine = FastMRZ()

    def read(path: str) -> list[str]:
        text = engine.get_details(path, ignore_parse=True)
        return text.splitlines() if isinstance(text, str) else []

    return read


PEERS = {"rapidocr": rapidocr, "passporteye": passporteye, "fastmrz": fastmrz}


def main() -> None:
    try:
        read = PEERS[sys.argv[1]]()
    except Exception as fault:
        print(json.dumps({"absent": f"{type(fault).__name__}: {fault}"[:200]}), flush=True)
        return
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        lines: list[str] = []
        said = ""
        try:
            lines = read(line.strip())
        except Exception as problem:  # a peer that fails at a picture has read nothing there
            said = f"{type(problem).__name__}: {problem}"[:200]
        ms = (time.perf_counter() - begun) * 1000
        print(json.dumps({"lines": lines, "ms": ms, "fault": said}), flush=True)


if __name__ == "__main__":
    main()
