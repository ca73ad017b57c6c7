"""Where lines are counted for the gate of `make test`: while a test itself runs, and not while pytest finds tests,
takes them up and puts them away, which is most of what passes a tracer and says nothing of the service.

Not every test counts. Tests of the domain and of use cases do, and beside them the files that pass a line which those
do not. Whatever is counted takes up to twice as long; and a search at random passes a line by accident, where the gate
asks for an example that somebody wrote down beside what must come of it.

What modules of domain and use cases do when they are imported is counted once, in the process that hands out tests.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

from ostiary import domain, usecases

TESTS = Path(__file__).parent
COUNTED_WHOLE = ("unit", "usecases")
"""Folders."""
COUNTED = {
    "adapters": """catalogue_chips catalogue_differences catalogue_languages catalogue_levels catalogue_risk
        catalogue_seals catalogue_terms""",
    "cli": """export importing_documents keys operators_commands saving""",
    "console": """brand_page cases catalogue_pages client_links due_page erasures_page handing_up pages
        queue_views renewal_page rights search trust_page""",
    "contract": """deliveries erasure errors failing_conditions finding_and_changing sandbox senders_mistakes
        webhooks""",
    "hosted": """framing hostile phone renewals""",
    "http": """authorization idempotency imports""",
    "property": """catalogue_differences in_force previewed_alike""",
}
"""Files of other folders, `test_` left out. Where the gate misses a line that one of these folders' tests passes, its
file belongs here."""
COUNTED_FILES = frozenset(
    TESTS / folder / f"test_{name}.py" for folder, names in COUNTED.items() for name in names.split()
)


def is_counted(path: Path) -> bool:
    """Whether the lines that a file's tests pass count for the gate."""
    return path in COUNTED_FILES or any(path.is_relative_to(TESTS / folder) for folder in COUNTED_WHOLE)


def import_counted() -> None:
    """Every module, so that each one's definitions count, whichever test imports it."""
    for package in (domain, usecases):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


class CountWhatTestsCall:
    """A plugin of pytest, where lines are counted at all."""

    def __init__(self, counting: coverage.Coverage) -> None:
        self._counting = counting
        counting.stop()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        if not is_counted(item.path):
            return (yield)
        self._counting.start()
        try:
            return (yield)
        finally:
            self._counting.stop()
