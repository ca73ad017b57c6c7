"""A database of each engine, and a company in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.shelf import SqliteShelf
from tests.storage.values import Trade, found

ENGINES = {"sqlite": SqliteShelf}


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteShelf]:
    """An empty database."""
    shelf = ENGINES[request.param](tmp_path)
    yield shelf
    shelf.close()


@pytest.fixture
async def trade(engine: SqliteShelf) -> Trade:
    """A company in an open store."""
    return await found(engine.open(), engine.cipher)
