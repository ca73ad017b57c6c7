"""Other readers beside ours: a process each, and one way for all of looking for a zone in the text they give."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.documents.ours import answer_of
from bench.documents.truth import Answer
from ostiary.domain.documents.reading import Reading
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.zone import Zone

PYTHON = Path(".venv-documents/bin/python")
LENGTHS = (44, 36, 30)
MOST_OFF = 6
"""Symbols that a line may be too long or too short, mended in its longest run of fillers."""


@dataclass(slots=True)
class Other:
    """One peer. `absent` says why it gives no figures."""

    name: str
    absent: str = ""
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> Other:
        if not PYTHON.exists():
            self.absent = "not set up"
            return self
        command = [str(PYTHON), "bench/documents/peers.py", self.name]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.absent = self._told().get("absent", "")
        return self

    def read(self, path: Path) -> tuple[Answer | None, float]:
        """What it makes of a picture, and its own milliseconds."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        told = self._told()
        if told["fault"]:
            self.absent = told["fault"].split("\n")[0]
            return None, 0.0
        zone = zone_in(told["lines"])
        reading = Reading(zone)
        return answer_of(reading, float(told["ms"])), float(told["ms"])

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _told(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        answer: dict[str, Any] = (
            json.loads(line) if line else {"absent": "ended", "lines": "", "fault": "ended", "ms": ""}
        )
        return answer


def zone_in(lines: Sequence[str]) -> Zone | None:
    """The zone in lines of text, digits that fit preferred. Fillers are stretched, no symbol is changed."""
    cleaned = [re.sub("[^A-Z0-9<]", "", one.upper().replace("«", "<<")) for one in lines]
    today = datetime.now(UTC).date()
    found = []
    for count in (3, 2):
        for chosen in combinations([one for one in cleaned if len(one) >= min(LENGTHS) - MOST_OFF][-6:], count):
            found += [zone for fitted in _fitted(chosen) if (zone := parse(fitted, today)) is not None]
    return max(found, key=lambda one: (one.digits_valid, sum(one.checks.values())), default=None)


def _fitted(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for length in LENGTHS:
        if (length == LENGTHS[-1]) is (len(lines) == 3):
            stretched = tuple(_stretched(one, length) for one in lines)
            if all(len(one) == length for one in stretched):
                yield stretched


def _stretched(line: str, length: int) -> str:
    runs = sorted(re.finditer("<+", line), key=lambda one: one.start() - one.end())
    off = length - len(line)
    if not off or abs(off) > MOST_OFF or not runs or len(runs[0].group()) + off < 1:
        return line
    return line[: runs[0].start()] + "<" * (len(runs[0].group()) + off) + line[runs[0].end() :]
