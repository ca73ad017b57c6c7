"""Decisions have a number each, one after another, which stands in the file's name, its title and the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conventions.sources import ROOT

FOLDER = ROOT / "docs" / "decisions"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "index.md")


def test_numbers_follow_each_other_without_a_gap_or_a_second() -> None:
    assert [int(path.name[:4]) for path in PAGES] == list(range(1, len(PAGES) + 1))


def test_the_index_has_each_of_them_once_and_in_order() -> None:
    lines = re.findall(r"^\| (\d{4}) \| \[.*?\]\(([^)]*)\)", (FOLDER / "index.md").read_text("utf-8"), re.MULTILINE)
    assert lines == [(path.name[:4], path.name) for path in PAGES]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_title_begins_with_the_number_of_the_file(path: Path) -> None:
    assert path.read_text("utf-8").startswith(f"# {int(path.name[:4])}. ")
