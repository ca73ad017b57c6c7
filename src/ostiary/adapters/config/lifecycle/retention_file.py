"""The retention file: how long what is kept, and why. Beside the catalogue; without one what the law wants kept is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from ostiary.adapters.config.entries import FileEntry, declarations, nearest
from ostiary.adapters.config.yaml_nodes import MOST_BYTES, Faults, compose
from ostiary.domain import errors
from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.errors import RetentionInvalid
from ostiary.domain.privacy.retention import LAW_YEARS, OF_CLIENTS, USUAL, Category, Rule, Rules
from ostiary.domain.renewals.calendar import period_from

FILE_NAME = "retention.yaml"
MOST_YEARS = 100
NOTHING = "P0D"
"""How a period of no time is written."""
SHORTEST_DAYS = {Category.DELIVERIES: 1, Category.LINKS: 1, Category.SIGN_INS: 1}
"""What people still look into, and what is tried again for days, is not swept from under them."""


def load(catalogue: Path | None) -> Rules:
    """The rules beside a catalogue, else the usual ones. Raises RetentionInvalid with every fault."""
    own = None if catalogue is None else catalogue.parent / FILE_NAME
    if own is None or not own.exists():
        return USUAL
    try:
        with own.open("rb") as file:
            return parse(file.read(MOST_BYTES + 1).decode("utf-8-sig"), str(own))
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "must be UTF-8"
        raise RetentionInvalid(f"{own}: {why}", faults=(errors.Fault(str(own), "unreadable", str(why)),)) from None


def parse(source: str, name: str) -> Rules:
    """The rules that a text declares; of a category that it does not name the usual one. Raises RetentionInvalid."""
    faults = Faults(name, source, RetentionInvalid)
    root = compose(source, faults)
    rules = {} if root is None else {rule.category: rule for rule in _rules(faults, root)}
    faults.raise_if_any()
    return {**USUAL, **rules}


def _rules(faults: Faults, root: yaml.Node) -> Iterator[Rule]:
    section = FileEntry(faults, root, root, ("retention",)).needed("retention")
    categories = [category.value for category in Category]
    for key, value in declarations(faults, section, section) if section else ():
        if key.value not in categories:
            faults.add(key, "unknown_key", f"there is no category '{key.value}'; {nearest(key.value, categories)}")
            continue
        category = Category(key.value)
        entry = FileEntry(faults, key, value, ("keep", "reason", "by_itself"))
        entry.needed("keep")
        period, reason = _period(entry, category), entry.needed_text("reason")
        by_itself = entry.flag("by_itself", default=category not in OF_CLIENTS)
        if category not in OF_CLIENTS and not by_itself:
            entry.fault("by_itself", "wrong_value", "always goes by itself; nobody asks for it")
        if period is not None and reason is not None:
            yield Rule(category, period, reason, by_itself)


def _period(entry: FileEntry, category: Category) -> CalendarPeriod | None:
    text = entry.text("keep")
    if text is None:
        return None
    period = CalendarPeriod() if text == NOTHING else period_from(text)
    if period is None:
        entry.fault("keep", "wrong_value", f"must be a period such as P{LAW_YEARS}Y, P18M or P90D, or {NOTHING}")
        return None
    days = period.months * 28 + period.days
    if days > MOST_YEARS * 366:
        entry.fault("keep", "wrong_value", f"must be at most P{MOST_YEARS}Y")
        return None
    if days < SHORTEST_DAYS.get(category, 0):
        entry.fault("keep", "wrong_value", "must be at least P1D: what is tried again must not be gone before")
        return None
    return period
