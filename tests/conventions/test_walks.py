"""The walks for contributors name files and functions that exist, as many as they say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conventions.sources import nodes_of, text_of, tree_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ostiary"
UPLOAD_FILES_MOST = 20
STEP = re.compile(r"^\| (\d+) \| `([^`]+)` \| `([^`]+)` \|", re.MULTILINE)
SECTIONS = text_of(ROOT / "docs" / "walks.md").split("\n## ")[1:]
STEPS = [step for section in SECTIONS for step in STEP.findall(section)]


def defined_in(path: Path) -> set[str]:
    """Classes, functions, methods, and names of the module."""
    nodes = nodes_of(tree_of(path))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in nodes if isinstance(node, kinds)} | {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


@pytest.mark.parametrize(("number", "file", "name"), STEPS, ids=str)
def test_a_step_names_what_is_there(number: str, file: str, name: str) -> None:
    assert (SOURCE / file).is_file()
    assert name in defined_in(SOURCE / file)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.partition("\n")[0])
def test_steps_are_counted(section: str) -> None:
    numbers = [int(number) for number, _, _ in STEP.findall(section)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert f": {len(numbers)} files" in section


def test_an_upload_is_understood_from_few_files() -> None:
    files = {file for _, file, _ in STEP.findall(SECTIONS[0])}
    assert 0 < len(files) <= UPLOAD_FILES_MOST


@pytest.mark.parametrize("page", ["docs/index.md", "CONTRIBUTING.md"])
def test_the_walks_are_found(page: str) -> None:
    assert "walks.md)" in text_of(ROOT / page)
