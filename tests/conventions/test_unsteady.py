"""What failed once is run again alone, and only what then passes every time is forgiven."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unsteady import MOST_UNSTEADY

ROOT = Path(__file__).parents[2]
PLACES = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Plugins take most of the time that so small a run takes, and these tests need none."""
PASSES = "def test_{number}(): pass"
FAILS = "def test_{number}(): raise AssertionError"
FAILS_ONCE = """
def test_{number}(tmp_path_factory):
    mark = __import__("pathlib").Path(__file__).with_suffix(".mark{number}")
    is_first = not mark.exists()
    mark.touch()
    assert not is_first"""


def statuses(folder: Path, *tests: str, cache: str = ".pytest_cache") -> tuple[int, int, str]:
    """Of a run of these tests that remembers in a folder, of what is run again after it, and what that says."""
    (folder / "test_some.py").write_text("\n".join(test.format(number=number) for number, test in enumerate(tests)))
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-o", f"cache_dir={cache}"]
    first = subprocess.run(command, cwd=folder, env=PLACES, capture_output=True)
    repeated = [sys.executable, "-m", "tests.unsteady", "3"]
    places = PLACES if cache == ".pytest_cache" else {**PLACES, "TESTS_CACHE": cache}
    again = subprocess.run(repeated, cwd=folder, env=places, capture_output=True, text=True)
    return first.returncode, again.returncode, again.stdout


def test_what_passes_alone_is_forgiven_and_named(tmp_path: Path) -> None:
    first, again, words = statuses(tmp_path, PASSES, FAILS_ONCE)
    assert (first, again) == (1, 0)
    assert "UNSTEADY" in words
    assert "test_some.py::test_1" in words


def test_of_two_runs_at_once_each_looks_at_its_own(tmp_path: Path) -> None:
    assert statuses(tmp_path, FAILS_ONCE, cache="of/waiting")[:2] == (1, 0)
    assert not (tmp_path / ".pytest_cache").exists()


@pytest.mark.parametrize(
    "tests",
    [(PASSES,), (FAILS,), (FAILS_ONCE, FAILS), (FAILS_ONCE,) * (MOST_UNSTEADY + 1)],
    ids=["nothing failed", "fails again", "one of two fails again", "too many"],
)
def test_nothing_else_is(tmp_path: Path, tests: tuple[str, ...]) -> None:
    assert statuses(tmp_path, *tests)[1] == 1
