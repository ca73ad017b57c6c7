"""The shape of the code: small files, short functions, names that say something."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.conventions.sources import breaches, nodes_of, text_of, tree_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ostiary"
FILES = sorted(SOURCE.rglob("*.py"))
EVERY = {"src": FILES, **{name: sorted((ROOT / name).rglob("*.py")) for name in ("tests", "bench", "clients")}}
SHIPPED = {"src": FILES, "clients": EVERY["clients"]}
"""What runs at others' houses."""
FILE_LINES_MOST, FILE_LINES_MEDIAN = 350, 130
FUNCTION_LINES_MOST, FUNCTION_LINES_P90 = 50, 30
PARAMETERS_MOST = 6
"""Of a function, besides `self`: beyond that a value is missing that has a name of its own."""
MODULES_MOST = 15
"""In a folder: a list that is read at one glance."""
SAYS_NOTHING = ("util", "helper", "manager", "common", "misc")


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT))


def lines_of(path: Path) -> int:
    return len(text_of(path).splitlines())


def functions(files: list[Path]) -> list[tuple[str, int]]:
    """Every function with its length, from `def` to its last line."""
    return [
        (f"{name_of(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in files
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("files", EVERY.values(), ids=EVERY)
def test_files_are_small(files: list[Path]) -> None:
    assert not [name_of(path) for path in files if lines_of(path) > FILE_LINES_MOST]


@pytest.mark.parametrize("name", ["src", "bench", "clients"])
def test_most_files_are_smaller_still(name: str) -> None:
    """Tests are tables, many of them long."""
    assert median(lines_of(path) for path in EVERY[name] if path.name != "__init__.py") <= FILE_LINES_MEDIAN


@pytest.mark.parametrize("files", EVERY.values(), ids=EVERY)
def test_functions_are_short(files: list[Path]) -> None:
    lengths = functions(files)
    assert not [name for name, length in lengths if length > FUNCTION_LINES_MOST]
    assert quantiles([length for _, length in lengths], n=10)[-1] <= FUNCTION_LINES_P90


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len(given) - (given[:1] in (["self"], ["cls"]))


@pytest.mark.parametrize("files", SHIPPED.values(), ids=SHIPPED)
def test_functions_take_few_things(files: list[Path]) -> None:
    wide = {
        f"{name_of(path)}:{node.lineno} {node.name}": parameters(node)
        for path in files
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not [name for name, count in wide.items() if count > PARAMETERS_MOST]


def test_folders_are_read_at_one_glance() -> None:
    shipped = [path for files in SHIPPED.values() for path in files]
    modules = Counter(path.parent for path in shipped if path.name != "__init__.py" and path.parent.name != "versions")
    assert not {name_of(folder): count for folder, count in modules.items() if count > MODULES_MOST}
    assert len(modules) > MODULES_MOST, "or they are looked for in the wrong place"


@pytest.mark.parametrize("files", SHIPPED.values(), ids=SHIPPED)
def test_no_public_class_has_the_name_of_another(files: list[Path]) -> None:
    named = [
        node.name
        for path in files
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert not [name for name, count in Counter(named).items() if count > 1]


@pytest.mark.parametrize("files", SHIPPED.values(), ids=SHIPPED)
def test_every_file_says_what_it_decides(files: list[Path]) -> None:
    mute = [name_of(path) for path in files if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert mute == [], "begin with a docstring: what this file decides"


@pytest.mark.parametrize("files", SHIPPED.values(), ids=SHIPPED)
def test_names_of_files_say_something(files: list[Path]) -> None:
    mute = [name_of(path) for path in files if any(word in path.stem for word in SAYS_NOTHING)]
    assert mute == [], "name the file by its one concept"


def unexplained(path: Path) -> list[str]:
    """What a module offers without a docstring."""
    offered = (each for each in tree_of(path).body if isinstance(each, ast.FunctionDef | ast.ClassDef))
    return [each.name for each in offered if not each.name.startswith("_") and not ast.get_docstring(each)]


def test_what_the_domain_offers_explains_itself() -> None:
    assert breaches((SOURCE / "domain").rglob("*.py"), unexplained) == {}


POSITIONS_MOST = 4
"""In a call that makes a value: nobody counts further than that, and two of one type change places unseen."""
BY_POSITION = ("app.py", "domain/mrz/layouts.py", "api/operations.py", "web/", "storage/")
"""What wires everything, two tables, of layouts and of operations, and layers that are not there yet."""


def is_value(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        "dataclass" in ast.unparse(decorator) or "value_type" in ast.unparse(decorator)
        for decorator in node.decorator_list
    )


VALUES = {
    node.name for path in FILES for node in nodes_of(tree_of(path)) if isinstance(node, ast.ClassDef) and is_value(node)
}


def counted_off(path: Path) -> list[str]:
    """Calls that give a value too much by position."""
    nodes = nodes_of(tree_of(path))
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    many = [node for node in calls if ast.unparse(node.func) in VALUES and len(node.args) > POSITIONS_MOST]
    return [f"line {node.lineno}: {ast.unparse(node.func)}" for node in many]


def test_values_of_many_attributes_are_made_by_names() -> None:
    assert breaches([path for path in FILES if not name_of(path).startswith(BY_POSITION)], counted_off) == {}


def test_there_are_values_to_make() -> None:
    assert len(VALUES) > FUNCTION_LINES_MOST, "or they are looked for in the wrong place"
