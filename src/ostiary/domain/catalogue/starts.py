"""From which day an entry of a catalogue counts, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Affected(StrEnum):
    """`new`: requests made from that day on. `all`: open ones too, and enabled ones as a renewal."""

    NEW = "new"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Start:
    """An entry counts from the beginning of this UTC day on."""

    day: date
    affects: Affected = Affected.NEW

    def ever_counts(self, requested_on: date) -> bool:
        """Whether it will count for a request made on a day, once its own day is there."""
        return self.affects is Affected.ALL or requested_on >= self.day

    def counts(self, day: date, requested_on: date) -> bool:
        """Whether it counts on a day for a request made on another."""
        return self.day <= day and self.ever_counts(requested_on)
