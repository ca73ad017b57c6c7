"""No decision of a person goes past the place where it may take two people."""

from __future__ import annotations

import ast
from pathlib import Path

import ostiary
from tests.conventions.sources import tree_of

SOURCE = Path(ostiary.__file__).parent

DECIDING = {"decide_request", "return_request", "release_number", "decide_hit", "decide_number", "assign_number"}
MAY_NAME = {
    "usecases/review/decide.py",
    "usecases/review/four_eyes.py",
    "usecases/review/proposals.py",
    "usecases/screening/screen_client.py",
    "usecases/verification/numbers.py",
}
"""Where they are, and the one way to them. `worked_out` commits nothing: the preview of a page asks it too."""


def test_what_decides_is_reached_by_settling_only() -> None:
    named: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        nodes = list(ast.walk(tree_of(path)))
        words = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        words |= {node.id for node in nodes if isinstance(node, ast.Name)}
        if deciding := words & DECIDING:
            named[path.relative_to(SOURCE).as_posix()] = deciding
    assert set(named) <= MAY_NAME, {place: words for place, words in named.items() if place not in MAY_NAME}
    assert set().union(*named.values()) == DECIDING, "each of them is there"
