"""What is searched for at random counts for no branch: the gate asks for an example of each, which somebody wrote down
beside what must come of it. A search passes a line by accident, and takes twice as long when lines are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

COUNTED = {"test_catalogue_differences.py", "test_in_force.py", "test_previewed_alike.py"}
"""What passes lines that nothing else does."""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name not in COUNTED:
            item.add_marker(pytest.mark.uncounted)
