"""What versions sealed of the values in `tests/kept`, as their files have it."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

SEALED_FILES = sorted((Path(__file__).parents[1] / "kept" / "sealed").glob("*.json"))


@dataclass(frozen=True)
class SealedFile:
    """What a version sealed. `plain` is by column and variant, and so is `sealed`."""

    data_keys: dict[str, bytes]
    marks: dict[str, str]
    plain: dict[str, bytes]
    sealed: dict[str, bytes]


def read(path: Path) -> SealedFile:
    content = json.loads(path.read_text())
    each: dict[str, dict[str, str]] = content["values"]
    return SealedFile(
        {name: b64decode(key) for name, key in content["data_keys"].items()},
        content["marks"],
        {name: b64decode(value["plain"]) for name, value in each.items()},
        {name: b64decode(value["sealed"]) for name, value in each.items()},
    )
