"""The pictures with known lines, and how a reader's answer is judged beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEYS = ("number", "country", "birth", "expiry")


@dataclass(frozen=True, slots=True)
class Known:
    """One picture: its path, its printed lines, the four key fields (dates as YYMMDD), and whether its digits fit."""

    path: Path
    lines: tuple[str, ...]
    fields: dict[str, str]
    names: tuple[str, str]
    digits_valid: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader said of a picture. `ms` is its own time."""

    lines: tuple[str, ...]
    fields: dict[str, str]
    names: tuple[str, str]
    digits_valid: bool
    ms: float


@dataclass(frozen=True, slots=True)
class Judged:
    """`right`: four key fields with valid digits. `wrong_but_valid`: digits that fit a reading that is not printed."""

    right: bool
    names: bool
    wrong_but_valid: bool
    ms: float


def known(folder: Path) -> Iterator[Known]:
    """The pictures of `truth.json` that carry lines of a form that is read."""
    for one in json.loads((folder / "truth.json").read_text())["files"]:
        if one.get("format") and one.get("mrz"):
            yield _known(folder, one)


def _known(folder: Path, one: dict[str, Any]) -> Known:
    fields = {key: str(one[key]) for key in KEYS}
    names = str(one["surname"]), str(one["given"])
    return Known(folder / one["file"], tuple(one["mrz"]), fields, names, bool(one["check_digits_valid"]))


def judged(answer: Answer | None, truth: Known, ms: float) -> Judged:
    if answer is None:
        return Judged(False, False, False, ms)
    same = answer.fields == truth.fields
    return Judged(
        same and answer.digits_valid and truth.digits_valid,
        answer.names == truth.names,
        answer.digits_valid and not (same and truth.digits_valid),
        ms,
    )
