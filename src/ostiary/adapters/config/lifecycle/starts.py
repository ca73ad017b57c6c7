"""`from` and `for` of an entry: the day from which it counts, and for whom."""

from __future__ import annotations

import yaml

from ostiary.adapters.config.entries import FileEntry
from ostiary.domain.catalogue.starts import Affected, Start
from ostiary.domain.times import iso_date

START_KEYS = ("from", "for")
_AFFECTED = tuple(each.value for each in Affected)


def read_start(entry: FileEntry) -> Start | None:
    """None for an entry that always counts, and after a fault."""
    node, affects = entry.node("from"), entry.choice("for", _AFFECTED)
    if node is None:
        if entry.node("for") is not None:
            entry.fault("for", "start_missing", "says whom a later start concerns; say when: from: 2027-07-10")
        return None
    day = iso_date(node.value) if isinstance(node, yaml.ScalarNode) else None
    if day is None:
        entry.fault("from", "wrong_date", "must be a day of the calendar, as 2027-07-10")
        return None
    return Start(day, Affected(affects) if affects else Affected.NEW)
