"""Which tests run a line, from a measurement of coverage that knows the test of each line.

python -m pytest tests/unit tests/usecases --cov=ostiary --cov-context=test --cov-report=
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

from coverage import CoverageData

MOST = 150
"""Tests for one fault. A line that every test runs is noticed by the first few, or by none."""


class Reach:
    """Of one file of coverage, which may be of another checkout of the same code. Raises FileNotFoundError."""

    def __init__(self, measured: Path) -> None:
        if not measured.exists():
            raise FileNotFoundError(measured)
        self._data = CoverageData(str(measured))
        self._data.read()

    def of(self, file: str, line: int) -> list[str]:
        """The tests by which a line is run, at most `MOST`: one of each function first, so that a long table does not
        keep the others out. Empty where none was measured, as for what is only run at import."""
        measured = next((path for path in self._data.measured_files() if path.endswith("/" + file)), "")
        contexts = self._data.contexts_by_lineno(measured).get(line, []) if measured else []
        cases: dict[str, list[str]] = defaultdict(list)
        for test in sorted({context.partition("|")[0] for context in contexts} - {""}):
            cases[test.partition("[")[0]].append(test)
        in_turn = itertools.chain.from_iterable(itertools.zip_longest(*cases.values()))
        return list(itertools.islice((test for test in in_turn if test is not None), MOST))
