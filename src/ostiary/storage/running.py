"""One write of a unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ostiary.domain.units import Guard
from ostiary.domain.values import quick


@quick
@dataclass(frozen=True, slots=True)
class Statement:
    """One write. A guarded one must change exactly one row, else the whole unit is undone.

    `is_late`: it must see what the statements before it did, and what others committed while those waited.
    """

    text: str
    parameters: tuple[Any, ...]
    guard: Guard | None = None
    is_late: bool = False
