"""The Python client follows from the service's own types, has every operation, and explains all that it offers."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ostiary
import ostiary_client
from generation.writing import BY_HAND, PACKAGE, generated
from ostiary.api.operations import TABLE
from ostiary_client import AsyncOstiary, Ostiary, types
from ostiary_client.generated import refusals
from tests.conventions.sources import ROOT, breaches, nodes_of, text_of, tree_of

FILES = sorted(PACKAGE.rglob("*.py"))
NEEDS = {"httpx", "msgspec"}
PAGE = (ROOT / "docs" / "clients.md").read_text()
PARTS = {name: part for name, part in vars(AsyncOstiary("http://service", "key")).items() if not name.startswith("_")}


def test_generating_again_gives_the_same_files() -> None:
    stale = [name for name, text in generated().items() if text != (PACKAGE / name).read_text()]
    assert stale == [], "run `make clients`"


def test_no_generated_file_is_left_over() -> None:
    names = set(generated()) | {f"synchronous/{name}" for name in BY_HAND} | {"generated/__init__.py"}
    there = {str(path.relative_to(PACKAGE)) for path in FILES if path.parent.name in ("generated", "synchronous")}
    assert there == {name for name in names if "/" in name}


def test_every_operation_has_a_method() -> None:
    sources = "".join(text_of(path) for path in (PACKAGE / "asynchronous").glob("*.py"))
    used = set(re.findall(r"\boperations\.([A-Z_]+)\b", sources))
    assert used == {operation.name.upper() for operation in TABLE}, "run `make clients`, and write its method there"


def test_both_clients_have_the_same_methods() -> None:
    plain = {name: part for name, part in vars(Ostiary("http://service", "key")).items() if not name.startswith("_")}
    assert {name: methods_of(part) for name, part in plain.items()} == {
        name: methods_of(part) for name, part in PARTS.items()
    }


def methods_of(part: object) -> list[str]:
    return [name for name, _ in inspect.getmembers(type(part), inspect.isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("name", PARTS)
def test_every_method_is_on_the_page(name: str) -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    assert set(re.findall(r"`(\w+)`", row)) - {name} == set(methods_of(PARTS[name]))


def imported(path: Path) -> set[str]:
    names = set()
    for node in nodes_of(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"ostiary_client"}


def test_it_needs_what_it_says_and_nothing_of_the_service() -> None:
    assert breaches(FILES, lambda path: imported(path) - NEEDS) == {}
    declared = tomllib.loads((ROOT / "clients/python/pyproject.toml").read_text())["project"]["dependencies"]
    assert {re.split(r"[<>=]", need)[0] for need in declared} == NEEDS


def test_both_have_one_version() -> None:
    assert ostiary_client.__version__ == ostiary.__version__


def unexplained(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    """Public classes, functions and methods without a docstring."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node) and prefix != "MayMiss.":
                yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from unexplained(node, f"{node.name}.")


def test_all_that_is_public_explains_itself() -> None:
    assert breaches(FILES, lambda path: list(unexplained(tree_of(path)))) == {}


def test_what_is_exported_is_there() -> None:
    for module in (ostiary_client, types):
        assert all(hasattr(module, name) for name in module.__all__)
    errors = {name for name, kind in vars(refusals).items() if isinstance(kind, type)}
    assert errors <= set(ostiary_client.__all__), "import it in ostiary_client/__init__.py, and name it in __all__"


def test_its_licence_is_ours() -> None:
    assert (ROOT / "clients/python/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
