"""A database of each engine, and a company in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.servers import pgbouncer
from tests.servers.postgresql import shared
from tests.servers.sharing import worker
from tests.storage.lived import Lived, opened
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import Trade, found_company

ENGINES = ("sqlite", "postgres", "pgbouncer", "partitioned")
USUAL = ENGINES[:2]
"""What a pooler and a split table change is seen where values go through and come back, and where writes meet. Before a
release everything else is tried with them too."""


def on_one(engine: str) -> pytest.MarkDecorator:
    """For tests that kill many processes to show what no engine changes: which one they kill them on. Before a release
    they do on all."""
    others = (pytest.param(name, marks=pytest.mark.release) for name in ENGINES if name != engine)
    return pytest.mark.parametrize("engine", [engine, *others], indirect=True)


@pytest.fixture(scope="session")
def bouncer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a pooler in transaction mode before the shared cluster."""
    with pgbouncer.running(shared(), shared().folder.parent / f"pgbouncer-{worker()}") as port:
        yield port


@pytest.fixture(params=[*USUAL, *(pytest.param(name, marks=pytest.mark.release) for name in ENGINES[2:])])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    """An empty database."""
    shelf: Shelf
    if request.param == "sqlite":
        shelf = SqliteShelf(tmp_path)
    else:
        port = request.getfixturevalue("bouncer") if request.param == "pgbouncer" else None
        shelf = PostgresShelf(port, is_partitioned=request.param == "partitioned")
    yield shelf
    await shelf.close()


@pytest.fixture
async def lived(engine: Shelf, tmp_path: Path) -> AsyncIterator[Lived]:
    """Two companies in which something happened."""
    async with opened(engine, tmp_path) as installation:
        yield installation


@pytest.fixture
async def trade(engine: Shelf) -> Trade:
    """A company in an open store."""
    return await found_company(engine.open(), engine.cipher)
