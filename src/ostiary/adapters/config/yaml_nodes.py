"""YAML read as nodes that know their place, so that every fault can be told with its line and column, all at once.

Nothing is constructed from tags, so there is nothing to execute; size, depth and what aliases unfold to are bounded
before anything is looked at (https://yaml.org/spec/1.2.2/, section 3.2.2.2 on anchors and aliases).
"""

from __future__ import annotations

from typing import Any

import yaml

from ostiary.domain.errors import Broken, CatalogueInvalid, Fault

MOST_BYTES = 256 * 1024
"""A catalogue of a hundred products is a tenth of it."""
MOST_NODES = 20_000
"""Counted with every alias unfolded, as reading will; the default catalogue has some 500."""
DEEPEST = 12
"""The shape is seven levels deep."""
MOST_FAULTS = 100
"""Beyond it, nobody reads on; the file is of another kind."""
_HINTS = (
    ("mapping values are not allowed here", "a text with ': ' in it needs quotes, and keys of one entry one indent"),
    ("cannot start any token", "indent with spaces, not tabs, and put a text that starts with a sign in quotes"),
    ("expected a single document", "a catalogue is one document; remove the line '---'"),
    ("undefined alias", "an alias (*name) needs its anchor (&name) further up"),
    ("expected <block end>", "check the indentation of this line"),
)


class Faults:
    """What is wrong with one file so far."""

    def __init__(self, name: str, source: str, refusal: type[Broken] = CatalogueInvalid) -> None:
        self.name, self._refusal = name, refusal
        self._source = source
        self._faults: dict[tuple[int, int, str], Fault] = {}

    def add(self, node: yaml.Node, code: str, message: str, within: int | None = None) -> None:
        """A fault at a node, or at the character `within` its value."""
        mark = node.start_mark
        line, column = mark.line, mark.column
        if within is not None and isinstance(node, yaml.ScalarNode):
            line, column = _place_within(self._source, node, within)
        self.add_at(line, column, code, message)

    def add_at(self, line: int, column: int, code: str, message: str) -> None:
        """A fault at a place counted from 0 (told from 1). What an alias repeats is told once."""
        fault = Fault(f"{self.name}:{line + 1}:{column + 1}", code, message)
        self._faults.setdefault((line, column, code + message), fault)

    def raise_if_any(self) -> None:
        """The refusal (CatalogueInvalid, unless told) with every fault, in the order of the file."""
        if not self._faults:
            return
        faults = tuple(self._faults[place] for place in sorted(self._faults))[:MOST_FAULTS]
        more = "" if len(faults) == 1 else f" (and {len(self._faults) - 1} more)"
        raise self._refusal(f"{faults[0].field}: {faults[0].message}{more}", faults=faults)


def compose(source: str, faults: Faults) -> yaml.Node | None:
    """The root node of a file, or None with the fault added."""
    if len(source.encode(errors="replace")) > MOST_BYTES:
        faults.add_at(0, 0, "too_large", f"a catalogue has at most {MOST_BYTES // 1024} KiB")
        return None
    try:
        root = _Composer(source).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        hint = next((f"; {hint}" for sign, hint in _HINTS if sign in what), "")
        faults.add_at(mark.line if mark else 0, mark.column if mark else 0, "yaml", f"{what}{hint}")
        return None
    except yaml.reader.ReaderError as error:
        before = source[: error.position]
        line = before.count("\n")
        faults.add_at(line, error.position - before.rfind("\n") - 1, "yaml", "this character is not allowed in YAML")
        return None
    if root is None:
        faults.add_at(0, 0, "missing_key", "the file is empty; a catalogue has at least 'products:'")
    return root


class _Composer(yaml.SafeLoader):
    """Composes nodes, and stops as soon as a bound is passed."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self._depth = 0
        self._nodes = 0
        self._weights: dict[int, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # missing in the stubs
        mark, is_alias, before = event.start_mark, isinstance(event, yaml.AliasEvent), self._nodes
        self._depth += 1
        if self._depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"nested deeper than {DEEPEST} levels", problem_mark=mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if is_alias and id(node) not in self._weights:
            raise yaml.MarkedYAMLError(problem="an anchor cannot contain itself", problem_mark=mark)
        self._nodes += self._weights[id(node)] if is_alias else 1
        self._weights.setdefault(id(node), self._nodes - before)
        if self._nodes > MOST_NODES:
            problem = f"more than {MOST_NODES} entries, counting what aliases repeat"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        return node


def _place_within(source: str, node: yaml.ScalarNode, index: int) -> tuple[int, int]:
    """Where a character of a scalar's value stands in the file (line and column from 0).

    YAML folds, indents and joins lines, but changes only white space: so the n-th visible character of the value is
    the n-th visible one in the file, after the quote or the header of a block, counting an escape as one.
    """
    at, end, style = node.start_mark.index, node.end_mark.index, node.style
    if style in ("|", ">"):
        at = source.find("\n", at) + 1
    elif style in ("'", '"'):
        at += 1
    ahead = sum(not character.isspace() for character in node.value[:index])
    while at < end - 1 and (ahead or source[at].isspace()):
        escaped = (style == '"' and source[at] == "\\") or (style == "'" and source[at : at + 2] == "''")
        ahead -= not source[at].isspace()
        at += 2 if escaped else 1
    return source.count("\n", 0, at), at - source.rfind("\n", 0, at) - 1
