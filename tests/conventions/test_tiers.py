"""Every test is run by some command: its file is of one tier, and marks name only tiers that there are."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.conventions.sources import nodes_of, tree_of
from tests.counting import COUNTED_FILES, COUNTED_WHOLE, is_counted

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
MAKEFILE = (ROOT / "Makefile").read_text()
TIERS = {
    name: re.findall(r"tests/\w+", words)
    for name, words in re.findall(r"^(FAST|INTEGRATION|ACCEPTANCE) = (.+)$", MAKEFILE, re.MULTILINE)
} | {"CHECK": re.findall(r"pytest.* (tests/conventions)$", MAKEFILE, re.MULTILINE)}
OF_PYTEST = {"parametrize", "skipif", "skip", "usefixtures", "filterwarnings", "asyncio"}


def marks_of(path: Path) -> set[str]:
    """Every `pytest.mark.NAME` of a file."""
    return {
        node.attr
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pytest.mark"
    }


@cache
def registered() -> set[str]:
    markers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["markers"]
    return {str(marker).partition(":")[0] for marker in markers}


def commands_of(target: str) -> str:
    """What a target of the Makefile runs."""
    match = re.search(rf"^{target}:.*\n((?:\t.*\n|ifdef.*\n|else\n|endif\n)+)", MAKEFILE, re.MULTILINE)
    assert match is not None, target
    return match[1]


def test_every_file_of_tests_is_of_one_tier() -> None:
    for path in sorted(TESTS.rglob("test_*.py")):
        folder = f"tests/{path.relative_to(TESTS).parts[0]}"
        assert len([name for name, folders in TIERS.items() if folder in folders]) == 1, path


def test_every_folder_of_a_tier_has_tests() -> None:
    assert set(TIERS) == {"FAST", "INTEGRATION", "ACCEPTANCE", "CHECK"}
    for folder in (folder for folders in TIERS.values() for folder in folders):
        assert list((ROOT / folder).rglob("test_*.py")), folder


@pytest.mark.parametrize("target", ["test", "test-all"])
def test_what_a_change_or_a_release_needs_is_every_tier(target: str) -> None:
    assert all(f"$({tier})" in commands_of(target) for tier in ("FAST", "INTEGRATION", "ACCEPTANCE"))
    assert "$(COVERED) $(FAST)" in commands_of(target), "what is not covered, fails it"
    assert ('-m "not release"' in commands_of(target)) is (target == "test")


def test_marks_name_what_there_is() -> None:
    used = {str(path): marks_of(path) - OF_PYTEST for path in sorted(TESTS.rglob("*.py"))}
    assert not {path: unknown for path, marks in used.items() if (unknown := marks - registered())}
    assert set().union(*used.values()) == registered(), "and there is none that nothing has"


def test_continuous_integration_runs_each_tier_once() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make ")] == ["make setup", "make check", "make test AGAIN=3"]


def test_what_counts_for_the_gate_is_there_and_is_run_where_lines_are_counted() -> None:
    folders = {TESTS / folder for folder in COUNTED_WHOLE} | {path.parent for path in COUNTED_FILES}
    assert {str(folder.relative_to(ROOT)) for folder in folders} <= set(TIERS["FAST"])
    assert [path.name for path in COUNTED_FILES if not path.exists()] == []


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("usecases/test_erasing.py", True),
        ("unit/mrz/test_deeper.py", True),
        ("console/test_due_page.py", True),
        ("console/test_table.py", False),
        ("property/test_erasures.py", False),
        ("units/test_other.py", False),
    ],
)
def test_lines_of_the_domain_count_where_its_own_tests_pass_them(file: str, counts: bool) -> None:
    assert is_counted(TESTS / file) == counts
