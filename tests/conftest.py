"""What holds for every test: the run that its servers belong to, and how far properties are looked into.

Hypothesis takes `fast` unless HYPOTHESIS_PROFILE names another: the same examples at every run, so that one who changes
nothing sees nothing change. `thorough`, in `make test-all`, looks for new ones.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import coverage
import pytest
import structlog
from hypothesis import HealthCheck, settings

from ostiary import app
from ostiary.adapters.files import pictures
from ostiary.adapters.pictures.measuring_pool import MeasuringPool, started
from ostiary.adapters.reader.lanes import ReaderLanes
from tests.counting import CountWhatTestsCall, import_counted
from tests.depth import PROFILE
from tests.lighter import (
    compile_once,
    draw_once,
    hash_lightly,
    look_for_libraries_once,
    migrate_warm,
    parse_words_once,
    read_catalogues_once,
    try_reader_once,
    write_to_memory,
)
from tests.servers.sharing import run_folder
from tests.shared_reader import SharedReader

SLOW_MACHINE = (HealthCheck.too_slow,)
"""How long an example takes says how busy the machine is."""
settings.register_profile(
    "fast",
    max_examples=25,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=SLOW_MACHINE,
)
settings.register_profile(
    "thorough",
    max_examples=300,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=SLOW_MACHINE,
    print_blob=True,
)


def pytest_configure() -> None:
    """Before any other process of this run begins, so that all of them take part in it."""
    gc.disable()  # until all tests are collected: none of what is made meanwhile is garbage
    compile_once()
    settings.load_profile(PROFILE)
    write_to_memory()
    hash_lightly()
    read_catalogues_once()
    parse_words_once()
    draw_once()
    migrate_warm()
    try_reader_once()
    look_for_libraries_once()
    run_folder()
    vars(structlog)["configure"] = _configure_for_one_test


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """When it has been begun to count lines, if they are counted at all."""
    counting = coverage.Coverage.current()
    if counting is not None:
        if not hasattr(session.config, "workerinput"):
            import_counted()
        session.config.pluginmanager.register(CountWhatTestsCall(counting), "counting")


def pytest_collection_finish() -> None:
    """The tests themselves are there to the end: no collection looks at a million of their objects again."""
    gc.collect()
    gc.freeze()
    gc.enable()


_configure = structlog.configure


def _configure_for_one_test(**chosen: Any) -> None:
    """As `ostiary.telemetry.logs` does, but no logger is kept: it would write to what an earlier test had captured."""
    _configure(**{**chosen, "cache_logger_on_first_use": False})


class _SharedPool(MeasuringPool):
    """Serves one installation after another: whoever closes theirs leaves the processes to the next."""

    def close(self) -> None:
        pass

    def end(self) -> None:
        super().close()


@pytest.fixture(scope="session", autouse=True)
def _shared_processes() -> Iterator[None]:
    """The processes that measure pictures, and the one that reads documents, are started once for all installations of
    a worker's tests: a start takes as long as most of the tests that need one. They end with the thread that started
    them, so it outlives all tests."""
    with ThreadPoolExecutor(1) as starter:
        pool = _SharedPool(pictures.THREADS, lambda: starter.submit(started).result())
        vars(pictures)["MeasuringPool"] = lambda _most: pool
        vars(app)["ReaderLanes"] = SharedReader
        yield
        vars(app)["ReaderLanes"] = ReaderLanes
        vars(pictures)["MeasuringPool"] = MeasuringPool
        pool.end()
        SharedReader.end()


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """Where a command that a test ran in this process sent the log lines is forgotten."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
