"""Reading the conditions of a catalogue file: compiling them, and checking what they compare with what."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from ostiary.adapters.cel.compile import ConditionInvalid, compile_condition
from ostiary.adapters.cel.literals import compared
from ostiary.adapters.cel.trials import impossible_parts
from ostiary.adapters.config.entries import nearest
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.adapters.lookups.countries import country_fault
from ostiary.domain.catalogue.catalogue import CONDITION_VARIABLES, Condition, DataType, Field


class ConditionReader:
    """Compiles conditions over the declared attributes, noting each fault where it stands in the file."""

    def __init__(self, faults: Faults, attributes: Mapping[str, Field | None], *, is_tried: bool = True) -> None:
        """`is_tried`: each condition is tried out, as one that is declared now; one kept from before may fail."""
        self._faults, self._is_tried = faults, is_tried
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
            for fault in error.problems:
                self._faults.add(node, "condition_invalid", fault.message, _index(node, text, fault.line, fault.column))
            return None
        if not condition.attributes:
            message = "reads no attribute, so it is always the same; names are written without quotes: country == 'ARG'"
            self._faults.add(node, "condition_constant", message)
        for name, literal in dict.fromkeys(compared(text, self._variables)):
            if problem := self._literal_fault(name, literal):
                self._faults.add(node, "condition_never", f"'{literal}' is never the {name}: {problem}")
        for part in impossible_parts(text, self._variables, self._declared) if self._is_tried else ():
            self._faults.add(
                node, "condition_impossible", f"can never be evaluated: {part.message}", _offset(node, part.index)
            )
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
    return _offset(node, sum(len(written) + 1 for written in text.split("\n")[: line - 1]) + column - 1)


def _offset(node: yaml.Node, before: int) -> int:
    """The same of what has so many characters before it in the text."""
    value: str = node.value
    return before + len(value) - len(value.lstrip())
