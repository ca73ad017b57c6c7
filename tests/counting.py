"""Where lines are counted for the gate of `make test`: while a test itself runs, and not while pytest finds tests,
takes them up and puts them away, which is most of what passes a tracer and says nothing of the service.

What modules of domain and use cases do when they are imported is counted once, in the process that hands out tests.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Generator

import coverage
import pytest

from ostiary import domain, usecases


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
        if item.get_closest_marker("uncounted") is not None:
            return (yield)
        self._counting.start()
        try:
            return (yield)
        finally:
            self._counting.stop()
