"""Reading the conditions of a catalogue file: compiling them, and checking what they compare with what."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from ostiary.adapters.catalogue_entries import nearest
from ostiary.adapters.condition_literals import compared
from ostiary.adapters.conditions import ConditionInvalid, compile_condition
from ostiary.adapters.countries import country_fault
from ostiary.adapters.yaml_nodes import Faults
from ostiary.domain.catalogue import CONDITION_VARIABLES, Condition, DataType, Field


class ConditionReader:
    """Compiles conditions over the declared attributes, noting each fault where it stands in the file."""

    def __init__(self, faults: Faults, attributes: Mapping[str, Field | None]) -> None:
        self._faults = faults
        self._declared = {name: field for name, field in attributes.items() if field is not None}
        self._unusable = [name for name, field in attributes.items() if field is None]
        declared = {name: field.data_type for name, field in self._declared.items()}
        self._variables: Mapping[str, DataType] = {**CONDITION_VARIABLES, **declared}

    def read(self, node: yaml.Node, text: str) -> Condition | None:
        """The condition, or None with its faults noted."""
        if any(name in text for name in self._unusable):
            return None  # the fault is in the attribute's declaration, and told there
        try:
            condition = compile_condition(text, self._variables)
        except ConditionInvalid as error:
            for one in error.problems:
                self._faults.add(node, "condition_invalid", one.message, _index(node, text, one.line, one.column))
            return None
        if not condition.attributes:
            message = "reads no attribute, so it is always the same; names are written without quotes: country == 'ARG'"
            self._faults.add(node, "condition_constant", message)
        for name, literal in dict.fromkeys(compared(text, self._variables)):
            if problem := self._literal_fault(name, literal):
                self._faults.add(node, "condition_never", f"'{literal}' is never the {name}: {problem}")
        return condition

    def _literal_fault(self, name: str, literal: str) -> str | None:
        """Why a variable can never have this value. Macro variables are not known here, and never at fault."""
        if self._variables.get(name) is DataType.COUNTRY:
            return country_fault(literal)
        field = self._declared.get(name)
        if field is not None and field.data_type is DataType.ENUM and literal not in field.options:
            return nearest(literal, field.options)
        return None


def _index(node: yaml.Node, text: str, line: int, column: int) -> int:
    """The place in the scalar's value (which may have white space around the text) of a line and column from 1."""
    before = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    value: str = node.value
    return before + len(value) - len(value.lstrip())
