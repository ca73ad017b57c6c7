"""The shape of the code: small files, short functions, names that say something."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ostiary"
FILES = sorted(SOURCE.rglob("*.py"))
EVERY = {"src": FILES, **{name: sorted((ROOT / name).rglob("*.py")) for name in ("tests", "bench")}}
FILE_LINES_MOST, FILE_LINES_MEDIAN = 350, 130
FUNCTION_LINES_MOST, FUNCTION_LINES_P90 = 50, 30
SAYS_NOTHING = ("util", "helper", "manager", "common", "misc")


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT))


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(files: list[Path]) -> list[tuple[str, int]]:
    """Every function with its length, from `def` to its last line."""
    return [
        (f"{name_of(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("files", EVERY.values(), ids=EVERY)
def test_files_are_small(files: list[Path]) -> None:
    assert not [name_of(path) for path in files if lines_of(path) > FILE_LINES_MOST]


@pytest.mark.parametrize("name", ["src", "bench"])
def test_most_files_are_smaller_still(name: str) -> None:
    """Tests are tables, many of them long."""
    assert median(lines_of(path) for path in EVERY[name] if path.name != "__init__.py") <= FILE_LINES_MEDIAN


@pytest.mark.parametrize("files", EVERY.values(), ids=EVERY)
def test_functions_are_short(files: list[Path]) -> None:
    found = functions(files)
    assert not [name for name, length in found if length > FUNCTION_LINES_MOST]
    assert quantiles([length for _, length in found], n=10)[-1] <= FUNCTION_LINES_P90


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_says_what_it_decides(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or not tree.body, "begin with a docstring: what this file decides"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_names_of_files_say_something(path: Path) -> None:
    assert not [word for word in SAYS_NOTHING if word in path.stem], "name the file by its one concept"


@pytest.mark.parametrize("path", sorted((SOURCE / "domain").glob("*.py")), ids=name_of)
def test_what_the_domain_offers_explains_itself(path: Path) -> None:
    offered = (
        one
        for one in ast.parse(path.read_text()).body
        if isinstance(one, ast.FunctionDef | ast.ClassDef) and not one.name.startswith("_")
    )
    assert not [one.name for one in offered if not ast.get_docstring(one)]
