"""The formatter is switched off for tables only: rows that are read at one glance, and would be torn apart."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conventions.sources import ROOT, breaches, nodes_of, text_of, tree_of

OFF = "# fmt: " + "skip"
HOLDS_FOR = (
    "clients",
    "src",
    "tests/browser",
    "tests/cli",
    "tests/console",
    "tests/contract",
    "tests/corpus",
    "tests/fuzz",
    "tests/hosted",
    "tests/http",
    "tests/adapters",
    "tests/servers",
    "tests/conventions",
    "tests/property",
    "tests/storage",
    "tests/unit",
    "tests/usecases",
)
"""Folders that keep it; the others follow."""
APART = tuple(ROOT / "src/ostiary" / place for place in ("app.py", "storage/migrations/versions"))
"""The columns in migrations are tables, though they stand in functions; `app.py` follows."""
FILES = [
    path
    for folder in HOLDS_FOR
    for path in sorted((ROOT / folder).rglob("*.py"))
    if OFF in text_of(path) and not any(path.is_relative_to(other) for other in APART)
]


def is_table(value: ast.expr | None) -> bool:
    """A tuple, list, set or mapping as it is written out, also where one is made of it or added to it."""
    match value:
        case ast.Dict() | ast.Tuple() | ast.List() | ast.Set():
            return True
        case ast.BinOp(left=left, right=right):
            return is_table(left) or is_table(right)
        case ast.Call(args=[first, *_]):
            return is_table(first)
    return False


def tables(tree: ast.Module) -> set[int]:
    """The last lines of tables: of a module, of a class, and of a test's cases."""
    bodies = [tree.body, *(node.body for node in nodes_of(tree) if isinstance(node, ast.ClassDef))]
    assigned = [each for body in bodies for each in body if isinstance(each, ast.Assign | ast.AnnAssign)]
    cases = [
        decorator
        for node in nodes_of(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize")
    ]
    return {each.end_lineno or 0 for each in assigned if is_table(each.value)} | {
        each.end_lineno or 0 for each in cases
    }


def torn(path: Path) -> list[int]:
    """The lines at which the formatter is off, and no table ends."""
    lines = text_of(path).splitlines()
    return sorted({number for number, line in enumerate(lines, 1) if line.endswith(OFF)} - tables(tree_of(path)))


def test_the_formatter_is_off_for_tables_only() -> None:
    assert breaches(FILES, torn) == {}, "let the formatter lay this out"


def test_there_are_tables() -> None:
    assert len(FILES) > len(HOLDS_FOR), "or they are looked for in the wrong place"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("A = {1: 2}  OFF", []),
        ("A = frozenset({1,\n 2})  OFF", []),
        ("class A:\n b = (1, 2)  OFF", []),
        ("@mark.parametrize('a', [1])  OFF\ndef f(): ...", []),
        ("f(1,\n  2)  OFF", [2]),
        ("def f():\n  a = {1: 2}  OFF", [2]),
        ("A = f(1)  OFF", [1]),
    ],
)
def test_the_check_tells_them_apart(code: str, lines: list[int], tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(code.replace("OFF", OFF))
    assert torn(path) == lines
