"""Reading the rules of risk of a catalogue file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ostiary.adapters.config.conditions import ConditionReader
from ostiary.adapters.config.entries import FileEntry
from ostiary.domain.catalogue.catalogue import DataType, Field, RiskRule
from ostiary.domain.catalogue.risk_classes import PRODUCT, SCREENING, ListState, RiskClass

MOST_RULES = 100
"""Each is tried whenever a client's class is asked for; who needs more writes conditions with `||` and `in`."""
_CLASSES = tuple(each.value for each in reversed(RiskClass))
_KEYS = ("class", "name", "when")


def read_risk(
    root: FileEntry, attributes: Mapping[str, Field | None], products: Collection[str], *, is_kept: bool
) -> tuple[RiskRule, ...]:
    """The rules in the file's order; none without a section. `is_kept` as in `catalogue_file.parse`."""
    items = root.items("risk")
    if not items or not products:
        return ()
    if len(items) > MOST_RULES:
        root.fault("risk", "too_many", f"at most {MOST_RULES} rules")
    for name in () if is_kept else (PRODUCT, SCREENING):
        if name in attributes:
            message = f"rules of risk read '{name}' as something of their own; call the attribute otherwise"
            root.fault("risk", "name_taken", message)
    conditions = ConditionReader(root.faults, {**attributes, **_own(products)}, is_tried=not is_kept)
    rules = [_rule(FileEntry(root.faults, item, item, _KEYS), conditions) for item in items]
    return tuple(rule for rule in rules if rule is not None)


def _own(products: Collection[str]) -> Mapping[str, Field]:
    """What rules read besides, with what it can be."""
    states = tuple(each.value for each in ListState)
    return {
        PRODUCT: Field(PRODUCT, PRODUCT, DataType.ENUM, options=tuple(products)),
        SCREENING: Field(SCREENING, SCREENING, DataType.ENUM, options=states),
    }


def _rule(entry: FileEntry, conditions: ConditionReader) -> RiskRule | None:
    entry.needed("class")
    risk_class, name, text = (
        entry.choice("class", _CLASSES),
        entry.needed_people_text("name"),
        entry.needed_text("when"),
    )
    condition = None if text is None else conditions.read(entry.at("when"), text)
    if risk_class is None or name is None or condition is None:
        return None
    return RiskRule(RiskClass(risk_class), name, condition)
