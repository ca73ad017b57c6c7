"""Rows that are found by keyed hashes: while they move between two versions of the keys, both are asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ostiary.storage.engine import Engine, Row


async def rows_of_marks(
    engine: Engine, text: str, company_id: str, marks: Sequence[bytes], *others: Any
) -> Sequence[Row]:
    """What a statement gives for whichever of the marks: its parameters are the company, a mark, and the others.

    `marks` are in the order of `Cipher.marks`. Where there is one, it is asked with those of other callers, too."""
    results = await engine.gather(*((text, (company_id, mark, *others)) for mark in marks))
    return [row for rows in results for row in rows]
