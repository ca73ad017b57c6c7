"""One write of a unit of work, and the one that is its lock."""

from __future__ import annotations

from typing import Any

from ostiary.domain.companies.company import Chain
from ostiary.domain.unit import Guard
from ostiary.domain.value import value_type


@value_type
class Statement:
    """One write. A guarded one must change exactly one row, else the whole unit is undone.

    `is_late`: it must see what the statements before it did, and what others committed while those waited.
    """

    text: str
    parameters: tuple[Any, ...]
    guard: Guard | None = None
    is_late: bool = False


@value_type
class OwnerRow:
    """The write that is a unit's lock: its parameters before and behind the end of the audit chain."""

    text: str
    before: tuple[Any, ...]
    behind: tuple[Any, ...]
    guard: Guard

    def statement(self, end: Chain) -> Statement:
        """With the end that the chain has after the unit."""
        return Statement(self.text, (*self.before, end.length, end.head, *self.behind), self.guard)
